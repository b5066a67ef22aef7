"""The procedures that the village keeps, from their first edition to the one that waits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lessons.demo.cast import ALEXEI, DANA, HILA, ILAN, MICHAL, OMER
from lessons.demo.stories.credit_texts import BENEFITS, CREDIT
from lessons.demo.stories.texts import (
    CAMPAIGNS,
    RETENTION_CALL,
    RETENTION_CALL_CHANGES,
    RETURNS,
    RETURNS_CHANGES,
    WIN_BACK,
    edition,
    sections,
)
from lessons.demo.story import Of, Step, add, ahead, create, read, step

AGENTS_RET = {"units": ["RET"], "roles": ["agent"]}
AGENTS_BOTH = {"units": ["RET", "SRV"], "roles": ["agent"]}
SHIFT_LEADS = {"units": ["CUS"], "roles": ["debrief_leader"]}


def written(
    day: int, key: str, procedure: str, text: list[dict[str, Any]], summary: str, *, approver: str, owner: str,
    audience: dict[str, list[str]], money: bool = False,
) -> Iterator[Step]:  # fmt: skip
    """An edition's usual way in nine working days: drafted, handed in, approved, in force, read by all."""
    yield add(day, "10:20", HILA, procedure, "revisions", made=key, sections=text)
    yield step(day - 4, "14:10", HILA, key, "submit", summary=summary)
    if money:
        yield step(day - 5, "11:45", OMER, key, "approve_money")
    yield step(day - 6, "15:30", approver, key, "approve")
    yield step(day - 8, "09:00", owner, key, "publish", audience=audience)
    yield read(day - 8, f"{key}.briefing")


def _call(number: int) -> list[dict[str, Any]]:
    return edition(RETENTION_CALL, RETENTION_CALL_CHANGES, number)


STORY = (
    create(248, "09:30", HILA, "procedures", "P1",
           title="נוהל שיחת שימור", owner=DANA, approver=ILAN, unit="RET"),
    create(248, "09:50", HILA, "procedures", "P2",
           title="נוהל זיכוי ופיצוי", owner=ILAN, approver=MICHAL, policy_kind="compensation", unit="CUS"),
    create(248, "10:10", HILA, "procedures", "P3",
           title="נוהל החזרת ציוד", owner=HILA, approver=ALEXEI, policy_kind="service", unit="CUS"),
    create(248, "10:30", HILA, "procedures", "P4",
           title="מדיניות הטבות שימור", owner=ILAN, approver=MICHAL, policy_kind="compensation", unit="RET"),
    create(248, "10:50", HILA, "procedures", "P5",
           title="נוהל הצעת חזרה ללקוח שנפרד", owner=HILA, approver=ILAN, unit="RET"),
    # ── P-0001, five editions in force one after the other
    *written(247, "R1.1", "P1", _call(1), "נוהל ראשון לשיחת שימור: פותחים, מקשיבים, מציעים, מסכמים ומתעדים.",
             approver=ILAN, owner=DANA, audience=AGENTS_RET),
    *written(206, "R1.2", "P1", _call(2), "נוסף סעיף: לקוח עם תקלה טכנית עובר למוקד השירות עם תיאור קצר.",
             approver=ILAN, owner=DANA, audience=AGENTS_RET),
    *written(162, "R1.3", "P1", _call(3), "אחרי שמקשיבים שואלים «הבנתי נכון?», ורק אז מציעים.",
             approver=ILAN, owner=DANA, audience=AGENTS_RET),
    *written(106, "R1.4", "P1", _call(4), "העברה רק חמה: מציגים את הלקוח ונשארים על הקו עד שיש מענה.",
             approver=ILAN, owner=DANA, audience=AGENTS_RET),
    add(62, "10:15", HILA, "P1", "revisions", made="R1.5",
        because_of=[Of("L1"), Of("L2")], sections=_call(5)),
    step(57, "13:00", HILA, "R1.5", "submit",
         summary="פותחים בבדיקת חשבון, ובסוף השיחה מזינים את ההטבה ומקריאים את הסכום."),
    step(55, "10:40", ILAN, "R1.5", "send_back",
         reason="בסיום השיחה חסר מועד הסיום של ההטבה. לקוחות שואלים עליו יותר מעל הסכום."),
    step(53, "09:25", HILA, "R1.5", "submit",
         summary="פותחים בבדיקת חשבון. לפני שנפרדים: מזינים את ההטבה, ומקריאים את הסכום הבא ואת מועד הסיום."),
    step(51, "16:20", ILAN, "R1.5", "approve"),
    step(48, "08:30", DANA, "R1.5", "publish", audience=AGENTS_RET),
    read(48, "R1.5.briefing", days=4),
    add(3, "11:10", DANA, "P1", "revisions", made="R1.6", because_of=[Of("L10")]),
    # ── P-0002, three editions, and the fourth that waits for finance
    *written(246, "R2.1", "P2", sections(CREDIT[1]), "מי רשאי לזכות וכמה, במקום אחד.",
             approver=MICHAL, owner=ILAN, audience=SHIFT_LEADS, money=True),
    *written(170, "R2.2", "P2", sections(CREDIT[2]), "הזיכוי נרשם בטופס ולא בהערה, והסכום מוקרא ללקוח.",
             approver=MICHAL, owner=ILAN, audience=SHIFT_LEADS, money=True),
    *written(112, "R2.3", "P2", sections(CREDIT[3]),
             "סכומים חדשים בסמכות נציג: 40 ו־70 שקלים על היעדר שירות, 60 על טכנאי שלא הגיע. הזיכוי באותה שיחה.",
             approver=MICHAL, owner=ILAN, audience=AGENTS_BOTH, money=True),
    add(8, "12:30", ILAN, "P2", "revisions", made="R2.4", because_of=[Of("L5")], sections=sections(CREDIT[4])),
    step(4, "17:00", ILAN, "R2.4", "submit",
         summary="לפני כל זיכוי בודקים אם ניתן זיכוי על אותה תקלה ב־30 הימים האחרונים. תקלה אחת, זיכוי אחד."),
    # ── P-0003, the scan
    *written(245, "R3.1", "P3", edition(RETURNS, RETURNS_CHANGES, 1), "איך מקבלים ממיר, נתב ומגדיל טווח שהוחזרו.",
             approver=ALEXEI, owner=HILA, audience=SHIFT_LEADS),
    add(26, "09:40", HILA, "P3", "revisions", made="R3.2",
        because_of=[Of("L11")], sections=edition(RETURNS, RETURNS_CHANGES, 2)),
    step(19, "12:10", HILA, "R3.2", "submit", summary="סורקים את הברקוד ומקריאים מספר אישור."),
    step(17, "15:15", ALEXEI, "R3.2", "send_back",
         reason="צריך לומר גם מה עושה שליח אצל הלקוח. חצי מההחזרות עוברות דרכו."),
    step(15, "11:00", HILA, "R3.2", "submit",
         summary="סורקים את הברקוד ומקריאים ללקוח את מספר האישור לפני שנפרדים. הערה חופשית אינה קליטה."),
    step(13, "10:05", ALEXEI, "R3.2", "approve"),
    step(11, "08:00", HILA, "R3.2", "publish", audience=AGENTS_BOTH, share=0.9),
    read(11, "R3.2.briefing", people=41, days=5),
    # ── P-0004, retention benefits; a draft that was given up
    *written(240, "R4.1", "P4", sections(BENEFITS), "הטבות לפי ותק הלקוח ומי מאשר. לקוח שחזר על בקשת ניתוק: מבצעים.",
             approver=MICHAL, owner=ILAN, audience=AGENTS_RET, money=True),
    add(131, "10:30", HILA, "P4", "revisions", made="R4.2",
        sections=[*sections(BENEFITS), {"id": "student", "heading": "סטודנטים", "body": "10% נוספים באישור אחמ\"ש."}]),
    step(127, "09:50", ILAN, "R4.2", "cancel", reason="מבצע הסטודנטים עבר לשיווק ואינו הטבת שימור."),
    # ── P-0005, withdrawn
    *written(236, "R5.1", "P5", sections(WIN_BACK), "שיחה אחת ללקוח שנפרד, 30 יום אחרי הניתוק.",
             approver=ILAN, owner=HILA, audience=AGENTS_RET),
    step(66, "13:20", MICHAL, "R5.1", "withdraw", requested_by="היועצת המשפטית",
         reason="לקוח שנפרד לא הסכים לקבל שיחות. מי שירצה לחזור ימצא אותנו בטופס באתר."),
    # ── P-0006, campaigns: approved, in force in three days
    create(29, "12:00", HILA, "procedures", "P6", title="נוהל תדרוך המוקד לפני מבצע", owner=HILA, approver=MICHAL,
           unit="CUS"),
    add(28, "10:00", HILA, "P6", "revisions", made="R6.1", because_of=[Of("L4")], sections=sections(CAMPAIGNS)),
    step(20, "14:40", HILA, "R6.1", "submit",
         summary="מבצע עולה רק אחרי שהמוקד תודרך ואישר. ביום חמישי לא עולים מבצעים."),
    step(18, "09:35", MICHAL, "R6.1", "approve"),
    step(16, "10:20", HILA, "R6.1", "publish", effective_on=ahead(3), audience=AGENTS_BOTH),
)  # fmt: skip
