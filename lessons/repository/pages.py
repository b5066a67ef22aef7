"""Pages of lessons: the repository, one lesson as one story, its card, and what a printed card's QR opens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor, tree
from lessons.access.listing import USUAL, Page
from lessons.access.named import by_code, people_by_id
from lessons.access.refs import read
from lessons.debriefs.topics import find, topics_of
from lessons.errors import Invalid, NotFound
from lessons.i18n import say
from lessons.models import Lesson, Question
from lessons.repository import deck, operations, preview, queries, shown
from lessons.repository.card import seal_of
from lessons.repository.cases import numbers
from lessons.repository.said import copies
from lessons.repository.say_so import beside, readers, say_so
from lessons.web import options, story
from lessons.web.buttons import buttons
from lessons.web.forms import Drawing, errors_of, raw_of
from lessons.workflow import asks, needed
from lessons.workflow.lives import LIVES
from lessons.workflow.states import LESSON_LIVE, Direction, LessonState

blueprint = Blueprint("repository", __name__)
NOT_THERE = say("This is not there, or not open to you.")
TABS = {
    "": (say("In use or under way"), "/lessons"),
    LessonState.PROPOSED.value: (say("For decision"), "/lessons?state=proposed"),
    LessonState.VERIFIED.value: (say("Proved"), "/lessons?state=verified"),
    "all": (say("All"), "/lessons?state=all"),
}
WRITE_FIRST = ("title", "direction", "applies_when", "topics", "steps", "say", "why", "unit")


@blueprint.get("/lessons")
def index() -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        args = request.args
        wanted = wanted_by(session, args)
        topic = find(session, wanted.topic) if wanted.topic else None
        here = found(session, args, by=by, at=at)
        return web.show(
            "repository/list.html",
            title=topic.name if topic else say("Insight repository"),
            rows=[shown.row(one) for one in here.items],
            tabs=_tabs(args.get("state", "")),
            filters=shown.filters(session, wanted),
            narrowed=bool({*args} - {"topic", "lang"}) and args.get("state") not in TABS,
            q=wanted.q,
            deck=f"/lessons/deck?{request.query_string.decode()}",
            **web.around(here),
        )


def found(session: Session, args: web.Args, *, by: Actor, at: datetime, limit: int = USUAL) -> Page[queries.Listed]:  # noqa: ARG001 - as of every list
    """What the list shows for these parameters of its address."""
    return queries.lessons(session, wanted_by(session, args), by=by, limit=limit, cursor=args.get("cursor"))


def wanted_by(session: Session, args: web.Args) -> queries.Wanted:
    """What the address narrows the list to."""
    return queries.Wanted(
        states=options.states_of(args, LessonState, LESSON_LIVE),
        unit=tree(session).by_code(args.get("unit", "")),
        direction=args.get("direction", "") if args.get("direction") in set(Direction) else "",
        topic=args.get("topic", "")[:60],
        q=args.get("q", "")[:400],
        since=deck.month_began(web.moment()) if args.get("new") else None,
    )


def _tabs(state: str) -> list[dict[str, Any]]:
    return [{"label": label, "href": href, "current": state == name} for name, (label, href) in TABS.items()]


@blueprint.route("/lessons/new", methods=["GET", "POST"])
def write() -> ResponseReturnValue:
    """A lesson without a debrief: from a meeting, a talk, a tip; or begun with the words of another lesson."""
    if request.method == "GET":
        return _write_form(_words_of(request.args.get("like", "")) or _of_question(request.args.get("question", "")))
    raw = raw_of(asks.Lesson, request.form)
    try:
        if "preview" in request.form:
            return _previewed(raw)
        with web.writing() as (session, by, at):
            lesson = operations.write(session, read(session, asks.Lesson, raw, by=by), by=by, at=at)
            return web.sent_to(session, f"/lessons/{lesson.code}", say("The draft was kept. It can be proposed now."))
    except Invalid as refusal:
        return _write_form(raw, refusal)


def _previewed(raw: dict[str, Any]) -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        if web.is_live():
            return web.part("repository/preview.html", seen=preview.of(session, None, preview.typed(raw), by=by))
        seen = preview.of(session, None, read(session, asks.Lesson, raw, by=by), by=by)
    return _write_form(raw, seen=seen)


def _words_of(code: str) -> dict[str, object]:
    if not code:
        return {}
    with web.reading() as (session, by, _):
        lesson = by_code(session, Lesson, code, by=by)
        if lesson is None:
            raise NotFound(NOT_THERE)
        found = {name: getattr(lesson, name) for name in WRITE_FIRST if hasattr(lesson, name)}
        return {**found, "topics": topics_of(session, [lesson.id or 0])[lesson.id or 0]}


def _of_question(code: str) -> dict[str, object]:
    """A question that was answered, as the beginning of a card: when it applies, and what to do."""
    if not code:
        return {}
    with web.reading() as (session, by, _):
        question = by_code(session, Question, code.upper(), by=by)
        if question is None:
            raise NotFound(NOT_THERE)
        steps = [one for one in question.answer.splitlines() if one.strip()]
        return {"applies_when": question.text, "steps": steps, "question": question.code}


def _write_form(
    raw: dict[str, Any], refusal: Invalid | None = None, seen: dict[str, Any] | None = None
) -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        errors = errors_of(refusal.errors, web.locale()) if refusal else {}
        unit = tree(session).units[by.person.unit_id].code if by.person else ""
        given, offered = {"unit": unit, **raw}, {"units": options.units(session)}
        drawing = Drawing(web.locale(), given, errors, offered, needed=needed.of_new(LIVES["lessons"]))
        fields = {one["name"]: one for one in drawing.fields(asks.Lesson)}
        return web.show(
            "repository/write.html",
            title=say("Write a lesson"),
            status=422 if refusal else 200,
            seen=seen,
            fields=[*(fields[name] for name in WRITE_FIRST), *_kept(raw)],
        )


def _kept(raw: dict[str, Any]) -> list[dict[str, Any]]:
    """The question that it is made of goes along."""
    code = str(raw.get("question") or "")
    return [{"name": "question", "kind": "hidden", "label": "", "value": code}] if code else []


@blueprint.get("/lessons/<code>")
def one(code: str) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        lesson = by_code(session, Lesson, code, by=by)
        if lesson is None:
            raise NotFound(NOT_THERE)
        found = queries.story(session, lesson, by=by, at=at)
        history = story.told(session, lesson, private=bool(found.relations & queries.INSIDE))
        near = queries.similar(session, lesson, by=by) if lesson.state in ("draft", "proposed") else []
        return web.show(
            "repository/one.html",
            title=lesson.title,
            lesson=lesson,
            found=found,
            **shown.story(found),
            similar=[{"title": s.title, "code": s.code, "href": f"/lessons/{s.code}"} for s in near],
            triggers=buttons(session, lesson, by=by, at=at),
            says=beside(found, by=by, onward=f"{request.path}#feedback"),
            readers=readers(found),
            history=history,
            asked=shown.asked(history) if lesson.state == LessonState.PROPOSED else [],
            numbers=numbers(session, lesson, at=at) if lesson.accepted_at else None,
        )


@blueprint.get("/lessons/<code>/card")
def card(code: str) -> ResponseReturnValue:
    """The card as agents see it."""
    with web.reading() as (session, by, _):
        lesson = queries.by_short_or_code(session, code, by=by)
        if lesson is None:
            raise NotFound(NOT_THERE)
        owner = people_by_id(session, [lesson.owner_id]).get(lesson.owner_id or 0)
        return web.show(
            "repository/card.html",
            title=lesson.title,
            card=shown.card(lesson, web.name_of(owner), seal_of(session, lesson)) | {"copies": copies(lesson.say)},
            says=say_so(session, lesson, by=by, onward=request.path),
            pdf=f"/lessons/{lesson.code}/card.pdf",
        )


@blueprint.get("/c/<short>")
@web.public
def printed(short: str) -> ResponseReturnValue:
    """What a printed card's QR opens: whether it still holds. Signed in the card, else its word, code and date."""
    with web.reading() as (session, by, _):
        lesson = queries.card_of(session, short[:12])
        if lesson is None or lesson.accepted_at is None:
            raise NotFound(say("No card has this code. Perhaps a letter was misread."))
        if by.person and by_code(session, Lesson, lesson.code, by=by):
            return redirect(f"/lessons/{lesson.code}/card", 303)
        after = lesson.successor_id or lesson.merged_into_id
        return web.show(
            "repository/printed.html",
            title=say("Is this card still valid?"),
            state=shown.desk_state(lesson),
            code=lesson.code,
            since=lesson.entered_at,
            replaced=bool(after),
        )
