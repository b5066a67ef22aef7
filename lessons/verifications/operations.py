"""What people do with a verification: plan it, change the plan, record the result – and what its lesson does then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons.access import SYSTEM, Actor, facts
from lessons.access.numbers import policy_of
from lessons.access.refs import invalid
from lessons.errors import FieldError, NotAllowed
from lessons.i18n import say
from lessons.models import Lesson, Verification
from lessons.repository import operations as repository
from lessons.repository.cycle import arm_plan as arm
from lessons.repository.plans import plan_row
from lessons.steps import amend, hand_over, take
from lessons.verifications.queries import window_cases, window_of
from lessons.workflow.states import VerificationState
from lessons.workflow.verification import verifier_had_no_hand

THEN = {
    VerificationState.EFFECTIVE: repository.proved,
    VerificationState.INCONCLUSIVE: repository.inconclusive,
}


# ── plan ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def plan(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Verification:
    """How it will be known that it worked; a preset fills what was not sent, the verifier too."""
    _check_terms(asked)
    made: list[Verification] = []

    def planned() -> None:
        made.append(plan_row(session, lesson, asked, by=by, at=at))
        _refuse_a_hand(session, made[0], asked, by=by, at=at)

    take(session, lesson, "plan", by=by, at=at, asked=asked, told={"preset": asked.get("preset")}, after=planned)
    repository.settle(session, lesson, at=at)
    return made[0]


def _check_terms(asked: Mapping[str, Any]) -> None:
    """Raises Invalid: a plan is a preset, or a method with its measure."""
    faults = []
    if not asked.get("preset") and not asked.get("method"):
        faults.append(FieldError("/preset", "missing", say("How will it be checked? A preset or a method is needed.")))
    elif not asked.get("preset") and not asked.get("measure"):
        faults.append(FieldError("/measure", "missing", say("What will be measured? A method needs its measure.")))
    if invalid_baseline := _two_baselines(asked):
        faults.append(invalid_baseline)
    if faults:
        raise invalid(faults)


def _two_baselines(asked: Mapping[str, Any]) -> FieldError | None:
    if asked.get("baseline") is None or not asked.get("baseline_unknown"):
        return None
    return FieldError("/baseline_unknown", "two_baselines", say("A number from before is given, so it is not unknown."))


def _refuse_a_hand(session: Session, plan: Verification, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """The chosen verifier is none of those whose work is checked: known only once the plan is there."""
    known = facts(session, [plan], by=by, at=at)[0]
    if unmet := verifier_had_no_hand.unmet(plan, known, asked):
        raise NotAllowed(say("This plan needs another verifier."), trigger="plan", unmet=[unmet])


def edit(session: Session, plan: Verification, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Change the plan while nothing has been armed."""
    if fault := _two_baselines(asked):
        raise invalid([fault])
    changes = _changes(session, plan, asked)
    private = {"to": asked.get("verifier")}
    amend(session, plan, by=by, at=at, asked=asked, changes=changes, told={"fields": sorted(asked)}, private=private)


def _changes(session: Session, plan: Verification, asked: Mapping[str, Any]) -> dict[str, Any]:
    names = ("preset", "method", "measure", "baseline", "target", "watch_days")
    changes = {name: asked[name] for name in names if asked.get(name) is not None}
    if asked.get("verifier") is not None:
        changes["verifier_id"] = asked["verifier"].id
    if asked.get("baseline") is not None:
        changes["baseline_unknown"] = ""
    if asked.get("baseline_unknown"):
        changes |= {"baseline": None, "baseline_unknown": asked["baseline_unknown"]["reason"]}
    if asked.get("preset") and not asked.get("watch_days"):
        changes["watch_days"] = policy_of(session, plan.unit_id).presets[asked["preset"].value].days
    return changes


# ── conclude ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def conclude(session: Session, plan: Verification, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Record the result with the window's cases; the lesson is proved, goes round again, or is watched once more."""
    window = window_of(plan)
    cases = window_cases(session, plan.lesson_id, *window) if window else []
    since, until = window or (None, None)
    attached = {
        **plan.attached,
        "cases": [case.pid for case in cases],
        "since": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
    }
    changes = {name: asked[name] for name in ("measured", "sample", "words", "evidence") if asked.get(name) is not None}
    changes |= {"result": asked["result"], "attached": attached, "concluded_at": at, "concluded_by_id": by.id}
    told = {"result": asked["result"], "measured": asked.get("measured"), "sample": asked.get("sample"),
            "cases": len(cases)}  # fmt: skip
    private = {"words": asked.get("words"), "evidence": asked.get("evidence")}
    take(session, plan, "conclude", by=by, at=at, asked=asked, changes=changes, told=told, private=private)
    lesson = session.get_one(Lesson, plan.lesson_id)
    if plan.state == VerificationState.NOT_EFFECTIVE:
        repository.failed(session, lesson, plan, at=at, meanwhile=asked.get("meanwhile", ""))
    else:
        THEN[plan.state](session, lesson, plan, at=at)


def void(session: Session, plan: Verification, *, at: datetime, because: str = "") -> None:
    """There is nothing to check any more: its lesson left use, or begins a new cycle."""
    take(session, plan, "void", by=SYSTEM, at=at, told={"because": because} if because else {})


VERBS = {
    ("lessons", "plan"): plan,
    ("verifications", "edit"): edit,
    ("verifications", "conclude"): conclude,
    ("verifications", "hand_over"): hand_over,
}
__all__ = ["VERBS", "arm", "conclude", "edit", "plan", "void"]
