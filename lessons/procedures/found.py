"""Keeps the search index in step with procedures, in the same transaction: the text in force and no other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, visible_to
from lessons.models import Procedure, Revision
from lessons.search import index
from lessons.search.entries import Entry
from lessons.workflow.sections import words as words_of
from lessons.workflow.states import RevisionState

NOUN = "procedure"
IN_FORCE = Revision.state == RevisionState.EFFECTIVE


def keep(session: Session, procedure_id: int) -> None:
    """Found by the text in force, else not found."""
    session.flush()
    row = session.execute(_rows().where(Procedure.id == procedure_id)).first()
    if row is None:
        index.drop(session, NOUN, procedure_id)
    else:
        index.put(session, _entry(*row))


def entries(session: Session) -> Iterator[Entry]:
    """Every procedure in force, the oldest first."""
    return (_entry(*row) for row in session.execute(_rows().order_by(Procedure.id)).all())


def readable(session: Session, by: Actor) -> Any:
    """The ids of procedures that this person may find."""
    return sa.select(Procedure.id).where(visible_to(session, "procedures", by))


def _rows() -> Any:
    return sa.select(Procedure, Revision).join(Revision, Revision.procedure_id == Procedure.id).where(IN_FORCE)


def _entry(procedure: Procedure, revision: Revision) -> Entry:
    parts = [said for heading, words in words_of(revision.sections).values() for said in (heading, words)]
    body = "\n".join([*parts, procedure.code])
    return Entry(NOUN, procedure.id or 0, procedure.lang, procedure.title, body)
