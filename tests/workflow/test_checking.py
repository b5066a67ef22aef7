"""A table that does not hold together is told of; the tables that we have hold together."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest

from lessons.i18n import say
from lessons.workflow import checking
from lessons.workflow.checking import problems
from lessons.workflow.engine import Lifecycle, Step, guard
from lessons.workflow.owed import Owes


class Kettle(StrEnum):
    COLD = "cold"
    HOT = "hot"
    EMPTY = "empty"


HEAT = Step("heat", (Kettle.COLD,), Kettle.HOT, by=("owner",))
POUR = Step("pour", (Kettle.HOT,), Kettle.EMPTY, by=("owner",))


@guard(say("The kettle is on the table already, and nobody has said so in Hebrew."))
def on_the_fire(row: Any, facts: Any) -> bool:
    return True


def owing(kind: str, by: str, *states: Kettle) -> Owes:
    return Owes(kind, states, ("owner",), tuple(by.split()))


def told(*steps: Step, owes: tuple[Owes, ...] = (), live: tuple[Kettle, ...] = (Kettle.COLD, Kettle.HOT)) -> list[str]:
    """What is said about a kettle with these steps, its missing words aside."""
    life = Lifecycle("kettles", Kettle, steps, initial=(Kettle.COLD,), live=live, owes=owes)
    return [fault for fault in problems([life]) if "has no word" not in fault]


def test_the_process_holds_together() -> None:
    assert problems() == []


def test_a_sound_life_is_not_complained_of() -> None:
    assert told(HEAT, POUR) == []


def test_a_state_that_nothing_leads_to_is_told_of() -> None:
    assert "kettles: no way leads to the state “empty”." in told(HEAT)


def test_a_state_that_nothing_leads_out_of_is_told_of() -> None:
    back = Step("cool", (Kettle.HOT,), Kettle.COLD, by=("owner",))
    assert "kettles: from the state “hot” no way leads to an end." in told(HEAT, back, live=tuple(Kettle))


def test_a_field_that_would_meet_a_guard_and_stands_in_no_form_is_told_of() -> None:
    @guard(say("How hot?"), met_by=("degrees",))
    def is_hot(row: Any, facts: Any) -> bool:
        return True

    heat = Step("heat", (Kettle.COLD,), Kettle.HOT, by=("owner",), needs=(is_hot,))
    assert any("no field “degrees” meets the guard “is_hot”" in fault for fault in told(heat, POUR))


def test_two_rows_that_nothing_tells_apart_are_told_of() -> None:
    spill = Step("pour", (Kettle.HOT,), Kettle.COLD, by=("owner",))
    assert told(HEAT, POUR, spill) == [
        "kettles: “pour” has several rows for the state “hot” and nothing tells which of them counts."
    ]


@pytest.mark.parametrize(
    ("owes", "fault"),
    [
        (owing("drink", "pour", Kettle.HOT), "the duty “drink” has no number in the policy."),
        (owing("verify", "pour sip", Kettle.HOT), "nothing can fire “sip”, which fulfils the duty “verify”."),
        (owing("verify", "pour", Kettle.COLD, Kettle.HOT), "in the state “cold” nothing fulfils the duty “verify”."),
        (owing("verify", "", Kettle.HOT), "in the state “hot” nothing fulfils the duty “verify”."),
    ],
)
def test_a_duty_that_cannot_be_fulfilled_or_has_no_number_is_told_of(owes: Owes, fault: str) -> None:
    assert told(HEAT, POUR, owes=(owes,)) == [f"kettles: {fault}"]


def test_what_has_no_words_is_told_of_with_the_languages_that_lack_them() -> None:
    life = Lifecycle("kettles", Kettle, (HEAT, POUR), initial=(Kettle.COLD,), live=(Kettle.COLD, Kettle.HOT))
    found = problems([life])
    assert "kettles: “cold” (kettles.state) has no word in: he, en." in found
    assert "kettles: “pour” (kettles.trigger) has no word in: he, en." in found


def test_a_guard_without_a_hebrew_sentence_is_told_of() -> None:
    heat = Step("heat", (Kettle.COLD,), Kettle.HOT, by=("owner",), needs=(on_the_fire,))
    assert told(heat, POUR) == ["kettles: the guard “on_the_fire” has no sentence in: he."]


def test_a_number_that_nothing_owes_and_a_guard_that_nobody_asks_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "KINDS", (*checking.KINDS, "boil"))
    monkeypatch.setattr(checking.shared, "on_the_fire", on_the_fire, raising=False)
    assert problems() == [
        "the policy has numbers for “boil”, which nothing owes.",
        "no step asks for the guard “on_the_fire” of lessons.workflow.shared.",
    ]
