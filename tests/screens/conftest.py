"""The village before its screens: people who sign in, and a clock that tests set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from flask import Flask

from lessons import app as wiring
from lessons import clock, db
from lessons.models import Action, Person
from lessons.settings import Settings
from lessons.workflow.states import DebriefState, LessonState
from tests.browsing import Browser
from tests.screens.filling import fill, only
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


@pytest.fixture
def dana(screens: Screens) -> Browser:
    return screens.as_("dana", "en")


@pytest.fixture
def inquiry(screens: Screens) -> str:
    """The page of a debrief that Dana leads."""
    with screens.records() as village:
        return f"/debriefs/{village.debrief(state=DebriefState.INVESTIGATING).code}"


@pytest.fixture
def lesson(screens: Screens) -> str:
    """The page of a draft of Dana's."""
    with screens.records() as village:
        return f"/lessons/{village.lesson(state=LessonState.DRAFT, accepted_at=None, accepted_by_id=None).code}"


@pytest.fixture
def action(screens: Screens) -> str:
    """The page of an action that Yossi works on."""
    with screens.records() as village:
        lesson = village.lesson()
    given = {"text": "שדה במסך", "done_when": "השדה מופיע", "owner": "yossi@village.example", "due_on": "2026-02-10"}
    fill(screens.as_("naomi", "en"), f"/lessons/{lesson.code}/assign", **given)
    return f"/actions/{only(Action).code}"
