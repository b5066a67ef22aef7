"""Programs ask by words: search as one types, and suggestions for what a customer just said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import request
from pydantic import Field
from sqlmodel import Session

from lessons import db, web
from lessons.access import Actor
from lessons.access.refs import read
from lessons.doors.calls import Answer
from lessons.doors.parameters import BadQuery, Query
from lessons.doors.shapes import links
from lessons.i18n import say
from lessons.models import Lesson, Procedure, Revision
from lessons.people import synonyms
from lessons.procedures import found as procedures
from lessons.repository import searching
from lessons.repository.found import body_of
from lessons.repository.queries import readable
from lessons.search import fused
from lessons.search.embedder import ASKED_SECONDS
from lessons.search.snippets import snippet
from lessons.workflow import fields as f
from lessons.workflow.fields import Asks
from lessons.workflow.sections import text

LEGS = fused.LEGS
LESSON, PROCEDURE = "lesson", "procedure"
ALIKE, SPELT = say("same topic"), say("spelled alike")
USUAL, MOST, SUGGESTED = 20, 100, 5
WHY, READ = 6, 4000


class Suggest(Asks):
    text: f.Text
    limit: int = Field(default=SUGGESTED, ge=1, le=20, strict=True)


def search(session: Session, *, by: Actor, at: datetime) -> Answer:
    query = Query(request.args, ("q", "legs", "limit"), many=("legs",))
    q = query.text("q", most=READ)
    if not q:
        raise BadQuery("q", "missing", say("What is looked for? “q” holds the words."))
    legs = query.several("legs", LEGS) or LEGS
    items = found(session, q, by=by, limit=query.limit(USUAL, MOST), legs=legs, locale=web.locale(), at=at)
    if not items and len(legs) == len(LEGS):
        missed(q, at)
    return Answer({"items": [item(one) for one in items], "legs": [leg for leg in LEGS if leg in legs]})


def missed(q: str, at: datetime) -> None:
    """An administrator may say what the words mean here."""
    with db.transaction() as session:
        synonyms.note_missed(session, q, on=at.date())


def suggest(session: Session, *, by: Actor, at: datetime, raw: dict[str, Any]) -> Answer:
    asked = read(session, Suggest, raw, by=by)
    items = found(session, asked["text"][:READ], by=by, limit=asked.get("limit", SUGGESTED), locale=web.locale(),
                  counts=fused.SAID, at=at)  # fmt: skip
    return Answer({"items": [item(one) for one in items]})


@dataclass(frozen=True)
class Found:
    """A lesson, or a procedure with its revision in force; `why` are finished words, in one language."""

    row: Any
    revision: Revision | None
    why: list[str]
    score: float


def found(
    session: Session,
    q: str,
    *,
    by: Actor,
    limit: int,
    legs: Collection[str] = LEGS,
    seconds: float = ASKED_SECONDS,
    locale: str = "en",
    counts: Mapping[str, float] = fused.ASKED,
    at: datetime | None = None,
) -> list[Found]:
    """Lessons and procedures that answer, the best first, within what this person may read."""
    where = {LESSON: readable(session, by), PROCEDURE: procedures.readable(session, by)}
    answers = searching.answers(session, q, where=where, limit=limit, legs=legs, seconds=seconds, counts=counts,
                                by=by, at=at)  # fmt: skip
    rows = {
        LESSON: _by_id(session, Lesson, answers, LESSON),
        PROCEDURE: _by_id(session, Procedure, answers, PROCEDURE),
    }
    texts = _in_force(session, rows[PROCEDURE])
    shown = ((rows[one.noun].get(one.record_id), one) for one in answers)
    return [
        Found(row, texts.get(row.id) if one.noun == PROCEDURE else None, _why(_words(row, texts), q, one, locale),
              one.score)
        for row, one in shown if row is not None
    ]  # fmt: skip


def _by_id(session: Session, model: Any, answers: Sequence[fused.Answer], noun: str) -> dict[int, Any]:
    ids = [one.record_id for one in answers if one.noun == noun]
    return {row.id: row for row in session.scalars(sa.select(model).where(model.id.in_(ids)))} if ids else {}


def _in_force(session: Session, rows: Mapping[int, Any]) -> dict[int, Revision]:
    if not rows:
        return {}
    of = sa.select(Revision).where(Revision.procedure_id.in_(list(rows)), procedures.IN_FORCE)
    return {row.procedure_id: row for row in session.scalars(of)}


def _words(row: Any, texts: Mapping[int, Revision]) -> tuple[str, str]:
    if isinstance(row, Lesson):
        return row.title, body_of(row)
    return row.title, "\n".join(map(text, texts[row.id].sections)) if row.id in texts else ""


def item(one: Found) -> dict[str, Any]:
    row = one.row
    direction = None if one.revision else row.direction
    return {
        "code": row.code,
        "title": row.title,
        "direction": direction.value if direction else None,
        "state": (one.revision or row).state.value,
        "why": one.why,
        "score": float(f"{one.score:.6g}"),
        "links": links(row),
    }


def _why(texts: Sequence[str], q: str, one: fused.Answer, locale: str) -> list[str]:
    """Its own words that answer to the question's; where there are none, in what way it is alike."""
    words = (text for each in texts for text, told in snippet(each, q) if told)
    shown = list(dict.fromkeys(words))[:WHY]
    if fused.MEANING in one.legs:
        shown.append(str(ALIKE.in_(locale)))
    return shown or [str(SPELT.in_(locale))]
