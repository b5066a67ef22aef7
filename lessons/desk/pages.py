"""The desk: words in, the right card out while the customer waits; until then what is new and what waits to be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import db, web
from lessons.access import Actor
from lessons.desk.finding import drawn, found, is_missed
from lessons.desk.front import front
from lessons.desk.heard import heard
from lessons.desk.opened import Opened, opened
from lessons.doors.finder import Found, has_words, missed
from lessons.errors import NotFound
from lessons.i18n import say
from lessons.repository.say_so import say_so
from lessons.search import embedder
from lessons.search.fused import GRAMS, LEGS, WORDS
from lessons.sentences import queries as sentences
from lessons.sentences import shown as spoken

blueprint = Blueprint("desk", __name__)
LONGEST, MOST_SENTENCES = 400, 5
AT_ONCE = (WORDS, GRAMS)
NOT_THERE = say("This is not there, or not open to you.")


@blueprint.get("/desk")
def desk() -> ResponseReturnValue:
    """With words the best answer lies open, or the one that was chosen. What is near by its topic alone is offered."""
    with web.reading() as (session, by, at):
        hits = found(session, _words(), by=by, at=at)
        code = request.args.get("card", "")[:24]
        best = next((one.shown.code for one in hits if one.kind.opens and not one.near), "")
        chosen = opened(session, code or best, by=by) if code or best else None
        if code and chosen is None:
            raise NotFound(NOT_THERE)
        if _words() and is_missed(hits):
            missed(_words(), at)
        return web.show("desk/desk.html", title=say("Desk"), **_values(session, hits, chosen, by=by, at=at))


@blueprint.get("/desk/found")
def answers() -> ResponseReturnValue:
    """The same while one types: the answers alone, none of them opened yet. Words and letters answer at once; where
    typing rests, meaning is asked too."""
    whole = "whole" in request.args
    with web.reading() as (session, by, at):
        hits = found(session, _words(), by=by, at=at, legs=LEGS if whole else AT_ONCE)
        later = "" if whole or not _words() or embedder.of(db.settings()) is None else _later()
        return web.part("desk/found.html", live=True, later=later, **_values(session, hits, None, by=by, at=at))


def _later() -> str:
    return web.with_args(request.path, q=_words(), whole="1")


def _words() -> str:
    return request.args.get("q", "")[:LONGEST].strip()


def _values(
    session: Session, hits: Sequence[Found], chosen: Opened | None, *, by: Actor, at: datetime
) -> dict[str, Any]:
    return {
        "q": _words(),
        "worded": has_words(_words()),
        "hits": [_row(n, one, chosen) for n, one in enumerate(hits, 1)],
        "near": is_missed(hits),
        "opened": chosen,
        "here": _place(chosen.code) if chosen else "",
        "says": _says(session, chosen, by) if chosen else None,
        "spoken": _spoken(session, chosen, by, at) if chosen else None,
        **({} if _words() or chosen else {"front": front(session, by, at), "heard": heard(session, by, at)}),
    }


def _says(session: Session, chosen: Opened, by: Actor) -> dict[str, Any] | None:
    return say_so(session, chosen.lesson, by=by, onward=_place(chosen.code)) if chosen.lesson else None


def _spoken(session: Session, chosen: Opened, by: Actor, at: datetime) -> dict[str, Any] | None:
    """The sentences that go with the card, and the way to one more."""
    if chosen.lesson is None:
        return None
    found = sentences.of_lesson(session, chosen.lesson, by=by, at=at, limit=MOST_SENTENCES)
    offer = web.with_args("/sentences/new", lesson=chosen.code)
    return {"rows": [spoken.row(one, by=by) for one in found], "next": _place(chosen.code), "offer": offer}


def _place(code: str) -> str:
    """Of what lies open, among what these words found."""
    return web.with_args("/desk", q=_words(), card=code)


def _row(n: int, one: Found, chosen: Opened | None) -> dict[str, Any]:
    shown = one.shown
    return {
        "n": n,
        "id": "_".join(shown.code.split()),
        "href": _place(shown.code) if one.kind.opens else shown.links["page"],
        **drawn(one),
        "current": chosen is not None and chosen.code == shown.code,
    }
