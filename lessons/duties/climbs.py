"""Duties on their ladders: which rungs passed by a moment, and who hears which of them. It reads and writes nothing.

The sweep tells by it, and a rehearsal says by it what the sweep would tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache, partial
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access.numbers import calendar_of, policy_of
from lessons.duties.away import away, with_delegates
from lessons.duties.holders import know_holders, people_of
from lessons.duties.line import MANAGER, Level, active, know_people, line_above
from lessons.models import RECORDS
from lessons.workdays import Calendar
from lessons.workflow.deadlines import Rung, rungs
from lessons.workflow.policy import Policy


class Numbers:
    """What holds at a unit. Duties of one batch have few days between them: what is reckoned of a day is kept."""

    def __init__(self, policy: Policy, calendar: Calendar) -> None:
        self.policy, self.calendar = policy, calendar
        self.day = cache(calendar.today)
        self._rungs = cache(partial(rungs, policy, calendar=calendar))

    def ladder(self, duty: Any) -> Sequence[Rung]:
        return self._rungs(duty.kind, duty.severity, self.day(duty.opened_at), duty.due_on)


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
        for passed in self.ladder:
            if passed.moment > at:
                break
            if self.numbers.day(passed.moment) >= since and not passed.decision:
                rung = passed if self.holders else _to_the_line(passed)
                for person_id in self._people(rung):
                    told[person_id] = rung
        return told

    def _people(self, rung: Rung) -> Sequence[int]:
        if rung.to == "holder":
            return self.holders
        return self.line[rung.level - 1] if rung.level <= len(self.line) else ()

    def ahead(self, at: datetime) -> list[Rung]:
        return [rung for rung in self.ladder if rung.moment > at]


def _to_the_line(rung: Rung) -> Rung:
    """Where nobody holds the duty, its lateness is the line's to hear of."""
    return replace(rung, to="line", level=1) if rung.name.startswith("after") else rung


def climbs(session: Session, duties: Sequence[Any]) -> list[Climb]:
    """The same number of queries for one duty and for a thousand."""
    know_holders(session, {MANAGER, *(duty.role.value for duty in duties if duty.role)})
    know_people(session, (duty.person_id for duty in duties if duty.person_id is not None), anew=True)
    units, known = _units_of_records(session, duties), dict[int, Numbers]()
    found = []
    for duty in duties:
        unit_id = units.get((duty.of_noun, duty.of_id), duty.unit_id)
        if unit_id not in known:
            known[unit_id] = Numbers(policy_of(session, unit_id), calendar_of(session, unit_id))
        found.append(Climb(session, duty, known[unit_id], unit_id))
    return found


def _units_of_records(session: Session, duties: Sequence[Any]) -> dict[tuple[str, int], int]:
    """The numbers that hold are those of the record's unit, not of whoever holds the duty."""
    found: dict[tuple[str, int], int] = {}
    for noun in {duty.of_noun for duty in duties}:
        model = RECORDS[noun]
        ids = {duty.of_id for duty in duties if duty.of_noun == noun}
        rows = db.connection(session).execute(sa.select(model.id, model.unit_id).where(model.id.in_(ids)))
        found.update({(noun, record_id): unit_id for record_id, unit_id in rows})
    return found


def with_stand_ins(
    session: Session, heard: Sequence[tuple[Climb, date, Mapping[int, Rung]]]
) -> list[tuple[Climb, dict[int, Rung]]]:
    """The same with whoever stands in on that day, and without those who left."""
    everyone = {person_id for _, _, told in heard for person_id in told}
    absent = away(session, everyone, {day for _, day, _ in heard})
    told = [(climb, with_delegates(people, absent, day, climb.duty.excluding)) for climb, day, people in heard]
    here = active(session, {person_id for _, people in told for person_id in people})
    return [(climb, {p: rung for p, rung in people.items() if p in here}) for climb, people in told]
