"""The frame's own addresses: fonts, whether the service lives, and the page that shows how everything looks."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Blueprint, Response, request, send_from_directory
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from exports import fonts
from lessons import db
from lessons.duties import signs
from lessons.errors import LessonsError, NotFound
from lessons.i18n import Word, say
from lessons.migrations import is_current
from lessons.models import Duty, Letter
from lessons.post import outbox
from lessons.settings import is_loopback
from lessons.web import answers, edge, library, looks, sheet, speech, who
from lessons.web.guards import public
from lessons.web.refusals import NOTHING_HERE
from lessons.workflow.diagram import svg
from lessons.workflow.lives import LIVES

blueprint = Blueprint("web", __name__)
CLOCK_IN_DOUBT = "the worker waits: the clock is in doubt, see /admin/health\n"
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
    """Whether requests can be answered: the database is there and in the shape of this version. Where the worker waits
    because of the clock, a second line says so; the page on which that is put right has to be reached."""
    try:
        says = "ready\n" if is_current(db.engine()) else ""
        says += CLOCK_IN_DOUBT if says and _clock_is_in_doubt() else ""
    except (LessonsError, SQLAlchemyError):
        says = ""
    return Response(says or "not ready\n", 200 if says else 503, mimetype="text/plain")


def _clock_is_in_doubt() -> bool:
    with edge.reading() as (session, _, at):
        return signs.is_in_doubt(signs.seen(session), at=at)


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
        oldest = outbox.oldest_waiting(session)
        open_ = col(Duty.closed_at).is_(None)
        count = sa.select(sa.func.count())
        return {
            "duties_open": session.scalar(count.select_from(Duty).where(open_)) or 0,
            "duties_overdue": session.scalar(count.select_from(Duty).where(open_, col(Duty.due_at) < at)) or 0,
            "letters_waiting": session.scalar(count.select_from(Letter).where(outbox.QUEUED)) or 0,
            "letters_oldest_seconds": int((at - oldest).total_seconds()) if oldest else 0,
        }


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
