"""Imports that take longer than a page may, as jobs: read, taken, taken back, each in batches of one transaction."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.doors import files
from lessons.errors import NotFound
from lessons.i18n import say
from lessons.intake import imports, outcome, undoing
from lessons.jobs.kinds import Kind, Made
from lessons.jobs.running import Progress
from lessons.models import Import, Job
from lessons.workflow.states import ImportState

READY = say("The files were read. What was understood can be looked at now.")


def found(session: Session, pid: str) -> Import:
    """Raises NotFound."""
    row = session.scalars(sa.select(Import).where(Import.pid == pid)).first()
    if row is None:
        raise NotFound(say("This import is not there."))
    return row


def read(job: Job, progress: Progress) -> Made:
    """A step a file, and one that writes it all down; nobody waits to write while a file is read."""
    with db.reading() as session:
        row = found(session, str(job.asked["import"]))
        given, told = imports.given(session, row, by=progress.actor(session)), row.answers.get("columns")
    sources = []
    for n, source in enumerate(given):
        progress.step(n, len(given) + 1)
        sources.append(imports.read_kept(source, told, opened=files.store().opened))
    progress.step(len(given), len(given) + 1)
    with db.transaction() as session:
        row, by = found(session, str(job.asked["import"])), progress.actor(session)
        if row.state in (ImportState.READING, ImportState.READ):
            imports.fill(session, row, sources, by=by)
        progress.step(len(given) + 1, len(given) + 1, session=session)
    return Made(READY)


def take(job: Job, progress: Progress) -> Made:
    return _in_batches(job, progress, imports.go_on)


def undo(job: Job, progress: Progress) -> Made:
    return _in_batches(job, progress, undoing.go_on)


def _in_batches(job: Job, progress: Progress, go_on: Callable[..., bool]) -> Made:
    """What was done is kept where it is stopped: it can be gone on with, or taken back."""
    more, done = True, 0
    while more:
        with db.transaction() as session:
            row, by = found(session, str(job.asked["import"])), progress.actor(session)
            imports.check(session, imports.unit_of(session, row), by)
            before = row.done
            more = go_on(session, row, by=by, at=progress.now())
            done += abs(row.done - before)
            progress.step(done, max(row.total, done), session=session)
    with db.reading() as session:
        row = found(session, str(job.asked["import"]))
        if row.state == ImportState.UNDONE:
            return Made(undoing.DONE)
        return Made(next(outcome.told(outcome.outcome(session, row))))


KINDS = {"read_import": Kind(read), "take_import": Kind(take), "undo_import": Kind(undo)}
