"""The texts of the procedures, edition by edition. A section keeps its id; an edition says only what it changes."""

from __future__ import annotations

from typing import Any

Section = tuple[str, str, str] | tuple[str, str, str, tuple[dict[str, str], ...]]
"""Id, heading, words, and the rows of a table of authority where there is one."""
SUMS = "סכומים לדוגמה; אינם ייעוץ ואינם תיאור של הדין."

RETENTION_CALL: tuple[Section, ...] = (
    ("opening", "פתיחת השיחה", "מציגים את שם החברה ואת שם הנציג, ומוודאים שהשיחה עם בעל החשבון."),
    ("listening", "הקשבה לפני הצעה", "מקשיבים לסיבת הפנייה עד הסוף, בלי להפסיק, וחוזרים עליה במשפט אחד."),
    ("offer", "הצעה", "מציעים הטבה לפי מדיניות הטבות שימור. הצעה אחת בכל פעם, ומחכים לתשובה."),
    (
        "leaving",
        "לקוח שמבקש להתנתק",
        "מאשרים שהבקשה נקלטה ומסבירים את הצעדים. לקוח שביקש להתנתק וחזר על הבקשה: מבצעים. לא מציעים הצעה נוספת.",
    ),
    ("closing", "סיום השיחה", "מסכמים את מה שסוכם ומתעדים את ההטבה."),
)
RETENTION_CALL_CHANGES: dict[int, tuple[Section, ...]] = {
    2: (("transfer", "העברה למוקד אחר", "תקלה טכנית: מעבירים למוקד השירות עם תיאור קצר של התקלה."),),
    3: (("listening", "הקשבה לפני הצעה",
         "מקשיבים לסיבת הפנייה עד הסוף, חוזרים עליה במשפט אחד ושואלים: «הבנתי נכון?»"),),
    4: (("transfer", "העברה למוקד אחר",
         "רק העברה חמה: מציגים לעמית את הלקוח ואת מה שכבר סופר, ונשארים על הקו עד שיש מענה."),),
    5: (
        ("opening", "פתיחת השיחה",
         "פותחים בבדיקת חשבון: מה הלקוח משלם, מה הוא צורך ומה הוא לא צריך. ההצעה באה אחר כך."),
        ("closing", "סיום השיחה",
         "לפני שנפרדים מזינים את ההטבה, רואים שנקלטה, ומקריאים ללקוח את סכום החשבון הבא ואת מועד הסיום שלה."),
    ),
}  # fmt: skip

RETURNS: tuple[Section, ...] = (
    ("who", "מי רשאי לקבל ציוד", "כל נציג בדוכן או במוקד, וכל שליח של החברה."),
    ("what", "אילו מכשירים", "ממיר, נתב ומגדיל טווח. מכשיר פגום מתקבל גם הוא, ונרשם «פגום»."),
    ("intake", "קליטה", "מתעדים ברשומת הלקוח שהמכשיר הוחזר, ומוסרים אותו למחסן בסוף היום."),
    ("billing", "חיוב", "חויב הלקוח אחרי שהחזיר: מזכים לפי נוהל זיכוי ופיצוי, באותה שיחה."),
)
RETURNS_CHANGES: dict[int, tuple[Section, ...]] = {
    2: (
        ("intake", "קליטה בסריקה",
         ("פותחים «החזרת ציוד» וסורקים את הברקוד שבגב המכשיר. ממתינים למספר האישור ומקריאים אותו ללקוח לפני שנפרדים. "
          "הערה חופשית אינה קליטה. שליח סורק אצל הלקוח, במכשיר שברשותו.")),
        ("proof", "אישור ללקוח", "מספר האישור נשלח גם במסרון. בלי מספר אישור הפנייה נשארת פתוחה."),
    ),
}  # fmt: skip

CAMPAIGNS: tuple[Section, ...] = (
    (
        "before",
        "לפני שמבצע עולה לאוויר",
        "שלושה ימי עבודה לפני העלייה מגיע למוקד דף מבצע: למי, כמה, עד מתי, ומה עונים למי שאינו זכאי.",
    ),
    ("approval", "אישור המוקד", "המבצע עולה רק אחרי שניהול המוקד אישר שהתדריך הסתיים. ביום חמישי לא עולים מבצעים."),
    ("after", "ביום העלייה", "נציג שיווק זמין למוקד עד השעה 20:00, ושאלות חוזרות נאספות בדף המבצע."),
)

WIN_BACK: tuple[Section, ...] = (
    ("call", "שיחה ללקוח שנפרד", "30 יום אחרי הניתוק מתקשרים פעם אחת, ומציעים לחזור בתנאי מצטרף."),
    ("no", "לקוח שמסרב", "מודים ומסיימים. לא מתקשרים שוב."),
)


def edition(base: tuple[Section, ...], changes: dict[int, tuple[Section, ...]], number: int) -> list[dict[str, Any]]:
    """The sections as that edition has them: a changed one in its place, a new one before the last."""
    kept = {section[0]: section for section in base}
    order = list(kept)
    for which in range(2, number + 1):
        for section in changes.get(which, ()):
            if section[0] not in kept:
                order.insert(-1, section[0])
            kept[section[0]] = section
    return sections(tuple(kept[name] for name in order))


def sections(texts: tuple[Section, ...]) -> list[dict[str, Any]]:
    return [
        {"id": name, "heading": heading, "body": body, **({"limits": list(*table)} if table else {})}
        for name, heading, body, *table in texts
    ]
