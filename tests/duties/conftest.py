"""A started installation whose clock the test sets, and the village in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from lessons import db, worker
from lessons.settings import Settings
from tests.duties.owing import Village, at, settled

Live = Callable[[str], int]


@pytest.fixture
def rehearsal(settings: Settings) -> Settings:
    """No mail server: letters are written, kept and readable."""
    made = replace(settings, allow_clock=True, base_url="https://lessons.village.test")
    db.start(made)
    return made


@pytest.fixture
def village(rehearsal: Settings) -> Village:
    return settled()


@pytest.fixture
def live(rehearsal: Settings, village: Village, monkeypatch: pytest.MonkeyPatch) -> Live:
    """The worker's work at a wall time of the village; its records stand still, so that duties alone are seen."""
    monkeypatch.setattr(worker, "ROOMS", ())
    return lambda wall: worker.once(rehearsal, at(wall))
