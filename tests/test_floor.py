"""The floor under every room: rows, their rules and transactions."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from lessons import db
from lessons.models import Unit
from lessons.settings import Settings


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_finds_no_row_and_counts_from_one(settings: Settings, turn: int) -> None:
    with db.transaction() as session:
        unit = Unit(code="tel-aviv", name="תל אביב", from_on=date(2026, 1, 1))
        session.add(unit)
        session.flush()
        assert unit.id == 1
    with db.reading() as session:
        assert [unit.name for unit in session.exec(select(Unit))] == ["תל אביב"]
