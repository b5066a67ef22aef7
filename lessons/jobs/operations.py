"""Asking for long work, cancelling it, and letting go of what was made a month ago."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import Actor
from lessons.errors import Forbidden, NotAllowed
from lessons.i18n import Sentence, say
from lessons.jobs.queries import kept, under_way
from lessons.models import Job
from lessons.store import Store
from lessons.workflow.states import JobState

KEPT = timedelta(days=30)
MOST_UNDER_WAY = 5
OPEN = (JobState.WAITING, JobState.RUNNING)
CANCELLED = say("It was cancelled.")
OVER = say("It has ended already.")
ENOUGH = say("%(n)s things are being made for you already. Once one is ready or cancelled, another can be asked for.")
FOR_PEOPLE = say("Whoever asks for this has to be a person.")


def store() -> Store:
    """Made again by asking again: no backup needs it."""
    return Store(db.settings().data_dir / "jobs")


def ask(
    session: Session, kind: str, title: Sentence | str, asked: Mapping[str, Any], *, by: Actor, at: datetime,
    given: bytes = b"",
) -> Job:  # fmt: skip
    """A job for the worker; the same thing asked for while it is under way is that one. A `title` that is a sentence is
    kept in the person's language; `given` is a file that comes with it. Raises Forbidden, NotAllowed: one too many."""
    if by.person is None or by.person.id is None:
        raise Forbidden(FOR_PEOPLE)
    lang = by.locale or db.settings().locale
    mine = under_way(session, by)
    same = (one for one in mine if not given and (one.kind, one.lang, one.asked) == (kind, lang, dict(asked)))
    if (found := next(same, None)) is not None:
        return found
    if len(mine) >= MOST_UNDER_WAY:
        raise NotAllowed(ENOUGH.with_(n=MOST_UNDER_WAY))
    named = title.in_(lang) if isinstance(title, Sentence) else title
    made = Job(
        person_id=by.person.id, kind=kind, title=named[:200], lang=lang, asked=dict(asked),
        given_sha256=store().put(given) if given else "", created_at=at, next_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def cancel(session: Session, job: Job, *, at: datetime) -> None:
    """Whoever works on it lets go at the next step. Raises NotAllowed where it has ended."""
    mine = sa.update(Job).where(Job.id == job.id, Job.state.in_(OPEN))
    ended = {"state": JobState.CANCELLED, "told": kept(CANCELLED), "ended_at": at, "lease_until": None}
    if not session.execute(mine.values(**ended, given_sha256="")).rowcount:
        raise NotAllowed(OVER)


def forget_old(session: Session, *, at: datetime) -> int:
    """The files of a month ago have no row any more; the sweep lets go of them."""
    old = sa.update(Job).where(Job.ended_at < at - KEPT, Job.file_sha256 != "")
    return int(session.execute(old.values(file_sha256="")).rowcount)


def sweep(session: Session) -> int:
    """Delete the files that no job names; how many."""

    def named(files: Collection[str]) -> set[str]:
        made = session.scalars(sa.select(Job.file_sha256).where(Job.file_sha256.in_(files)))
        return {*made, *session.scalars(sa.select(Job.given_sha256).where(Job.given_sha256.in_(files)))}

    return store().sweep(named)
