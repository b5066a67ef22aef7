"""The facts of actions: evidence, severity, who confirms, and who stands in for those who ever owned them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from lessons.access.facts_shared import IDS, Ground, verifier_of
from lessons.models import Absence, Action, Debrief, Evidence, Extension, Lesson
from lessons.workflow.action import NOTE_LENGTH
from lessons.workflow.facts import ActionFacts
from lessons.workflow.states import EvidenceKind, ExtensionState


def asked_until(noun: str, record_id: Any) -> Any:
    """The date that an open request asks for; there is one at a time."""
    return (
        sa.select(Extension.new_due_on)
        .where(Extension.of_noun == noun, Extension.of_id == record_id, Extension.state == ExtensionState.ASKED)
        .correlate_except(Extension)
        .scalar_subquery()
    )


AROUND = (
    sa.select(
        Action.id,
        Lesson.owner_id.label("lesson_owner"),
        verifier_of(Action.lesson_id).label("verifier"),
        Debrief.leader_id.label("leader"),
        Debrief.reviewer_id.label("reviewer"),
        sa.func.coalesce(Lesson.severity, Debrief.severity).label("severity"),
        sa.select(sa.func.count())
        .where(Evidence.action_id == Action.id, Evidence.kind != EvidenceKind.NOTE)
        .scalar_subquery()
        .label("evidence"),
        sa.select(sa.func.max(sa.func.length(sa.func.trim(Evidence.note))))
        .where(Evidence.action_id == Action.id)
        .scalar_subquery()
        .label("note"),
        asked_until("actions", Action.id).label("asked_until"),
    )
    .outerjoin(Lesson, Lesson.id == Action.lesson_id)
    .outerjoin(Debrief, Debrief.id == sa.func.coalesce(Action.debrief_id, Lesson.debrief_id))
    .where(Action.id.in_(IDS))
)
STANDING_IN = sa.select(Absence.person_id, Absence.delegate_id, Absence.from_on, Absence.until_on).where(
    Absence.person_id.in_(sa.bindparam("owners", expanding=True)), Absence.cancelled_at.is_(None),
    Absence.from_on <= sa.bindparam("last"), Absence.until_on >= sa.bindparam("first"),
)  # fmt: skip


def actions(ground: Ground) -> list[ActionFacts]:
    around = ground.one_each(AROUND)
    shared = [ground.shared(row, _people(row, around[row.id]), **_terms(around[row.id])) for row in ground.rows]
    absences = _absences(ground, shared)
    return [
        ActionFacts(
            evidence=around[row.id].evidence,
            long_note=max(around[row.id].note or 0, len(row.done_note.strip())) >= NOTE_LENGTH,
            stands_in_for_owner=_stand_ins(absences, fields),
            **fields,
        )
        for row, fields in zip(ground.rows, shared, strict=True)
    ]


def _people(row: Any, around: Any) -> dict[str, tuple[int | None, ...]]:
    return {
        "verifier": (around.verifier,),
        "lesson_owner": (around.lesson_owner,),
        "leader": (around.leader,),
        "reviewer": (around.reviewer,),
        "waiting_on": (row.waiting_on_id,),
    }


def _terms(around: Any) -> dict[str, Any]:
    return {"severity": around.severity, "asked_until": around.asked_until}


def _absences(ground: Ground, shared: list[dict[str, Any]]) -> list[Any]:
    """Absences, on the rows' days, of whoever ever owned one of them."""
    owners = {person for fields in shared for person in fields["hands"]["owner"]}
    if not owners:
        return []
    days = [fields["today"] for fields in shared]
    values = {"owners": sorted(owners), "first": min(days), "last": max(days)}
    return list(ground.connection.execute(STANDING_IN, values))


def _stand_ins(absences: list[Any], fields: dict[str, Any]) -> frozenset[int]:
    owners, today = fields["hands"]["owner"], fields["today"]
    return frozenset(a.delegate_id for a in absences if a.person_id in owners and a.from_on <= today <= a.until_on)
