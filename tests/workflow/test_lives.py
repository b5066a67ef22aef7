"""The lives in the code are the tables of the process, row by row."""

from __future__ import annotations

import pytest

from lessons.workflow.lives import LIVES, births
from tests.workflow.process import BORN, OWED, PROCESS, REASONED, SEPARATED

Line = tuple[str, tuple[str, ...], str, tuple[str, ...]]
every_life = pytest.mark.parametrize("noun", LIVES)


def lines(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.splitlines() if line.strip()]


def words(text: str) -> tuple[str, ...]:
    return tuple(sorted(text.split()))


@every_life
def test_every_row_of_the_process_is_a_row_of_the_code_and_there_is_no_other(noun: str) -> None:
    wanted = [(name, words(source), target, words(who)) for name, source, target, who in lines(PROCESS[noun])]
    found: list[Line] = [
        (step.trigger, tuple(sorted(step.source)), step.target or "stays", tuple(sorted(step.by)))
        for step in LIVES[noun].steps
    ]
    assert sorted(found) == sorted(wanted)


@every_life
def test_every_record_comes_into_the_world_as_the_process_says(noun: str) -> None:
    assert {(of, step.trigger, " ".join(step.by)) for of, step in births(noun)} == BORN[noun]


@every_life
def test_whoever_is_refused_or_undone_is_given_a_reason(noun: str) -> None:
    asking = {
        step.trigger
        for step in LIVES[noun].steps
        if step.asks and "reason" in step.asks.model_fields and step.asks.model_fields["reason"].is_required()
    }
    assert asking == set(REASONED[noun].split())


@every_life
def test_separation_of_duties_guards_the_steps_that_it_should(noun: str) -> None:
    found: dict[str, set[str]] = {}
    for step in LIVES[noun].steps:
        if kept := {guard.name for guard in step.needs if guard.separation}:
            found.setdefault(step.trigger, set()).update(kept)
    assert found == {name: set(guards.split()) for (of, name), guards in SEPARATED.items() if of == noun}


@every_life
def test_every_state_owes_what_the_process_says_to_whom_it_says(noun: str) -> None:
    found = [(owes.kind, words(" ".join(owes.states)), owes.to, owes.by) for owes in LIVES[noun].owes]
    wanted = [(kind, words(states), tuple(to.split()), tuple(by.split())) for kind, states, to, by in lines(OWED[noun])]
    assert found == wanted


@every_life
def test_every_step_of_people_that_moves_a_record_asks_by_a_form(noun: str) -> None:
    assert [step.trigger for step in LIVES[noun].steps if step.by_people and step.asks is None] == []
