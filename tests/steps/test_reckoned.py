"""Another policy file, or a library that knows other holidays: what is still to come moves, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from lessons import clock, db, worker
from lessons.models import Duty, Reckoning
from lessons.settings import Settings
from lessons.steps import reckoned
from tests.village import AT, Village
from tests.walking import Walk


@pytest.fixture
def reported(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A debrief that waits for its triage, and a worker that was there."""
    with db.transaction() as session:
        Walk(Village(session)).record("debriefs", "reported")
    monkeypatch.setattr(clock, "now", lambda: AT)
    worker.once(settings)
    return settings


def due() -> date:
    with db.reading() as session:
        found: date = session.scalars(sa.select(Duty.due_on).where(Duty.kind == "triage_debrief")).one()
        return found


def with_file(settings: Settings, folder: Path, days: int) -> Settings:
    file = folder / f"{days}.toml"
    file.write_text(f"[duties]\ntriage_debrief = {{ days = {days} }}\n")
    return replace(settings, policy=file)


def reckonings() -> int:
    with db.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(Reckoning)) or 0


def test_another_policy_file_moves_what_is_still_to_come_once(reported: Settings, tmp_path: Path) -> None:
    before = due()
    assert worker.once(with_file(reported, tmp_path, 9)) == 1
    assert due() > before
    assert worker.once(with_file(reported, tmp_path, 9)) == 0
    assert reckonings() == 2


def test_what_is_past_stays(reported: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = due()
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=20))
    worker.once(with_file(reported, tmp_path, 9))
    assert due() == before


def test_a_library_that_knows_other_holidays_is_news(reported: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with db.reading() as session:
        assert not reckoned.is_news(session)
    monkeypatch.setattr(reckoned, "holidays_version", lambda: "another")
    with db.reading() as session:
        assert reckoned.is_news(session)
    worker.once(reported)
    assert reckonings() == 2
