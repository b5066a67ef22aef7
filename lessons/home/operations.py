"""What people do with their views of the managers' page: keep one under a name, forget it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor
from lessons.errors import FieldError, Invalid, NotFound
from lessons.i18n import say
from lessons.models import SavedView

NOT_THERE = say("This is not there, or not open to you.")
NAMELESS = say("A view is kept under a name.")
LONGEST = 80


def keep_view(session: Session, name: str, query: str, *, by: Actor, at: datetime) -> SavedView:
    """The same name again takes the place of what was kept under it. Raises Invalid for a name of nothing."""
    name = " ".join(name.split())[:LONGEST]
    if not name:
        raise Invalid(NAMELESS, [FieldError("/name", "required", NAMELESS)])
    mine = sa.select(SavedView).where(SavedView.person_id == by.id, SavedView.name == name)
    view = session.scalars(mine).first() or SavedView(person_id=by.id or 0, name=name, created_at=at)
    view.query = query[:400]
    session.add(view)
    session.flush()
    return view


def forget_view(session: Session, pid: str, *, by: Actor) -> None:
    """Raises NotFound where it is not one's own."""
    view = session.scalars(sa.select(SavedView).where(SavedView.pid == pid, SavedView.person_id == by.id)).first()
    if view is None:
        raise NotFound(NOT_THERE)
    session.delete(view)
