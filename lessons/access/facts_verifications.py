"""The facts of verifications: whoever had a hand in the lesson may not say whether it worked."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from lessons.access.facts_shared import IDS, Ground
from lessons.models import Action, Hand, Lesson, Revision, RevisionEditor, RevisionLesson, Verification
from lessons.workflow.facts import VerificationFacts

AROUND = (
    sa.select(Verification.id, Lesson.owner_id, Lesson.author_id, Lesson.severity, Lesson.id.label("lesson_id"))
    .join(Lesson, Lesson.id == Verification.lesson_id)
    .where(Verification.id.in_(IDS))
)


def _of(person: Any, *where: Any) -> Any:
    return sa.select(Verification.id, person).where(Verification.id.in_(IDS), person.is_not(None), *where)


def _held(noun: str, relation: str, record_id: Any) -> Any:
    return sa.and_(Hand.noun == noun, Hand.relation == relation, Hand.record_id == record_id)


_BECAUSE = RevisionLesson.lesson_id == Verification.lesson_id
_ACTION = Action.lesson_id == Verification.lesson_id
# an action that was cancelled or belongs to another cycle was still somebody's part in the lesson
WORKERS = sa.union(
    _of(Action.owner_id, _ACTION),
    _of(Hand.person_id, _ACTION, _held("actions", "owner", Action.id)),
    _of(Hand.person_id, _held("lessons", "owner", Verification.lesson_id)),
    _of(RevisionEditor.person_id, _BECAUSE, RevisionEditor.revision_id == RevisionLesson.revision_id),
    _of(Revision.editor_id, _BECAUSE, Revision.id == RevisionLesson.revision_id),
    _of(Hand.person_id, _BECAUSE, _held("revisions", "editor", RevisionLesson.revision_id)),
)


def verifications(ground: Ground) -> list[VerificationFacts]:
    around, workers = ground.one_each(AROUND), ground.many_each(WORKERS)
    return [_facts(ground, row, around[row.id], workers.get(row.id, [])) for row in ground.rows]


def _facts(ground: Ground, row: Any, around: Any, workers: list[Any]) -> VerificationFacts:
    owner = {around.owner_id} - {None}
    people = {"lesson_owner": (around.owner_id,), "author": (around.author_id,)}
    return VerificationFacts(
        barred=frozenset(worker[1] for worker in workers) | owner,
        author=around.author_id,
        **ground.shared(row, people, severity=around.severity),
    )
