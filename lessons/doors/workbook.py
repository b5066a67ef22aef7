"""A register for people to read: the same fields as programs get, in words, days that are days, people by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from exports.register_xlsx import Book, Cell, Column, Link, pressed
from lessons import db
from lessons.access import Actor, tree
from lessons.doors import register
from lessons.doors.columns import Names, columns_of
from lessons.doors.headings import HEADINGS
from lessons.i18n import Name, Word, say
from lessons.models import RECORDS

WORDS = {"severity": "severity", "level": "level", "language": "language", "result": "result"}
"""Columns of plain values that have words, by the context of these."""
LONG = frozenset({"title", "text", "what_happened", "steps", "why", "body", "summary", "answer", "done_when"})
NUMBERS = frozenset({"number", "counted", "acknowledged", "votes", "share", "baseline", "target", "measured", "sample"})
YES, NO = say("yes"), say("no")
TAKEN = say("What the list showed to %(who)s on %(day)s at %(hour)s. Times are those of %(zone)s.")
WHAT_CHANGED = say("A record may have changed since. Its code leads to what holds today.")


class Called(Names):
    """People and units by their names."""

    def __init__(self, session: Session, by: Actor, *, locale: str) -> None:
        super().__init__(session, by)
        self.locale = locale

    def called(self, person: Any) -> str:
        return Name.of(person).in_(self.locale)

    def name(self, table: str, key: int | None) -> str | None:
        if table == "units" and key is not None:
            return self.called(tree(self.session).units[key])
        return super().name(table, key)

    def told(self, row: Any) -> dict[str, Any]:
        found = super().told(row)
        if "audience" in found:
            audience = found["audience"] or {}
            units = [tree(self.session).by_code(code) for code in audience.get("units", ())]
            roles = [Word("role", role).in_(self.locale) for role in audience.get("roles", ())]
            found["audience"] = [*(self.called(unit) for unit in units if unit), *roles]
        return found


def parts(asked: register.Asked) -> Iterator[bytes]:
    """The workbook, in parts."""
    names = partial(Called, locale=asked.locale)
    rows = register.told(asked, names)
    reads = _readers(asked)
    cells = ([read(row.get(name)) for name, read in reads.items()] for row in rows)
    return pressed(_book(asked), cells)


def _book(asked: register.Asked) -> Book:
    locale, zone = asked.locale, ZoneInfo(db.settings().timezone)
    with asked.opened() as (_, by, at):
        made = at.astimezone(zone)
        who = Name.of(by.person) if by.person else Word("actor_kind", "operator")
    taken = TAKEN.with_(who=who, day=f"{made.day}.{made.month}.{made.year}", hour=f"{made:%H:%M}", zone=zone.key)
    return Book(
        lang=locale,
        name=Word("nouns", asked.noun).in_(locale),
        meanings=say("What the columns hold").in_(locale),
        heads=(say("Column").in_(locale), say("What it holds").in_(locale)),
        notes=(taken.in_(locale), WHAT_CHANGED.in_(locale)),
        columns=tuple(_column(asked, name) for name in asked.register.columns),
        made=made.replace(tzinfo=None),
    )


def _column(asked: register.Asked, name: str) -> Column:
    heading, meaning = (one.in_(asked.locale) for one in HEADINGS[name])
    return Column(heading=heading, meaning=meaning, kind=_kind(asked.noun, name))


def _kind(noun: str, name: str) -> str:
    kind = _type(noun, name)
    if name == "code":
        return "link"
    if name in LONG or name in NUMBERS:
        return "long" if name in LONG else "number"
    if isinstance(kind, sa.Date):
        return "day"
    if isinstance(kind, sa.DateTime):
        return "moment"
    return "choice" if isinstance(kind, sa.Enum | sa.Boolean) else "text"


def _type(noun: str, name: str) -> Any:
    """How the database keeps it; None for what is reckoned."""
    model: Any = RECORDS[noun]
    kept = next((one.name for one in columns_of(model) if one.called == name and not one.table), None)
    kind = model.__table__.columns[kept].type if kept else None
    return getattr(kind, "impl", kind)  # a moment of ours is a moment


# ── cells ────────────────────────────────────────────────────────────────────────────────────────────────────────────
Read = Callable[[Any], Cell]


def _readers(asked: register.Asked) -> dict[str, Read]:
    """By column, what makes a field a cell."""
    return {name: partial(_cell, _reader(asked, name), name, asked.locale) for name in asked.register.columns}


def _cell(read: Read, name: str, locale: str, value: Any) -> Cell:
    if value is None:
        return None
    if isinstance(value, bool):
        return (YES if value else NO).in_(locale)
    if isinstance(value, list):
        return register.several(name, value)
    return read(value)


def _reader(asked: register.Asked, name: str) -> Read:
    kind = _type(asked.noun, name)
    if name == "code":
        here = f"{db.settings().base_url}/{asked.noun}"
        return lambda code: Link(code, f"{here}/{code}")
    if isinstance(kind, sa.Date):
        return date.fromisoformat
    if isinstance(kind, sa.DateTime):
        zone = ZoneInfo(db.settings().timezone)
        return lambda told: datetime.fromisoformat(told).astimezone(zone).replace(tzinfo=None)
    if context := WORDS.get(name) or _context(asked.noun, name, kind):
        return lambda value: Word(context, str(value)).in_(asked.locale)
    return lambda value: value


def _context(noun: str, name: str, kind: Any) -> str:
    """The context of a choice's words: a state's life, else the choice's own name."""
    if name == "state":
        return f"{noun}.state"
    chosen = getattr(kind, "enum_class", None)
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", chosen.__name__).lower() if chosen else ""
