"""The rows that stories are written in: who did what on which working day. Frozen data; `play` alone moves it.

A day is counted in working days before the day of loading (0), so that nobody works on a holiday whenever the village
is loaded. Records are named by a key of the story ("d1", "L1"); what the system made is reached from what it belongs
to: "d7.lesson", "L1.verification", "R5.briefing" – the newest of its kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SUNDAY, THURSDAY = 6, 3


@dataclass(frozen=True)
class Day:
    """So many working days before the day of loading (after it where negative); with `weekday` the last such working
    day up to then, and `days` calendar days on from there."""

    ago: int
    weekday: int | None = None
    days: int = 0


@dataclass(frozen=True)
class Moment:
    """A day and the wall clock on it."""

    day: Day
    clock: str


@dataclass(frozen=True)
class Told:
    """Words in which a moment is said as people say it, in place of %s."""

    words: str
    moment: Moment


@dataclass(frozen=True)
class Of:
    """The code (of a part: the id) of what a key names."""

    key: str


@dataclass(frozen=True)
class Step:
    """Somebody (by employee number) does something: `door` is create, step, add, match or read."""

    day: Day
    clock: str
    who: str
    door: str
    record: str
    what: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    made: str = ""


def ago(days: int) -> Day:
    return Day(days)


def ahead(days: int) -> Day:
    return Day(-days)


def at(days: int, clock: str) -> Moment:
    return Moment(Day(days), clock)


def create(day: int | Day, clock: str, who: str, noun: str, made: str, /, **fields: Any) -> Step:
    """A new record, known to the story as `made`."""
    return Step(_day(day), clock, who, "create", "", noun, fields, made)


def step(day: int | Day, clock: str, who: str, record: str, trigger: str, /, **fields: Any) -> Step:
    """A record goes through a step."""
    return Step(_day(day), clock, who, "step", record, trigger, fields)


def add(day: int | Day, clock: str, who: str, record: str, part: str, /, *, made: str = "", **fields: Any) -> Step:
    """A part of a record, or of a part."""
    return Step(_day(day), clock, who, "add", record, part, fields, made)


def match(day: int | Day, clock: str, who: str, case: str, lesson: str, /) -> Step:
    """A case shows the lesson's problem."""
    return Step(_day(day), clock, who, "match", case, lesson)


def read(day: int | Day, briefing: str, /, *, people: int = 0, days: int = 3, wrong: int = 0) -> Step:
    """From this day on so many of those addressed (all, where no number is given) acknowledge, within so many working
    days; `wrong` of them answer the check question wrongly first."""
    fields = {"people": people, "days": days, "wrong": wrong}
    return Step(_day(day), "10:45", "", "read", briefing, "acknowledge", fields)


def _day(day: int | Day) -> Day:
    return day if isinstance(day, Day) else Day(day)
