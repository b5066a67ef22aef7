"""The only judge of the history: each record's chain, what lies beside it, and the seals over all events.

Rows are read one after the other and nothing of them is kept but where a chain stands: a hundred thousand events take
no more memory than a hundred. What was rewritten to the end with right hashes, or cut off at it, is seen by a head or a
seal alone, and where the database holds none from before, by one that somebody kept elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.errors import LessonsError
from lessons.i18n import say
from lessons.models import Event
from lessons.steps import chains
from lessons.steps.sealed import Sealing

EVENTS = Event.__table__
HASH = re.compile(r"[0-9a-f]{8,64}")
NO_HASH = say("%(given)s: a head, an event’s hash or a seal is 8 to 64 letters of 0–9 and a–f.")


@dataclass(frozen=True)
class Audit:
    """What is wrong, a line each; how many events there are, and their head: whoever keeps it can ask later whether
    all that was there then is there still. `seal` is the last seal as day and root, `known` what was asked for."""

    faults: tuple[str, ...]
    events: int
    head: str
    seal: str = ""
    known: str = ""


@dataclass
class Wanted:
    """A head, an event's hash or a seal, whole or its beginning; and what of the history begins like that."""

    given: str
    found: dict[str, str] = field(default_factory=dict)

    def look(self, value: str, what: str, *args: object) -> None:
        if value.startswith(self.given):
            self.found.setdefault(value, what % args)

    def faults(self) -> Iterator[str]:
        if self.given and not self.found:
            yield f"{self.given}: this head is not part of the history"
        if len(self.found) > 1:
            several = ", ".join(self.found.values())
            yield f"{self.given}: more than one begins like that ({several}); more of it is needed"


def snapshot(session: Session) -> None:
    """What is read from now on is of one moment; on SQLite it is anyway."""
    if not db.is_sqlite(session):
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def settled(session: Session) -> int:
    """The last event of now. On PostgreSQL it waits for whoever writes, so that none comes in before it later."""
    if not db.is_sqlite(session):
        session.execute(sa.text("LOCK TABLE events IN SHARE MODE"))
    return session.scalar(sa.select(sa.func.max(EVENTS.c.id))) or 0


def verify(session: Session, *, until: int, head: str = "") -> Audit:
    """Look at everything up to the event `until`; with `head`, whether that is part of it: a head over all events, an
    event's hash or a seal's root, whole or the beginning that a card carries. Raises LessonsError where it is none."""
    wanted = Wanted(head.strip().lower())
    if wanted.given and not HASH.fullmatch(wanted.given):
        raise LessonsError(NO_HASH.with_(given=head))
    last, sealing = "", Sealing(session)
    broken = list(chains.faults(session))
    for id_, code, n, hash_ in _in_order(session, until):
        broken += sealing.before(id_)
        sealing.take(hash_)
        last = sha256(f"{last}{hash_}".encode()).hexdigest()
        if wanted.given:
            wanted.look(hash_, "event %s of %s", n, code)
            wanted.look(last, "the head after event %s of %s", n, code)
    broken += sealing.ended()
    for seal in sealing.seals if wanted.given else ():
        wanted.look(seal.root, "the seal of %s", seal.day)
    told = f"{sealing.seals[-1].day} {sealing.seals[-1].root}" if sealing.seals else ""
    broken += wanted.faults()
    return Audit(tuple(broken), sealing.count, last, told, next(iter(wanted.found.values()), ""))


def _in_order(session: Session, until: int) -> Iterator[Any]:
    """Every event's place in the order in which they were written."""
    columns = (EVENTS.c.id, EVENTS.c.code, EVENTS.c.n, EVENTS.c.hash)
    rows = sa.select(*columns).where(EVENTS.c.id <= until).order_by(EVENTS.c.id)
    yield from session.execute(rows, execution_options=chains.AT_ONCE)
