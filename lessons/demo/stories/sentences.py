"""Sentences that work: what agents found to say, whom else it helped, one that waits and one that was declined."""

from collections.abc import Iterator

from lessons.demo.cast import AVI, FADI, HILA, NATALI, OREN, RANA, SHIRA
from lessons.demo.story import Of, Step, add, create, step


def helped(day: int, clock: str, key: str, first: int, last: int) -> Iterator[Step]:
    """The colleagues from one number to another say that it worked for them too."""
    for number in range(first, last + 1):
        yield add(day, clock, str(number), key, "votes")


STORY = (
    # ── retention
    create(48, "16:10", SHIRA, "sentences", "S1", topic="שימור", lesson=Of("L2"), said_when="השיחה נפתחת ב«יקר לי»",
           text="בואו נפתח יחד את החשבון, ונראה על מה בדיוק משלמים היום. אחר כך נחליט מה נכון."),
    step(46, "10:20", HILA, "S1", "keep"),
    *helped(40, "12:15", "S1", 24, 29),
    *helped(9, "17:40", "S1", 31, 35),
    create(15, "18:25", OREN, "sentences", "S2", topic="שימור", said_when="אחרי סיפור על תקלה שחזרה",
           text="אם התקלה הזאת הייתה נפתרת היום, עדיין היית רוצה לעזוב?"),
    step(14, "09:50", HILA, "S2", "keep"),
    *helped(8, "13:05", "S2", 21, 22),
    add(7, "11:30", AVI, "S2", "votes"),
    # ── service and support
    create(33, "14:45", RANA, "sentences", "S3", topic="תמיכה טכנית", said_when="הלקוח חושש שהשיחה תתנתק",
           text="נשארים איתך על הקו עד שזה עובד. אם השיחה מתנתקת, אנחנו מתקשרים, ולא מתחילים מהתחלה."),
    step(32, "10:05", HILA, "S3", "keep"),
    *helped(20, "15:20", "S3", 41, 47),
    create(12, "17:15", FADI, "sentences", "S4", topic="support", said_when="The third call about the same thing",
           text="I can see your earlier calls, so you won't have to tell it again. Here is what I know."),
    step(11, "09:40", HILA, "S4", "keep"),
    *helped(6, "12:50", "S4", 72, 74),
    # ── everybody, by whoever keeps them
    create(22, "09:15", HILA, "sentences", "S5", topic="הקשבה", said_when="אין עדיין תשובה",
           text="תודה שאמרת את זה. כדי לא להבטיח סתם, נבדוק מה באמת אפשר, ותוך דקה תהיה תשובה."),
    *helped(18, "16:35", "S5", 52, 55),
    # ── one that promises what is not ours to promise, and one that waits
    create(10, "19:05", NATALI, "sentences", "S6", topic="שימור", text="מבטיחים לך שהתקלה הזאת לא תחזור."),
    step(9, "10:10", HILA, "S6", "decline",
         reason="תודה, רואים כמה זה מרגיע. הבטחה שלא תלויה בנו חוזרת כתלונה. אפשר להציע שוב: מה עושים אם זה כן חוזר."),
    create(1, "17:30", AVI, "sentences", "S7", topic="החזרת ציוד", lesson=Of("L11"), said_when="סוגרים שיחה על החזרה",
           text="מספר האישור הוא ההוכחה שהציוד חזר. כדאי לצלם אותו עכשיו, לפני שמנתקים."),
)  # fmt: skip
