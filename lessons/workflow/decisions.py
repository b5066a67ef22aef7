"""What each button of a manager's decision does: a step of the late duty's record, or of the lesson that it is of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """A step that decides. `of_lesson`: a step of the record's lesson; `relation`: what a hand-over hands over."""

    trigger: str
    of_lesson: bool = False
    relation: str = ""


Ways = Mapping[str, Way]
NEW_DATE = {"new_date": Way("set_date")}
TO_ANOTHER = NEW_DATE | {"hand_over": Way("hand_on")}
REASSIGNED = NEW_DATE | {"hand_over": Way("reassign"), "cancel": Way("cancel")}
RISK_OF_LESSON = {"accept_risk": Way("accept_risk", of_lesson=True)}
RISK = {"accept_risk": Way("accept_risk")}


def _handed(relation: str) -> Ways:
    return NEW_DATE | {"hand_over": Way("hand_over", relation=relation)}


def _ended(trigger: str) -> Ways:
    return {"cancel": Way(trigger)}


WAYS: Mapping[str, Ways] = {
    "triage_debrief": {**TO_ANOTHER, **_ended("decline")},
    "review_debrief": _handed("reviewer"),
    "lead_debrief": {**_handed("leader"), **_ended("decline")},
    "first_fact": {**_handed("leader"), **_ended("decline")},
    "finish_draft": {**TO_ANOTHER, **_ended("reject")},
    "decide_lesson": {**TO_ANOTHER, **_ended("reject")},
    "plan_lesson": {**_handed("owner"), **_ended("reject"), **RISK},
    "replan_lesson": {**_handed("owner"), **_ended("retire"), **RISK},
    "revalidate_lesson": {**_handed("owner"), **_ended("retire")},
    "start_action": {**REASSIGNED, **RISK_OF_LESSON},
    "do_action": {**REASSIGNED, **RISK_OF_LESSON},
    "unblock_action": {**TO_ANOTHER, **_ended("cancel")},
    "decide_declined_action": {**REASSIGNED, **RISK_OF_LESSON},
    "confirm_action": {**TO_ANOTHER, **_ended("cancel")},
    "decide_extension": {**TO_ANOTHER, **_ended("deny_extension")},
    "write_revision": {**_handed("editor"), **_ended("cancel")},
    "review_revision": {**TO_ANOTHER, **_ended("cancel")},
    "approve_money": {**TO_ANOTHER, **_ended("cancel")},
    "publish_revision": {**TO_ANOTHER, **_ended("cancel")},
    "verify": {**_handed("verifier"), **RISK_OF_LESSON},
    "answer_feedback": TO_ANOTHER,
    "answer_question": TO_ANOTHER,
    "decide_sentence": {**TO_ANOTHER, **_ended("decline")},
}
RECORDS_OWN_DATE = frozenset({"start_action", "do_action", "lead_debrief"})
"""Duties whose day is their record's: a new one is written there, and in the record's history of dates."""


def triggers(kind: str) -> frozenset[str]:
    """The steps of the late duty's own record that decide on it."""
    return frozenset(way.trigger for way in WAYS.get(kind, {}).values() if not way.of_lesson)


def decides(kind: str, trigger: str) -> bool:
    """Whether that step, of the record or of its lesson, is one of the buttons."""
    return any(way.trigger == trigger for way in WAYS.get(kind, {}).values())
