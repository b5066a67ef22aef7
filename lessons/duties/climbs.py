"""Duties on their ladders: which rungs passed by a moment, and who hears which of them. It reads and writes nothing.

The sweep tells by it, and a rehearsal says by it what the sweep would tell.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access.numbers import calendar_of, policy_of
from lessons.duties.away import away, with_delegates
from lessons.duties.holders import know_holders, people_of
from lessons.duties.line import MANAGER, Level, active, know_people, line_above
from lessons.models import RECORDS
from lessons.models.base import among
from lessons.workdays import Calendar
from lessons.workflow.deadlines import Rung, rungs
from lessons.workflow.policy import Policy


class Numbers:
    """What holds at a unit. Duties of one batch have few days between them: what is reckoned of a day is kept."""

    def __init__(self, policy: Policy, calendar: Calendar) -> None:
        self.policy, self.calendar = policy, calendar
        self.day = cache(calendar.today)
        self._ladders = cache(self._ladder)

    def ladder(self, duty: Any) -> Ladder:
        return self._ladders(duty.kind, duty.severity, self.day(duty.opened_at), duty.due_on)

    def _ladder(self, kind: str, severity: int, opened_on: date, due_on: date) -> Ladder:
        return Ladder(rungs(self.policy, kind, severity, opened_on, due_on, self.calendar), self.day)


class Ladder:
    """The rungs of all duties that are alike in kind, severity and days; what a moment makes of them is kept too."""

    def __init__(self, of: Sequence[Rung], day: Callable[[datetime], date]) -> None:
        self.rungs, self._day = of, day
        self.passed, self.ahead, self.decision = cache(self._passed), cache(self._ahead), cache(self._decision)

    def _passed(self, at: datetime, since: date) -> Sequence[Rung]:
        """What is told of up to now, from that day on."""
        up_to_now = (rung for rung in self.rungs if rung.moment <= at and not rung.decision)
        return [rung for rung in up_to_now if self._day(rung.moment) >= since]

    def _ahead(self, at: datetime) -> Sequence[Rung]:
        return [rung for rung in self.rungs if rung.moment > at]

    def _decision(self, at: datetime) -> Rung | None:
        """The first by which somebody above was to decide."""
        return next((rung for rung in self.rungs if rung.decision and rung.moment <= at), None)


class Climb:
    """A duty on its ladder, whoever holds it now, and the unit of its record."""

    __slots__ = ("_line", "_session", "duty", "holders", "ladder", "numbers", "unit_id")

    def __init__(self, session: Session, duty: Any, numbers: Numbers, unit_id: int) -> None:
        self.duty, self.numbers, self.ladder, self.unit_id = duty, numbers, numbers.ladder(duty), unit_id
        self.holders = people_of(session, duty)
        self._session = session
        self._line: list[Level] | None = None

    @property
    def policy(self) -> Policy:
        return self.numbers.policy

    @property
    def calendar(self) -> Calendar:
        return self.numbers.calendar

    @property
    def line(self) -> list[Level]:
        if self._line is None:
            said = self.policy.line
            free = self.duty.severity >= said.above_centre_from_severity
            self._line = line_above(self._session, self.duty, self.holders, levels=said.levels, above_centre=free)
        return self._line

    def heard(self, at: datetime, *, since: date) -> dict[int, Rung]:
        """Who hears which rung of those up to now, from the day of the one that was waited for: its hour may have been
        moved since. Of several a person hears the latest."""
        told: dict[int, Rung] = {}
        for passed in self.ladder.passed(at, since):
            rung = passed if self.holders else _to_the_line(passed)
            for person_id in self._people(rung):
                told[person_id] = rung
        return told

    def _people(self, rung: Rung) -> Sequence[int]:
        if rung.to == "holder":
            return self.holders
        return self.line[rung.level - 1] if rung.level <= len(self.line) else ()


def _to_the_line(rung: Rung) -> Rung:
    """Where nobody holds the duty, its lateness is the line's to hear of."""
    return replace(rung, to="line", level=1) if rung.name.startswith("after") else rung


def climbs(session: Session, duties: Sequence[Any]) -> list[Climb]:
    """The same number of queries for one duty and for a thousand."""
    know_holders(session, {MANAGER, *(duty.role.value for duty in duties if duty.role)})
    know_people(session, (duty.person_id for duty in duties if duty.person_id is not None), anew=True)
    units = _units_of_records(session, duties)
    where = [units.get((duty.of_noun, duty.of_id), duty.unit_id) for duty in duties]
    known = _numbers(session, where)
    return [Climb(session, duty, known[unit_id], unit_id) for duty, unit_id in zip(duties, where, strict=True)]


def _numbers(session: Session, units: Collection[int]) -> dict[int, Numbers]:
    """By unit; most say nothing of their own and share those of the units above them."""
    made: dict[tuple[int, int], Numbers] = {}
    found: dict[int, Numbers] = {}
    for unit_id in set(units):
        policy, calendar = policy_of(session, unit_id), calendar_of(session, unit_id)
        found[unit_id] = made.setdefault((id(policy), id(calendar)), Numbers(policy, calendar))
    return found


def _units_of_records(session: Session, duties: Sequence[Any]) -> dict[tuple[str, int], int]:
    """The numbers that hold are those of the record's unit, not of whoever holds the duty."""
    found: dict[tuple[str, int], int] = {}
    for noun in {duty.of_noun for duty in duties}:
        model = RECORDS[noun]
        ids = {duty.of_id for duty in duties if duty.of_noun == noun}
        asked = sa.select(model.id, model.unit_id).where(among(model.id, "ids"))
        rows = db.connection(session).execute(asked, {"ids": sorted(ids)})
        found.update({(noun, record_id): unit_id for record_id, unit_id in rows})
    return found


def with_stand_ins(
    session: Session, heard: Sequence[tuple[Climb, date, Mapping[int, Rung]]]
) -> list[tuple[Climb, Mapping[int, Rung]]]:
    """The same with whoever stands in on that day, and without those who left."""
    everyone = {person_id for _, _, told in heard for person_id in told}
    absent = away(session, everyone, {day for _, day, _ in heard})
    told = [(climb, with_delegates(people, absent, day, climb.duty.excluding)) for climb, day, people in heard]
    everyone = {person_id for _, people in told for person_id in people}
    left = everyone - active(session, everyone)
    return [(climb, _without(people, left)) for climb, people in told] if left else told


def _without(people: Mapping[int, Rung], left: Collection[int]) -> dict[int, Rung]:
    return {person_id: rung for person_id, rung in people.items() if person_id not in left}
