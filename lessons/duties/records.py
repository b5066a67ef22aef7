"""How the records stand that duties are about: what a line needs of a record of any noun."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.models import RECORDS
from lessons.workflow.lives import LIVES


@dataclass(frozen=True)
class Waiting:
    """What a line needs of a record of any noun."""

    noun: str
    id: int
    code: str
    state: StrEnum
    cycle: int
    version: int


def records(session: Session, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Waiting]:
    """Of all nouns by one query."""
    ids: dict[str, list[int]] = {}
    for noun, record_id in set(wanted):
        ids.setdefault(noun, []).append(record_id)
    each = [_waiting(noun, sorted(some)) for noun, some in sorted(ids.items())]
    rows = session.execute(sa.union_all(*each)).all() if each else []
    return {
        (noun, record_id): Waiting(noun, record_id, code, LIVES[noun].states(state), cycle, version)
        for noun, record_id, code, state, cycle, version in rows
    }


def _waiting(noun: str, ids: Sequence[int]) -> Any:
    table = RECORDS[noun].__table__
    state, cycle = sa.type_coerce(table.c.state, sa.String), table.c.get("cycle", sa.literal(1, sa.Integer))
    told = (sa.literal(noun, sa.String), table.c.id, table.c.code, state, cycle, table.c.version)
    return sa.select(*told).where(table.c.id.in_(ids))
