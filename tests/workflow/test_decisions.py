"""Every button of a manager's decision leads to a step that a manager has where the late duty is owed."""

from __future__ import annotations

from typing import get_args

import pytest

from lessons.workflow import asks
from lessons.workflow.checking import OWED_BY_ROOMS
from lessons.workflow.decisions import RECORDS_OWN_DATE, WAYS
from lessons.workflow.lives import LIVES
from lessons.workflow.policy import Policy

POLICY = Policy.load()
BUTTONS = [(kind, button) for kind, rule in POLICY.duties.items() for button in rule.decision]
OWED = [
    (life, owes.kind, state, button)
    for life in LIVES.values()
    for owes in life.owes
    for state in owes.states
    for button in POLICY.duties[owes.kind].decision
]


@pytest.mark.parametrize(("kind", "button"), BUTTONS)
def test_every_button_of_the_policy_has_a_way(kind: str, button: str) -> None:
    assert button in WAYS[kind]


@pytest.mark.parametrize(
    ("life", "kind", "state", "button"), OWED, ids=[f"{kind}-{state}-{button}" for _, kind, state, button in OWED]
)
def test_the_way_is_a_managers_step_in_every_state_that_owes_the_duty(
    life: object, kind: str, state: str, button: str
) -> None:
    way, life = WAYS[kind][button], LIVES[life.noun]
    if way.of_lesson:
        assert life.noun in ("actions", "verifications")
        steps = [step for step in LIVES["lessons"].steps if step.trigger == way.trigger]
    else:
        steps = life.candidates(state, way.trigger)
    assert any("manager" in step.by for step in steps)
    assert not way.relation or way.relation in get_args(steps[0].asks.model_fields["relation"].annotation)


def test_a_form_can_name_every_duty_that_may_become_a_decision() -> None:
    kinds = {kind for kind, rule in POLICY.duties.items() if rule.decision} - OWED_BY_ROOMS
    assert set(get_args(asks.DutyKind)) == kinds


def test_a_duty_that_follows_its_records_date_has_one() -> None:
    owes = {one.kind: one for life in LIVES.values() for one in life.owes}
    assert all(owes[kind].asked is not None for kind in RECORDS_OWN_DATE)
