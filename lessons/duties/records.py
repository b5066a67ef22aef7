"""How the records stand that duties are about: what a line needs of a record of any noun."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.models import RECORDS
from lessons.workflow.lives import LIVES
from lessons.workflow.promised import MOVABLE


@dataclass(frozen=True)
class Waiting:
    """What a line needs of a record of any noun; `due_on` and the two after it where its day may be moved."""

    noun: str
    id: int
    code: str
    state: StrEnum
    cycle: int
    version: int
    due_on: date | None = None
    first_due_on: date | None = None
    extension_count: int = 0


def records(session: Session, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Waiting]:
    """Of all nouns by one query."""
    ids: dict[str, list[int]] = {}
    for noun, record_id in set(wanted):
        ids.setdefault(noun, []).append(record_id)
    each = [_waiting(noun, sorted(some)) for noun, some in sorted(ids.items())]
    rows = session.execute(sa.union_all(*each)).all() if each else []
    return {
        (noun, record_id): Waiting(noun, record_id, code, LIVES[noun].states(state), *more)
        for noun, record_id, code, state, *more in rows
    }


def _waiting(noun: str, ids: Sequence[int]) -> Any:
    table = RECORDS[noun].__table__
    state, cycle = sa.type_coerce(table.c.state, sa.String), table.c.get("cycle", sa.literal(1, sa.Integer))
    told = (sa.literal(noun, sa.String), table.c.id, table.c.code, state, cycle, table.c.version)
    none = (sa.cast(sa.null(), sa.Date).label("due_on"), sa.cast(sa.null(), sa.Date).label("first_due_on"))
    moves = noun in MOVABLE
    dates = (table.c.due_on, table.c.first_due_on, table.c.extension_count) if moves else (*none, sa.literal(0))
    return sa.select(*told, *dates).where(table.c.id.in_(ids))
