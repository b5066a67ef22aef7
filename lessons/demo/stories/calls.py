"""Customers' contacts of the last weeks as the CRM sends them: some matched by a click, some that wait for a word."""

from lessons.demo.cast import AVI, RANA
from lessons.demo.story import Step, at, create, match

PROMISED = "חיוב/הטבות"
# (working days ago, clock, who entered it, unit, channel, category, customer, text, the lesson it was matched to)
CALLS = (
    (24, "11:20", RANA, "SRV", "phone", "שירות/העברות", "70018822",
     "העבירו אותי בין שלוש מחלקות, ובכל פעם סיפרתי הכול מחדש.", ""),
    (17, "18:45", AVI, "RET", "phone", "נטישה/ניוד", "70020417",
     "סגרתי עם חברה אחרת, ההתקנה אצלם ביום שלישי.", "L10"),
    (12, "10:05", AVI, "RET", "phone", PROMISED, "70031845",
     "סיכמתי על הנחה של 20% בשיחת שימור, ובחשבון הבא חויבתי במחיר מלא. ההטבה לא הוזנה.", "L1"),
    (8, "12:30", RANA, "SRV", "chat", "טכני/נתב", "70044190",
     "הנתב שלי בחדר השינה מתנתק בכל לילה, ואין לי איך לצפות.", ""),
    (6, "19:10", AVI, "RET", "phone", PROMISED, "70029906",
     "הבטיחו לי הטבה לפני סיום השיחה, והסכום בחשבון הבא לא השתנה. לחזור אליי ל־054-5550143.", ""),
    (4, "09:40", RANA, "SRV", "mail", "שירות/העברות", "70037712",
     "העבירו אותי למוקד אחר ושם לא היה מענה. סיפרתי הכול מחדש.", ""),
    (3, "16:25", AVI, "RET", "chat", PROMISED, "70029906",
     "שוב אני: בסוף השיחה אמרו לי את הסכום הבא, ובחשבון מופיע סכום אחר. ההטבה לא הוזנה.", ""),
    (2, "11:15", AVI, "RET", "phone", "חיוב/ציוד", "70050338",
     "החזרתי ממיר ונתב ואני מחויב על ציוד שכבר החזרתי.", ""),
    (1, "13:50", AVI, "RET", "phone", "חיוב/מבצע", "70051127",
     "עד מתי המחיר המיוחד שלי? אף אחד לא אמר לי.", ""),
)  # fmt: skip


def _steps() -> tuple[Step, ...]:
    found: list[Step] = []
    for n, (day, clock, who, unit, channel, category, customer, text, lesson) in enumerate(CALLS):
        key = f"call.{n}"
        found.append(
            create(day, clock, who, "cases", key, external_id=f"CRM-9{2017 + 61 * n}", channel=channel, unit=unit,
                   category=category, customer_ref=customer, text=text, opened_at=at(day, clock))
        )  # fmt: skip
        if lesson:
            found.append(match(day, f"{clock[:4]}9", who, key, lesson))
    return tuple(found)


STORY = _steps()
