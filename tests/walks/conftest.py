"""The whole application over the village, on each database, for people who press at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from lessons import clock as wall
from lessons.app import create_app
from lessons.settings import Settings
from tests.doors.calling import Clock, Programs, settled


@pytest.fixture
def programs(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Programs]:
    clock = Clock()
    monkeypatch.setattr(wall, "now", clock)
    app = create_app(replace(settings, api_writes=100_000, api_reads=100_000))
    yield Programs(app, clock, *settled())
    if "lessons.press" in app.extensions:
        app.extensions["lessons.press"].close()
