"""Debrief 7: ten minutes after a stormy shift – the recorded message came after 50 minutes. A quick one, closed."""

from lessons.demo.cast import ALEXEI, SVETLANA
from lessons.demo.story import Day, create, read, step

STORY = (
    create(
        88, "23:10", SVETLANA, "debriefs", "d7",
        kind="routine", path="quick", severity=1,
        title="תקלת אינטרנט אזורית בליל סערה; הודעה מוקלטת עלתה רק אחרי 50 דקות",
        what_happened="סערה הפילה את האינטרנט בשתי שכונות. ב־50 הדקות הראשונות ענינו ל־180 שיחות זהות, אחת אחת.",
        happened_on=Day(88),
        expected="הודעה מוקלטת עולה בתוך עשר דקות, והנציגים מתפנים לשיחות אחרות.",
        actual="ההודעה עלתה אחרי 50 דקות, כי רק אחראי התורנות יודע את הקוד, והוא היה בדרך.",
        why="הפעלת ההודעה תלויה באדם אחד, והקוד לא נמצא בעמדת האחמ\"ש.",
        differently="עשר שיחות זהות באותו אזור: האחמ\"ש מפעיל הודעה מוקלטת, ולא מחכה לתורן\n"
        "בודקים במפת התקלות שזו תקלה אזורית.\nמפעילים את ההודעה לאזור, עם שעת עדכון.\nמעדכנים את התורן אחרי ההפעלה.",
        direction="do",
    ),
    step(87, "09:30", ALEXEI, "d7.lesson", "accept",
         owner=SVETLANA, audience={"units": ["SRV"], "roles": ["agent"]}, level=2,
         applies_when="עשר שיחות על אותה תקלה מאותו אזור, בתוך רבע שעה.",
         topics=["תקלה אזורית", "הודעה מוקלטת"],
         say="«זו תקלה באזור שלך, והצוות כבר מטפל בה. העדכון הבא בשעה 21:30, ונשלח אותו גם במסרון.»",
         avoid_saying="«לא ידוע לי מתי זה יסתדר.»",
         limits="הודעה אזורית בלבד. הודעה ארצית: ניהול המוקד.",
         transfer_to="תורן הרשת, אחרי שההודעה עלתה.",
         background="בליל סערה ענה המוקד 50 דקות לשיחות זהות, עד שעלתה הודעה מוקלטת."),
    read(87, "d7.lesson.briefing", days=4),
    step(58, "14:20", ALEXEI, "d7.lesson.verification", "conclude",
         result="effective", measured=0,
         words="שתי תקלות אזוריות מאז. בשתיהן עלתה הודעה בתוך שבע דקות.",
         evidence="יומן התורנות"),
)  # fmt: skip
