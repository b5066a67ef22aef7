"""Finds the duties whose next rung has come and tells whoever it is for: each (duty, due day, rung, person) once.

Runs any number of times, by any number of workers. A missed day is caught up, not doubled: of several rungs that
passed, a person hears the latest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.duties.climbs import Climb, climbs, with_stand_ins
from lessons.duties.deciding import ask_for_decisions
from lessons.models import Duty
from lessons.models.base import among
from lessons.post import notices
from lessons.workflow.deadlines import Rung

TABLE = Duty.__table__
TOGETHER = 500
LOOKED_AT = (
    "id", "pid", "kind", "of_noun", "of_id", "of_code", "unit_id", "person_id", "role", "excluding", "severity",
    "opened_at", "due_on", "next_at", "after_id", "asked_on", "about",
)  # fmt: skip
DUE = (
    sa.select(*(TABLE.c[name] for name in LOOKED_AT))
    .where(TABLE.c.closed_at.is_(None), TABLE.c.next_at <= sa.bindparam("at"))
    .order_by(TABLE.c.next_at, TABLE.c.id)
    .limit(sa.bindparam("limit"))
    .with_for_update(skip_locked=True)
)
MOVED = (
    sa.update(TABLE)
    .where(among(TABLE.c.id, "duties"))
    .values(next_at=sa.bindparam("next", type_=TABLE.c.next_at.type), rung=sa.bindparam("passed"))
)


class Of(NamedTuple):
    """The record that a notice is of."""

    noun: str
    id: int
    code: str


def sweep(session: Session, *, at: datetime, limit: int = TOGETHER) -> int:
    """One transaction's worth; returns how many duties were looked at, 0 when none is due."""
    due = db.connection(session).execute(DUE, {"at": at, "limit": limit}).all()
    if not due:
        return 0
    found = climbs(session, due)
    told = with_stand_ins(session, [(climb, climb.numbers.day(at), _heard(climb, at)) for climb in found])
    _write(session, told, at)
    _move_on(session, found, at)
    ask_for_decisions(session, found, at=at)
    return len(due)


def _heard(climb: Climb, at: datetime) -> dict[int, Rung]:
    return climb.heard(at, since=climb.numbers.day(climb.duty.next_at))


def _write(session: Session, told: Sequence[tuple[Climb, Mapping[int, Rung]]], at: datetime) -> None:
    """Whoever holds a duty by name is told by what its row says of it: most are, and it need not be said again."""
    own, others = defaultdict[tuple[str, str, str, bool], list[int]](list), list[dict[str, Any]]()
    for climb, people in told:
        duty = climb.duty
        for person_id, rung in people.items():
            if person_id == duty.person_id:
                own[kind_of(rung), duty.kind, rung.name, is_urgent(duty, rung)].append(duty.id)
            else:
                others += _notices(person_id, duty, rung, at)
    for (kind, of, rung_name, urgent), duties in own.items():
        notices.write_to_holders(session, duties, kind, at=at, facts={"duty": of}, rung=rung_name, urgent=urgent)
    notices.write(session, others)


def _notices(person_id: int, duty: Any, rung: Rung, at: datetime) -> list[dict[str, Any]]:
    return notices.noted(
        (person_id,), kind_of(rung), Of(duty.of_noun, duty.of_id, duty.of_code), at=at, facts={"duty": duty.kind},
        duty_id=duty.id, due_on=duty.due_on, rung=rung.name, urgent=is_urgent(duty, rung),
    )  # fmt: skip


def is_urgent(duty: Any, rung: Rung) -> bool:
    """What cannot wait for the daily mail."""
    return rung.to == "line" or duty.severity >= 4


def kind_of(rung: Rung) -> str:
    """The kind of notice that tells of it."""
    if rung.to == "line":
        return "escalation"
    return "overdue" if rung.name.startswith("after") else "reminder"


def _move_on(session: Session, found: Sequence[Climb], at: datetime) -> None:
    """To the next rung. Duties of one kind and day wait for the same moment: they are moved together."""
    waiting = defaultdict[tuple[datetime | None, int], list[int]](list)
    for climb in found:
        ahead = climb.ladder.ahead(at)
        moment = ahead[0].moment if ahead else None
        waiting[moment, len(climb.ladder.rungs) - len(ahead)].append(climb.duty.id)
    for (moment, passed), duties in waiting.items():
        db.writing(session).execute(MOVED, {"next": moment, "passed": passed, "duties": duties})
