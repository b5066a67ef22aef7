"""Pages of briefings: the list, one to read and acknowledge, and for whoever leads a team who is still missing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor, facts
from lessons.access.listing import USUAL, Page
from lessons.briefings import operations, queries, units
from lessons.briefings.passages import passage
from lessons.errors import Invalid
from lessons.i18n import Word, direction, say
from lessons.models import Briefing, Lesson
from lessons.repository.shown import card
from lessons.web import story
from lessons.web.buttons import buttons
from lessons.web.forms import errors_of
from lessons.web.sharing import by_unit
from lessons.workflow.states import BriefingState

blueprint = Blueprint("briefings", __name__)


@blueprint.get("/briefings")
def index() -> ResponseReturnValue:
    state = request.args.get("state", "open")
    with web.reading() as (session, by, at):
        here = found(session, request.args, by=by, at=at)
        return web.show(
            "briefings/list.html",
            title=say("Briefings"),
            rows=[_row(one) for one in here.items],
            tabs=[
                {"href": f"/briefings?state={s}", "label": Word("briefings.state", s), "current": s == state}
                for s in ("open", "ended")
            ],
            **web.around(here),
        )


def found(session: Session, args: web.Args, *, by: Actor, at: datetime, limit: int = USUAL) -> Page[queries.Listed]:
    """What the list shows for these parameters of its address: the open ones, where it names no state."""
    state = args.get("state", "open")
    wanted = queries.Wanted(states=[state] if state in set(BriefingState) else [])
    return queries.briefings(session, wanted, by=by, at=at, limit=limit, cursor=args.get("cursor"))


def _row(one: queries.Listed) -> dict[str, Any]:
    return {
        "href": f"/briefings/{one.briefing.code}",
        "title": one.subject.title,
        "code": one.briefing.code,
        "state": web.state_of(one.briefing),
        "due": web.when(one.briefing.due_on),
        "late": one.overdue,
        "opener": web.name_of(one.opener),
        **_reading(one.reading),
    }


def _reading(reading: queries.Reading) -> dict[str, Any]:
    return {
        "read": reading.read,
        "of": reading.of,
        "percent": round(reading.share * 100),
        "share": reading.share,
        "target": reading.needed,
        "target_percent": round(reading.needed * 100),
        "reached": reading.reached,
    }


@blueprint.get("/briefings/<code>")
def one(code: str) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        return _page(session, queries.one(session, code, by), by, at)


def _page(session: Session, briefing: Briefing, by: Actor, at: Any, **more: Any) -> ResponseReturnValue:
    line = queries.listed(session, [briefing], at=at)[0]
    members = queries.members(session, briefing, by=by, at=at)
    mine = next((member for member in members if member.person.id == by.id), None)
    lesson = session.get(Lesson, briefing.lesson_id) if briefing.lesson_id else None
    check: dict[str, Any] = dict(briefing.check or {})
    relations = facts(session, [briefing], by=by, at=at)[0].relations
    return web.show(
        "briefings/one.html",
        title=line.subject.title,
        status=more.pop("status", 200),
        briefing=briefing,
        row={**_row(line), "due": web.due(briefing)},
        subject=line.subject,
        card=card(lesson) if lesson else None,
        units=by_unit(session, units.by_unit(session, briefing, at=at)) if relations & units.ASKERS else [],
        passage=passage(session, briefing),
        dir=direction(briefing.lang),
        asked=mine is not None and mine.acknowledged_at is None and briefing.state == BriefingState.OPEN,
        read_at=mine.acknowledged_at if mine else None,
        question=check.get("question", ""),
        answers=list(enumerate(check.get("answers", []))),
        missing=[member.person for member in members if member.counts and not member.acknowledged_at],
        triggers=buttons(session, briefing, by=by, at=at),
        history=story.told(session, briefing),
        **{"wrong": False, "error": "", **more},
    )


@blueprint.post("/briefings/<code>/read")
def acknowledge(code: str) -> ResponseReturnValue:
    """I have read and understood. A wrong answer shows the passage and asks again."""
    answer = request.form.get("answer", type=int)
    try:
        with web.writing() as (session, by, at):
            briefing = queries.one(session, code, by)
            asked = {} if answer is None else {"answer": answer}
            answered = operations.acknowledge(session, briefing, asked, by=by, at=at)
            if answered.right:
                onward = web.local_path(request.form.get("next"), "/")
                return web.sent_to(session, onward, say("Recorded: read and understood."))
    except Invalid as refusal:
        error = errors_of(refusal.errors, web.locale()).get("answer", "")
        with web.reading() as (session, by, at):
            return _page(session, queries.one(session, code, by), by, at, error=error, status=422)
    with web.reading() as (session, by, at):
        return _page(session, queries.one(session, code, by), by, at, wrong=True)
