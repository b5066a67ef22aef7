"""The edge of a request: one transaction, who acts in it, and the moment, the same for all of the request."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import g
from sqlmodel import Session

from lessons import clock, db
from lessons.access.actor import Actor
from lessons.errors import Forbidden
from lessons.i18n import say
from lessons.web import once, who

READ_ONLY = say("This token may only read. A token with the scope “write” may do this.")


def moment() -> datetime:
    """When this request came."""
    if "at" not in g:
        g.at = clock.now()
    at: datetime = g.at
    return at


@contextmanager
def reading() -> Iterator[tuple[Session, Actor, datetime]]:
    """A transaction that only reads, with who asks, and the units, as known when the request came."""
    with db.reading() as session:
        if "units" in g:
            session.info["tree"] = g.units
        yield session, who.actor(), moment()


@contextmanager
def writing(*, kept: bool = True) -> Iterator[tuple[Session, Actor, datetime]]:
    """A transaction that may write; who acts is read again inside it. Raises Forbidden for a token that may only read,
    once.Again where this very form was taken before; without `kept` it is not noted that it was."""
    with db.transaction() as session:
        by, asking = who.resolve(session, moment())
        if asking.scope != "write":
            raise Forbidden(READ_ONLY)
        if kept:
            once.take_form(session, by, moment())
        yield session, by, moment()
