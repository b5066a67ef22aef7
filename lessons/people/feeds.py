"""Addresses that a calendar program reads without signing in: secret, one for each calendar, ended at any time."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access.actor import Actor, tree
from lessons.errors import Forbidden, NotFound
from lessons.i18n import say
from lessons.models import Feed, Person, Unit
from lessons.models.base import hashed

PREFIX = "lsncal_"
NOT_OPEN = say("No calendar is read at this address. It was ended, or another one took its place.")
NOT_MANAGED = say("A unit's calendar is for whoever manages it.")
_KNOWN = (
    sa.select(Feed, Person)
    .join(Person, Person.id == Feed.person_id)
    .where(Feed.token_hash == sa.bindparam("hash"), Feed.ended_at.is_(None))
)


def make_feed(session: Session, unit: Unit | None, *, by: Actor, at: datetime) -> str:
    """The secret of a new address, shown this once; the one before ends. Of a unit, else of one's own duties.
    Raises Forbidden."""
    if unit is not None and not manages(session, unit.id, by):
        raise Forbidden(NOT_MANAGED)
    end_feed(session, unit, by=by, at=at)
    secret = PREFIX + secrets.token_urlsafe(32)
    owner, of = by.id or 0, unit.id if unit else None
    session.add(Feed(token_hash=hashed(secret), person_id=owner, unit_id=of, created_at=at))
    return secret


def end_feed(session: Session, unit: Unit | None, *, by: Actor, at: datetime) -> None:
    """Whoever read at one's address reads there no more. Whoever manages a unit no longer may still end theirs."""
    session.execute(sa.update(Feed).where(*_open(by), Feed.unit_id == (unit.id if unit else None)).values(ended_at=at))


def manages(session: Session, unit_id: int | None, by: Actor) -> bool:
    """Whether the unit, or one above it, is theirs to manage."""
    return bool(by.units_of("manager") & set(tree(session).above.get(unit_id or 0, ())))


def feed_of(session: Session, secret: str, *, at: datetime) -> tuple[Feed, Person]:
    """The calendar of an address and its owner. Raises NotFound once either is gone."""
    found = session.execute(_KNOWN, {"hash": hashed(secret)}).first()
    if found is None or (found[1].closed_at is not None and found[1].closed_at <= at):
        raise NotFound(NOT_OPEN)
    return found[0], found[1]


def feeds_of(session: Session, by: Actor) -> dict[int | None, datetime]:
    """By unit (None: one's own duties) since when one's calendars are read."""
    rows = session.execute(sa.select(Feed.unit_id, Feed.created_at).where(*_open(by)).order_by(Feed.id))
    return {row.unit_id: row.created_at for row in rows}


def addresses(secret: str) -> dict[str, str]:
    """Where a calendar is read, as one that programs are given and as one that opens them; {} for no secret."""
    if not secret:
        return {}
    plain = f"{db.settings().base_url}/calendar/{secret}.ics"
    return {"plain": plain, "opens": f"webcal:{plain.partition(':')[2]}"}


def _open(by: Actor) -> tuple[Any, ...]:
    return Feed.person_id == by.id, Feed.ended_at.is_(None)
