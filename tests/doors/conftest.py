"""The whole application over the village, on each database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from lessons import clock as wall
from lessons.app import create_app
from lessons.settings import Settings
from tests.doors.calling import Clock, Programs, settled
from tests.village import Village


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    shown = Clock()
    monkeypatch.setattr(wall, "now", shown)
    return shown


@pytest.fixture
def programs(settings: Settings, clock: Clock) -> Iterator[Programs]:
    app = create_app(replace(settings, api_writes=100_000, api_reads=100_000))
    yield Programs(app, clock, *settled())
    if "lessons.press" in app.extensions:
        app.extensions["lessons.press"].close()


@pytest.fixture
def village(programs: Programs) -> Village:
    return programs.village
