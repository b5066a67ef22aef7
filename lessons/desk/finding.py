"""What the words of a search find for an agent: everything that can be read on the desk."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.doors import finder
from lessons.doors.finder import Found
from lessons.search.fused import WORDS
from lessons.steps.codes import typed

MOST = 9
"""As many as there are keys for them."""
NOUNS = ("lessons", "procedures", "news")


def found(
    session: Session, q: str, *, by: Actor, at: datetime, limit: int = MOST, legs: Collection[str] = finder.LEGS
) -> list[Found]:
    """The best first: the record whose code it is, else what answers by words, letter triples and meaning. What leads
    away from the desk comes last: whoever has a customer waiting wants the card."""
    if not q.strip():
        return []
    named = typed(q, web.today().year)
    if named is not None and named[0] in NOUNS:
        q, legs = named[1], (WORDS,)
    answers = finder.found(session, q, by=by, at=at, limit=limit, legs=legs, locale=web.locale())
    return sorted(answers, key=lambda one: not one.kind.opens)


def is_missed(hits: Sequence[Found]) -> bool:
    """Whether nothing answers, or only what is near by its topic."""
    return all(one.near for one in hits)


def drawn(one: Found) -> dict[str, Any]:
    """What a list says of it, wherever it leads."""
    shown = one.shown
    return {
        "title": [{"text": text, "hit": told} for text, told in one.title],
        "kind": shown.direction,
        "sort": shown.sort,
        "state": shown.state,
        "why": " · ".join(one.why),
    }
