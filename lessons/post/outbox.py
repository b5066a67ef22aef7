"""Letters on their way: written once by key, claimed with a lease and a fence, sent at least once, recognisable.

A letter is recorded exactly once and delivered at least once: a repeat, after a process died between the server's yes
and our mark, carries the same Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from lessons import db
from lessons.db import is_sqlite
from lessons.models import Duty, Letter, Notice, Person
from lessons.models.base import random_id
from lessons.post import notices
from lessons.post.channels import AddressRefused, Channel, Deferred, Refused, Unreachable
from lessons.post.letters import Written
from lessons.post.queue import Queue, next_try
from lessons.settings import Settings
from lessons.workflow.states import LetterState

log = logging.getLogger(__name__)
TABLE = Letter.__table__
QUEUE = Queue(TABLE)
# why a letter stays here, as kept in the row
NO_SERVER, DEMO, OVER, NEWER = "no mail server", "demo", notices.OVER, "a newer one is written"
HELD = "held by a restore"
# … with the server's words after it
ADDRESS, UNREACHABLE = "address refused", "unreachable"


@dataclass(frozen=True)
class Counsel:
    """What the outbox asks of those who know people and duties. `hours`: when a letter may leave, `at` itself or a
    later moment. `stale`: whether a letter that waited says what is no longer so. `above`: who hears that a person's
    mail does not arrive."""

    hours: Callable[[Session, Any, datetime], datetime]
    stale: Callable[[Session, Any, datetime], bool]
    above: Callable[[Session, Person], Collection[int]]


INSERT = {
    True: sqlite.insert(TABLE).on_conflict_do_nothing(index_elements=["key"]).returning(TABLE.c.id),
    False: postgresql.insert(TABLE).on_conflict_do_nothing(index_elements=["key"]).returning(TABLE.c.id),
}
QUEUED = QUEUE.waits
FAILED = sa.text("letters.state = 'failed'")
IS_HELD = sa.and_(TABLE.c.state == LetterState.DROPPED, TABLE.c.why == HELD)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def write(
    session: Session, person: Person, letter: Written, *, key: str, at: datetime, about: str = "", kind: str = "",
    duty_ids: Collection[int] = (),
) -> int | None:  # fmt: skip
    """Put a letter to a person with a mailbox into the outbox; its id, or None where the key was written before.
    `about` is the code of the one record it is about: mail readers keep those together."""
    settings = db.settings()
    kept = kept_because(settings)
    pid = random_id()
    values = {
        "pid": pid,
        "person_id": person.id,
        "kind": kind or letter.kind,
        "key": key,
        "to_address": person.email or "",
        "lang": letter.lang,
        "subject": letter.subject[:400],
        "text": letter.text,
        "html": letter.html,
        "message_id": f"<{pid}@{_host(settings)}>",
        "thread": f"<{about}@{_host(settings)}>" if about else "",
        "duty_ids": list(duty_ids),
        "state": LetterState.DROPPED if kept else LetterState.WAITING,
        "why": kept,
        "attempts": 0,
        "next_at": at,
        "fence": 0,
        "created_at": at,
    }
    return session.execute(INSERT[is_sqlite(session)], values).scalar_one_or_none()


def kept_because(settings: Settings) -> str:
    """Why this installation sends no mail; "" where it does."""
    return DEMO if settings.demo else "" if settings.mail_url else NO_SERVER


def _host(settings: Settings) -> str:
    return settings.mail_from.rpartition("@")[2].strip(" >") or urlsplit(settings.base_url).hostname or "localhost"


# ── delivering ───────────────────────────────────────────────────────────────────────────────────────────────────────
def deliver(channel: Channel, *, now: Callable[[], datetime], asks: Counsel, most: int = 1000) -> int:
    """Send what is due, one letter at a time, until none is left, the server cannot be reached or `most` were tried.
    Returns how many left the queue, for good or ill."""
    settled, reached = 0, False
    for _ in range(most):
        letter, dropped = _next(now(), asks)
        settled += dropped
        if letter is None:
            break
        try:
            settled += _send(channel, letter, now, asks)
        except Unreachable as error:
            _put_off(letter, now(), asks, f"{UNREACHABLE}: {error}")
            log.warning("mail waits: %s", error)
            break
        except Deferred as error:
            _put_off(letter, now(), asks, str(error))
        else:
            reached = reached or _hurry(now())
    return settled


def _send(channel: Channel, letter: Any, now: Callable[[], datetime], asks: Counsel) -> bool:
    try:
        channel.send(letter, at=now(), ours=lambda: QUEUE.is_ours(letter, now()))
    except Refused as error:
        log.warning("letter %s was refused: %s", letter.pid, error)
        return _give_up(letter, error, now(), asks)
    return QUEUE.mark(letter, state=LetterState.SENT, why="", sent_at=now(), lease_until=None)


def _hurry(at: datetime) -> bool:
    """The server is there: whatever waits because it was not, waits no longer."""
    with db.transaction() as session:
        waits = (QUEUED, TABLE.c.state == LetterState.WAITING, TABLE.c.why.startswith(f"{UNREACHABLE}: "))
        now = {"next_at": at, "attempts": 0, "why": ""}
        session.execute(sa.update(TABLE).where(*waits, TABLE.c.next_at > at).values(**now))
    return True


def _give_up(letter: Any, error: Refused, at: datetime, asks: Counsel) -> bool:
    """The letter stays, with the server's words. Where the address is to blame, whoever is above is told once."""
    blame = f"{ADDRESS}: " if isinstance(error, AddressRefused) else ""
    failed = {"state": LetterState.FAILED, "why": f"{blame}{error}"[:300], "lease_until": None}
    with db.transaction() as session:
        person = session.get_one(Person, letter.person_id)
        is_news = bool(blame) and not is_refused(session, person)
        if not QUEUE.set(session, letter, only_at_work=True, **failed):
            return False
        if is_news:
            notices.tell(session, asks.above(session, person), "mail_refused", Whom(person), at=at)
        return True


class Whom:
    """A person as what a notice is of."""

    def __init__(self, person: Person) -> None:
        self.noun, self.id, self.code = "people", person.id, (person.number or person.pid)[:24]


def refused_address() -> Any:
    """Whether mail to a person's present address was refused for good: then the screen alone tells them."""
    blamed = TABLE.c.why.startswith(ADDRESS)
    return sa.exists().where(FAILED, TABLE.c.person_id == Person.id, TABLE.c.to_address == Person.email, blamed)


def is_refused(session: Session, person: Person) -> bool:
    return session.scalar(sa.select(Person.id).where(Person.id == person.id, refused_address())) is not None


def try_again(session: Session, letter: Letter, *, to: Person, at: datetime) -> bool:
    """Send a letter that was refused, or held, once more, where the person's mail goes now: its address or the server
    was put right."""
    again = {"state": LetterState.WAITING, "next_at": at, "attempts": 0, "why": "", "to_address": to.email or ""}
    row = sa.update(TABLE).where(TABLE.c.id == letter.id, sa.or_(TABLE.c.state == LetterState.FAILED, IS_HELD))
    return bool(session.execute(row.values(**again)).rowcount)


def may_go_again(letter: Letter) -> bool:
    """Whether it is sent once more where somebody wishes it."""
    return letter.state is LetterState.FAILED or (letter.state is LetterState.DROPPED and letter.why == HELD)


def hold(session: Session) -> int:
    """Whatever waits here may have left before a restore: it stays until somebody sends it again; how many."""
    held = sa.update(TABLE).where(QUEUED).values(state=LetterState.DROPPED, why=HELD, lease_until=None)
    return int(session.execute(held).rowcount)


def claim(at: datetime, asks: Counsel) -> Any | None:
    """The next letter that may leave, taken for a minute. Those whose hours have not come are moved to theirs."""
    return _next(at, asks)[0]


def _next(at: datetime, asks: Counsel) -> tuple[Any | None, int]:
    """The same, and how many left the queue because what they said no longer holds."""
    dropped = 0
    while True:
        with db.transaction() as session:
            letter = QUEUE.due(session, at)
            if letter is None:
                return None, dropped
            if is_over(session, letter):
                dropped += QUEUE.set(session, letter, state=LetterState.DROPPED, why=OVER, lease_until=None)
            elif letter.state is LetterState.WAITING and asks.stale(session, letter, at):
                take_back(session, letter)
                dropped += 1
            elif (leaves := asks.hours(session, letter, at)) > at:
                QUEUE.set(session, letter, state=LetterState.WAITING, next_at=leaves, lease_until=None)
            else:
                return QUEUE.taken(session, letter, at), dropped


def take_back(session: Session, letter: Any) -> None:
    """A letter that never left says nothing to anybody: what it told of and still holds is to be told anew, and its key
    is free for the letter that does."""
    QUEUE.set(session, letter, state=LetterState.DROPPED, why=NEWER, key=f"{letter.key}:{letter.pid}", lease_until=None)
    is_over = sa.exists().where(Duty.id == Notice.duty_id, Duty.closed_at.is_not(None))
    untold = sa.update(Notice).where(Notice.letter_id == letter.id, sa.not_(is_over))
    session.execute(untold.values(told_at=None, letter_id=None))


def take_back_all(session: Session, person: Person, *, kind: str, but: str) -> None:
    """The same of every letter of a kind that a person still waits for, except the one with that key."""
    theirs = (QUEUED, TABLE.c.person_id == person.id, TABLE.c.state == LetterState.WAITING, TABLE.c.kind == kind)
    waiting = sa.select(TABLE).where(*theirs, TABLE.c.key != but).order_by(TABLE.c.id)
    for letter in session.execute(waiting.with_for_update(skip_locked=True)).all():
        take_back(session, letter)


def is_over(session: Session, letter: Any) -> bool:
    """Whether a reminder's only duties were all fulfilled, cancelled or handed on since it was written."""
    if letter.kind not in ("notice", "urgent"):
        return False
    told = sa.select(Notice.duty_id, Duty.closed_at).join(Duty, Duty.id == Notice.duty_id, isouter=True)
    rows = session.execute(told.where(Notice.letter_id == letter.id)).all()
    return bool(rows) and all(duty_id is not None and closed_at is not None for duty_id, closed_at in rows)


def _put_off(letter: Any, at: datetime, asks: Counsel, why: str) -> None:
    with db.transaction() as session:
        leaves = asks.hours(session, letter, next_try(letter.attempts, at))
        waits = {"state": LetterState.WAITING, "next_at": leaves, "lease_until": None, "why": why[:300]}
        QUEUE.set(session, letter, only_at_work=True, **waits)


def oldest_waiting(session: Session) -> datetime | None:
    """Since when the oldest unsent letter waits: the age of the queue."""
    return session.execute(sa.select(sa.func.min(TABLE.c.created_at)).where(QUEUED)).scalar_one_or_none()
