"""The worker's part of meaning: texts that have no vector yet get one, outside of any write's transaction."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Connection, delete, exists, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lessons.search.embedder import WORK_SECONDS, Embedder
from lessons.search.schema import part, vector
from lessons.search.vectors import packed

AT_ONCE = 16
Opened = Callable[[], AbstractContextManager[Session]]


def embed(embedder: Embedder, *, reading: Opened, transaction: Opened) -> int:
    """Embed some texts; how many. 0 when all have their vector. Raises Unreachable.

    Two workers may make the same vector: the second finds it there."""
    with reading() as session:
        waiting = _waiting(session.connection(), embedder.name)
    made = [
        {
            "digest": one,
            "model": embedder.name,
            "vector": packed(embedder.embed(text, question=bool(asked), seconds=WORK_SECONDS)),
        }
        for one, asked, text in waiting
    ]
    try:
        with transaction() as session:
            if made:
                session.connection().execute(insert(vector), made)
    except IntegrityError:
        return 0
    return len(made)


def _waiting(connection: Connection, model: str) -> list[tuple[str, int, str]]:
    has = exists().where(vector.c.digest == part.c.digest, vector.c.model == model)
    asked = select(part.c.digest, part.c.question, part.c.text).where(~has).order_by(part.c.id).limit(AT_ONCE)
    return list({digest: (digest, question, text) for digest, question, text in connection.execute(asked)}.values())


def forget(session: Session) -> int:
    """Vectors of texts that no entry has any more; how many there were."""
    unused = ~exists().where(part.c.digest == vector.c.digest)
    return session.connection().execute(delete(vector).where(unused)).rowcount
