"""The village before its screens: people who sign in, and a clock that tests set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from flask import Flask

from lessons import app as wiring
from lessons import clock, db
from lessons.models import Person
from lessons.settings import Settings
from tests.browsing import Browser
from tests.village import AT, Village


class Screens:
    """`screens.as_("dana")` is Dana at her browser; `screens.at` is what the clock says."""

    def __init__(self, app: Flask, village: Village) -> None:
        self.app, self.at, self._village = app, AT, village
        self.people = {name: person for name, person in vars(village).items() if isinstance(person, Person)}
        self._browsers: dict[tuple[str, str], Browser] = {}

    def as_(self, name: str, language: str = "he") -> Browser:
        if (name, language) not in self._browsers:
            self._browsers[name, language] = Browser(self.app, language=language).sign_in(self.people[name])
        return self._browsers[name, language]

    @contextmanager
    def records(self) -> Iterator[Village]:
        """Put records there as if they had come before the test."""
        with db.transaction() as session:
            self._village.session = session
            yield self._village

    def days_later(self, days: int) -> None:
        self.at += timedelta(days=days)
        self._browsers.clear()


@pytest.fixture
def screens(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Screens]:
    app = wiring.create_app(settings)
    with db.transaction() as session:
        made = Screens(app, Village(session))

    def now() -> datetime:
        return made.at

    monkeypatch.setattr(clock, "now", now)
    yield made
    if "lessons.press" in app.extensions:
        app.extensions["lessons.press"].close()
