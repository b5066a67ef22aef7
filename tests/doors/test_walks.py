from __future__ import annotations

import pytest
from sqlmodel import Session

from lessons.models import RECORDS
from lessons.steps.chains import faults
from lessons.workflow.lives import LIVES
from tests.village import Village
from tests.walking import Walk

STATES = [(noun, state.value) for noun, life in LIVES.items() for state in life.states]


@pytest.mark.parametrize(("noun", "state"), STATES)
def test_people_can_bring_a_record_to_every_state_of_its_life(session: Session, noun: str, state: str) -> None:
    row = Walk(Village(session)).record(noun, state)
    session.flush()
    assert isinstance(row, RECORDS[noun])
    assert list(faults(session)) == []
