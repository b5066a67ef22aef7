"""The two measures by month: the median of working days from event to desk, and the share proved, counted up."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from lessons.home.managing import Checked, Reached
from lessons.home.measures import by_month, end_of, firsts
from lessons.workflow.policy import Policy
from lessons.workflow.states import VerificationState as S

CALENDAR = Policy.load(None).calendar("Asia/Jerusalem", None)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


def test_months_end_with_this_one_and_know_where_it_ends() -> None:
    assert firsts(date(2026, 1, 31), 3) == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]


def test_days_are_working_days_and_a_month_tells_their_median() -> None:
    happened = date(2026, 1, 1)  # a Thursday; the working days that follow are Sunday to Thursday
    came = [Reached(1, noon(day), happened) for day in (date(2026, 1, 4), date(2026, 1, 6), date(2026, 1, 12))]
    december, january = by_month(firsts(date(2026, 1, 31), 2), came, [], lambda _: CALENDAR)
    assert (december.days, december.lessons) == (None, 0)
    assert (january.days, january.lessons) == (3, 3)


def test_a_lesson_counts_from_the_day_of_its_check_with_its_latest_result() -> None:
    checks = [
        Checked(1, date(2025, 12, 10), noon(date(2025, 12, 12)), S.NOT_EFFECTIVE),
        Checked(1, date(2026, 1, 10), noon(date(2026, 1, 12)), S.EFFECTIVE),
        Checked(2, date(2026, 1, 20), None, S.DUE),
        Checked(3, date(2026, 2, 20), None, S.SCHEDULED),
    ]
    november, december, january = by_month(firsts(date(2026, 1, 31), 3), [], checks, lambda _: CALENDAR)
    assert (november.percent, december.percent, january.percent) == (None, 0, 50)
    assert (january.checked, january.proved) == (2, 1)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("2025-12", date(2025, 12, 31)), ("2026-01", date(2026, 1, 20)), ("", date(2026, 1, 20)),
        ("9999-12", date(2026, 1, 20)), ("0001-01", date(2026, 1, 20)), ("2025-13", date(2026, 1, 20)),
    ],
)  # fmt: skip
def test_a_month_ends_with_its_last_day_and_today_at_the_latest(asked: str, told: date) -> None:
    assert end_of(asked, date(2026, 1, 20)) == told
