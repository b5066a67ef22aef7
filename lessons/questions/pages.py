"""Pages of questions: the list for those who answer, asking, one question with its answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.access.listing import USUAL, Page
from lessons.access.refs import read
from lessons.errors import Invalid
from lessons.i18n import Word, say
from lessons.questions import operations, queries, shown
from lessons.web import story
from lessons.web.buttons import buttons
from lessons.web.forms import Drawing, errors_of, raw_of
from lessons.workflow import asks
from lessons.workflow.states import QuestionState

blueprint = Blueprint("agents_questions", __name__)
ANSWERERS = frozenset({"lessons_manager", "editor", "manager"})


@blueprint.get("/questions")
def index() -> ResponseReturnValue:
    state = request.args.get("state", "asked")
    with web.reading() as (session, by, at):
        here = found(session, request.args, by=by, at=at)
        return web.show(
            "questions/list.html",
            title=say("Questions"),
            rows=[shown.row(one) for one in here.items],
            tabs=[
                {
                    "href": f"/questions?state={s.value}",
                    "label": Word("questions.state", s.value),
                    "current": s == state,
                }
                for s in QuestionState
            ],
            **web.around(here),
        )


def found(session: Session, args: web.Args, *, by: Actor, at: datetime, limit: int = USUAL) -> Page[queries.Listed]:  # noqa: ARG001 - as of every list
    """What the list shows for these parameters of its address: those that wait, where it names no state."""
    state = args.get("state", "asked")
    states = [state] if state in set(QuestionState) else []
    return queries.questions(session, states, by=by, limit=limit, cursor=args.get("cursor"))


@blueprint.route("/questions/new", methods=["GET", "POST"])
def ask() -> ResponseReturnValue:
    """The words of a search that found nothing stand in the form."""
    if request.method == "GET":
        return _form({"text": request.args.get("text", "")[:400]})
    raw = raw_of(asks.Question, request.form)
    try:
        with web.writing() as (session, by, at):
            question = operations.ask(session, read(session, asks.Question, raw, by=by), by=by, at=at)
            sent = say("The question is on its way. The answer comes within one working day.")
            return web.sent_to(session, f"/questions/{question.code}", sent)
    except Invalid as refusal:
        return _form(raw, refusal)


def _form(raw: dict[str, Any], refusal: Invalid | None = None) -> ResponseReturnValue:
    errors = errors_of(refusal.errors, web.locale()) if refusal else {}
    fields = Drawing(web.locale(), raw, errors, without=["unit"]).fields(asks.Question)
    return web.show(
        "questions/new.html",
        title=say("Ask a question"),
        status=422 if refusal else 200,
        fields=[{**one, "label": say("The question")} for one in fields],
    )


@blueprint.get("/questions/<code>")
def one(code: str) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        found = queries.one(session, code, by=by)
        answered = found.question.state == QuestionState.ANSWERED
        theirs = any(role in ANSWERERS for role, _, _ in by.grants)
        made = queries.made_of(session, found.question, by=by)
        return web.show(
            "questions/one.html",
            title=say("Question"),
            question=found.question,
            row=shown.row(found),
            made=[shown.made(one) for one in made],
            draft=f"/lessons/new?question={found.question.code}" if answered and theirs and not made else "",
            triggers=buttons(session, found.question, by=by, at=at),
            history=story.told(session, found.question),
        )
