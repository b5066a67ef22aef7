"""Pages around the front of the desk: what is read there, what comes up by itself, and the first cards of newcomers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import db, web
from lessons.access import Actor, tree
from lessons.access.named import called
from lessons.desk import basics, opening, popups
from lessons.errors import Invalid, NotFound
from lessons.i18n import say, say_n
from lessons.models import Lesson, Unit
from lessons.news import operations as news
from lessons.news import queries
from lessons.news.shown import plain
from lessons.web.forms import errors_of
from lessons.web.guards import csrf

blueprint = Blueprint("front", __name__)
MOST_SENT = 60
NO_UNIT = say("This unit is not there.")


# ── read and understood, all at once ─────────────────────────────────────────────────────────────────────────────────
@blueprint.post("/desk/read")
def read_all() -> ResponseReturnValue:
    """What was answered rightly is read; what was not stands on a page of its own, with its passage."""
    editions, answers = _sent()
    with web.writing() as (session, by, at):
        found = opening.read_all(session, editions, answers, by=by, at=at)
        if not found.left:
            meanwhile = say_n("One of them changed meanwhile; it is here as it is now.",
                              "%(n)d of them changed meanwhile; they are here as they are now.",
                              n=found.changed)  # fmt: skip
            said = meanwhile if found.changed else say("Recorded: read and understood.")
            return web.sent_to(session, "/desk", said, kind="wait" if found.changed else "ok")
    return web.show("desk/again.html", title=say("One more look"), status=422, cards=found.left)


def _sent() -> tuple[dict[str, int], dict[str, int]]:
    """Which editions were shown, and which answers were chosen, by code. What is none of ours is left out."""
    shown = (one.partition(":") for one in request.form.getlist("read")[:MOST_SENT])
    editions = {code: int(edition) for code, _, edition in shown if edition.isdecimal() and len(edition) < 8}
    chosen = {code: request.form.get(f"answer-{code}", type=int) for code in editions}
    return editions, {code: answer for code, answer in chosen.items() if answer is not None and 0 <= answer <= 4}


# ── what comes up by itself ──────────────────────────────────────────────────────────────────────────────────────────
@blueprint.get("/desk/now")
def now() -> ResponseReturnValue:
    """The pop-ups of this moment; where the desk knows them already it was answered before it came here."""
    with web.reading() as (session, by, at):
        answer = _now(session, by, at)
        # a page that was just opened, and not one that waits: then thousands would write in the same moment
        noted = not request.if_none_match and opening.is_to_be_noted(session, by, at)
    if noted:
        with db.transaction() as session:
            opening.note_visit(session, by, at)
    return answer


@blueprint.post("/desk/now/<code>")
def acknowledge(code: str) -> ResponseReturnValue:
    """Read and understood, where it stands; what is left comes back."""
    with web.writing() as (session, by, at):
        news.acknowledge(session, queries.one(session, code, by), {}, by=by, at=at)
        session.flush()
        return _now(session, by, at)


def _now(session: Session, by: Actor, at: Any) -> Response:
    shown = [
        {**(plain(one.news) if one.news else {}), "title": one.title, "news": one.news is not None,
         "code": (one.news or one.briefing).code, "href": f"/briefings/{one.briefing.code}" if one.briefing else ""}
        for one in popups.popups(session, by=by, at=at)
    ]  # fmt: skip
    answer = make_response(web.part("desk/now.html", popups=shown, csrf=csrf()))
    unit_id = by.person.unit_id if by.person else 0
    answer.headers["ETag"] = f'"{popups.head(unit_id, at=at)}"'
    return answer


# ── the first cards ──────────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.post("/basics/<code>/read")
def read_basic(code: str) -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        basics.read_card(session, called(session, Lesson, code, by=by), by=by, at=at)
        return web.sent_to(session, "/desk", say("Recorded: read and understood."))


@blueprint.route("/basics", methods=["GET", "POST"])
def basic_cards() -> ResponseReturnValue:
    """Which cards a newcomer reads, in which order; and for whoever leads newcomers, how far each is."""
    if request.method == "GET":
        with web.reading() as (session, by, at):
            return _basics(session, by, at)
    codes = [code for code in request.form.get("cards", "")[:2000].upper().replace(",", "\n").split() if code]
    try:
        with web.writing() as (session, by, _):
            unit = _asked_unit(session, by)
            basics.set_cards(session, unit, [called(session, Lesson, code, by=by) for code in codes], by=by)
            return web.sent_to(session, f"/basics?unit={unit.code}", say("Saved."))
    except (Invalid, NotFound) as refusal:
        errors = errors_of(refusal.errors, web.locale()) if isinstance(refusal, Invalid) else {}
        with web.reading() as (session, by, at):
            return _basics(session, by, at, typed="\n".join(codes), error=errors.get("cards") or refusal.message)


def _basics(session: Session, by: Actor, at: Any, typed: str | None = None, error: Any = "") -> ResponseReturnValue:
    unit = _unit(session, by)
    cards = basics.cards_of(session, unit.id or 0) if unit else []
    may = unit is not None and unit.id in tree(session).under(by.units_of("lessons_manager"))
    new = basics.newcomers(session, by=by, at=at)
    return web.show(
        "desk/basics.html",
        title=say("The first 30 days"),
        status=422 if error else 200,
        unit=unit,
        may_set=may,
        units=[
            {"href": f"/basics?unit={one.code}", "label": web.name_of(one), "current": unit is not None
             and one.id == unit.id}
            for one in tree(session).units.values() if one.until_on is None
        ],
        cards=[{"title": card.title, "code": card.code, "href": f"/lessons/{card.code}"} for card in cards],
        typed="\n".join(card.code for card in cards) if typed is None else typed,
        error=error,
        newcomers=[
            {"name": web.name_of(one.person), "function": web.function_of(one.person), "day": one.day,
             "read": one.read, "of": one.of, "share": one.read / one.of if one.of else 0.0}
            for one in new
        ],
    )  # fmt: skip


def _asked_unit(session: Session, by: Actor) -> Unit:
    unit = _unit(session, by)
    if unit is None:
        raise NotFound(NO_UNIT)
    return unit


def _unit(session: Session, by: Actor) -> Unit | None:
    """The one that is asked for, else one's own."""
    code = request.values.get("unit", "")[:40]
    if code:
        return tree(session).by_code(code)
    return tree(session).units.get(by.person.unit_id) if by.person else None
