"""What came of a lesson: cases around the day it began to be watched, and a verdict that claims no cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from lessons.models import Lesson, Verification
from lessons.repository import outcome
from lessons.repository.queries import Story
from lessons.workflow.states import Preset, VerificationState

TODAY = date(2026, 2, 10)
WATCHED = date(2026, 1, 1)
UNITS = SimpleNamespace(today=lambda _, at: at.date())


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcome.web, "today", lambda: TODAY)


def cases(*days: int) -> list[datetime]:
    """So many days from the first day of the watch."""
    return [datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=n) for n in days]


def story(moments: Sequence[datetime], *checks: Verification, cycle: int = 1) -> Story:
    lesson: Any = Lesson(code="L-1", short="abc", title="x", unit_id=1, cycle=cycle)
    found = Story(lesson, UNITS, {}, (), frozenset())
    return replace(found, case_moments=moments, verifications=checks)


def check(cycle: int = 1, **given: Any) -> Verification:
    plain = {"state": VerificationState.SCHEDULED, "from_on": WATCHED, "watch_days": 28, "target": 4.0, "baseline": 3.0}
    return Verification(code="V-1", lesson_id=1, cycle=cycle, **plain | given)


def test_weeks_are_counted_from_the_day_it_began_to_be_watched() -> None:
    drawn = outcome.curve(story(cases(-1, -2, -8, 0, 6, 7), check()))
    assert drawn
    marks = drawn["marks"]
    at = marks[0]["at"]
    assert [(one["at"], one["note"]) for one in marks] == [(2.0, "1.1")]
    assert [(one["value"], one["period"]) for one in drawn["points"]][:4] == [(1, 1), (2, 1), (2, 3), (1, 3)]
    assert drawn["rows"][int(at)] == ["1.1", 2]


def test_what_came_between_two_changes_is_told_apart() -> None:
    again = date(2026, 1, 22)
    drawn = outcome.curve(story(cases(-1, 3, 24), check(), check(2, from_on=again), cycle=2))
    assert drawn
    assert [one["period"] for one in drawn["points"]] == [1, 2, 2, 2, 3, 3, 3]
    # the second cycle is not watched yet: nothing is told as being since the last change
    waiting = outcome.curve(story(cases(-1, 3, 24), check(), check(2, from_on=None), cycle=2))
    assert waiting
    assert {one["period"] for one in waiting["points"]} == {1, 2}


def test_an_aim_is_drawn_only_where_it_counts_cases() -> None:
    three = cases(-1, -2, -3)
    assert outcome.curve(story(three, check()))["aim"] == 1.0
    assert outcome.curve(story(three, check(baseline=46.0)))["aim"] is None
    preset = check(baseline=None, preset=Preset.DID_NOT_COME_BACK, target=0.0)
    assert outcome.curve(story(three, preset))["aim"] == 0.0


def test_a_long_time_is_told_by_months() -> None:
    drawn = outcome.curve(story(cases(-300, -1, 5), check(from_on=date(2025, 9, 1))))
    assert drawn
    assert drawn["monthly"]
    assert [row[0] for row in drawn["rows"]] == ["7.25", "8.25", "9.25", "10.25", "11.25", "12.25", "1.26", "2.26"]


def test_without_cases_the_last_measure_is_drawn() -> None:
    nothing = story((), check(measured=2.0, state=VerificationState.EFFECTIVE))
    assert outcome.curve(nothing) is None
    assert [one["word"] for one in outcome.measured(nothing)["points"]] == ["3", "2"]


def test_the_verdict_tells_before_after_and_aim_and_no_cause() -> None:
    told = outcome.proof(story(()), check(measured=2.0, state=VerificationState.EFFECTIVE))["told"]
    assert told.in_("en") == "Before: 3. After: 2. The aim: 4."
    assert told.in_("he") == "לפני: 3. אחרי: 2. היעד: 4."
    assert outcome.proof(story(()), check())["told"] == ""
