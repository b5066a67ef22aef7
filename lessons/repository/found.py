"""Keeps the search index in step with lessons, in the same transaction: from accepted on, never rejected or retired."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlmodel import Session

from lessons.debriefs.topics import known_by
from lessons.models import Case, CaseLink, Lesson
from lessons.search import index
from lessons.search.entries import Entry
from lessons.workflow.states import LESSON_PUBLIC

NOUN = "lesson"
TEXTS = ("applies_when", "why", "say", "avoid_saying", "limits", "transfer_to", "exceptions", "background", "meanwhile")


CASES = 20
"""The latest cases of a lesson by whose words it is found."""


def body_of(lesson: Lesson) -> str:
    parts = [*(getattr(lesson, name) for name in TEXTS), *lesson.steps, lesson.source, lesson.code]
    return "\n".join(part for part in parts if part)


def keep(session: Session, lesson: Lesson) -> None:
    """Found by its present words where everyone may read it, else not found; what came in its place is found by its
    title and code too."""
    if lesson.state in LESSON_PUBLIC:
        keep_all(session, [lesson])
        return
    session.flush()
    index.drop(session, NOUN, lesson.id or 0)
    after = session.get(Lesson, lesson.successor_id or lesson.merged_into_id or 0)
    if after is not None:
        keep_all(session, [after])


def keep_all(session: Session, lessons: Sequence[Lesson]) -> None:
    """The same for many whose topics changed; those that nobody finds stay unfound."""
    session.flush()
    for one in _in_batches(session, [lesson for lesson in lessons if lesson.state in LESSON_PUBLIC]):
        index.put(session, one)


def entries(session: Session) -> Iterator[Entry]:
    """Every lesson that may be found, the oldest first."""
    public = sa.select(Lesson).where(Lesson.state.in_(LESSON_PUBLIC)).order_by(Lesson.id)
    return _in_batches(session, session.scalars(public).all())


def _in_batches(session: Session, rows: Sequence[Lesson]) -> Iterator[Entry]:
    for at in range(0, len(rows), index.BATCH):
        yield from _entries(session, rows[at : at + index.BATCH])


def _entries(session: Session, rows: Sequence[Lesson]) -> Iterator[Entry]:
    ids = [row.id or 0 for row in rows]
    names, replaced, told = known_by(session, ids), _replaced(session, ids), _cases(session, ids)
    for row in rows:
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
