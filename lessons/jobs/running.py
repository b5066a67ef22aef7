"""The worker's side: a job is claimed for a minute, its progress renews that, and only whoever holds it ends it.

What a killed worker left is taken up again when its minute is over. A job that gets no further three times is given
up, and so is one whose person left.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from io import SEEK_END
from threading import Event
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import Actor, actor_of
from lessons.errors import LessonsError, Unavailable
from lessons.i18n import Sentence, say
from lessons.jobs.kinds import Kind, Made
from lessons.jobs.operations import CANCELLED, store
from lessons.jobs.queries import kept
from lessons.models import Job, Person
from lessons.models.jobs import QUEUED
from lessons.post import notices
from lessons.post.queue import LEASE, Queue, next_try
from lessons.workflow.states import JobState

log = logging.getLogger(__name__)
QUEUE = Queue(Job.__table__, JobState.RUNNING)
MOST_TRIES = 3
STOPPING = Event()
"""The worker was told to stop: what it works on is put back at its next step, and another worker goes on with it."""
GAVE_UP = say("It was begun %(n)s times and got no further. Whoever keeps this installation finds why in the log.")
BROKE = say("It did not work. Asking again is right; whoever keeps this installation finds why in the log.")


class Stopped(Exception):
    """The person cancelled it, or somebody else works on it by now: whoever works on it lets go."""


class Interrupted(Exception):
    """The worker is told to stop: another goes on."""


class Progress:
    """How far a job is, in whatever it counts. `now` is the worker's clock."""

    def __init__(self, job: Job, now: Callable[[], datetime]) -> None:
        self._job, self.now = job, now
        self.done = job.done

    def step(self, done: int, total: int, *, session: Session | None = None) -> None:
        """So much is done: committed at once, or with the session that did it. Less than before changes nothing.
        Raises Stopped, Interrupted."""
        if STOPPING.is_set():
            raise Interrupted
        is_further, self.done = done > self.done, max(done, self.done)
        until = self.now() + LEASE
        far: dict[str, Any] = {
            "done": self.done,
            "total": max(total, self.done),
            "next_at": until,
            "lease_until": until,
        }
        if is_further:
            far["attempts"] = 1
        mine = QUEUE.set(session, self._job, only_at_work=True, **far) if session else QUEUE.mark(self._job, **far)
        if not mine:
            raise Stopped

    def actor(self, session: Session) -> Actor:
        """The person as they may act now; their rights may have changed since they asked."""
        return actor_of(session, session.get_one(Person, self._job.person_id), at=self.now(), locale=self._job.lang)


def work(kinds: Mapping[str, Kind], *, now: Callable[[], datetime]) -> int:
    """Do the next job that waits; 1 where there was one. Outside of any transaction."""
    job = None if STOPPING.is_set() else claim(now())
    if job is None:
        return 0
    log.info("job %s (%s) is begun, for the %s. time", job.pid, job.kind, job.attempts)
    try:
        made = _done(kinds, job, Progress(job, now))
    except Stopped:
        log.info("job %s was cancelled, or is another's", job.pid)
    except Interrupted:
        _put_back(job, now(), attempts=job.attempts - 1)
        return 0
    except Exception as error:  # noqa: BLE001 - whoever asked is told, and the log why
        _fail(job, error, now())
    else:
        _end(job, JobState.DONE, made.told, now(), made)
    return 1


def claim(at: datetime) -> Job | None:
    """The next job that is due, taken for one lease. One look first: nobody waits for a write that finds nothing."""
    with db.reading() as session:
        waits = sa.select(Job.id).where(sa.text(f"jobs.{QUEUED}"), Job.next_at <= at).limit(1)
        if session.scalar(waits) is None:
            return None
    with db.transaction() as session:
        row = QUEUE.due(session, at)
        if row is None:
            return None
        taken = QUEUE.taken(session, row, at)
        QUEUE.set(session, taken, started_at=taken.started_at or at)
        return session.get_one(Job, taken.id)


def _done(kinds: Mapping[str, Kind], job: Job, progress: Progress) -> Made:
    if job.attempts > MOST_TRIES:
        raise LessonsError(GAVE_UP.with_(n=MOST_TRIES))
    with db.reading() as session:
        person = session.get_one(Person, job.person_id)
    if person.closed_at is not None and person.closed_at <= progress.now():
        QUEUE.mark(job, state=JobState.CANCELLED, ended_at=progress.now(), told=kept(CANCELLED), lease_until=None)
        raise Stopped
    return kinds[job.kind].does(job, progress)


def _fail(job: Job, error: Exception, at: datetime) -> None:
    """What the database or the disk could not take now is tried again; what is told is told; else the log says why."""
    if isinstance(error, Unavailable) and job.attempts < MOST_TRIES:
        return _put_back(job, next_try(job.attempts, at))
    if not isinstance(error, LessonsError):
        log.error("job %s (%s) failed", job.pid, job.kind, exc_info=error)
    told = error.message if isinstance(error, LessonsError) else BROKE
    return _end(job, JobState.FAILED, told, at, why=f"{type(error).__name__}: {error}")


def _put_back(job: Job, again: datetime, **values: Any) -> None:
    QUEUE.mark(job, state=JobState.WAITING, next_at=again, lease_until=None, **values)


def _end(job: Job, state: JobState, told: Sentence, at: datetime, made: Made | None = None, *, why: str = "") -> None:
    """The file is on disk before the row names it; with the row its person is told."""
    values: dict[str, Any] = {"state": state, "told": kept(told), "why": why[:2000], "ended_at": at}
    if made and made.file:
        with made.file as file:
            values |= {"file_sha256": store().put(file), "file_size": file.seek(0, SEEK_END)}
        values |= {"file_name": made.name, "file_type": made.media_type}
        values["asked"] = {**job.asked, "holds": [*made.holds]}
    if state == JobState.DONE:
        values["done"] = values["total"] = sa.case((Job.total > Job.done, Job.total), else_=Job.done)
    with db.transaction() as session:
        if not QUEUE.set(session, job, only_at_work=True, **values, given_sha256="", lease_until=None):
            return
        if state == JobState.DONE:
            notices.tell(session, [job.person_id], "job_ready", job, at=at)
        else:
            notices.tell(session, [job.person_id], "job_failed", job, at=at)
