"""Debrief 12, confidential, out of an anonymous report: towards the end of the month customers were booked as saved."""

from lessons.demo.cast import MICHAL, NAOMI, RUTH, SHIRA
from lessons.demo.story import add, ago, ahead, at, create, step

STORY = (
    create(
        8, "22:30", SHIRA, "debriefs", "d12",
        kind="failure", unit="RET", anonymous=True, confidential=True, concerns_managers=True, urgent=True,
        title="לקראת סוף חודש נרשמו לקוחות כ«נשמרו» בלי הסכמה ברורה",
        what_happened="בשלושת הימים האחרונים של החודש נאמר לנו לרשום «נשמר» גם כשהלקוח אמר «אני אחשוב על זה». "
        "חלק מהלקוחות התקשרו אחר כך ושאלו למה חויבו. אני לא רוצה שזה ייפול על הנציגים.",
        happened_on=ago(10),
    ),
    step(7, "08:50", MICHAL, "d12", "open",
         leader=RUTH, severity=4, path="full", reviewer=NAOMI, due_on=ahead(2),
         questions="מה נמדד, ומה נמדד על ידי מי?\nמה אמר הלקוח במילים שלו, ומה נרשם?"),
    add(7, "12:40", RUTH, "d12", "facts",
        at=at(10, "09:00"), text="ב־72 השעות האחרונות של החודש נרשמו 58 «נשמרו», לעומת 21 בממוצע בשלושה ימים.",
        source="דוח שימור"),
    add(6, "10:15", RUTH, "d12", "facts",
        at=at(9, "14:00"), text="בדגימה של 20 הקלטות מאותם ימים, בשבע לא נשמעת הסכמה ברורה.", source="בקרת איכות"),
    step(6, "15:00", RUTH, "d12", "edit",
         expected="«נשמר» נרשם כשהלקוח אמר שהוא נשאר, במילים שלו, ויודע מה ישלם.",
         actual="בחלק מהשיחות נרשם «נשמר» כשהלקוח ביקש זמן לחשוב."),
    add(5, "11:30", RUTH, "d12", "findings", made="d12.f1",
        text="היעד החודשי נספר ביום הרישום, ולא אחרי 90 יום.", direction="improve"),
)  # fmt: skip
