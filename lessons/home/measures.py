"""The two measures by month: working days from the event to the desk, and the share of lessons that were proved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

from lessons.home.managing import VERDICTS, Checked, Reached
from lessons.workdays import Calendar
from lessons.workflow.states import VerificationState

EARLIEST = date(2000, 1, 1)
AIM = 3  # working days from the event to the desk


@dataclass(frozen=True)
class Month:
    """`days` is the median of those lessons; `checked` and `proved` count all up to its end."""

    first: date
    until: date
    days: float | None
    lessons: int
    checked: int
    proved: int

    @property
    def percent(self) -> int | None:
        return round(100 * self.proved / self.checked) if self.checked else None


def firsts(today: date, months: int) -> list[date]:
    """The first days of so many months, this one the last, and of the month after it."""
    day = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
    found = [day]
    while len(found) <= months:
        day = (day - timedelta(days=1)).replace(day=1)
        found.append(day)
    return found[::-1]


def end_of(month: str, today: date) -> date:
    """The last day of a month written as 2026-10, today at the latest; this month's where it says nothing else."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        first = today.replace(day=1)
    if not EARLIEST <= first <= today:
        first = today.replace(day=1)
    return min((first + timedelta(days=31)).replace(day=1) - timedelta(days=1), today)


def by_month(
    edges: Sequence[date],
    reached: Sequence[Reached],
    checked: Sequence[Checked],
    calendar: Callable[[int], Calendar],
) -> list[Month]:
    told = [(calendar(one.unit_id), one) for one in reached]
    waits = [(at.today(one.at), at.between(one.happened_on, at.today(one.at))) for at, one in told]
    return [_month(first, until, waits, checked) for first, until in pairwise(edges)]


def _month(first: date, until: date, waits: Sequence[tuple[date, int]], checked: Sequence[Checked]) -> Month:
    days = [wait for day, wait in waits if first <= day < until]
    latest = {one.lesson_id: one for one in checked if _has_come(one, until)}
    proved = sum(one.state == VerificationState.EFFECTIVE and _over(one.at, until) for one in latest.values())
    return Month(first, until, median(days) if days else None, len(days), len(latest), proved)


def _has_come(one: Checked, until: date) -> bool:
    """Whether by then its result was there, or was to be."""
    return _over(one.at, until) if one.state in VERDICTS else one.due_on is not None and one.due_on < until


def _over(at: datetime | None, until: date) -> bool:
    return at is not None and at.date() < until
