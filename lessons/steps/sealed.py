"""Whether the seals are what they were and hold what is there, beside the events as they pass in their order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session

from lessons.models import Seal
from lessons.steps import merkle

ONE_DAY = timedelta(days=1)


class Sealing:
    """Fed with every event's hash in order. `before`, before an event, and `ended`, after the last, say a line each
    what is wrong with the seals that were due by then. A day's fault is told of that day alone."""

    def __init__(self, session: Session) -> None:
        self.seals = list(session.scalars(sa.select(Seal).order_by(Seal.day)))
        self.count = 0
        self._next, self._tree = 0, merkle.Tree()

    def before(self, event_id: int) -> list[str]:
        found: list[str] = []
        while self._next < len(self.seals) and self.seals[self._next].last_id < event_id:
            found += self._closed()
        return found

    def take(self, hash_: str) -> None:
        self._tree.add(hash_.encode())
        self.count += 1

    def ended(self) -> Iterator[str]:
        while self._next < len(self.seals):
            yield from self._closed()

    def _closed(self) -> Iterator[str]:
        before = self.seals[self._next - 1] if self._next else None
        seal, tree = self.seals[self._next], self._tree
        self._next, self._tree = self._next + 1, merkle.Tree()
        yield from _linked(before, seal)
        count = seal.events - (before.events if before else 0)
        if tree.count != count:
            yield f"the seal of {seal.day}: it covers {count} events since the seal before, and {tree.count} are there"
        elif tree.root() != seal.tree:
            yield f"the seal of {seal.day}: the events that it covers are not those that were sealed"


def _linked(before: Seal | None, seal: Seal) -> Iterator[str]:
    if before and seal.day != before.day + ONE_DAY:
        yield f"the seal of {before.day + ONE_DAY} is missing"
    if seal.previous != (before.root if before else ""):
        yield f"the seal of {seal.day} does not follow the one before it"
    said = {name: getattr(seal, name) for name in ("day", "last_id", "events", "tree", "previous")}
    if merkle.sealed(**said) != seal.root:
        yield f"the seal of {seal.day} is not what it was"
