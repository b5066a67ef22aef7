"""What is searched, kind by kind: the `found` of a room says which of its records stand in the index and by what words.

The index is made anew and kept whole by the same list of kinds that a search is asked of, so that a kind which joins
is found from then on, on an installation that was there before it too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from lessons.access import Actor
from lessons.search import index
from lessons.search.entries import Entry
from lessons.search.schema import entry


class Kind(Protocol):
    """What the `found` of a room offers. `wanted` are the ids of those that stand in the index, the oldest first, and
    `entries` are theirs among the ids that are given; `readable` is what this person may find at that moment; `rows`
    are what pages are made of, by id, and `words` a row's title and text."""

    NOUN: str

    def wanted(self) -> Select[Any]: ...
    def entries(self, session: Any, ids: Sequence[int]) -> Iterable[Entry]: ...
    def readable(self, session: Any, by: Actor, at: datetime) -> index.Where: ...
    def rows(self, session: Any, ids: Sequence[int]) -> Mapping[int, Any]: ...
    def words(self, row: Any) -> Sequence[str]: ...


def every(session: Session, kinds: Iterable[Kind]) -> Iterator[Entry]:
    """All that stands in the index, kind by kind, the oldest first."""
    for kind in kinds:
        ids = session.scalars(kind.wanted()).all()
        for at in range(0, len(ids), index.BATCH):
            yield from kind.entries(session, ids[at : at + index.BATCH])


def is_behind(session: Session, kinds: Iterable[Kind]) -> bool:
    """Whether an earlier version left something out."""
    return index.is_behind(session) or any(session.execute(_lacking(one).limit(1)).first() for one in kinds)


def catch_up(session: Session, kinds: Iterable[Kind], most: int = index.BATCH) -> int:
    """What an earlier version left out is put in: grams of entries, and records of which it had none; how many."""
    done = index.catch_up(session, most)
    for kind in kinds:
        for one in kind.entries(session, session.scalars(_lacking(kind).limit(most)).all()):
            index.put(session, one)
            done += 1
    return done


def _lacking(kind: Kind) -> Select[Any]:
    """The ids of those that have no entry."""
    (record_id,) = kind.wanted().subquery().columns
    there = exists().where(entry.c.noun == kind.NOUN, entry.c.record_id == record_id)
    return select(record_id).where(~there).order_by(record_id)
