"""Plans how it will be known whether a lesson worked: preset or method, baseline, a verifier who had no hand in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, tree
from lessons.access.numbers import policy_of
from lessons.duties import holders
from lessons.models import Action, Hand, Lesson, Person, RevisionEditor, RevisionLesson, Verification
from lessons.steps import make
from lessons.workflow.states import Preset, VerificationState

PROVERS = ("lessons_manager", "manager")


def plan_preset(session: Session, lesson: Lesson, preset: Preset, *, by: Actor, at: datetime) -> Verification:
    """The light path's plan: what the policy says of this preset."""
    return plan_row(session, lesson, {"preset": preset}, by=by, at=at)


def plan_row(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Verification:
    """The planned verification of this cycle. Whoever calls has taken the lesson through `plan`, or is the system."""
    verifier: Person | None = asked.get("verifier") or default_verifier(session, lesson)
    plan = Verification(
        state=VerificationState.PLANNED, lesson_id=lesson.id, cycle=lesson.cycle, unit_id=lesson.unit_id,
        lang=lesson.lang, verifier_id=verifier.id if verifier else None, **terms(session, lesson, asked),
    )  # fmt: skip
    told = {"lesson": lesson.code, "preset": plan.preset, "watch_days": plan.watch_days}
    make(session, plan, by=by, at=at, trigger="plan", told=told, private={"verifier": verifier})
    return plan


def terms(session: Session, lesson: Lesson, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of what was asked; a preset fills what was not sent."""
    policy = policy_of(session, lesson.unit_id)
    preset: Preset | None = asked.get("preset")
    days = getattr(policy.presets, preset.value).days if preset else policy.watch_days["procedure"]
    names = ("method", "measure", "baseline", "target")
    values = {name: asked[name] for name in names if asked.get(name) is not None}
    if preset == Preset.DID_NOT_COME_BACK:
        values.setdefault("target", policy.presets.did_not_come_back.cases)
    unknown = asked.get("baseline_unknown")
    return {
        **values,
        "preset": preset,
        "watch_days": asked.get("watch_days") or days,
        "baseline_unknown": unknown["reason"] if unknown else "",
    }


def default_verifier(session: Session, lesson: Lesson) -> Person | None:
    """Who accepted it, if they had no hand in it; else the next holder upwards; else whom the admin named."""
    barred = had_a_hand(session, lesson)
    upwards = (
        holders.granted(session, unit, role) for unit in holders.units_above(session, lesson) for role in PROVERS
    )
    named = (tree(session).units[unit].fallback_person_id for unit in holders.units_above(session, lesson))
    ids = [lesson.accepted_by_id, *(person for people in upwards for person in people), *named]
    people = (
        session.get(Person, person_id) for person_id in dict.fromkeys(ids) if person_id and person_id not in barred
    )
    return next((person for person in people if person is not None and person.closed_at is None), None)


def had_a_hand(session: Session, lesson: Lesson) -> frozenset[int]:
    """Whoever may not verify it: its owners, action owners, revision editors and, unless small, its author."""
    actions = sa.select(Action.id).where(Action.lesson_id == lesson.id)
    revisions = sa.select(RevisionLesson.revision_id).where(RevisionLesson.lesson_id == lesson.id)
    ids = sa.union_all(
        sa.select(Action.owner_id).where(Action.lesson_id == lesson.id, Action.owner_id.is_not(None)),
        sa.select(RevisionEditor.person_id).where(RevisionEditor.revision_id.in_(revisions)),
        sa.select(Hand.person_id).where(Hand.noun == "actions", Hand.relation == "owner", Hand.record_id.in_(actions)),
        sa.select(Hand.person_id).where(Hand.noun == "lessons", Hand.relation == "owner", Hand.record_id == lesson.id),
    )
    found = set(session.execute(ids).scalars()) | {lesson.owner_id or 0}
    return frozenset(found if tree(session).units[lesson.unit_id].small else found | {lesson.author_id or 0})
