"""Cases on screen: what is proposed and waits for a word, one case, the cases of a lesson, text for the CRM."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.access.named import called
from lessons.access.refs import read
from lessons.cases import matching, queries, shown
from lessons.cases.documentation import documentation
from lessons.errors import Invalid
from lessons.i18n import Sentence, say
from lessons.models import Case, Lesson
from lessons.repository.cases import numbers
from lessons.workflow import asks

blueprint = Blueprint("cases", __name__)
MATCHED, REFUSED = say("The case is matched to the lesson."), say("Noted: this case is about something else.")
CAME_BACK = say("With this case it is so often that the lesson goes back to being embedded.")


@blueprint.get("/cases")
def index() -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        waiting = queries.told(session, queries.proposed(session, by=by), by=by)
        latest = queries.told(session, queries.latest(session, by=by), by=by)
        return web.show(
            "cases/list.html",
            title=say("Cases"),
            waiting=[shown.row(session, one, by=by) for one in waiting],
            rows=[shown.row(session, one, by=by) for one in latest],
            own_time=shown.own_time(session, by=by, at=at),
        )


@blueprint.get("/cases/<name>")
def one(name: str) -> ResponseReturnValue:
    return _one(name)


def _one(name: str, refusal: Invalid | None = None) -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        case = matching.find(session, name, by=by)
        told = queries.told(session, [case], by=by)[0]
        field = {"name": "lesson", "label": say("Lesson"), "kind": "text", "dir": "ltr", "required": True,
                 "hint": say("Its code, for example L-2026-0007.")}  # fmt: skip
        typed = {"lesson": request.form.get("lesson", "")} if refusal else {}
        return web.show(
            "cases/one.html",
            title=say("Case %(id)s", id=case.external_id),
            status=422 if refusal else 200,
            case=shown.row(session, told, by=by),
            fields=web.filled([field], typed, refusal),
        )


@blueprint.get("/lessons/<code>/cases")
def of_lesson(code: str) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        lesson = called(session, Lesson, code, by=by)
        waiting = queries.told(session, queries.proposed(session, by=by, lesson=lesson), by=by)
        linked = queries.told(session, queries.of_lesson(session, lesson, by=by), by=by)
        return web.show(
            "cases/of_lesson.html",
            title=say("Cases of a lesson"),
            lesson=lesson,
            numbers=numbers(session, lesson, at=at),
            drawn=shown.drawn(session, lesson, at=at),
            waiting=[shown.row(session, one, by=by, only=lesson) for one in waiting],
            rows=[shown.row(session, one, by=by, only=lesson) for one in linked],
        )


@blueprint.get("/cases/<name>/documentation")
def documented(name: str) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        case = matching.find(session, name, by=by)
        lesson = called(session, Lesson, request.args.get("lesson", ""), by=by)
        return web.show(
            "cases/documentation.html",
            title=say("Text for the CRM"),
            case=case,
            lesson=lesson,
            text=documentation(session, case, lesson, locale=web.locale(), at=at),
        )


# ── what is said about a case ────────────────────────────────────────────────────────────────────────────────────────
@blueprint.post("/cases/<name>/match")
def match(name: str) -> ResponseReturnValue:
    try:
        with web.writing() as (session, by, at):
            case = matching.find(session, name, by=by)
            lesson = read(session, asks.MatchCase, {"lesson": request.form.get("lesson", "")}, by=by)["lesson"]
            return _said(session, case, lesson, matching.match, MATCHED, by=by, at=at)
    except Invalid as refusal:
        return _one(name, refusal)


@blueprint.post("/cases/<name>/proposals/<code>/confirm")
def confirm(name: str, code: str) -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        case, lesson = matching.find(session, name, by=by), called(session, Lesson, code, by=by)
        return _said(session, case, lesson, matching.confirm, MATCHED, by=by, at=at)


@blueprint.post("/cases/<name>/proposals/<code>/refuse")
def refuse(name: str, code: str) -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        case, lesson = matching.find(session, name, by=by), called(session, Lesson, code, by=by)
        return _said(session, case, lesson, matching.refuse, REFUSED, by=by, at=at)


def _said(
    session: Session, case: Case, lesson: Lesson, work: Callable[..., None], says: Sentence, *, by: Actor, at: datetime
) -> ResponseReturnValue:
    """Do it, then go back to where it was said."""
    before = lesson.cycle
    work(session, case, lesson, by=by, at=at)
    session.flush()
    told: Any = CAME_BACK if lesson.cycle > before else says
    return web.sent_to(session, web.local_path(request.form.get("back"), f"/cases/{case.pid}"), told)
