"""Finds the duties whose next rung has come and tells whoever it is for: each (duty, due day, rung, person) once.

Runs any number of times, by any number of workers. A missed day is caught up, not doubled: of several rungs that
passed, a person hears the latest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access.numbers import calendar_of, policy_of
from lessons.duties.away import away, with_delegates
from lessons.duties.deciding import ask_for_decisions
from lessons.duties.holders import holder, people_of
from lessons.duties.line import active, line_above
from lessons.models import RECORDS, Duty
from lessons.post import notices
from lessons.workdays import Calendar
from lessons.workflow.deadlines import Rung, rungs
from lessons.workflow.policy import Policy

TABLE = Duty.__table__
DUE = (
    sa.select(TABLE)
    .where(TABLE.c.closed_at.is_(None), TABLE.c.next_at <= sa.bindparam("at"))
    .order_by(TABLE.c.next_at, TABLE.c.id)
    .limit(sa.bindparam("limit"))
    .with_for_update(skip_locked=True)
)
MOVED = (
    sa.update(TABLE)
    .where(TABLE.c.id == sa.bindparam("duty"))
    .values(next_at=sa.bindparam("next", type_=TABLE.c.next_at.type), rung=sa.bindparam("passed"))
)


class Of(NamedTuple):
    """The record that a notice is of."""

    noun: str
    id: int
    code: str


@dataclass(frozen=True)
class Climb:
    """A duty on its ladder at a moment: what has passed, and who hears which rung of it."""

    duty: Any
    policy: Policy
    calendar: Calendar
    ladder: Sequence[Rung]
    day: date
    told: dict[int, Rung]


def sweep(session: Session, *, at: datetime, limit: int = 200) -> int:
    """One transaction's worth; returns how many duties were looked at, 0 when none is due."""
    due = session.execute(DUE, {"at": at, "limit": limit}).all()
    if not due:
        return 0
    units = _units_of_records(session, due)
    climbs = [_climb(session, duty, units.get((duty.of_noun, duty.of_id), duty.unit_id), at) for duty in due]
    _tell_all(session, climbs, at)
    session.execute(MOVED, [_moved(climb, at) for climb in climbs])
    ask_for_decisions(session, climbs, at=at)
    return len(due)


def _units_of_records(session: Session, due: Sequence[Any]) -> dict[tuple[str, int], int]:
    """The numbers that hold are those of the record's unit, not of whoever holds the duty."""
    found: dict[tuple[str, int], int] = {}
    for noun in {duty.of_noun for duty in due}:
        model = RECORDS[noun]
        ids = [duty.of_id for duty in due if duty.of_noun == noun]
        rows = session.execute(sa.select(model.id, model.unit_id).where(model.id.in_(ids)))
        found.update({(noun, record_id): unit_id for record_id, unit_id in rows})
    return found


def _climb(session: Session, duty: Any, unit_id: int, at: datetime) -> Climb:
    policy, calendar = policy_of(session, unit_id), calendar_of(session, unit_id)
    opened_on = calendar.today(duty.opened_at)
    ladder = rungs(policy, duty.kind, duty.severity, opened_on, duty.due_on, calendar)
    holders = people_of(session, holder(duty))
    told: dict[int, Rung] = {}
    for passed in _passed(duty, ladder, calendar, at):
        rung = passed if holders else _to_the_line(passed)
        for person_id in _people(session, duty, rung, holders, policy):
            told[person_id] = rung
    return Climb(duty, policy, calendar, ladder, calendar.today(at), told)


def _passed(duty: Any, ladder: Sequence[Rung], calendar: Calendar, at: datetime) -> list[Rung]:
    """Reminders up to now, from the day of the one that was waited for: its hour may have been moved since. A decision
    is a duty of its own and no reminder."""
    since = calendar.today(duty.next_at)
    reminders = (rung for rung in ladder if not rung.decision)
    return [rung for rung in reminders if rung.moment <= at and calendar.today(rung.moment) >= since]


def _to_the_line(rung: Rung) -> Rung:
    """Where nobody holds the duty, its lateness is the line's to hear of."""
    return replace(rung, to="line", level=1) if rung.name.startswith("after") else rung


def _people(session: Session, duty: Any, rung: Rung, holders: list[int], policy: Policy) -> Sequence[int]:
    if rung.to == "holder":
        return holders
    free = duty.severity >= policy.line.above_centre_from_severity
    levels = line_above(session, duty, holders, levels=policy.line.levels, above_centre=free)
    return levels[rung.level - 1] if rung.level <= len(levels) else ()


def _tell_all(session: Session, climbs: Sequence[Climb], at: datetime) -> None:
    everyone = {person_id for climb in climbs for person_id in climb.told}
    absent = away(session, everyone, {climb.day for climb in climbs})
    told = [(climb, with_delegates(climb.told, absent, climb.day, climb.duty.excluding)) for climb in climbs]
    here = active(session, everyone | {person_id for _, people in told for person_id in people})
    for climb, people in told:
        for rung in dict.fromkeys(people.values()):
            _tell(session, climb, rung, [p for p, heard in people.items() if heard == rung and p in here], at)


def _tell(session: Session, climb: Climb, rung: Rung, people: list[int], at: datetime) -> None:
    duty = climb.duty
    notices.tell(
        session, people, _kind(rung), Of(duty.of_noun, duty.of_id, duty.of_code), at=at, facts={"duty": duty.kind},
        duty_id=duty.id, due_on=duty.due_on, rung=rung.name, urgent=rung.to == "line" or duty.severity >= 4,
    )  # fmt: skip


def _kind(rung: Rung) -> str:
    if rung.to == "line":
        return "escalation"
    return "overdue" if rung.name.startswith("after") else "reminder"


def _moved(climb: Climb, at: datetime) -> dict[str, Any]:
    ahead = [rung for rung in climb.ladder if rung.moment > at]
    moment = ahead[0].moment if ahead else None
    return {"duty": climb.duty.id, "next": moment, "passed": len(climb.ladder) - len(ahead)}
