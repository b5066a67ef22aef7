"""Opens, keeps, moves and closes a record's duties so that they are just what its life says it owes now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import Actor
from lessons.access.numbers import calendar_of, policy_of
from lessons.duties.away import away, with_delegates
from lessons.duties.holders import Holder, holder_of, people_of
from lessons.models import Duty, Notice
from lessons.models.base import random_id
from lessons.post import notices
from lessons.workdays import Calendar
from lessons.workflow import deadlines
from lessons.workflow.lives import LIVES
from lessons.workflow.owed import Owes
from lessons.workflow.policy import Policy
from lessons.workflow.states import Role

TABLE = Duty.__table__
LOOKED_AT = ("id", "kind", "person_id", "role", "unit_id", "severity", "opened_at", "due_on", "excluding")
OPEN = sa.select(*(TABLE.c[name] for name in LOOKED_AT)).where(
    TABLE.c.of_noun == sa.bindparam("noun"), TABLE.c.of_id == sa.bindparam("id"), TABLE.c.closed_at.is_(None)
)
CLOSE = (
    sa.update(TABLE)
    .where(TABLE.c.id == sa.bindparam("duty"))
    .values(closed_at=sa.bindparam("at"), closed_how=sa.bindparam("how"), next_at=None)
)
UNHEARD = sa.select(Notice.person_id).where(
    Notice.duty_id == sa.bindparam("duty"), Notice.rung == "assigned", Notice.told_at.is_(None)
)
"""Whoever has not heard yet that it is theirs: another date takes no news away."""
INSERT = sa.insert(TABLE).returning(TABLE.c.id)


def settle(session: Session, row: Any, facts: Any, *, at: datetime, trigger: str = "", by: Actor | None = None) -> None:
    """Make the record's open duties those that its life owes in its present state."""
    life = LIVES[row.noun]
    if not life.owes:
        return
    wanted = {owes.kind: owes for owes in life.owes if owes.holds(row, facts)}
    present = {duty.kind: duty for duty in db.connection(session).execute(OPEN, {"noun": row.noun, "id": row.id})}
    for kind, duty in present.items():
        if kind not in wanted:
            _close(session, duty.id, at, _how(life.owes, kind, trigger))
    owing = Owing(session, row, facts, at, by)
    for kind, owes in wanted.items():
        owing.keep_or_open(owes, present.get(kind))


def _how(owes: tuple[Any, ...], kind: str, trigger: str) -> str:
    return "fulfilled" if any(trigger in o.by for o in owes if o.kind == kind) else "ended"


def _close(session: Session, duty_id: int, at: datetime, how: str) -> None:
    db.writing(session).execute(CLOSE, {"duty": duty_id, "at": at, "how": how})
    notices.drop_untold(session, [duty_id])


@dataclass(frozen=True)
class Owing:
    """One record at one moment, and the duties that are opened for it."""

    session: Session
    row: Any
    facts: Any
    at: datetime
    by: Actor | None

    def keep_or_open(self, owes: Owes, present: Any) -> None:
        holder = holder_of(self.session, self.row, self.facts, owes)
        due_on = self.due_on(owes, present.opened_at if present else self.at)
        if present is None:
            self.open(owes.kind, holder, due_on)
        elif (present.person_id, present.role, present.unit_id) != self.place(holder):
            _close(self.session, present.id, self.at, "handed_on")
            self.open(owes.kind, holder, due_on)
        elif present.severity < self.severity:
            _close(self.session, present.id, self.at, "handed_on")
            self.open(owes.kind, holder, self.sooner(owes, present.due_on))
        else:
            self.keep(owes, present, holder, due_on)

    def sooner(self, owes: Owes, promised: date) -> date:
        """The day of what turned out graver, counted from today: never later than promised, nor late by that alone."""
        today: date = self.facts.today
        return min(promised, max(self.due_on(owes, self.at), today))

    def keep(self, owes: Owes, present: Any, holder: Holder, due_on: date) -> None:
        if tuple(present.excluding) != holder.excluding:
            self.change(present, excluding=list(holder.excluding))
        milder = present.severity > self.severity
        moves = owes.asked is not None or (milder and present.due_on >= self.facts.today)
        if moves and present.due_on != due_on:
            self.move(present, due_on)
        elif milder:
            self.remind(present)

    def place(self, holder: Holder) -> tuple[int | None, str | None, int]:
        return holder.person_id, holder.role, holder.unit_id or self.row.unit_id

    @cached_property
    def severity(self) -> int:
        """1 to 4; an unknown one counts as 2, an urgent report as 4."""
        own = getattr(self.row, "severity", None)
        if own is None and getattr(self.row, "urgent", False):
            return 4
        return int(own or self.facts.severity or 2)

    def due_on(self, owes: Owes, opened_at: datetime) -> date:
        quick = (getattr(self.row, "path", None) or getattr(self.facts, "debrief_path", None)) == "quick"
        asked = owes.asked(self.row, self.facts) if owes.asked else None
        return deadlines.due(self.policy, owes.kind, self.severity, opened_at, self.calendar, asked, quick=quick)

    @cached_property
    def policy(self) -> Policy:
        return policy_of(self.session, self.row.unit_id)

    @cached_property
    def calendar(self) -> Calendar:
        return calendar_of(self.session, self.row.unit_id)

    def moments(self, kind: str, opened_at: datetime, due_on: date) -> dict[str, Any]:
        opened_on = self.calendar.today(opened_at)
        rung = deadlines.next_rung(self.policy, kind, self.severity, opened_on, due_on, self.calendar, after=self.at)
        return {
            "severity": self.severity,
            "due_on": due_on,
            "due_at": deadlines.due_at(self.policy, kind, due_on, opened_at, self.calendar),
            "next_at": rung.moment if rung else None,
        }

    def move(self, duty: Any, due_on: date) -> None:
        self.change(duty, **self.moments(duty.kind, duty.opened_at, due_on), rung=0, moved=TABLE.c.moved + 1)
        news = db.connection(self.session).execute(UNHEARD, {"duty": duty.id}).scalars().all()
        notices.drop_untold(self.session, [duty.id])
        self.tell(news, duty.kind, duty.id, due_on)

    def remind(self, duty: Any) -> None:
        """The day stays; when it is told of next may not."""
        moments = self.moments(duty.kind, duty.opened_at, duty.due_on)
        self.change(duty, severity=moments["severity"], next_at=moments["next_at"])

    def change(self, duty: Any, **values: Any) -> None:
        self.session.execute(sa.update(TABLE).where(TABLE.c.id == duty.id).values(**values))

    def open(self, kind: str, holder: Holder, due_on: date) -> None:
        values = {
            "pid": random_id(),
            "kind": kind,
            "of_noun": self.row.noun,
            "of_id": self.row.id,
            "of_code": self.row.code,
            "unit_id": holder.unit_id or self.row.unit_id,
            "person_id": holder.person_id,
            "role": Role(holder.role) if holder.role else None,
            "excluding": list(holder.excluding),
            "opened_at": self.at,
            "rung": 0,
            "moved": 0,
            "closed_how": "",
            **self.moments(kind, self.at, due_on),
        }
        duty_id = db.writing(self.session).execute(INSERT, values).scalar_one()
        if self.policy.duties[kind].mail:
            self.announce(kind, holder, duty_id, due_on)

    def announce(self, kind: str, holder: Holder, duty_id: int, due_on: date) -> None:
        """To whoever holds it and whoever stands in for them today; not to the one who did it."""
        holders, today = people_of(self.session, holder), self.facts.today
        absent = away(self.session, holders, [today])
        people = with_delegates(dict.fromkeys(holders), absent, today, holder.excluding)
        self.tell([p for p in people if self.by is None or p != self.by.id], kind, duty_id, due_on)

    def tell(self, people: Iterable[int], kind: str, duty_id: int, due_on: date) -> None:
        notices.tell(
            self.session, people, "assigned", self.row, at=self.at, facts={"duty": kind}, duty_id=duty_id,
            due_on=due_on, rung="assigned", urgent=self.severity == 4,
        )  # fmt: skip
