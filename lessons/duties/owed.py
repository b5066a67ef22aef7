"""Opens, keeps, moves and closes a record's duties so that they are just what its life says it owes now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db, many
from lessons.access import Actor
from lessons.access.numbers import calendar_of, policy_of
from lessons.duties.away import away, with_delegates
from lessons.duties.holders import Holder, here, holder_of, people_of
from lessons.duties.holders import holder as holder_at
from lessons.models import Duty, Notice
from lessons.models.base import random_id
from lessons.post import notices
from lessons.workdays import Calendar
from lessons.workflow import deadlines
from lessons.workflow.decisions import RECORDS_OWN_DATE, decides
from lessons.workflow.lives import LIVES
from lessons.workflow.owed import Owes
from lessons.workflow.policy import Policy
from lessons.workflow.states import Role

TABLE = Duty.__table__
LOOKED_AT = (
    "id", "kind", "person_id", "role", "unit_id", "severity", "opened_at", "due_on", "excluding", "granted_on",
    "handed_at", "after_id",
)  # fmt: skip
OPEN = sa.select(*(TABLE.c[name] for name in LOOKED_AT)).where(
    TABLE.c.of_noun == sa.bindparam("noun"), TABLE.c.of_id == sa.bindparam("id"), TABLE.c.closed_at.is_(None)
)
CLOSE = (
    sa.update(TABLE)
    .where(TABLE.c.id == sa.bindparam("duty"))
    .values(closed_at=sa.bindparam("at"), closed_how=sa.bindparam("how"), next_at=None)
)
DECISION = sa.select(TABLE.c.id, TABLE.c.about).where(
    TABLE.c.after_id == sa.bindparam("duty"), TABLE.c.closed_at.is_(None)
)
ASK_ANEW = sa.update(TABLE).where(TABLE.c.id == sa.bindparam("duty")).values(next_at=sa.bindparam("at"))
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
    open_ = db.connection(session).execute(OPEN, {"noun": row.noun, "id": row.id}).all()
    present = {duty.kind: duty for duty in open_ if duty.after_id is None}
    owing = Owing(session, row, facts, at, by, trigger)
    for kind, duty in present.items():
        if kind not in wanted:
            owing.close(duty, _how(life.owes, kind, trigger))
    for kind, owes in wanted.items():
        owing.keep_or_open(owes, present.get(kind))
    for decision in open_:
        if decision.after_id is not None and not here(session, decision):
            owing.ask_anew(decision)


def open_all(
    session: Session,
    rows: Sequence[Any],
    known: Sequence[Any],
    *,
    at: datetime,
    by: Actor | None,
    quietly: bool = False,
) -> None:
    """What new records owe, by one statement. `quietly`: a role does not hear of each of them, a person does."""
    reckoned: dict[Any, Any] = {}
    opened = [
        (owing, owes.kind, holder_of(session, row, facts, owes), owing.due_on(owes, at))
        for row, facts in zip(rows, known, strict=True)
        for owing in [Owing(session, row, facts, at, by, reckoned=reckoned)]
        for owes in {owes.kind: owes for owes in LIVES[row.noun].owes_in[row.state] if owes.holds(row, facts)}.values()
    ]
    values = [owing.columns(kind, holder, due_on) for owing, kind, holder, due_on in opened]
    ids = many.insert(session, TABLE, values)
    each = zip(opened, ids, strict=True)
    announce(session, [(*one, duty_id) for one, duty_id in each if one[2].person_id is not None or not quietly])


def announce(session: Session, opened: Sequence[tuple[Owing, str, Holder, date, int]]) -> None:
    """Duties with their holders, days and ids: told to whoever holds each and whoever stands in for them today; not to
    the one who did it. Nobody where the policy has no mail about it."""
    told = [(one, people_of(session, one[2])) for one in opened if one[0].policy.duties[one[1]].mail]
    absent = away(session, {p for _, people in told for p in people}, {one[0].facts.today for one, _ in told})
    notes: list[dict[str, Any]] = []
    for (owing, kind, holder, due_on, duty_id), holders in told:
        people = with_delegates(dict.fromkeys(holders), absent, owing.facts.today, holder.excluding)
        notes += owing.noted([p for p in people if owing.by is None or p != owing.by.id], kind, duty_id, due_on)
    notices.write(session, notes)


def _how(owes: tuple[Any, ...], kind: str, trigger: str) -> str:
    return "fulfilled" if any(trigger in o.by for o in owes if o.kind == kind) else "ended"


def close(session: Session, duty_id: int, at: datetime, how: str) -> None:
    """Nothing more is told of it."""
    db.writing(session).execute(CLOSE, {"duty": duty_id, "at": at, "how": how})
    notices.drop_untold(session, duty_id, at=at)


def decided(session: Session, noun: str, ids: Sequence[int], trigger: str, *, at: datetime) -> None:
    """A step of another record was what a manager decided about these: what is late stays late, and is asked about no
    more."""
    asked = sa.select(TABLE.c.id, TABLE.c.about).where(
        TABLE.c.of_noun == noun, TABLE.c.of_id.in_(ids), TABLE.c.after_id.is_not(None), TABLE.c.closed_at.is_(None)
    )
    for decision in session.execute(asked).all() if ids else ():
        if decides(decision.about, trigger):
            close(session, decision.id, at, "fulfilled")


def _due_on(owing: Owing, kind: str, opened_at: datetime, asked: date | None, quick: bool) -> date:
    return deadlines.due(owing.policy, kind, owing.severity, opened_at, owing.calendar, asked, quick=quick)


def _moments(owing: Owing, kind: str, opened_at: datetime, due_on: date) -> dict[str, Any]:
    policy, severity, calendar = owing.policy, owing.severity, owing.calendar
    rung = deadlines.next_rung(policy, kind, severity, calendar.today(opened_at), due_on, calendar, after=owing.at)
    end = deadlines.due_at(policy, kind, due_on, opened_at, calendar)
    return {"severity": severity, "due_on": due_on, "due_at": end, "next_at": rung.moment if rung else None}


@dataclass(frozen=True)
class Owing:
    """One record at one moment, and the duties that are opened for it."""

    session: Session
    row: Any
    facts: Any
    at: datetime
    by: Actor | None
    trigger: str = ""
    reckoned: dict[Any, Any] = field(default_factory=dict)
    """Days and moments of duties that are alike: of many records at one moment they are reckoned once."""

    def keep_or_open(self, owes: Owes, present: Any) -> None:
        if present is None:
            self.open(owes.kind, holder_of(self.session, self.row, self.facts, owes), self.due_on(owes, self.at))
            return
        holder, due_on = self.holder(owes, present), self.day(owes, present)
        if (present.person_id, present.role, present.unit_id) != self.place(holder):
            self.hand_on(present, holder, due_on)
        elif present.severity < self.severity:
            self.hand_on(present, holder, self.sooner(owes, present.due_on), handed_at=present.handed_at)
        else:
            self.keep(owes, present, holder, due_on)

    def holder(self, owes: Owes, present: Any) -> Holder:
        """Where a decision put it, as long as they are here and may; else whom the life names."""
        there = holder_at(present)
        if present.handed_at is not None and here(self.session, present):
            barred = owes.barred(self.row, self.facts)
            if not barred & set(people_of(self.session, there)):
                return there
        return holder_of(self.session, self.row, self.facts, owes)

    def day(self, owes: Owes, present: Any) -> date:
        """The day that a decision gave it; else what its life and the policy say."""
        granted: date | None = present.granted_on
        own = owes.asked(self.row, self.facts) if owes.asked and owes.kind in RECORDS_OWN_DATE else None
        return (own or granted) if granted else self.due_on(owes, present.opened_at)

    def close(self, duty: Any, how: str) -> None:
        close(self.session, duty.id, self.at, how)
        self.end_decision(duty)

    def hand_on(self, duty: Any, holder: Holder, due_on: date, **more: Any) -> None:
        """It becomes a new one, of whoever holds it now; its day stays."""
        self.close(duty, "handed_on")
        granted = due_on if duty.granted_on == due_on else None
        self.open(duty.kind, holder, due_on, granted_on=granted, **more)

    def end_decision(self, late: Any) -> None:
        """What a manager was to decide about a late duty is over together with it, or with its day."""
        if late.after_id is not None or late.due_on >= self.facts.today:
            return  # nothing is asked about what is not late
        for asked in db.connection(self.session).execute(DECISION, {"duty": late.id}).all():
            how = "fulfilled" if decides(asked.about, self.trigger) else "ended"
            close(self.session, asked.id, self.at, how)

    def ask_anew(self, decision: Any) -> None:
        """Whoever was to decide is not here any more: the next sweep asks whoever is above the late duty now."""
        close(self.session, decision.id, self.at, "handed_on")
        db.writing(self.session).execute(ASK_ANEW, {"duty": decision.after_id, "at": self.at})

    def sooner(self, owes: Owes, promised: date) -> date:
        """The day of what turned out graver, counted from today: never later than promised, nor late by that alone."""
        today: date = self.facts.today
        return min(promised, max(self.due_on(owes, self.at), today))

    def keep(self, owes: Owes, present: Any, holder: Holder, due_on: date) -> None:
        if tuple(present.excluding) != holder.excluding:
            self.change(present, excluding=list(holder.excluding))
        milder = present.severity > self.severity
        reckoned = owes.asked is not None or present.granted_on is not None
        moves = reckoned or (milder and present.due_on >= self.facts.today)
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
        day: date = self.once(_due_on, owes.kind, opened_at, asked, quick)
        return day

    @cached_property
    def policy(self) -> Policy:
        return policy_of(self.session, self.row.unit_id)

    @cached_property
    def calendar(self) -> Calendar:
        return calendar_of(self.session, self.row.unit_id)

    def moments(self, kind: str, opened_at: datetime, due_on: date) -> dict[str, Any]:
        return dict(self.once(_moments, kind, opened_at, due_on))

    def once(self, reckon: Callable[..., Any], *of: Any) -> Any:
        alike = (reckon, self.row.unit_id, self.severity, *of)
        if alike not in self.reckoned:
            self.reckoned[alike] = reckon(self, *of)
        return self.reckoned[alike]

    def move(self, duty: Any, due_on: date) -> None:
        self.change(duty, **self.moments(duty.kind, duty.opened_at, due_on), rung=0, moved=TABLE.c.moved + 1)
        news = db.connection(self.session).execute(UNHEARD, {"duty": duty.id}).scalars().all()
        notices.drop_untold(self.session, duty.id, at=self.at)
        self.end_decision(duty)
        notices.write(self.session, self.noted(news, duty.kind, duty.id, due_on))

    def remind(self, duty: Any) -> None:
        """The day stays; when it is told of next may not."""
        moments = self.moments(duty.kind, duty.opened_at, duty.due_on)
        self.change(duty, severity=moments["severity"], next_at=moments["next_at"])

    def change(self, duty: Any, **values: Any) -> None:
        self.session.execute(sa.update(TABLE).where(TABLE.c.id == duty.id).values(**values))

    def open(self, kind: str, holder: Holder, due_on: date, *, quietly: bool = False, **more: Any) -> int:
        values = {**self.columns(kind, holder, due_on), **more}
        duty_id: int = db.writing(self.session).execute(INSERT, values).scalar_one()
        if not quietly:
            announce(self.session, [(self, kind, holder, due_on, duty_id)])
        return duty_id

    def columns(self, kind: str, holder: Holder, due_on: date) -> dict[str, Any]:
        """A duty that opens now."""
        return {
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
            "about": "",
            **self.moments(kind, self.at, due_on),
        }

    def noted(self, people: Iterable[int], kind: str, duty_id: int, due_on: date) -> list[dict[str, Any]]:
        return notices.noted(
            people, "assigned", self.row, at=self.at, facts={"duty": kind}, duty_id=duty_id, due_on=due_on,
            rung="assigned", urgent=self.severity == 4,
        )  # fmt: skip
