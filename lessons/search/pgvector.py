"""Nearness on PostgreSQL where its extension pgvector is there: the nearest by an index, instead of all in memory.

What is kept for it is made of `search_vector` by the worker, a little at a time, and used from when it is whole. It is
known by the text's digest, so that it is never wrong about a text. It lies in a schema of its own, which no backup
takes and no upgrade looks at: wherever it is missing it is made anew.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    column,
    delete,
    exists,
    func,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session
from sqlalchemy.types import UserDefinedType

from lessons.search.schema import part, vector

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[Any, np.dtype[np.float32]]

AT_ONCE, STRETCHES, WIDEST = 500, 1_000, 4_000
"""Rows of one step; stretches that are looked at, the most that the index gives; numbers in a vector that it takes."""
LOOK, WHOLE_LOOK, SAMPLE = 60.0, 600.0, 20_000
"""Seconds for which is believed that it is there, and that nothing is lacking; vectors whose mean stands for all."""
_MADE = """
    CREATE SCHEMA IF NOT EXISTS lessons_near;
    CREATE TABLE IF NOT EXISTS lessons_near.whole (model TEXT PRIMARY KEY, width INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS lessons_near.direction (
        model TEXT NOT NULL, digest TEXT NOT NULL, direction HALFVEC NOT NULL, PRIMARY KEY (model, digest))
"""
_INDEX = """
    CREATE INDEX IF NOT EXISTS direction_{name} ON lessons_near.direction
    USING hnsw ((direction::HALFVEC({width})) halfvec_ip_ops) WHERE model = {model}
"""
Opened = Callable[[], AbstractContextManager[Session]]
log = logging.getLogger("lessons.search")


class Halfvec(UserDefinedType[str]):
    """Numbers of 16 bits, written [0.1,0.2]; so many, or any number of them."""

    cache_ok = True

    def __init__(self, width: int = 0) -> None:
        self.width = width

    def get_col_spec(self, **_: Any) -> str:
        return f"HALFVEC({self.width})" if self.width else "HALFVEC"


whole = table("whole", column("model", Text), column("width", Integer), schema="lessons_near")
direction = table("direction", column("model", Text), column("digest", Text), column("direction", Halfvec()),
                  schema="lessons_near")  # fmt: skip


@dataclass
class _Seen:
    """What was seen of a model, each believed until then: how many numbers a vector has, 0 while the index cannot be
    asked; that it lacks nothing; what all have in common, and of how many that was reckoned."""

    model: str
    width: int = 0
    asked_until: float = 0.0
    whole_until: float = 0.0
    mean: tuple[Any, int] = (None, 0)
    mean_until: float = 0.0


_seen: WeakKeyDictionary[Engine, _Seen] = WeakKeyDictionary()


def _of(connection: Connection, model: str) -> _Seen:
    seen = _seen.get(connection.engine)
    if seen is None or seen.model != model:
        seen = _seen[connection.engine] = _Seen(model)
    return seen


# ── as it is asked ───────────────────────────────────────────────────────────────────────────────────────────────────
def is_ready(connection: Connection, model: str) -> bool:
    """Whether the index can be asked for this model: all that had a vector is in it, or was."""
    seen = _of(connection, model)
    if seen.asked_until < time.monotonic():
        known = select(whole.c.width).where(whole.c.model == model)
        seen.width = (connection.scalar(known) or 0) if _there(connection, "regclass", "lessons_near.whole") else 0
        seen.asked_until = time.monotonic() + LOOK
    return seen.width > 0


def _there(connection: Connection, kind: str, name: str) -> bool:
    """Whether PostgreSQL knows a type or a table of this name; no other database does."""
    found = text(f"SELECT to_{kind}(:name) IS NOT NULL")
    return connection.dialect.name == "postgresql" and bool(connection.scalar(found, {"name": name}))


def nearest(connection: Connection, model: str, asked: bytes) -> list[int]:
    """The entries of those stretches that are nearest to a vector of this model; none to one of another width."""
    import numpy as np

    floats = np.frombuffer(asked, np.float32)
    if len(floats) != _of(connection, model).width:
        return []
    connection.execute(text(f"SET LOCAL hnsw.ef_search = {STRETCHES}"))
    digests = connection.scalars(_nearest(model, floats)).all()
    return list(connection.scalars(select(part.c.entry_id).where(part.c.digest.in_(digests)).distinct()))


def _nearest(model: str, floats: Floats) -> Select[Any]:
    width = Halfvec(len(floats))
    away = cast(direction.c.direction, width).op("<#>")(cast(_written(floats), width))
    return select(direction.c.digest).where(_is(model)).order_by(away).limit(STRETCHES)


def mean(connection: Connection, model: str) -> tuple[Floats, int]:
    """What all directions have in common, and of how many it was reckoned."""
    import numpy as np

    seen = _of(connection, model)
    if seen.mean_until < time.monotonic():
        # digests are in no order of meaning: the first of them are a sample
        some = select(direction.c.direction).where(_is(model)).order_by(direction.c.digest).limit(SAMPLE).subquery()
        common, many = connection.execute(select(cast(func.avg(some.c.direction), Text), func.count())).one()
        numbers = np.array(common.strip("[]").split(",") if many else np.zeros(seen.width), np.float32)
        seen.mean, seen.mean_until = (numbers, int(many)), time.monotonic() + WHOLE_LOOK
    return seen.mean


def _is(model: str) -> ColumnElement[bool]:
    """Written into the statement: the index is of this model alone, which a plan made for any model does not see."""
    return direction.c.model == bindparam(None, model, literal_execute=True)


# ── as it is made ────────────────────────────────────────────────────────────────────────────────────────────────────
def put(connection: Connection, model: str, made: Sequence[Mapping[str, Any]]) -> None:
    """Vectors that are written now are found by the index at once, where it is there."""
    if is_ready(connection, model):
        _put(connection, model, [(one["digest"], one["vector"]) for one in made])


def follow(model: str, *, reading: Opened, transaction: Opened) -> int:
    """A step towards an index of all vectors of a model; how many it took in, 0 where none is lacking or can be."""
    with reading() as session:
        seen = _of(session.connection(), model)
        if seen.whole_until > time.monotonic():
            return 0
        first = _first(session.connection(), model)
    taken = 0
    if 0 < first <= WIDEST:
        try:
            with transaction() as session:
                taken = _step(session.connection(), model, first)
        except ProgrammingError as error:
            log.warning("pgvector is there and its index cannot be made: %s", str(error.orig).strip())
    if not taken:
        seen.whole_until, seen.asked_until = time.monotonic() + WHOLE_LOOK, 0.0
    return taken


def _first(connection: Connection, model: str) -> int:
    """The numbers in a vector of this model; 0 where the extension is not there, or none is written yet."""
    if not _there(connection, "regtype", "halfvec"):
        return 0
    return int(connection.scalar(select(func.length(vector.c.vector)).where(vector.c.model == model).limit(1)) or 0)


def _step(connection: Connection, model: str, width: int) -> int:
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('lessons_near'))"))
    connection.exec_driver_sql(_MADE)
    name, quoted = hashlib.sha256(f"{model} {width}".encode()).hexdigest()[:16], model.replace("'", "''")
    connection.exec_driver_sql(_INDEX.format(name=name, width=width, model=f"'{quoted}'"))
    there = exists().where(direction.c.model == vector.c.model, direction.c.digest == vector.c.digest)
    fits = vector.c.model == model, func.length(vector.c.vector) == width
    rows = connection.execute(select(vector.c.digest, vector.c.vector).where(*fits, ~there).limit(AT_ONCE)).all()
    _put(connection, model, rows)
    if not rows:
        ready = insert(whole).values(model=model, width=width).on_conflict_do_nothing()
        if connection.execute(ready).rowcount:
            log.info("pgvector has all vectors of %s: search asks its index", model)
    return len(rows)


def _put(connection: Connection, model: str, rows: Iterable[Any]) -> None:
    import numpy as np

    values = [
        {"model": model, "digest": digest, "direction": _written(np.frombuffer(packed, np.int8).astype(np.float32))}
        for digest, packed in rows
    ]
    if values:
        connection.execute(insert(direction).on_conflict_do_nothing(), values)


def forget(connection: Connection) -> None:
    """What was made of vectors that are there no more."""
    if _there(connection, "regclass", "lessons_near.direction"):
        kept = exists().where(vector.c.model == direction.c.model, vector.c.digest == direction.c.digest)
        connection.execute(delete(direction).where(~kept))


def _written(numbers: Floats) -> str:
    import numpy as np

    return f"[{','.join(f'{n:.5f}' for n in numbers / (np.linalg.norm(numbers) + 1e-9))}]"
