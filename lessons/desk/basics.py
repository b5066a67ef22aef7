"""The first 30 days: the basic cards of a unit in their order, how far each newcomer is, and who sees that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import Actor, tree
from lessons.access.refs import invalid
from lessons.access.sharing import LEADING
from lessons.errors import FieldError, Forbidden
from lessons.i18n import say
from lessons.models import BasicCard, BasicReading, Briefing, BriefingMember, Lesson, Person, Unit
from lessons.people.first_days import DAYS, is_new
from lessons.workflow.states import LESSON_PUBLIC

MOST = 20


# ── the cards ────────────────────────────────────────────────────────────────────────────────────────────────────────
def set_cards(session: Session, unit: Unit, lessons: Sequence[Lesson], *, by: Actor) -> None:
    """These are the unit's basic cards, in this order, and no others. Raises Forbidden, Invalid."""
    if unit.id not in tree(session).under(by.units_of("lessons_manager")):
        raise Forbidden(say("The first cards of a unit are chosen by its lessons management."))
    chosen = list(dict.fromkeys(lesson.id for lesson in lessons))
    if len(chosen) > MOST:
        raise invalid([FieldError("/cards", "too_many", say("Twenty cards at most: a newcomer has thirty days."))])
    closed = [lesson.code for lesson in lessons if lesson.state not in LESSON_PUBLIC]
    if closed:
        not_there = say("Not on the desk, so nobody could read it: %(codes)s.", codes=", ".join(closed))
        raise invalid([FieldError("/cards", "not_there", not_there)])
    session.execute(sa.delete(BasicCard).where(BasicCard.unit_id == unit.id))
    session.add_all(BasicCard(unit_id=unit.id or 0, lesson_id=one or 0, n=n) for n, one in enumerate(chosen, 1))
    session.flush()


def cards_of(session: Session, unit_id: int) -> list[Lesson]:
    """Of the unit, else of the nearest one above that has any; those that left the desk are left out."""
    above = tree(session).above[unit_id]
    rows = session.execute(
        sa.select(BasicCard.unit_id, Lesson)
        .join(Lesson, Lesson.id == BasicCard.lesson_id)
        .where(BasicCard.unit_id.in_(above), Lesson.state.in_(LESSON_PUBLIC))
        .order_by(BasicCard.n)
    ).all()
    nearest = next((unit for unit in above if any(row[0] == unit for row in rows)), None)
    return [lesson for unit, lesson in rows if unit == nearest]


# ── a newcomer ───────────────────────────────────────────────────────────────────────────────────────────────────────
def mine(session: Session, *, by: Actor, at: datetime) -> dict[str, Any] | None:
    """The newcomer's own list and how far it is; None for everybody else."""
    if by.person is None or not is_new(session, by.person, at):
        return None
    cards = cards_of(session, by.person.unit_id)
    read = _read(session, [by.person.id or 0], [card.id or 0 for card in cards])
    rows = [
        {"n": n, "title": card.title, "code": card.code, "href": f"/desk?card={card.code}",
         "read": (by.id, card.id) in read}
        for n, card in enumerate(cards, 1)
    ]  # fmt: skip
    today = tree(session).today(by.person.unit_id, at)
    return {
        "rows": rows,
        "read": sum(row["read"] for row in rows),
        "of": len(rows),
        "next": next((row["code"] for row in rows if not row["read"]), ""),
        "day": (today - by.person.hired_on).days + 1,
    } if rows else None  # fmt: skip


def read_card(session: Session, lesson: Lesson, *, by: Actor, at: datetime) -> None:
    """I have read and understood; said once a card."""
    values = {"person_id": by.id, "lesson_id": lesson.id, "edition": lesson.edition, "at": at}
    session.execute(db.insert_into(session, BasicReading).values(values).on_conflict_do_nothing())


def _read(session: Session, people: Sequence[int], cards: Sequence[int]) -> frozenset[tuple[int, int]]:
    """(person, lesson) that were read: said here, or in a briefing about the card."""
    here = sa.select(BasicReading.person_id, BasicReading.lesson_id).where(
        BasicReading.person_id.in_(people), BasicReading.lesson_id.in_(cards)
    )
    briefed = (
        sa.select(BriefingMember.person_id, Briefing.lesson_id)
        .join(Briefing, Briefing.id == BriefingMember.briefing_id)
        .where(BriefingMember.person_id.in_(people), BriefingMember.acknowledged_at.is_not(None))
        .where(Briefing.lesson_id.in_(cards))
    )
    rows = session.execute(here.union(briefed)).all() if people and cards else []
    return frozenset((person, lesson) for person, lesson in rows)


# ── who leads them ───────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Newcomer:
    person: Person
    day: int
    read: int
    of: int


def newcomers(session: Session, *, by: Actor, at: datetime) -> list[Newcomer]:
    """Those in their first days whom this person leads, the newest last."""
    units = tree(session)
    led = sorted(units.under(by.units_of(*LEADING)))
    own = sa.or_(Person.unit_id.in_(led), Person.manager_id.in_(sorted(by.acting)))
    people = session.scalars(
        sa.select(Person)
        .where(own, Person.closed_at.is_(None), Person.hired_on > at.date() - timedelta(days=DAYS + 1))
        .order_by(Person.hired_on, Person.name, Person.id)
    ).all()
    new = [one for one in people if is_new(session, one, at)]
    cards = {unit: cards_of(session, unit) for unit in {one.unit_id for one in new}}
    every = {card.id or 0 for of_unit in cards.values() for card in of_unit}
    read = _read(session, [one.id or 0 for one in new], sorted(every))
    return [
        Newcomer(one, (units.today(one.unit_id, at) - one.hired_on).days + 1,
                 sum((one.id, card.id) in read for card in cards[one.unit_id]), len(cards[one.unit_id]))
        for one in new
    ]  # fmt: skip
