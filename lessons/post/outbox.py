"""Letters on their way: written once by key, claimed with a lease and a fence, sent at least once, recognisable.

A letter is recorded exactly once and delivered at least once: a repeat, after a process died between the server's yes
and our mark, carries the same Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
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
from lessons.settings import Settings
from lessons.workflow.states import LetterState

log = logging.getLogger(__name__)
TABLE = Letter.__table__
LEASE = timedelta(seconds=60)
BACK_OFF_MINUTES = (1, 5, 15, 60, 240, 720, 1440)
# why a letter stays here, as kept in the row
NO_SERVER, DEMO, OVER, ADDRESS = "no mail server", "demo", "done meanwhile", "address refused"

Hours = Callable[[Session, Any, datetime], datetime]
"""(session, letter, at) → when it may leave: `at` itself, or a later moment."""

INSERT = {
    True: sqlite.insert(TABLE).on_conflict_do_nothing(index_elements=["key"]).returning(TABLE.c.id),
    False: postgresql.insert(TABLE).on_conflict_do_nothing(index_elements=["key"]).returning(TABLE.c.id),
}
# as the indexes say it: of values that come later, a database does not know that they are those of its index
QUEUED = sa.text("letters.state IN ('waiting','sending')")
FAILED = sa.text("letters.state = 'failed'")
CLAIMABLE = (
    sa.select(TABLE)
    .where(QUEUED, TABLE.c.next_at <= sa.bindparam("at"))
    .order_by(TABLE.c.next_at, TABLE.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def write(
    session: Session, person: Person, letter: Written, *, key: str, at: datetime, about: str = "", kind: str = ""
) -> int | None:
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
def deliver(channel: Channel, *, now: Callable[[], datetime], hours: Hours, most: int = 1000) -> int:
    """Send what is due, one letter at a time, until none is left, the server cannot be reached or `most` were tried.
    Returns how many left the queue, for good or ill."""
    settled = 0
    for _ in range(most):
        letter = claim(now(), hours)
        if letter is None:
            break
        try:
            settled += _send(channel, letter, now)
        except Unreachable as error:
            _put_off(letter, now(), hours, str(error))
            log.warning("mail waits: %s", error)
            break
        except Deferred as error:
            _put_off(letter, now(), hours, str(error))
    return settled


def _send(channel: Channel, letter: Any, now: Callable[[], datetime]) -> bool:
    try:
        channel.send(letter, at=now(), ours=lambda: _is_ours(letter))
    except Refused as error:
        log.warning("letter %s was refused: %s", letter.pid, error)
        return _give_up(letter, error, now())
    return mark(letter, state=LetterState.SENT, why="", sent_at=now(), lease_until=None)


def _give_up(letter: Any, error: Refused, at: datetime) -> bool:
    """The letter stays, with the server's words. Where the address is to blame, the person's manager is told once."""
    with db.transaction() as session:
        person = session.get_one(Person, letter.person_id)
        if isinstance(error, AddressRefused) and not is_refused(session, person):
            notices.tell(session, [person.manager_id], "mail_refused", Whom(person), at=at)
        blame = f"{ADDRESS}: " if isinstance(error, AddressRefused) else ""
        why = f"{blame}{error}"[:300]
        return _set(session, letter, only_sending=True, state=LetterState.FAILED, why=why, lease_until=None)


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


def try_again(session: Session, letter: Letter, *, at: datetime) -> bool:
    """Send a letter that was refused once more: its address or the server was put right."""
    again = {"state": LetterState.WAITING, "next_at": at, "attempts": 0, "why": ""}
    row = sa.update(TABLE).where(TABLE.c.id == letter.id, TABLE.c.state == LetterState.FAILED)
    return bool(session.execute(row.values(**again)).rowcount)


def claim(at: datetime, hours: Hours) -> Any | None:
    """The next letter that may leave, taken for a minute. Those whose hours have not come are moved to theirs."""
    while True:
        with db.transaction() as session:
            letter = session.execute(CLAIMABLE, {"at": at}).one_or_none()
            if letter is None:
                return None
            if is_over(session, letter):
                _set(session, letter, state=LetterState.DROPPED, why=OVER, lease_until=None)
            elif (leaves := hours(session, letter, at)) > at:
                _set(session, letter, state=LetterState.WAITING, next_at=leaves, lease_until=None)
            else:
                return _taken(session, letter, at)


def _taken(session: Session, letter: Any, at: datetime) -> Any:
    taken = {"fence": letter.fence + 1, "attempts": letter.attempts + 1, "lease_until": at + LEASE}
    # a lease that ran out makes the letter due again: the same index finds it
    _set(session, letter, state=LetterState.SENDING, next_at=at + LEASE, **taken)
    return session.execute(sa.select(TABLE).where(TABLE.c.id == letter.id)).one()


def is_over(session: Session, letter: Any) -> bool:
    """Whether a reminder's only duties were all fulfilled, cancelled or handed on since it was written."""
    if letter.kind not in ("notice", "urgent"):
        return False
    told = sa.select(Notice.duty_id, Duty.closed_at).join(Duty, Duty.id == Notice.duty_id, isouter=True)
    rows = session.execute(told.where(Notice.letter_id == letter.id)).all()
    return bool(rows) and all(duty_id is not None and closed_at is not None for duty_id, closed_at in rows)


def _is_ours(letter: Any) -> bool:
    with db.reading() as session:
        fence, state = session.execute(sa.select(TABLE.c.fence, TABLE.c.state).where(TABLE.c.id == letter.id)).one()
        return fence == letter.fence and state is LetterState.SENDING


def mark(letter: Any, **values: Any) -> bool:
    """Write what became of a claimed letter; False where somebody else claimed it since."""
    with db.transaction() as session:
        return _set(session, letter, only_sending=True, **values)


def _put_off(letter: Any, at: datetime, hours: Hours, why: str) -> None:
    minutes = BACK_OFF_MINUTES[min(letter.attempts, len(BACK_OFF_MINUTES)) - 1]
    with db.transaction() as session:
        leaves = hours(session, letter, at + timedelta(minutes=minutes))
        waits = {"state": LetterState.WAITING, "next_at": leaves, "lease_until": None, "why": why[:300]}
        _set(session, letter, only_sending=True, **waits)


def _set(session: Session, letter: Any, *, only_sending: bool = False, **values: Any) -> bool:
    row = sa.update(TABLE).where(TABLE.c.id == letter.id, TABLE.c.fence == letter.fence)
    if only_sending:
        row = row.where(TABLE.c.state == LetterState.SENDING)
    return bool(session.execute(row.values(**values)).rowcount)


def oldest_waiting(session: Session) -> datetime | None:
    """Since when the oldest unsent letter waits: the age of the queue."""
    return session.execute(sa.select(sa.func.min(TABLE.c.created_at)).where(QUEUED)).scalar_one_or_none()
