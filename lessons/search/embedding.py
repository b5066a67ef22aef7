"""The worker's part of meaning: texts that have no vector yet get one, outside of any write's transaction."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, delete, exists, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lessons.search import pgvector
from lessons.search.embedder import WORK_SECONDS, Embedder
from lessons.search.schema import part, vector
from lessons.search.vectors import packed

AT_ONCE = 16
WHOLE_LOOK = 600.0
"""Seconds; what was committed after a greater id, or lost its vector, is seen at the latest then."""
Opened = Callable[[], AbstractContextManager[Session]]


@dataclass
class _Seen:
    """All parts up to `part_id` have their vector of `model`; this is believed `until` then."""

    model: str
    part_id: int
    until: float


_seen: WeakKeyDictionary[Engine, _Seen] = WeakKeyDictionary()


def embed(embedder: Embedder, *, reading: Opened, transaction: Opened) -> int:
    """Embed some texts; how many. 0 when all have their vector. Raises Unreachable.

    Two workers may make the same vector: the second finds it there."""
    with reading() as session:
        connection = session.connection()
        seen = _of(connection.engine, embedder.name)
        newest = connection.scalar(select(func.coalesce(func.max(part.c.id), 0))) or 0
        after = seen.part_id if newest >= seen.part_id else 0
        waiting = _waiting(connection, embedder.name, after=after) if newest > after else []
    made = [
        {
            "digest": one.digest,
            "model": embedder.name,
            "vector": packed(embedder.embed(one.text, question=bool(one.question), seconds=WORK_SECONDS)),
        }
        for one in {one.digest: one for one in waiting}.values()
    ]
    try:
        if made:
            with transaction() as session:
                session.connection().execute(insert(vector), made)
                pgvector.put(session.connection(), embedder.name, made)
    except IntegrityError:
        return 0
    seen.part_id = newest if len(waiting) < AT_ONCE else waiting[-1].id
    return len(made)


def _of(engine: Engine, model: str) -> _Seen:
    seen = _seen.get(engine)
    if seen is None or seen.model != model or seen.until < time.monotonic():
        seen = _seen[engine] = _Seen(model, 0, time.monotonic() + WHOLE_LOOK)
    return seen


def _waiting(connection: Connection, model: str, *, after: int) -> Sequence[Any]:
    """The first parts whose text has no vector; a text may be that of several."""
    has = exists().where(vector.c.digest == part.c.digest, vector.c.model == model)
    return connection.execute(select(part).where(part.c.id > after, ~has).order_by(part.c.id).limit(AT_ONCE)).all()


def forget(session: Session) -> int:
    """Vectors of texts that no entry has any more; how many there were."""
    unused = ~exists().where(part.c.digest == vector.c.digest)
    forgotten = session.connection().execute(delete(vector).where(unused)).rowcount
    pgvector.forget(session.connection())
    return forgotten
