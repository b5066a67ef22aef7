"""Debriefs 9 and 13: a needless document, reported yesterday; and a wish about shifts, declined kindly."""

from lessons.demo.cast import ILAN, LIOR, NATALI
from lessons.demo.story import ago, create, step

STORY = (
    create(
        1, "13:35", LIOR, "debriefs", "d9",
        kind="failure",
        title="מבוטחים נשלחו להביא קבלת קנייה, ומספר המכשיר כבר רשום אצלנו",
        what_happened="לקוחה עם ביטוח מכשיר נשלחה להביא קבלת קנייה, אבל מספר המכשיר כבר רשום אצלנו מההצטרפות. "
        "היא נסעה הביתה וחזרה. שאלתי בצוות, ואמרו לי שככה עושים תמיד.",
        happened_on=ago(1),
    ),
    create(
        33, "20:45", NATALI, "debriefs", "d13",
        kind="failure",
        title="העדפה אישית לגבי סידור המשמרות",
        what_happened="שבוע שלישי ברצף שאני בערב, וביקשתי בוקר. אני חושבת שזה משפיע על השיחות שלי.",
        happened_on=ago(33),
    ),
    step(32, "09:50", ILAN, "d13", "decline",
         reason="תודה שסיפרת. סידור משמרות אינו אירוע שלומדים ממנו כאן, אבל הוא חשוב: קבענו לך שיחה עם ראש הצוות ביום "
         "ראשון, ועד אז אפשר להחליף משמרת דרך לוח ההחלפות."),
)  # fmt: skip
