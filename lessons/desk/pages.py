"""The desk: search, the card in reading position, what is new and what waits to be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.access.listing import Page
from lessons.access.named import people_by_id
from lessons.desk.front import front
from lessons.i18n import say
from lessons.models import Lesson, Person
from lessons.repository import queries, shown

blueprint = Blueprint("desk", __name__)
MOST = 12


@blueprint.get("/desk")
def desk() -> ResponseReturnValue:
    words = request.args.get("q", "")[:400]
    with web.reading() as (session, by, at):
        found = queries.lessons(session, queries.Wanted(q=words), by=by, limit=MOST) if words.strip() else Page([])
        lesson = _chosen(session, by, found.items[0].lesson if words.strip() and found.items else None)
        owner = _owner(session, lesson, found.items) if lesson else None
        return web.show(
            "desk/desk.html",
            title=say("Desk"),
            q=words,
            hits=[_hit(one, words, lesson) for one in found.items],
            card=shown.card(lesson, web.name_of(owner)) if lesson else None,
            front=front(session, by, at) if not (words.strip() or lesson) else None,
        )


def _chosen(session: Session, by: Actor, best: Lesson | None) -> Lesson | None:
    """The card that was asked for, else the best answer."""
    code = request.args.get("card", "")[:24]
    return queries.by_short_or_code(session, code, by=by) if code else best


def _owner(session: Session, lesson: Lesson, among: Sequence[queries.Listed]) -> Person | None:
    known = next((one.owner for one in among if one.lesson.id == lesson.id), None)
    return known or people_by_id(session, [lesson.owner_id]).get(lesson.owner_id or 0)


def _hit(one: queries.Listed, words: str, chosen: Lesson | None) -> dict[str, Any]:
    row = shown.row(one)
    return {
        **row,
        "href": web.with_args("/desk", q=words, card=one.lesson.code),
        "current": chosen is not None and chosen.id == one.lesson.id,
    }
