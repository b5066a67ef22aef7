"""New rows of one table by the hundred: the driver's own INSERT, each value put into the database's words once.

SQLAlchemy prepares every value of every row by itself. Rows that come in together share most of theirs: the moment, the
unit, whatever is empty. By columns each of these is prepared once, and it is the same that is written.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db

LATER, SELDOM, LAST = 10_000, 20, 50
DRAW = sa.text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")


def expected() -> None:
    """This process makes millions of things that stay: they are not looked through after every few hundred for what
    nobody holds any more."""
    gc.set_threshold(LATER, SELDOM, LAST)


def insert(
    session: Session, table: Any, values: Sequence[Mapping[str, Any]], *, in_words: tuple[str, ...] = ()
) -> range | list[int]:
    """Rows with all their columns but the id; what is no column is left aside. Their ids in the same order: they are
    drawn beforehand, neither database promises to give them back in the order of the rows. `in_words`: columns whose
    values are in the database's words already, such as JSON."""
    if not values:
        return []
    connection = db.writing(session)
    if db.is_sqlite(session):  # one writes at a time, and no number is kept for somebody else
        last = connection.execute(_last(table)).scalar_one()
        ids: range | list[int] = range(last + 1, last + 1 + len(values))
    else:
        ids = list(connection.execute(DRAW, {"table": table.name, "count": len(values)}).scalars())
    names = tuple(name for name in table.c.keys() if name != "id" and name in values[0])  # noqa: SIM118 - a collection
    columns = zip(*map(itemgetter(*names), values), strict=True)
    _inserting(table, ("id", *names), in_words, connection.dialect).write(connection, [ids, *columns])
    return ids


@cache
def _last(table: Any) -> Any:
    return sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))


@dataclass(frozen=True)
class Inserting:
    """An INSERT in the driver's words: in which order it takes the columns, by name where it asks for names, and what
    puts the values of each into the database's words (None: they are already)."""

    words: str
    names: tuple[str, ...]
    order: tuple[str, ...]
    by_name: bool
    into_words: Mapping[str, Callable[[Any], Any] | None]

    def write(self, connection: sa.Connection, columns: Sequence[Sequence[Any]]) -> None:
        given = dict(zip(self.names, columns, strict=True))
        rows = zip(*(_in_words(given[name], self.into_words[name]) for name in self.order), strict=True)
        connection.exec_driver_sql(self.words, [dict(zip(self.order, row, strict=True)) for row in rows]
                                   if self.by_name else list(rows))  # fmt: skip


def _in_words(cells: Sequence[Any], into_words: Callable[[Any], Any] | None) -> Iterable[Any]:
    """What is the same thing in many rows once; the cells stay alive meanwhile, so that no other takes its place."""
    if into_words is None:
        return cells
    places = list(map(id, cells))
    made = {place: into_words(cell) for place, cell in dict(zip(places, cells, strict=True)).items()}
    return map(made.__getitem__, places)


@lru_cache(maxsize=128)
def _inserting(table: Any, names: tuple[str, ...], in_words: tuple[str, ...], dialect: sa.Dialect) -> Inserting:
    compiled = sa.insert(table).inline().compile(dialect=dialect, column_keys=list(names))
    into_words = {
        name: None if name in in_words else table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        for name in names
    }
    order = compiled.positiontup
    return Inserting(str(compiled), names, tuple(order or compiled.params), order is None, into_words)
