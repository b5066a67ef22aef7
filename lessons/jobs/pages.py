"""What one asked for: how far it is, and the file when it is ready. Nobody sees another's."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from lessons import web
from lessons.errors import Forbidden, NotFound, Unavailable
from lessons.i18n import Word, say
from lessons.jobs import operations, queries
from lessons.jobs.kinds import Kind
from lessons.models import Job
from lessons.web.files import size_of
from lessons.web.handed import DAMAGED, sealed
from lessons.workflow.states import JobState

blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")
LOOKS = {
    JobState.WAITING: ("day", "plain"),
    JobState.RUNNING: ("run", "plain"),
    JobState.DONE: ("ok", "ok"),
    JobState.FAILED: ("no", "bad"),
    JobState.CANCELLED: ("draft", "calm"),
}
NO_FILE = say("There is no file here any more. What is made is kept for 30 days; asking again makes it again.")
NOT_ANY_MORE = say("What this file holds may not be seen by you any more. Asking again makes one of what you may see.")


@blueprint.get("")
def index() -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        jobs = [shown(job) for job in queries.mine(session, by)]
    return web.show("jobs/all.html", title=say("Made for you"), jobs=jobs)


@blueprint.get("/<pid>")
def one(pid: str) -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        job = queries.one(session, pid, by=by)
    return web.show("jobs/one.html", title=job.title, job=shown(job))


@blueprint.get("/<pid>/progress")
def progress(pid: str) -> ResponseReturnValue:
    """The part of the page that changes by itself, until it has ended."""
    with web.reading() as (session, by, _):
        job = queries.one(session, pid, by=by)
    return web.part("jobs/progress.html", job=shown(job))


@blueprint.post("/<pid>/cancel")
def cancel(pid: str) -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        operations.cancel(session, queries.one(session, pid, by=by), at=at)
        return web.sent_to(session, f"/jobs/{pid}")


@blueprint.get("/<pid>/file")
def file(pid: str) -> ResponseReturnValue:
    """Asked again each time: whoever may not see any more what is in it does not get it."""
    with web.reading() as (session, by, _):
        job = queries.one(session, pid, by=by)
        if not job.file_sha256:
            raise NotFound(NO_FILE)
        if not kinds()[job.kind].may_fetch(session, job, by):
            raise Forbidden(NOT_ANY_MORE)
    made = operations.store().opened(job.file_sha256)
    if made is None:
        raise Unavailable(DAMAGED)
    return sealed(made, job.file_type, job.file_name, "attachment")


def kinds() -> dict[str, Kind]:
    found: dict[str, Kind] = current_app.extensions["lessons.jobs"]
    return found


def shown(job: Job) -> dict[str, Any]:
    shape, tone = LOOKS[job.state]
    return {
        "href": f"/jobs/{job.pid}",
        "title": job.title,
        "state": Word("job_state", job.state.value),
        "shape": shape,
        "tone": tone,
        "under_way": job.state in operations.OPEN,
        "done": job.done,
        "total": job.total,
        "told": queries.sentence(job.told),
        "file": {"name": job.file_name, "size": size_of(job.file_size)} if job.file_sha256 else None,
        "when": web.when(job.created_at, hour=True),
        "ended": web.when(job.ended_at, hour=True),
    }
