"""Where a person's name stands in what people wrote: found for a human, for nobody else can tell what to do."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from lessons.access.names import names_in, spans
from lessons.models import RECORDS, Attachment, Person

NOT_SEARCHED = frozenset({"persons", "events", "event_details", "letters", "notices", "seals", "units"})
"""What is erased by itself, or says nothing that people wrote."""
SHORT = 60
"""Columns of fewer characters hold codes and kinds."""
MOST = 200


@dataclass(frozen=True)
class Place:
    """A text that names the person: `field` of a table, of the record `noun` and `id` where it belongs to one."""

    noun: str
    id: int
    code: str
    table: str
    field: str


def names_of(person: Person) -> list[str]:
    """As they are written, also where a text is HTML."""
    known = [name for name in (person.name, person.name_en) if name]
    return list(dict.fromkeys([*known, *map(html.escape, known)]))


def places(session: Session, person: Person) -> list[Place]:
    """Texts and names of attachments that name the person, at most some hundreds; what attachments hold is not read."""
    found = {place: None for table in _tables() for place in _in(session, table, names_of(person))}
    return list(found)[:MOST]


@cache
def _tables() -> tuple[sa.Table, ...]:
    return tuple(
        table for table in SQLModel.metadata.tables.values() if table.name not in NOT_SEARCHED and texts(table)
    )


def texts(table: sa.Table) -> list[sa.Column[Any]]:
    """Columns in which people's words may stand."""
    kinds = (sa.String, sa.JSON)
    columns = [column for column in table.c if isinstance(column.type, kinds) and not isinstance(column.type, sa.Enum)]
    return [column for column in columns if getattr(column.type, "length", None) is None or column.type.length > SHORT]


def likely(columns: Sequence[Any], names: Sequence[str]) -> Any:
    """Rows in which all words of a name stand, in any order; SQLite keeps JSON with its letters escaped."""
    ways = []
    for name in names:
        for escaped in (False, True):
            words = [json.dumps(word)[1:-1] if escaped else word for word in name.split()]
            ways += [
                sa.and_(*(sa.cast(column, sa.Text).contains(word, autoescape=True) for word in words))
                for column in columns
            ]
    return sa.or_(sa.false(), *ways)


def _in(session: Session, table: sa.Table, names: Sequence[str]) -> Iterator[Place]:
    columns = texts(table)
    for row in session.execute(sa.select(table).where(likely(columns, names))).mappings():
        fields = [column.name for column in columns if named(row[column.name], names)]
        noun, record_id = _record(table, row) if fields else ("", 0)
        code = session.scalar(sa.select(RECORDS[noun].code).where(RECORDS[noun].id == record_id)) if noun else ""
        yield from (Place(noun, record_id, code or "", table.name, field) for field in fields)


def _record(table: sa.Table, row: Any) -> tuple[str, int]:
    """Which record a row is or belongs to."""
    if table.name in RECORDS:
        return table.name, row["id"]
    for noun, id_ in (("noun", "record_id"), ("of_noun", "of_id")):
        if noun in row and row[noun] in RECORDS:
            return row[noun], row[id_]
    for column in table.c:
        for key in column.foreign_keys:
            if key.column.table.name in RECORDS and row[column.name] is not None:
                return key.column.table.name, row[column.name]
    return "", 0


def named(value: Any, names: Sequence[str]) -> bool:
    """Whether a name stands in a text, or in a text somewhere within a value."""
    if isinstance(value, str):
        return bool(names_in(value, names)) or value in names
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(named(one, names) for one in inner)


def without(value: Any, names: Sequence[str], instead: str) -> Any:
    """The same value with the name taken out of its texts."""
    if isinstance(value, str):
        for start, end in sorted({hit for name in names for hit in spans(value, name)}, reverse=True):
            value = value[:start] + instead + value[end:]
        return instead if value in names else value
    if isinstance(value, dict):
        return {key: without(one, names, instead) for key, one in value.items()}
    return [without(one, names, instead) for one in value] if isinstance(value, list) else value


def attached(session: Session, person: Person) -> int:
    """How many attachments are the person's own."""
    mine = sa.select(sa.func.count()).select_from(Attachment).where(Attachment.by_id == person.id)
    return session.scalar(mine) or 0
