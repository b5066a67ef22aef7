"""The frame's own addresses: fonts, whether the service lives, and the page that shows how everything looks."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Blueprint, Response, request, send_from_directory
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from exports import fonts
from lessons import db, store
from lessons.duties import signs
from lessons.errors import LessonsError, NotFound
from lessons.i18n import Word, say
from lessons.migrations import is_current
from lessons.models import Duty, Letter
from lessons.post import outbox, queries
from lessons.search import embedder
from lessons.settings import is_loopback
from lessons.web import answers, edge, library, looks, sheet, speech, who
from lessons.web.guards import public
from lessons.web.refusals import NOTHING_HERE
from lessons.workflow.diagram import svg
from lessons.workflow.lives import LIVES

blueprint = Blueprint("web", __name__)
NOT_READY = "not ready\n"
SILENT = "not ready: the worker has been silent for minutes\n"
CLOCK_IN_DOUBT = "the worker waits: the clock is in doubt, see /admin/health\n"
DISK_FULL = "the disk is nearly full: what is here can be read, new things may find no room, see /admin/health\n"
MEANING_OFF = "search by meaning is off: the embedder is not installed\n"
DUE_SINCE = sa.select(sa.func.min(col(Duty.next_at))).where(col(Duty.closed_at).is_(None))
LAST_DAY = timedelta(days=1)
A_DAY = 86_400
A_YEAR = 365 * A_DAY


@blueprint.get("/fonts/<name>")
@public
def font(name: str) -> ResponseReturnValue:
    if not name.endswith((".woff2", ".css", "licence.txt")):
        raise NotFound(NOTHING_HERE)
    return send_from_directory(fonts.folder(), name, max_age=A_DAY)


@blueprint.get("/kit-<mark>.css")
@public
def kit(mark: str) -> ResponseReturnValue:
    """The stylesheet; whoever asks for yesterday's gets today's, and does not keep it."""
    return _named(sheet.text(), "text/css", today=sheet.name() == f"kit-{mark}.css")


@blueprint.get("/htmx-<mark>.js")
@public
def htmx(mark: str) -> ResponseReturnValue:
    return _named(library.text(), "text/javascript", today=library.name() == f"htmx-{mark}.js")


def _named(text: str, kind: str, *, today: bool) -> Response:
    answer = Response(text, mimetype=kind)
    answer.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable" if today else "no-cache"
    return answer


@blueprint.get("/favicon.ico")
@public
def icon() -> ResponseReturnValue:
    """Browsers ask for one on their own; there is none."""
    return Response(status=204)


@blueprint.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Whether all of it works: the database is there and in the shape of this version, and the worker left a sign in
    the last minutes. Where it waits because of the clock, or the disk is nearly full, another line says so; the page
    on which that is put right has to be reached."""
    try:
        fault = "" if is_current(db.engine()) else NOT_READY
        fault = fault or _of_the_worker()
    except (LessonsError, SQLAlchemyError):
        fault = NOT_READY
    is_ready = fault in ("", CLOCK_IN_DOUBT)
    told = f"ready\n{fault}{_of_the_disk()}{_of_meaning()}" if is_ready else fault
    return Response(told, 200 if is_ready else 503, mimetype="text/plain")


def _of_the_disk() -> str:
    """On a full one nothing can be saved, and all can be read: so this is no reason to send people elsewhere."""
    return DISK_FULL if store.least_room(db.settings())[2] < store.NO_MORE else ""


def _of_meaning() -> str:
    """Search works without an embedder, by words and letter triples; whoever chose one hears that it is not there."""
    settings = db.settings()
    return MEANING_OFF if settings.embedder != embedder.OFF and embedder.of(settings) is None else ""


def _of_the_worker() -> str:
    with edge.reading() as (session, _, at):
        left = signs.seen(session)
    if signs.is_in_doubt(left, at=at):
        return CLOCK_IN_DOUBT
    return SILENT if signs.is_silent(left, at=at) else ""


@blueprint.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """For whoever watches this machine, or an administrator: counts alone."""
    if not (from_here() or who.actor().units_of("admin")):
        raise NotFound(NOTHING_HERE)
    lines = [f"lessons_{name} {value}" for name, value in _measures().items()]
    return Response("\n".join(lines) + "\n", mimetype="text/plain; version=0.0.4")


def _measures() -> dict[str, int]:
    with edge.reading() as (session, _, at):
        left, flow = signs.seen(session), queries.flow(session, at=at, since=at - LAST_DAY)
        oldest, due_since = outbox.oldest_waiting(session), session.scalar(DUE_SINCE)
        open_ = col(Duty.closed_at).is_(None)
        count = sa.select(sa.func.count()).select_from(Duty).where(open_)
        sent = sa.select(sa.func.count()).select_from(Letter).where(col(Letter.sent_at) > at - LAST_DAY)
        return {
            "duties_open": session.scalar(count) or 0,
            "duties_overdue": session.scalar(count.where(col(Duty.due_at) < at)) or 0,
            "duties_due_lag_seconds": _seconds(due_since, at),
            "letters_waiting": flow.waiting,
            "letters_oldest_seconds": _seconds(oldest, at),
            "letters_sent_last_day": session.scalar(sent) or 0,
            "letters_failed_last_day": flow.refused,
            "worker_silent_seconds": _seconds(signs.last(left), at),
        }


def _seconds(since: datetime | None, at: datetime) -> int:
    """How long ago; 0 where there is nothing that waits, or it is still to come."""
    return max(int((at - since).total_seconds()), 0) if since else 0


def from_here() -> bool:
    """Whether this machine itself asks, by an address of this machine, and nothing stands in between."""
    forwarded = any(name == "Forwarded" or name.startswith("X-Forwarded-") for name in request.headers.keys())  # noqa: SIM118
    host = (request.host or "").rsplit(":", 1)[0].strip("[]")
    return is_loopback(request.remote_addr or "") and is_loopback(host) and not forwarded


@blueprint.get("/admin/style")
def style() -> ResponseReturnValue:
    lives = [
        {"name": Word("noun", life.noun), "states": [_look(life.noun, state) for state in life.states]}
        for life in LIVES.values()
    ]
    drawn = Markup(svg("lessons", speech.locale(), "implementing"))  # noqa: S704 - it escapes our own words itself
    return answers.show("style.html", title=say("How it looks"), lives=lives, life_drawing=drawn)


def _look(noun: str, state: str) -> dict[str, object]:
    shape, tone = looks.LOOKS[str(state)]
    return {"word": Word(f"{noun}.state", str(state)), "shape": shape, "tone": tone}
