"""Keeps the search index in step with lessons, in the same transaction: from accepted on, never rejected or retired."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, visible_to
from lessons.debriefs.topics import known_by
from lessons.models import Case, CaseLink, Lesson
from lessons.search import index
from lessons.search.entries import Entry
from lessons.workflow.states import LESSON_PUBLIC

NOUN = "lesson"
TEXTS = ("applies_when", "why", "say", "avoid_saying", "limits", "transfer_to", "exceptions", "background", "meanwhile")
CASES = 20
"""The latest cases of a lesson by whose words it is found."""


def body_of(lesson: Any) -> str:
    parts = [*(getattr(lesson, name) for name in TEXTS), *lesson.steps, lesson.source, lesson.code]
    return "\n".join(part for part in parts if part)


# ── in step ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def keep(session: Session, lesson: Lesson) -> None:
    """Found by its present words where everyone may read it, else not found; what came in its place is found by its
    title and code too."""
    keep_all(session, [lesson])
    after = session.get(Lesson, lesson.successor_id or lesson.merged_into_id or 0)
    if lesson.state not in LESSON_PUBLIC and after is not None:
        keep_all(session, [after])


def keep_all(session: Session, lessons: Sequence[Lesson]) -> None:
    """The same for many whose topics or cases changed."""
    session.flush()
    ids = [lesson.id or 0 for lesson in lessons]
    for at in range(0, len(ids), index.BATCH):
        some = ids[at : at + index.BATCH]
        index.keep(session, NOUN, some, entries(session, some))


# ── as every kind that is searched ───────────────────────────────────────────────────────────────────────────────────
def wanted() -> Any:
    return sa.select(Lesson.id).where(Lesson.state.in_(LESSON_PUBLIC)).order_by(Lesson.id)


def readable(session: Session, by: Actor, at: datetime | None = None) -> Any:  # noqa: ARG001 - asked as of every kind
    return sa.select(Lesson.id).where(visible_to(session, "lessons", by), Lesson.state.in_(LESSON_PUBLIC))


def rows(session: Session, ids: Sequence[int]) -> dict[int, Lesson]:
    return {row.id or 0: row for row in session.scalars(sa.select(Lesson).where(Lesson.id.in_(ids)))}


def words(row: Lesson) -> tuple[str, str]:
    return row.title, body_of(row)


def entries(session: Session, ids: Sequence[int]) -> Iterator[Entry]:
    """Four queries, however many."""
    public = session.execute(
        sa.select(Lesson.__table__).where(Lesson.id.in_(ids), Lesson.state.in_(LESSON_PUBLIC)).order_by(Lesson.id)
    ).all()
    names, replaced, told = known_by(session, ids), _replaced(session, ids), _cases(session, ids)
    for row in public:
        body = "\n".join([body_of(row), *replaced[row.id or 0]])
        asked = [line.strip() for line in row.applies_when.splitlines() if line.strip()]
        yield Entry(NOUN, row.id or 0, row.lang, row.title, body, names[row.id or 0], [*asked, *told[row.id or 0]])


def _replaced(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """Codes and titles of the lessons in whose place each came."""
    after = sa.func.coalesce(Lesson.successor_id, Lesson.merged_into_id)
    gone = sa.and_(after.in_(ids), Lesson.state.not_in(LESSON_PUBLIC), Lesson.accepted_at.is_not(None))
    rows = session.execute(sa.select(after, Lesson.code, Lesson.title).where(gone).order_by(Lesson.id))
    found: dict[int, list[str]] = {record_id: [] for record_id in ids}
    for record_id, code, title in rows:
        found[record_id].append(f"{code} {title}")
    return found


def _cases(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    """What customers said in the latest cases of each."""
    place = sa.func.row_number().over(partition_by=CaseLink.lesson_id, order_by=CaseLink.case_id.desc()).label("place")
    linked = sa.select(CaseLink.lesson_id, CaseLink.case_id, place).where(CaseLink.lesson_id.in_(ids)).subquery()
    latest = (
        sa.select(linked.c.lesson_id, Case.text)
        .join(Case, Case.id == linked.c.case_id)
        .where(linked.c.place <= CASES, Case.text != "")
        .order_by(linked.c.lesson_id, linked.c.place)
    )
    found: dict[int, list[str]] = {record_id: [] for record_id in ids}
    for record_id, text in session.execute(latest):
        found[record_id].append(text)
    return found
