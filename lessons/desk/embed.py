"""Inside a CRM's frame: suggestions for what the customer says, the card, and the case documented from it.

Cards open by a sign-in too, where the browser sends one; whatever writes or searches asks for the frame's own token.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from flask import Blueprint, Response, jsonify, make_response, render_template
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from lessons import db, web
from lessons.access import Actor
from lessons.access.named import people_by_id
from lessons.access.refs import read
from lessons.cases import matching, operations
from lessons.cases.documentation import documentation
from lessons.cases.places import category_of
from lessons.desk.opened import opened
from lessons.doors import finder
from lessons.doors.kinds import DOCUMENTING
from lessons.errors import NotFound
from lessons.i18n import direction, say
from lessons.models import Lesson, Sighting
from lessons.repository import feedback, queries, shown
from lessons.repository.say_so import say_so
from lessons.search import fused
from lessons.web import answers, framed, headers, sheet
from lessons.web.bodies import Refused
from lessons.web.counted import count
from lessons.web.who import asking
from lessons.workflow import fields as f
from lessons.workflow.asks import Feedback

blueprint = Blueprint("embed", __name__, url_prefix="/embed")
TOO_OLD = say("This frame was opened too long ago. Opening the case again in the CRM is enough.")
NO_CARD = say("There is no such card, or it is not open to this account.")
SUGGESTED, READ = 5, 4000
ASKED_A_MINUTE = 300
"""By one frame: whoever types without a rest is answered four times a second, and opens a card now and then."""
AN_HOUR = 3_600_000


class Text(f.Asks):
    text: f.Text


class Use(f.Asks):
    lesson: f.LessonRef
    external_id: f.Line
    text: f.Text
    channel: f.LooseLine = ""
    category: f.LooseLine = ""
    customer_ref: f.LooseLine = ""


class Said(Feedback):
    lesson: f.LessonRef


class Took(f.Asks):
    kind: Literal["first_card", "documented"]
    milliseconds: int = Field(ge=0, le=AN_HOUR, strict=True)


@blueprint.before_request
def check() -> None:
    """Raises TooMany where a frame asks more than anybody who types."""
    if asking().framed:
        count("frame", ASKED_A_MINUTE, who_asks=framed.mark())


@blueprint.after_request
def allow(response: Response) -> Response:
    """Listed sites alone may frame what is here."""
    policy = headers.POLICY.format(nonce=answers.nonce(), ancestors=framed.ancestors())
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "no-store"
    return response


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.get("/suggest")
@web.public
def frame() -> ResponseReturnValue:
    """The frame itself: it holds nothing until the CRM's page hands it a token and a case."""
    return _frame()


@blueprint.get("/card/<code>")
@web.public
def card(code: str) -> ResponseReturnValue:
    """One card: a part of the frame for whoever it was opened for, a page for whoever is signed in, else the frame."""
    if asking().framed or web.actor().person is not None:
        with web.reading() as (session, by, _):
            found = _opened(session, code[:24], by)
        return make_response(render_template("desk/embed_card.html", **found)) if asking().framed else _frame(**found)
    if framed.sent():
        raise Refused(401, TOO_OLD)
    return _frame(wanted=code[:24])


def _frame(**values: Any) -> ResponseReturnValue:
    chosen = web.locale()
    page = {
        "locale": chosen,
        "dir": direction(chosen),
        "nonce": answers.nonce(),
        "sheet": f"/{sheet.name()}",
        "origins": " ".join(db.settings().origins),
    }
    return make_response(render_template("desk/embed.html", page=page, **values))


def _opened(session: Session, code: str, by: Actor) -> dict[str, Any]:
    """A card, or a procedure in its short form. Raises NotFound."""
    lesson = queries.by_short_or_code(session, code, by=by)
    if lesson is not None:
        return _card(session, lesson, by)
    found = opened(session, code, by=by)
    if found is None or found.procedure is None:
        raise NotFound(NO_CARD)
    return {"procedure": found.procedure, "page_of": f"{db.settings().base_url}{found.procedure['href']}"}


def _card(session: Session, lesson: Lesson, by: Actor) -> dict[str, Any]:
    owner = people_by_id(session, [lesson.owner_id]).get(lesson.owner_id or 0)
    return {
        "card": shown.card(lesson, web.name_of(owner)),
        "page_of": f"{db.settings().base_url}/lessons/{lesson.code}",
        "says": say_so(session, lesson, by=by, onward=""),
    }


# ── what the frame asks ──────────────────────────────────────────────────────────────────────────────────────────────
def _check() -> None:
    """Raises Refused 401 where the frame's token is missing or too old."""
    if not asking().framed:
        raise Refused(401, TOO_OLD)


@blueprint.post("/suggest")
@web.signed
def suggest() -> ResponseReturnValue:
    """Cards for what the customer says, as a part of the frame; nothing of it is kept."""
    _check()
    sent = web.json_body()
    with web.reading() as (session, by, at):
        text = read(session, Text, sent, by=by)["text"][:READ]
        found = finder.found(session, text, by=by, at=at, limit=SUGGESTED, among=DOCUMENTING, counts=fused.SAID)
    return make_response(render_template("desk/embed_list.html", rows=[_line(one) for one in found]))


def _line(one: finder.Found) -> dict[str, Any]:
    told = one.shown
    return {
        "code": told.code,
        "title": told.title,
        "direction": told.direction,
        "sort": told.sort,
        "state": told.state,
        "lang": told.lang,
        "dir": direction(told.lang),
        "when": told.when,
    }


@blueprint.post("/use")
@web.signed
def use() -> ResponseReturnValue:
    """The card is the one for this case: the case comes in, is matched, and its text goes back to the CRM."""
    _check()
    sent = web.json_body()
    with web.writing() as (session, by, at):
        asked = read(session, Use, sent, by=by)
        lesson = asked.pop("lesson")
        case = operations.enter(session, asked, by=by, at=at)
        matching.match(session, case, lesson, by=by, at=at)
        session.flush()
        told = {
            "external_id": case.external_id,
            "lesson": lesson.code,
            "edition": lesson.edition,
            "category": category_of(session, case, lesson),
            "documentation": documentation(session, case, lesson, locale=web.locale(), at=at),
        }
    return jsonify(told)


@blueprint.post("/said")
@web.signed
def said() -> ResponseReturnValue:
    """What the agent says of the card; its answers come back as they stand now."""
    _check()
    sent = web.json_body()
    with web.writing() as (session, by, at):
        asked = read(session, Said, sent, by=by)
        lesson = asked.pop("lesson")
        feedback.say_so(session, lesson, asked, by=by, at=at)
        session.flush()
        says = say_so(session, lesson, by=by, onward="")
    return make_response(render_template("desk/embed_said.html", says=says, code=lesson.code))


@blueprint.post("/sightings")
@web.signed
def took() -> ResponseReturnValue:
    """How long it took until the first card was there, or the case was documented: of a unit, of no person."""
    _check()
    sent = web.json_body()
    with web.writing() as (session, by, at):
        asked = read(session, Took, sent, by=by)
        _keep(session, asked, by=by, at=at)
    return "", 204


def _keep(session: Session, asked: dict[str, Any], *, by: Actor, at: datetime) -> None:
    if by.person is not None:
        session.add(Sighting(**asked, unit_id=by.person.unit_id, at=at))
