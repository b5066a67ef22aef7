"""What stands on the desk besides records: the units' numbers, the first cards, who was here when; and which words
mean the same here, beside what was looked for and not found."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import OPERATOR, actor_of, tree
from lessons.demo.cast import NAOMI
from lessons.demo.days import Days
from lessons.demo.story import Day
from lessons.desk import basics
from lessons.models import DeskVisit, Lesson, Person
from lessons.people import figures, synonyms
from lessons.workflow.states import LESSON_PUBLIC

NUMBERS = {  # what a day's number swings around
    "RET": (("שיחות שימור", 96), ("נשארו, באחוזים", 61), ("זמן המתנה, בדקות", 2.1)),
    "SRV": (("שיחות", 412), ("נפתרו בשיחה ראשונה, באחוזים", 74), ("זמן המתנה, בדקות", 3.4)),
    "INS": (("תביעות שנסגרו", 18), ("ימים לתביעה", 4.5)),
}
WEEK = 5
MEAN_THE_SAME = (
    "נתב, ראוטר, מודם",
    "ממיר, סטרימר",
    "ביטול, התנתקות, ניתוק, עזיבה",
    "זיכוי, החזר כספי, קרדיט",
    "חשבון, חשבונית",
    "טכנאי, מתקין",
    "הטבה, הנחה, צ׳ופר",
)
MISSED = (("חבילת חו״ל", 4), ("חסימת מספר", 2), ("העברת בעלות", 1))
"""What nobody has written a card on yet, and how often it was looked for."""


def lay_out(session: Session, people: dict[str, Person], days: Days, *, at: datetime) -> None:
    """Five working days of numbers; the cards of newcomers; what means the same here; whoever is here was here the
    working day before."""
    figures.enter(session, list(_numbers(session, days)), by=OPERATOR)
    naomi = actor_of(session, people[NAOMI], at=at)
    for code in ("CUS", "RET", "SRV", "INS"):
        unit = tree(session).by_code(code)
        if unit is not None:
            basics.set_cards(session, unit, _first_cards(session, code), by=naomi)
    for words in MEAN_THE_SAME:
        synonyms.put(session, words, by=naomi)
    for words, times in MISSED:
        for _ in range(times):
            synonyms.note_missed(session, words, on=days.today)
    yesterday = days.moment(Day(2), "16:00")
    session.add_all(
        DeskVisit(person_id=one.id or 0, day=yesterday.date(), seen_at=yesterday)
        for one in people.values()
        if one.hired_on < at.date() - timedelta(days=basics.DAYS)
    )


def _numbers(session: Session, days: Days) -> list[tuple[object, date, str, float]]:
    chance = Random("numbers")  # noqa: S311 - invented numbers are no secret
    return [
        (tree(session).by_code(code), days.day(Day(ago)), name, round(usual * chance.uniform(0.93, 1.07), usual < 10))
        for ago in range(WEEK, 0, -1)
        for code, names in NUMBERS.items()
        for name, usual in names
    ]


def _first_cards(session: Session, code: str) -> list[Lesson]:
    """Those meant for the unit, the best proved first."""
    rows = session.scalars(sa.select(Lesson).where(Lesson.state.in_(LESSON_PUBLIC)).order_by(Lesson.id)).all()
    meant = [one for one in rows if code == "CUS" or {code, "CUS"} & {*one.audience.get("units", [])}]
    return sorted(meant, key=lambda one: (one.state != "verified", one.id))[:8]
