"""What would be handed to whom if somebody left now: the same steps as in earnest, taken back before anyone sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access.actor import Actor, forget_tree
from lessons.access.named import people_by_id
from lessons.duties.holders import forget_holders
from lessons.i18n import Name, Word
from lessons.models import Duty, Person
from lessons.people import operations
from lessons.post.titles import titles


@dataclass(frozen=True)
class Handed:
    """One duty that goes on: what is owed on which record, and who will owe it. `title` is "" where the record is not
    open to whoever asks."""

    kind: str
    noun: str
    code: str
    title: str
    to: Name | Word


def preview(session: Session, person: Person, *, by: Actor, at: datetime) -> list[Handed]:
    """What `leave` would hand on, in the order in which it is due. Nothing is kept. Raises as `leave` does."""
    owed = _open(session, Duty.person_id == person.id)
    trial = session.begin_nested()
    try:
        operations.leave(session, person, by=by, at=at)
        after = _open(session, Duty.of_code.in_([one.of_code for one in owed]))
        heirs = people_by_id(session, (one.person_id for one in after))
        to = {one.id: _holder(new, heirs) for one in owed if (new := _instead(one, after)) is not None}
    finally:
        trial.rollback()
        forget_tree(session)
        forget_holders(session)
    named = titles(session, ((one.of_noun, one.of_id) for one in owed), by)
    return [
        Handed(one.kind, one.of_noun, one.of_code, named.get((one.of_noun, one.of_id), ""), to[one.id])
        for one in owed
        if one.id in to
    ]


def _instead(one: Any, after: Sequence[Any]) -> Any:
    """The duty that came in its place; what was being done is to be started anew by whoever has it now."""
    same = [new for new in after if (new.of_noun, new.of_id) == (one.of_noun, one.of_id) and new.id != one.id]
    return next((new for new in same if new.kind == one.kind), max(same, key=lambda new: new.id, default=None))


def _open(session: Session, *where: Any) -> Sequence[Any]:
    columns = (Duty.id, Duty.of_noun, Duty.of_id, Duty.of_code, Duty.kind, Duty.person_id, Duty.role)
    return session.execute(sa.select(*columns).where(Duty.closed_at.is_(None), *where).order_by(Duty.due_at)).all()


def _holder(duty: Any, people: Any) -> Name | Word:
    return Name.of(people[duty.person_id]) if duty.person_id else Word("role", duty.role.value)
