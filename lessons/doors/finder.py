"""Programs ask by words: search as one types, and suggestions for what a customer just said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from pydantic import Field
from sqlmodel import Session

from lessons import db, web
from lessons.access import Actor
from lessons.access.refs import read
from lessons.doors.calls import Answer
from lessons.doors.kinds import DOCUMENTING, KINDS, Kind, Shown
from lessons.doors.parameters import BadQuery, Query
from lessons.doors.shapes import ROOT
from lessons.i18n import say
from lessons.models import Lesson
from lessons.people import synonyms
from lessons.questions import queries as questions
from lessons.repository import searching
from lessons.search import fused
from lessons.search.embedder import ASKED_SECONDS
from lessons.search.snippets import Piece, snippet, told
from lessons.search.synonyms import instead
from lessons.search.words import index_tokens, query_terms
from lessons.workflow import fields as f
from lessons.workflow.fields import Asks

LEGS = fused.LEGS
ALIKE, SPELT = say("same topic"), say("spelled alike")
BESIDE = 0.85
"""How much news and sentences count where a card answers about as well: a customer is waiting for that."""
USUAL, MOST, SUGGESTED = 20, 100, 5
WHY, READ = 6, 4000
PUNCTUATION = frozenset("?!.,;:…-–—־'\"׳״«»“”‘’()[]{}*")
"""What stands in every text, and says how it is read."""
Others = Sequence[tuple[str, str]]
SPARE = 10
"""So many more are asked for: some of them may hold too little of what was asked."""


class Suggest(Asks):
    text: f.Text
    limit: int = Field(default=SUGGESTED, ge=1, le=20, strict=True)


def search(session: Session, *, by: Actor, at: datetime) -> Answer:
    query = Query(request.args, ("q", "legs", "limit"), many=("legs",))
    q = query.text("q", most=READ)
    if not q:
        raise BadQuery("q", "missing", say("What is looked for? “q” holds the words."))
    legs = query.several("legs", LEGS) or LEGS
    answers = found(session, q, by=by, at=at, limit=query.limit(USUAL, MOST), legs=legs, locale=web.locale())
    if not answers and len(legs) == len(LEGS):
        missed(q, at)
    told = items(session, answers, by=by)
    return Answer({"items": told, "legs": [leg for leg in LEGS if leg in legs]})


def has_words(q: str) -> bool:
    """Signs alone stand for themselves: nothing is spelled like them, and everything would be as near."""
    return any(char.isalnum() for char in q)


def _is_told(q: str) -> bool:
    """Whether it can be looked for: words, or a sign that says something itself, such as %."""
    return not all(char in PUNCTUATION or char.isspace() for char in q)


def missed(q: str, at: datetime) -> None:
    """An administrator may say what the words mean here."""
    if not has_words(q):
        return
    with db.transaction() as session:
        synonyms.note_missed(session, q, on=at.date())


def suggest(session: Session, *, by: Actor, at: datetime, raw: dict[str, Any]) -> Answer:
    """What a case may be handled by: news and topics are for whoever asks, and no answer to a customer."""
    asked = read(session, Suggest, raw, by=by)
    answers = found(session, asked["text"][:READ], by=by, at=at, limit=asked.get("limit", SUGGESTED), among=DOCUMENTING,
                    locale=web.locale(), counts=fused.SAID)  # fmt: skip
    return Answer({"items": items(session, answers, by=by)})


@dataclass(frozen=True)
class Found:
    """`row` as its kind keeps it; `why` are finished words, in one language; `title` in pieces, of which those are told
    that stand for other words of the question; `near`: by its meaning alone."""

    kind: Kind
    row: Any
    shown: Shown
    title: list[Piece]
    why: list[str]
    score: float
    near: bool


def found(
    session: Session,
    q: str,
    *,
    by: Actor,
    at: datetime,
    limit: int,
    among: Collection[str] = tuple(KINDS),
    legs: Collection[str] = LEGS,
    seconds: float = ASKED_SECONDS,
    locale: str = "en",
    counts: Mapping[str, float] = fused.ASKED,
) -> list[Found]:
    """What answers among these kinds, the best first, within what this person may read at that moment: a query of its
    rows for each kind that answers, however many."""
    if not _is_told(q):
        return []
    legs = legs if has_words(q) else (fused.WORDS,)
    where = {noun: KINDS[noun].found.readable(session, by, at) for noun in among}
    groups = searching.synonyms(session)
    answers = searching.answers(session, q, where=where, limit=limit + SPARE, legs=legs, seconds=seconds,
                                counts=counts, groups=groups, by=by, at=at)  # fmt: skip
    others = instead(q, groups)
    whole = (one for one in answers if not (one.partial and KINDS[one.noun].whole))
    best = sorted(whole, key=_score, reverse=True)[:limit]
    rows = {(noun, n): row for noun in among for n, row in _rows(session, noun, best).items()}
    told = ((KINDS[one.noun], rows[one.noun, one.record_id], one) for one in best if (one.noun, one.record_id) in rows)
    return [_found(kind, row, q, one, others, locale) for kind, row, one in told]


def _found(kind: Kind, row: Any, q: str, one: fused.Answer, others: Others, locale: str) -> Found:  # noqa: PLR0917 - in a row
    shown, texts = kind.show(row), kind.found.words(row)
    pairs = [(asked, other) for asked, other in others if _holds(texts, other)]
    title = snippet(shown.title, " ".join(other for _, other in pairs), width=4 * len(shown.title) + 1)
    why = _why(texts, q, one, [f"{asked} = {other}" for asked, other in pairs], locale)
    return Found(kind, row, shown, title, why, _score(one), near=one.legs == {fused.MEANING})


def _holds(texts: Sequence[str], words: str) -> bool:
    tokens = {token for each in texts for token in index_tokens(each)}
    return all(term.found_in(tokens) for term in query_terms(words))


def _score(one: fused.Answer) -> float:
    return one.score * (1 if KINDS[one.noun].documents else BESIDE)


def _rows(session: Session, noun: str, answers: Sequence[fused.Answer]) -> Mapping[int, Any]:
    ids = [one.record_id for one in answers if one.noun == noun]
    return KINDS[noun].found.rows(session, ids) if ids else {}


def items(session: Session, found: Sequence[Found], *, by: Actor) -> list[dict[str, Any]]:
    """As programs are told; of a lesson that was made of a question, which one."""
    asked = questions.behind(session, [one.row.id for one in found if isinstance(one.row, Lesson)], by=by)
    return [_item(one, asked.get(one.row.id, "") if isinstance(one.row, Lesson) else "") for one in found]


def _item(one: Found, question: str) -> dict[str, Any]:
    shown = one.shown
    also = {"question": f"{ROOT}/questions/{question}"} if question else {}
    return {
        "noun": shown.noun,
        "code": shown.code,
        "title": shown.title,
        "direction": shown.direction or None,
        "state": shown.standing,
        "question": question or None,
        "why": one.why,
        "score": float(f"{one.score:.6g}"),
        "links": {**shown.links, **also},
    }


def _why(texts: Sequence[str], q: str, one: fused.Answer, others: list[str], locale: str) -> list[str]:
    """For each word of the question the first of its own that answers, and those that mean the same; where there are
    none, in what way it is alike. Where no word or triple led to it, no word is told that stands everywhere."""
    shown = [] if one.legs == {fused.MEANING} else told(texts, q, WHY) + others[:WHY]
    return shown or [str((ALIKE if fused.MEANING in one.legs else SPELT).in_(locale))]
