"""Long work for programs: how far it is, and where the file is."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.doors.calls import Answer
from lessons.jobs import queries


def one(session: Session, pid: str, *, by: Actor, at: datetime) -> Answer:  # noqa: ARG001 - every read is given its moment
    """What its person asked for; `told` is the sentence that says what came of it."""
    job, here = queries.one(session, pid, by=by), f"/api/v1/jobs/{pid}"
    told = queries.sentence(job.told)
    return Answer({
        "id": job.pid, "kind": job.kind, "title": job.title, "state": job.state.value,
        "done": job.done, "total": job.total, "told": told.in_(web.locale()) if told else None,
        "created_at": job.created_at.isoformat(),
        "ended_at": job.ended_at.isoformat() if job.ended_at else None,
        "links": {"self": here, **({"file": f"{here}/file"} if job.file_sha256 else {})},
    })  # fmt: skip
