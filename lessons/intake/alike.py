"""Whether a lesson that comes in looks like one that is here: only the index's candidates are compared, by their letter
triples. Nothing is decided here; a person sees both and says."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, visible_to
from lessons.intake import written
from lessons.models import Import, ImportItem, Lesson
from lessons.search import grams, index
from lessons.search.words import index_tokens
from lessons.workflow.states import LESSON_LIVE

LOOKED_AT = 1_000
"""Events of one import; in a longer one nobody looks at each, and what is alike is found by the search later."""
CANDIDATES = 5
LEAST = 60
"""Percent of likeness from which it is told."""
ASKED = 200  # characters of a lesson that candidates are asked by


def look(session: Session, row: Import, *, by: Actor) -> None:
    """Note beside each item the lesson here that its first lesson looks like most, and how much: 0 to 100."""
    told = sa.select(ImportItem).where(ImportItem.import_id == row.id).order_by(ImportItem.n)
    items = session.scalars(told.limit(LOOKED_AT + 1)).all()
    if len(items) > LOOKED_AT:
        return
    for item in items:
        if item.read.get("lessons"):
            lesson, item.likeness = nearest(session, written.debrief_of(item.read).lessons[0].text, by)
            item.alike_id = lesson.id if lesson else None
    session.flush()


def nearest(session: Session, text: str, by: Actor) -> tuple[Lesson | None, int]:
    hits = index.find(session, text[:ASKED], noun="lesson", limit=CANDIDATES)
    found = _readable(session, Lesson.id.in_([hit.record_id for hit in hits]), by) if hits else []
    best = max(((likeness(text, lesson), lesson) for lesson in found), default=(0, None), key=lambda pair: pair[0])
    return (best[1], best[0]) if best[0] >= LEAST else same(session, text, by)


def same(session: Session, text: str, by: Actor) -> tuple[Lesson | None, int]:
    """The lesson with the very same sentence, also one that only waits to be decided."""
    found = _readable(session, sa.or_(Lesson.title == text[:300], Lesson.why == text), by)
    return (found[0], 100) if found else (None, 0)


def _readable(session: Session, where: sa.ColumnElement[bool], by: Actor) -> Sequence[Lesson]:
    live = sa.select(Lesson).where(where, Lesson.state.in_(LESSON_LIVE))
    if by.kind == "person":
        live = live.where(visible_to(session, "lessons", by))
    return session.scalars(live.order_by(Lesson.id).limit(CANDIDATES)).all()


def likeness(text: str, lesson: Lesson) -> int:
    """Percent of the letter triples that both have, of the nearer of its sentence and its whole text."""
    asked = grams.of_tokens(index_tokens(text))
    return max(
        _shared(asked, grams.of_tokens(index_tokens(told))) for told in (lesson.title, f"{lesson.title}\n{lesson.why}")
    )


def _shared(one: set[str], other: set[str]) -> int:
    return round(200 * len(one & other) / max(1, len(one) + len(other)))
