"""Decisions that will be owed if what is late stays so: rehearsed as duties that are not there yet.

Whose they will be is reckoned by the line alone; whether that person may see the record is asked when it comes to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from lessons.duties.climbs import Climb
from lessons.duties.deciding import KIND, next_in_line
from lessons.duties.holders import Holder, holder
from lessons.workflow import deadlines
from lessons.workflow.deadlines import Rung
from lessons.workflow.states import Role


@dataclass(frozen=True)
class Decision:
    """What stands in for the row of a duty; `late` is the duty that it will be about."""

    late: Any
    severity: int
    unit_id: int
    person_id: int | None
    role: Role | None
    excluding: tuple[int, ...]
    opened_at: datetime
    due_on: date
    next_at: datetime | None = None
    kind: str = KIND

    @property
    def id(self) -> int:
        return -int(self.late.id)

    @property
    def about(self) -> str:
        return str(self.late.kind)

    @property
    def of_noun(self) -> str:
        return str(self.late.of_noun)

    @property
    def of_id(self) -> int:
        return int(self.late.of_id)

    @property
    def of_code(self) -> str:
        return str(self.late.of_code)


@dataclass(frozen=True)
class Foreseen:
    """A decision that is asked for at that moment, by which rung."""

    at: datetime
    rung: Rung
    climb: Climb


def rung_of(climb: Climb, first: datetime, last: datetime) -> tuple[Rung, datetime] | None:
    """The rung by which a decision is asked for in these days, or the one that is there goes up; and when."""
    duty, day = climb.duty, climb.numbers.day
    if duty.next_at is None:
        return None
    ahead = (rung for rung in climb.ladder.rungs if rung.decision and day(rung.moment) >= day(duty.next_at))
    rung = next(ahead, None)
    return (rung, max(rung.moment, first)) if rung is not None and rung.moment < last else None


def foreseen(session: Session, wave: Sequence[Climb], first: datetime, last: datetime) -> Iterator[Foreseen]:
    for climb in wave:
        passed = rung_of(climb, first, last)
        late = getattr(climb.duty, "late", climb.duty)
        if passed is None:
            continue
        rung, at = passed
        to = next_in_line(session, climb, late)
        if to is None and climb.duty.kind != KIND:
            to = holder(late)
        if to is not None:
            yield Foreseen(at, rung, _climb(session, climb, late, to, at))


def _climb(session: Session, below: Climb, late: Any, to: Holder, at: datetime) -> Climb:
    duty, (policy, calendar) = below.duty, (below.policy, below.calendar)
    due_on = duty.due_on if duty.kind == KIND else deadlines.due(policy, KIND, duty.severity, at, calendar)
    rung = deadlines.next_rung(policy, KIND, duty.severity, calendar.today(at), due_on, calendar, after=at)
    role = Role(to.role) if to.role else None
    next_at = rung.moment if rung else None
    unit_id = to.unit_id or below.unit_id
    row = Decision(late, duty.severity, unit_id, to.person_id, role, to.excluding, at, due_on, next_at)
    return Climb(session, row, below.numbers, below.unit_id)
