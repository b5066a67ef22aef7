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
    """What the worker does about duties at a wall time of the village: its records stand still, and what else there
    is to do at each hour would take most of the time."""
    monkeypatch.setattr(worker, "SCHEDULE", ((60, worker.reminders), (60, worker.letters)))
    return lambda wall: worker.once(rehearsal, at(wall))
