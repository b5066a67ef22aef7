"""What a form offers to choose from: people, units, days, and the records that fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from babel.dates import format_date
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from lessons.access import tree
from lessons.access.numbers import calendar_of, policy_of
from lessons.models import Person
from lessons.web.speech import MOST_PEOPLE, function_of, locale, name_of

HANDLES = (Person.number, Person.email, Person.pid)
Option = dict[str, Any]


def people(session: Session, typed: str = "", chosen: Collection[str] = ()) -> list[Option]:
    """Active people by name, those of whom a name or number holds what was typed, at most so many, and whoever is
    `chosen` already: who they are and what they do; sent by name where it is theirs alone, else by number."""
    active = sa.select(Person).where(Person.closed_at.is_(None))
    wanted = active
    if typed:
        named = (Person.name, Person.name_en, Person.number, Person.email)
        wanted = active.where(sa.or_(*(column.icontains(typed, autoescape=True) for column in named)))
    found = list(session.scalars(wanted.order_by(Person.name, Person.id).limit(MOST_PEOPLE)))
    is_full = len(found) == MOST_PEOPLE
    if missing := {*chosen} - {handle(one) for one in found} - {""} if is_full else ():
        found += session.scalars(active.where(sa.or_(*(column.in_(missing) for column in HANDLES))))
    shared = {name for name, times in Counter(map(name_of, found)).items() if times > 1}
    if typed or is_full:
        shared |= _shared(session, [name_of(one) for one in found])
    return [
        {
            "value": handle(one) if name_of(one) in shared else name_of(one),
            "label": name_of(one),
            "note": function_of(one),
            "handle": handle(one),
        }
        for one in found
    ]


def _shared(session: Session, names: Sequence[str]) -> set[str]:
    """Names that more than one active person has, in either language."""
    called = sa.or_(Person.name.in_(names), Person.name_en.in_(names))
    rows = session.execute(sa.select(Person.name, Person.name_en).where(called, Person.closed_at.is_(None))).all()
    times = Counter(name for row in rows for name in {*row})
    return {name for name in names if times[name] > 1}


def states_of(args: MultiDict[str, str], states: type[StrEnum], usual: Sequence[StrEnum]) -> list[str]:
    """The states that a list is narrowed to: those that are asked for, none for `all`, else the usual ones."""
    asked = [state for state in args.getlist("state") if state in {*states}]
    return asked if asked or args.get("state") == "all" else [*usual]


def handle(person: Person | None) -> str:
    """What names a person in a form: number, else e-mail, else the lasting id."""
    return (person.number or person.email or person.pid) if person else ""


def units(session: Session) -> list[Option]:
    rows = sorted(tree(session).units.values(), key=lambda unit: unit.name)
    return [{"value": unit.code, "label": name_of(unit)} for unit in rows if unit.until_on is None]


def due_chips(session: Session, unit_id: int, at: datetime) -> list[Option]:
    """3 · 7 · 14 · 30 working days from today, each with its weekday and date."""
    calendar = calendar_of(session, unit_id)
    today = calendar.today(at)
    days: Sequence[tuple[int, date]] = [(n, calendar.add(today, n)) for n in policy_of(session, unit_id).action.chips]
    return [{"value": day.isoformat(), "label": str(n), "note": said_short(day)} for n, day in days]


def said_short(day: date) -> str:
    return f"{format_date(day, 'EEE', locale=locale())} {day.day}.{day.month}"
