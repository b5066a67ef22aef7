"""The parts of a revision: its sections with their lasting ids, who edited it, and because of which lessons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor
from lessons.access.refs import invalid
from lessons.errors import FieldError
from lessons.i18n import language_of, say
from lessons.models import Lesson, Procedure, Revision, RevisionEditor, RevisionLesson
from lessons.models.base import random_id
from lessons.post import notices
from lessons.repository import briefed
from lessons.repository import operations as repository
from lessons.workflow.sections import words
from lessons.workflow.states import LESSON_LIVE, REVISION_DRAFT, RevisionState

Sections = list[dict[str, Any]]
LASTED = (RevisionState.EFFECTIVE, RevisionState.SUPERSEDED, RevisionState.WITHDRAWN)


# ── sections ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def sections_of(asked: Sequence[Mapping[str, Any]]) -> Sections:
    """The sections as they are kept; a new one gets an id of its own. Raises Invalid where an id comes twice."""
    kept = [_section(one) for one in asked]
    ids = [section["id"] for section in kept]
    twice = say("Another section has this id already.")
    faults = [FieldError(f"/sections/{n}/id", "twice", twice) for n, one in enumerate(ids) if one in ids[:n]]
    if faults:
        raise invalid(faults)
    return kept


def _section(asked: Mapping[str, Any]) -> dict[str, Any]:
    kept = {"id": asked.get("id") or random_id(8), "heading": asked["heading"], "body": asked.get("body", "")}
    rows = [{name: words for name, words in row.items() if words} for row in asked.get("limits") or ()]
    return {**kept, "limits": rows} if rows else kept


def changed_ids(before: Sections, now: Sections) -> frozenset[str]:
    """Ids of sections whose words are new, gone or others than before; a section that only moved is not among them."""
    old, new = words(before), words(now)
    return frozenset(one for one in old.keys() | new.keys() if old.get(one) != new.get(one))


def language(sections: Sections, default: str) -> str:
    return language_of(" ".join(f"{heading} {text}" for heading, text in words(sections).values()), default)


# ── the revisions of a procedure ─────────────────────────────────────────────────────────────────────────────────────
def in_force(session: Session, procedure_id: int) -> Revision | None:
    return session.scalars(
        sa.select(Revision).where(Revision.procedure_id == procedure_id, Revision.state == RevisionState.EFFECTIVE)
    ).first()


def open_draft(session: Session, procedure_id: int) -> Revision | None:
    return session.scalars(
        sa.select(Revision).where(Revision.procedure_id == procedure_id, Revision.state.in_(REVISION_DRAFT))
    ).first()


def last_text(session: Session, procedure_id: int) -> Sections:
    """The text in force, else the last one that was; a draft starts from it."""
    lasted = session.scalars(
        sa.select(Revision)
        .where(Revision.procedure_id == procedure_id, Revision.state.in_(LASTED))
        .order_by(Revision.number.desc(), Revision.id.desc())
        .limit(1)
    ).first()
    return [dict(section) for section in lasted.sections] if lasted else []


def next_number(session: Session, procedure_id: int) -> int:
    """Editions that came into force are counted; a draft that was cancelled leaves no gap."""
    numbered = sa.select(sa.func.max(Revision.number)).where(
        Revision.procedure_id == procedure_id, Revision.state != RevisionState.CANCELLED
    )
    return (session.scalar(numbered) or 0) + 1


# ── people and lessons around a revision ─────────────────────────────────────────────────────────────────────────────
def edited_by(session: Session, revision: Revision, by: Actor) -> None:
    """Whoever edits it approves nothing of it, whatever becomes of the words."""
    if by.id is not None:
        session.merge(RevisionEditor(revision_id=revision.id, person_id=by.id))


def check_lessons(lessons: Sequence[Lesson]) -> None:
    """Raises Invalid: a revision is written because of lessons that are in use or on their way."""
    gone = say("This lesson is not in use any more.")
    faults = [
        FieldError(f"/because_of/{n}", "not_live", gone)
        for n, one in enumerate(lessons)
        if one.state not in LESSON_LIVE
    ]
    if faults:
        raise invalid(faults)


def write_because_of(session: Session, revision: Revision, lessons: Sequence[Lesson]) -> None:
    """Written because of these lessons, in the cycle in which each is now, and of no others."""
    session.execute(sa.delete(RevisionLesson).where(RevisionLesson.revision_id == revision.id))
    cycles = {lesson.id: lesson.cycle for lesson in lessons}
    session.add_all(
        RevisionLesson(revision_id=revision.id, lesson_id=lesson_id, cycle=cycle) for lesson_id, cycle in cycles.items()
    )
    session.flush()


def settle_lessons(session: Session, lessons: Sequence[Lesson], *, at: datetime) -> None:
    for lesson in lessons:
        repository.settle(session, lesson, at=at)


def settle_behind(session: Session, revision: Revision, *, at: datetime) -> None:
    """The system's own steps on the lessons because of which it was written follow."""
    settle_lessons(session, briefed.lessons_behind(session, revision), at=at)


def tell_around(session: Session, revision: Revision, kind: str, *, by: Actor, at: datetime) -> None:
    """Procedure owner, editors and owners of its lessons hear of it, but not whoever did it."""
    editors = session.scalars(sa.select(RevisionEditor.person_id).where(RevisionEditor.revision_id == revision.id))
    owner = session.get_one(Procedure, revision.procedure_id).owner_id
    people = [owner, *editors, *(lesson.owner_id for lesson in briefed.lessons_behind(session, revision))]
    notices.tell(session, [person for person in people if person != by.id], kind, revision, at=at)
