"""A row's own columns as JSON: every plain field in full; what it points to by what names that outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, tree, visible_to
from lessons.models import RECORDS, Attachment, Cause, Debrief, DebriefPerson, Finding, Person

# database keys, heads of chains and secrets never leave the house
HIDDEN = frozenset(
    {"id", "event_n", "event_hash", "tracking_hash", "customer_hash", "of_id", "password_hash", "excluding"}
)
CALLED = {"lang": "language", "pid": "id", "names_answered": "names", "of_noun": "of_kind", "of_code": "of"}
PARTS: dict[str, Any] = {"findings": Finding, "causes": Cause, "attachments": Attachment}


@dataclass(frozen=True)
class Column:
    """`table` is what it points to, "" where it holds a plain value."""

    name: str
    called: str
    table: str


@cache
def columns_of(model: Any) -> tuple[Column, ...]:
    """The columns that are told, in the model's order."""
    return tuple(
        Column(column.name, _called(column), _table(column))
        for column in model.__table__.columns
        if column.name not in HIDDEN
    )


def _table(column: sa.Column[Any]) -> str:
    return next((key.column.table.name for key in column.foreign_keys), "")


def _called(column: sa.Column[Any]) -> str:
    if column.foreign_keys and column.name.endswith("_id"):
        return column.name.removesuffix("_id")
    return CALLED.get(column.name, column.name)


def plain(value: Any) -> Any:
    """Times RFC 3339 in UTC, days ISO, choices by their stored value."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def handle(person: Any) -> str:
    """A person by e-mail, else by number, else by the lasting id of someone who has neither."""
    return str(person.email or person.number or person.pid)


def words_open(by: Actor) -> Any:
    """The criterion that a debrief's words, not its header alone, may be open to this reader."""
    ids = sorted(by.acting)
    named = sa.select(DebriefPerson.debrief_id).where(DebriefPerson.person_id.in_(ids), DebriefPerson.part == "named")
    own = sa.or_(Debrief.leader_id.in_(ids), Debrief.reviewer_id.in_(ids), Debrief.id.in_(named))
    return sa.or_(sa.not_(Debrief.confidential), own, sa.true() if by.units_of("auditor") else sa.false())


class Names:
    """What names the things that rows point to; each table is asked once for all rows that are shown together."""

    def __init__(self, session: Session, by: Actor) -> None:
        self.session, self.by = session, by
        self._known: dict[str, dict[int, str]] = {}

    def called(self, person: Any) -> str:
        return handle(person)

    def learn(self, rows: Sequence[Any]) -> None:
        wanted: dict[str, set[int]] = {}
        for row in rows:
            for column in columns_of(type(row)):
                value = getattr(row, column.name) if column.table else None
                if value is not None:
                    wanted.setdefault(column.table, set()).add(value)
        for table, ids in wanted.items():
            self.ask(table, ids)

    def ask(self, table: str, ids: Iterable[int]) -> Mapping[int, str]:
        """Names by key, of those that this reader may know of."""
        known = self._known.setdefault(table, {})
        unknown = sorted(set(ids) - known.keys())
        if unknown and table != "units":
            known.update(self._read(table, unknown))
        return known

    def _read(self, table: str, ids: list[int]) -> dict[int, str]:
        if table == "persons":
            named = (Person.id, Person.email, Person.number, Person.pid, Person.name, Person.name_en)
            people = sa.select(*named).where(Person.id.in_(ids))
            return {row.id: self.called(row) for row in self.session.execute(people)}
        if table in PARTS:
            model = PARTS[table]
            return dict(self.session.execute(sa.select(model.id, model.pid).where(model.id.in_(ids))).all())
        model = RECORDS[table]
        seen = visible_to(self.session, table, self.by)
        if table == "debriefs":  # what came of a confidential one shows no link to it
            seen = sa.and_(seen, words_open(self.by))
        rows = self.session.execute(sa.select(model.id, model.code).where(model.id.in_(ids), seen))
        return dict(rows.all())

    def name(self, table: str, key: int | None) -> str | None:
        """None for nothing, and for what this reader may not know of."""
        if key is None:
            return None
        if table == "units":
            return tree(self.session).units[key].code
        return self._known.get(table, {}).get(key)

    def told(self, row: Any) -> dict[str, Any]:
        """The row's columns; what they point to has been learnt."""
        return {
            column.called: self.name(column.table, getattr(row, column.name))
            if column.table
            else plain(getattr(row, column.name))
            for column in columns_of(type(row))
        }
