"""An import taken back as a whole, as long as nothing was built on it: what it made ends, and its history says why. The
same file can come in again afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import steps
from lessons.access import SYSTEM, Actor
from lessons.errors import NotAllowed
from lessons.i18n import say, say_n
from lessons.intake.imports import check, made_by, unit_of
from lessons.models import Action, CaseLink, Debrief, Import, Lesson, RevisionLesson
from lessons.repository import found
from lessons.workflow.states import ActionState, ImportState

BATCH = 100
NAMED = 5
DONE = say("All that came in by it was taken back. The same files can come in again.")


def undo(session: Session, row: Import, *, by: Actor, at: datetime) -> None:
    """All of it, in this transaction. Raises Forbidden, NotAllowed."""
    begin(session, row, by=by)
    while go_on(session, row, by=by, at=at):
        pass


def begin(session: Session, row: Import, *, by: Actor) -> None:
    """Raises Forbidden, NotAllowed with what was built on it."""
    check(session, unit_of(session, row), by)
    if row.state not in (ImportState.TAKEN, ImportState.RUNNING):
        raise NotAllowed(say("Only an import that was taken can be taken back."))
    if codes := list(built_on(session, row)):
        more = say_n("and one other", "and %(n)s others").with_(n=len(codes) - NAMED)
        named = [*codes[:NAMED], *([more] if len(codes) > NAMED else [])]
        raise NotAllowed(say("People went on with what came in, so it is not taken back: %(codes)s.", codes=named))
    row.state = ImportState.UNDOING
    session.add(row)
    session.flush()


def built_on(session: Session, row: Import) -> Iterator[str]:
    """Codes of what was made and has changed since, or is used by something else."""
    for model in (Debrief, Lesson, Action):
        made = sa.select(model.code).where(model.id.in_(made_by(row, model)))
        yield from session.scalars(made.where(model.version > 1).order_by(model.id))
        if model is Lesson:
            used = sa.or_(
                Lesson.id.in_(sa.select(CaseLink.lesson_id)), Lesson.id.in_(sa.select(RevisionLesson.lesson_id))
            )
            yield from session.scalars(made.where(model.version == 1, used).order_by(model.id))


def go_on(session: Session, row: Import, *, by: Actor, at: datetime) -> bool:
    """The next batch of it; False once nothing is left."""
    for model in (Action, Lesson, Debrief):
        open_ = sa.select(model).where(model.id.in_(made_by(row, model)), model.version == 1)
        if model is Action:
            open_ = open_.where(Action.state != ActionState.CANCELLED)
        rows = session.scalars(open_.order_by(model.id).limit(BATCH)).all()
        if rows:
            _end(session, row, rows, by=by, at=at)
            return True
    row.state, row.undone_at = ImportState.UNDONE, at
    session.add(row)
    session.flush()
    return False


def _end(session: Session, row: Import, rows: Any, *, by: Actor, at: datetime) -> None:
    for one in rows:
        told = {"import": row.pid}
        steps.take(session, one, "undo_import", by=SYSTEM, at=at, told=told, private={"undone_by": by.person})
    if isinstance(rows[0], Lesson):
        found.keep_all(session, rows)
    row.done = max(0, row.done - (len(rows) if isinstance(rows[0], Debrief) else 0))
    session.add(row)
    session.flush()
