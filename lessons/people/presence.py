"""Who else has a record open now. An open page says so by itself every while; whoever falls silent is gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from lessons import db
from lessons.access import Actor
from lessons.models import Person, Presence

SILENT = timedelta(seconds=100)
"""Longer than two signs of life of a page."""
TABLE = Presence.__table__
HERE = (TABLE.c.noun == sa.bindparam("of")) & (TABLE.c.record_id == sa.bindparam("row"))
GONE = sa.delete(TABLE).where(HERE, TABLE.c.at < sa.bindparam("silent"))
OTHERS = (
    sa.select(Person, Presence.writing)
    .join(Presence, Presence.person_id == Person.id)
    .where(HERE, Person.id != sa.bindparam("me"))
    .order_by(Person.name, Person.id)
)


def _upsert(insert: Any) -> Any:
    given = insert(TABLE)
    new = {name: given.excluded[name] for name in ("at", "writing")}
    return given.on_conflict_do_update(index_elements=["noun", "record_id", "person_id"], set_=new)


PUT = {True: _upsert(sqlite.insert), False: _upsert(postgresql.insert)}


def note(session: Session, row: Any, *, writing: bool, by: Actor, at: datetime) -> None:
    """This person has the record open."""
    connection = db.writing(session)
    connection.execute(GONE, {"of": row.noun, "row": row.id, "silent": at - SILENT})
    given = {"noun": row.noun, "record_id": row.id, "person_id": by.id, "writing": writing, "at": at}
    connection.execute(PUT[db.is_sqlite(session)], given)


def others(session: Session, row: Any, *, by: Actor) -> Sequence[tuple[Person, bool]]:
    """Everyone else who has it open, and whether they write, by name."""
    return [tuple(one) for one in session.execute(OTHERS, {"of": row.noun, "row": row.id, "me": by.id})]
