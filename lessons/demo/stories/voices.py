"""What agents say of cards, what they ask where no card says it, and what came of both."""

from lessons.demo.cast import AVI, DANA, HILA, LIOR, RANA, YOSSI
from lessons.demo.story import Of, add, create, step

STORY = (
    add(8, "17:05", AVI, "L2", "feedback", made="L2.avi",
        verdict="does_not_fit", reason="other_case", words="לקוח שהתקשר על תקלה לא רוצה לעבור על החשבון."),
    step(6, "16:40", DANA, "L2", "answer_feedback", feedback=[Of("L2.avi")], outcome="does_not_apply",
         answer="נכון: כשיש תקלה מעבירים קודם לשירות, כמו שכתוב ב«למי מעבירים». תודה, זה יעזור גם לאחרים."),
    add(5, "18:20", AVI, "L1", "feedback", made="L1.avi",
        verdict="unclear", reason="what_first", words="מקריאים את הסכום לפני ההזנה או אחריה?"),
    step(4, "15:30", YOSSI, "L1", "answer_feedback", feedback=[Of("L1.avi")], outcome="thanked",
         answer="קודם מזינים ורואים «ההטבה נקלטה», ורק אז מקריאים. הסדר בכרטיס הוא סדר הפעולות. תודה ששאלת."),
    add(4, "19:10", DANA, "L1", "feedback", verdict="useful"),
    add(3, "13:45", RANA, "L1", "feedback",
        verdict="outdated", reason="system_changed", words="השורה נקראת עכשיו «הטבה פעילה», לא «ההטבה נקלטה»."),
    add(2, "11:15", LIOR, "L1", "feedback", verdict="does_not_fit", reason="not_my_role"),
    create(9, "12:30", LIOR, "questions", "q1",
           text="לקוח מבקש לבטל ביטוח מכשיר באמצע החודש. מחזירים לו חלק מהפרמיה?"),
    step(9, "15:10", HILA, "q1", "answer",
         answer="כן. הפרמיה מחושבת עד יום הביטול, והיתרה מקוזזת בחשבון הבא.\nאומרים ללקוח באיזה חשבון זה יופיע."),
    create(1, "16:20", AVI, "questions", "q2",
           text="לקוחה שואלת אם אפשר להקפיא את הקו לחודשיים בזמן נסיעה. יש לנו דבר כזה?"),
)  # fmt: skip
