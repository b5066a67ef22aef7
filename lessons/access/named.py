"""Rows by what names them: a record by its code where the person may know of it, people by their ids."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access.actor import Actor
from lessons.access.visible import visible_to
from lessons.errors import NotFound
from lessons.i18n import say
from lessons.models import Person

R = TypeVar("R", bound=Any)


def by_code(session: Session, model: type[R], code: str, *, by: Actor) -> R | None:
    """The record, or None where there is none that this person may see."""
    seen = visible_to(session, model.noun, by)
    found: R | None = session.scalars(sa.select(model).where(model.code == code, seen)).first()
    return found


def called(session: Session, model: type[R], code: str, *, by: Actor) -> R:
    """The same, in whatever case the code is written. Raises NotFound."""
    found = by_code(session, model, code.upper(), by=by)
    if found is None:
        raise NotFound(say("“%(given)s” is not there.", given=code[:80]))
    return found


def people_by_id(session: Session, ids: Iterable[int | None]) -> dict[int, Person]:
    """Whoever has one of these ids; nobody is asked for where none is given."""
    wanted = sorted({person_id for person_id in ids if person_id is not None})
    rows = session.scalars(sa.select(Person).where(Person.id.in_(wanted))) if wanted else ()
    return {person.id: person for person in rows}
