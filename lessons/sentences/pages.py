"""Pages of sentences that work: all of them, offering one, one with its way, and saying that it worked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor, tree
from lessons.access.listing import USUAL, Page
from lessons.access.refs import find, read
from lessons.errors import Invalid
from lessons.i18n import say
from lessons.models import Lesson
from lessons.sentences import operations, queries, shown
from lessons.web import options, story
from lessons.web.buttons import buttons
from lessons.web.forms import Drawing, errors_of, raw_of
from lessons.workflow import asks
from lessons.workflow.fields import TITLE
from lessons.workflow.states import SentenceState

blueprint = Blueprint("sentences", __name__)
OWN = 20
WAITS = say("Thank you. Within three working days you hear whether it is on the desk.")


@blueprint.get("/sentences")
def index() -> ResponseReturnValue:
    """What waits for whoever keeps them, what is on the desk, and one's own."""
    with web.reading() as (session, by, at):
        wanted = _wanted(session, request.args)
        here = found(session, request.args, by=by, at=at)
        return web.show(
            "sentences/list.html",
            title=say("Sentences that work"),
            rows=[shown.row(one, by=by) for one in here.items],
            waiting=[shown.row(one, by=by) for one in queries.waiting(session, by=by, at=at)],
            own=[shown.row(one, by=by) for one in queries.own(session, by=by, at=at, limit=OWN)],
            filters=_filters(session, wanted),
            narrowed=bool(wanted.topic or wanted.unit),
            fields=_fields(session, {}),
            **web.around(here),
        )


def found(session: Session, args: web.Args, *, by: Actor, at: datetime, limit: int = USUAL) -> Page[queries.Listed]:
    """What the list of those on the desk shows for these parameters of its address."""
    wanted = _wanted(session, args)
    return queries.sentences(session, wanted, by=by, at=at, limit=limit, cursor=args.get("cursor"))


def _wanted(session: Session, args: web.Args) -> queries.Wanted:
    unit = tree(session).by_code(args.get("unit", "")[:24])
    return queries.Wanted(topic=args.get("topic", "")[:60].strip(), unit=unit)


def _filters(session: Session, wanted: queries.Wanted) -> list[dict[str, Any]]:
    topics = [{"value": topic, "label": topic} for topic in queries.topics(session)]
    unit = wanted.unit.code if wanted.unit else ""
    return [
        {"name": "topic", "kind": "choice", "label": say("Topic"), "options": topics, "value": wanted.topic},
        {"name": "unit", "kind": "choice", "label": say("Unit"), "options": options.units(session), "value": unit},
    ]


# ── offering ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.route("/sentences/new", methods=["GET", "POST"])
def offer() -> ResponseReturnValue:
    """From an opened card with the lesson that it goes with."""
    if request.method == "GET":
        lesson = request.args.get("lesson", "")[:24]
        return _form({"lesson": lesson} if lesson else {})
    raw = raw_of(asks.Sentence, request.form)
    try:
        with web.writing() as (session, by, at):
            made = operations.offer(session, read(session, asks.Sentence, raw, by=by), by=by, at=at)
            live = made.state == SentenceState.LIVE
            return web.sent_to(session, f"/sentences/{made.code}", say("It is on the desk.") if live else WAITS)
    except Invalid as refusal:
        return _form(raw, refusal)


def _form(raw: dict[str, Any], refusal: Invalid | None = None) -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        lesson = find(session, "lessons", str(raw.get("lesson", "")), by)
        fields = _fields(session, raw, lesson, refusal)
        fields[0]["autofocus"] = refusal is None
        return web.show(
            "sentences/new.html",
            title=say("Offer a sentence"),
            status=422 if refusal else 200,
            fields=fields,
            lesson={"title": lesson.title, "href": f"/desk?card={lesson.code}"} if lesson else None,
        )


def _fields(
    session: Session, raw: dict[str, Any], lesson: Lesson | None = None, refusal: Invalid | None = None
) -> list[dict[str, Any]]:
    """The lesson goes along unseen where the offer begins at its card."""
    errors = errors_of(refusal.errors, web.locale()) if refusal else {}
    without = [] if "lesson" in errors else ["lesson"]
    fields = Drawing(web.locale(), raw, errors, without=without).fields(asks.Sentence)
    topics = [{"value": topic, "label": topic} for topic in queries.suggested(session)]
    own: dict[str, Any] = {"text": {"max_length": TITLE}, "topic": {"kind": "suggested", "options": topics}}
    fields = [{**one, **own.get(one["name"], {})} for one in fields]
    hidden = {"name": "lesson", "kind": "hidden", "label": "", "value": lesson.code} if lesson and without else None
    return [*fields, hidden] if hidden else fields


# ── one ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.get("/sentences/<code>")
def one(code: str) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        found = queries.one(session, code, by=by, at=at)
        return web.show(
            "sentences/one.html",
            title=say("A sentence that works") if found.sentence.state == SentenceState.LIVE else say("A sentence"),
            sentence=found.sentence,
            row=shown.row(found, by=by),
            triggers=buttons(session, found.sentence, by=by, at=at),
            history=story.told(session, found.sentence),
        )


@blueprint.post("/sentences/<code>/vote")
def vote(code: str) -> ResponseReturnValue:
    """It worked for me too, or not after all; back to where it was said."""
    worked = request.form.get("worked") != "0"
    with web.writing() as (session, by, at):
        sentence = queries.one(session, code, by=by, at=at).sentence
        operations.vote(session, sentence, {"worked": worked}, by=by, at=at)
        onward = web.local_path(request.form.get("next"), f"/sentences/{code}")
        said = say("Thank you. It helps colleagues to find it.") if worked else say("Taken back.")
        return web.sent_to(session, onward, said)
