"""A deck of what the list of lessons shows: few cards at once, many in the background."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from exports.press import PressFailed
from exports.sheet import CardTooLong
from lessons import web
from lessons.access import tree
from lessons.access.refs import invalid
from lessons.debriefs.topics import find
from lessons.doors.cards import PRINTED_A_MINUTE, press
from lessons.errors import FieldError, Invalid, NotAllowed, Unavailable
from lessons.i18n import NAMES, Sentence, say
from lessons.jobs import operations as jobs
from lessons.repository import deck
from lessons.repository.pages import wanted_by
from lessons.repository.queries import Wanted
from lessons.web.counted import count
from lessons.web.handed import disposition, sealed

blueprint = Blueprint("deck", __name__)
HERE = "/lessons/deck"
ASKED = ("title", "size", "labels")
SIZES = {"a4": say("A4, one card a sheet"), "a5": say("A5, for a pocket")}
LONGEST = 120
TOO_MANY = say(
    "A deck holds up to %(most)s cards. A topic, a unit or “new this month” makes them fewer.", most=deck.MOST
)
LATER = say("So many cards are made in the background, from the page of the deck.")


@blueprint.get(HERE)
def ask() -> ResponseReturnValue:
    return _form()


def _form(refusal: Invalid | None = None) -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        wanted = wanted_by(session, request.args)
        cards = len(deck.codes(session, wanted, by=by))
        title = str(web.spoken(_title(session, wanted)))
    typed = {name: request.form.get(name, "") for name in ASKED} if refusal else {}
    fields: list[dict[str, Any]] = [
        {"name": "title", "label": say("What the deck is called"), "kind": "text", "required": True, "value": title},
        {"name": "size", "label": say("Size of the sheets"), "kind": "radio", "required": True, "value": "a4",
         "options": [{"value": size, "label": label} for size, label in SIZES.items()]},
        {"name": "labels", "label": say("Language of the headings"), "kind": "radio", "required": True,
         "value": web.locale(), "hint": say("The cards keep the language they are written in."),
         "options": [{"value": code, "label": label} for code, label in NAMES.items()]},
    ]  # fmt: skip
    return web.show(
        "repository/deck.html", title=say("A deck of cards"), status=422 if refusal else 200, cards=cards,
        too_many=TOO_MANY if cards > deck.MOST else "", later=cards > deck.AT_ONCE,
        fields=web.filled(fields, typed, refusal), here=web.path_here(),
        back=f"/lessons?{request.query_string.decode()}",
    )  # fmt: skip


def _title(session: Session, wanted: Wanted) -> Sentence | str:
    """What the list is narrowed to says what the deck is of."""
    topic = find(session, wanted.topic) if wanted.topic else None
    if topic is not None:
        return topic.name
    unit = web.name_of(tree(session).units[wanted.unit.id]) if wanted.unit and wanted.unit.id else ""
    if wanted.since is not None:
        new = say("New cards, %(month)s", month=f"{wanted.since:%m/%Y}")
        return f"{web.spoken(new)} · {unit}" if unit else new
    return unit or say("Lesson cards")


@blueprint.post(HERE)
def make() -> ResponseReturnValue:
    try:
        wish = _wish(request.form)
        with web.writing() as (session, by, at):
            found = deck.codes(session, wanted_by(session, request.args), by=by)
            _check(found)
            if len(found) <= deck.AT_ONCE:
                kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
                asked = [("title", wish.title), ("size", wish.size), ("labels", wish.lang)]
                return web.sent_to(session, f"{HERE}.pdf?{urlencode([*kept, *asked])}")
            told = {"codes": found, "title": wish.title, "size": wish.size, "lang": wish.lang}
            job = jobs.ask(session, deck.KIND, wish.title, told, by=by, at=at)
            return web.sent_to(session, f"/jobs/{job.pid}")
    except Invalid as refusal:
        return _form(refusal)


@blueprint.get(f"{HERE}.pdf")
def printed() -> ResponseReturnValue:
    """Few cards, printed while one waits. The press works after the database has been let go."""
    wish = _wish(request.args)
    with web.reading() as (session, by, at):
        found = deck.codes(session, wanted_by(session, request.args), by=by)
        _check(found)
        if len(found) > deck.AT_ONCE:
            raise NotAllowed(LATER)
        [sheet] = deck.sheets(session, found, wish, by=by, at=at)
    count("print", PRINTED_A_MINUTE)
    try:
        made = press().deck(sheet)
    except CardTooLong as fault:
        raise NotAllowed(deck.NO_ROOM) from fault
    except PressFailed as fault:
        raise Unavailable(deck.NOT_NOW) from fault
    answer = sealed(made.pdf, deck.PDF, "deck.pdf", "inline")
    answer.headers["Content-Disposition"] = disposition(f"{deck.file_name(wish.title)}.pdf", "inline")
    return answer


def _check(found: list[str]) -> None:
    if not found or len(found) > deck.MOST:
        raise invalid([FieldError("/title", "cards", TOO_MANY if found else deck.NONE)])


def _wish(sent: Any) -> deck.Wish:
    """Raises Invalid."""
    title, size, labels = sent.get("title", "").strip()[:LONGEST], sent.get("size", "a4"), sent.get("labels", "")
    faults = [] if title else [FieldError("/title", "missing", say("A title is needed: it stands on the cover."))]
    faults += [] if size in SIZES else [FieldError("/size", "choice", say("One of these is needed."))]
    faults += [] if labels in NAMES else [FieldError("/labels", "choice", say("One of these is needed."))]
    if faults:
        raise invalid(faults)
    return deck.Wish(title, size, labels)
