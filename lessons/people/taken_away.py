"""A way in that an administrator takes away, for whoever lost phone or device: it is history with their name, and the
person is told at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from lessons.access.actor import Actor
from lessons.models import Person
from lessons.people import passkeys, second
from lessons.people.noted import note
from lessons.people.operations import may_let_in
from lessons.post import notices
from lessons.post.outbox import Whom
from lessons.steps.history import Happened


def take_second_step(session: Session, person: Person, *, by: Actor, at: datetime) -> None:
    """Raises Forbidden."""
    _take(session, person, "second_step", lambda: second.end(session, person, ended_by=by.id, at=at), by=by, at=at)


def take_passkey(session: Session, person: Person, number: int, *, by: Actor, at: datetime) -> None:
    """Raises Forbidden."""
    _take(session, person, "passkey", lambda: passkeys.remove(session, person, number), by=by, at=at)


def _take(
    session: Session, person: Person, way: str, ends: Callable[[], bool], *, by: Actor, at: datetime
) -> None:  # fmt: skip
    """`ends`: whether it was there."""
    may_let_in(session, person, by=by)
    if ends():
        note(session, person, Happened(f"take_{way}", "", "", by, at))
        notices.tell(session, [person.id], f"{way}_taken", Whom(person), at=at, urgent=True)
