"""A sign-in that began and is not done: bound to one browser, good once, for minutes. It lets nobody in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from lessons.models import HalfSignIn, Person
from lessons.models.base import hashed

LASTS = timedelta(minutes=10)
CODE = "code"
"""The password was right, and a code of the authenticator is awaited."""


def begin(
    session: Session, kind: str, *, person: Person | None = None, said: Mapping[str, str] | None = None, at: datetime
) -> str:
    """The secret for its cookie."""
    secret = secrets.token_urlsafe(32)
    session.add(
        HalfSignIn(
            token_hash=hashed(secret), kind=kind, person_id=person.id if person else None, said=dict(said or {}),
            expires_at=at + LASTS,
        )
    )  # fmt: skip
    return secret


def found(session: Session, secret: str, kind: str, *, at: datetime) -> HalfSignIn | None:
    """What was begun in this browser and still stands."""
    this = (HalfSignIn.token_hash == hashed(secret), HalfSignIn.kind == kind, HalfSignIn.expires_at > at)
    return session.scalars(sa.select(HalfSignIn).where(*this)).first()


def end(session: Session, begun: HalfSignIn) -> bool:
    """Whether it was still there: of two that end it at once, one may go on."""
    return bool(session.execute(sa.delete(HalfSignIn).where(HalfSignIn.id == begun.id)).rowcount)
