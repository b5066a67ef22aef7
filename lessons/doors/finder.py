"""Programs ask by words: search as one types, and suggestions for what a customer just said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import request
from pydantic import Field
from sqlmodel import Session

from lessons.access import Actor
from lessons.access.refs import read
from lessons.doors.calls import Answer
from lessons.doors.parameters import BadQuery, Query
from lessons.doors.shapes import links
from lessons.i18n import say
from lessons.models import Lesson
from lessons.repository.found import body_of
from lessons.repository.queries import search as find
from lessons.search.index import Hit
from lessons.search.snippets import snippet
from lessons.workflow import fields as f
from lessons.workflow.fields import Asks

LEGS = ("words",)
USUAL, MOST, SUGGESTED = 20, 100, 5
WHY, READ = 6, 4000


class Suggest(Asks):
    text: f.Text
    limit: int = Field(default=SUGGESTED, ge=1, le=20, strict=True)


def search(session: Session, *, by: Actor, at: datetime) -> Answer:  # noqa: ARG001 - every read is given its moment
    query = Query(request.args, ("q", "legs", "limit"), many=("legs",))
    q = query.text("q", most=READ)
    if not q:
        raise BadQuery("q", "missing", say("What is looked for? “q” holds the words."))
    query.several("legs", LEGS)
    return Answer({"items": found(session, q, by=by, limit=query.limit(USUAL, MOST)), "legs": list(LEGS)})


def suggest(session: Session, *, by: Actor, at: datetime, raw: dict[str, Any]) -> Answer:  # noqa: ARG001 - it asks, and writes nothing
    asked = read(session, Suggest, raw, by=by)
    return Answer({"items": found(session, asked["text"][:READ], by=by, limit=asked.get("limit", SUGGESTED))})


def found(session: Session, q: str, *, by: Actor, limit: int) -> list[dict[str, Any]]:
    """Lessons that answer, the best first, within what this person may read."""
    hits = find(session, q, by=by, limit=limit)
    rows = {row.id: row for row in session.scalars(sa.select(Lesson).where(Lesson.id.in_([h.record_id for h in hits])))}
    return [_item(rows[hit.record_id], hit, q) for hit in hits if hit.record_id in rows]


def _item(lesson: Lesson, hit: Hit, q: str) -> dict[str, Any]:
    return {
        "code": lesson.code,
        "title": lesson.title,
        "direction": lesson.direction.value if lesson.direction else None,
        "state": lesson.state.value,
        "why": _why((lesson.title, body_of(lesson)), q),
        "score": float(f"{hit.score:.6g}"),
        "links": links(lesson),
    }


def _why(texts: Sequence[str], q: str) -> list[str]:
    """The lesson's own words that answer to the question's."""
    words = (text for one in texts for text, told in snippet(one, q) if told)
    return list(dict.fromkeys(words))[:WHY]
