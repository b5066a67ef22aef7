"""What a form offers to choose from: people, units, days, and the records that fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
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
from lessons.web.speech import function_of, locale, name_of

MOST = 400
Option = dict[str, Any]


def people(session: Session) -> list[Option]:
    """Active people by name: who they are and what they do; sent by name where it is theirs alone, else by number."""
    rows = session.scalars(sa.select(Person).where(Person.closed_at.is_(None)).order_by(Person.name).limit(MOST))
    people = list(rows)
    names = Counter(name_of(one) for one in people)
    return [
        {
            "value": name_of(one) if names[name_of(one)] == 1 else handle(one),
            "label": name_of(one),
            "note": function_of(one),
            "handle": handle(one),
        }
        for one in people
    ]


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
