"""An organisation that lives on: people do things at any hour, workers come and go, and after each turn of theirs what
was told is compared with the model."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db, doors, worker
from lessons.access import actor_of
from lessons.actions.operations import VERBS
from lessons.errors import LessonsError
from lessons.models import RECORDS, Absence, Action, Debrief, Duty, Grant, Letter, Notice, Person, Unit
from lessons.settings import Settings
from lessons.workflow.states import ACTION_OPEN, LetterState, Role
from tests.duties.owing import debrief
from tests.faults.model import ZONE, Owed, Places
from tests.faults.organisation import Organisation

FEW = 8
"""Open actions at the least."""
REASON = "כך הוחלט ביחידה אחרי דיון"
LINK = {"kind": "link", "url": "https://organisation.example/screen"}
Told = tuple[int, date, str, int]
"""A duty, its day, a rung and a person."""


def moment(day: date, hour: float) -> datetime:
    return datetime.combine(day, time(), ZONE) + timedelta(hours=hour)


def places() -> Places:
    """The organisation as the model knows it."""
    with db.reading() as session:
        units = session.scalars(sa.select(Unit)).all()
        managers = session.execute(sa.select(Grant.unit_id, Grant.person_id).where(Grant.role == Role.MANAGER)).all()
        homes = session.execute(sa.select(Person.id, Person.unit_id)).all()
        away = session.scalars(sa.select(Absence).order_by(Absence.id)).all()
    return Places(
        {unit.id: unit.parent_id for unit in units}, {unit.id: unit.calendar for unit in units},
        {unit.id: unit.policy for unit in units}, dict(map(tuple, managers)), dict(map(tuple, homes)),
        tuple((one.person_id, one.delegate_id, one.from_on, one.until_on) for one in away),
    )  # fmt: skip


# ── what people do ───────────────────────────────────────────────────────────────────────────────────────────────────
def debriefs_of(organisation: Organisation, chance: Random, at: datetime) -> None:
    """Each unit inquires into something, grave or not; its actions will hang there."""
    with db.transaction() as session:
        for n, unit in enumerate(organisation.units, start=1):
            row = debrief(n, unit, at)
            row.severity, row.leader_id = chance.randint(1, 4), organisation.managers[unit]
            session.add(row)


@dataclass
class Acting:
    """Whatever comes into people's minds; what is not allowed at the time is left."""

    organisation: Organisation
    chance: Random

    def act(self, at: datetime) -> None:
        """One thing: a new action, or the first of a few steps of one that is allowed."""
        with db.reading() as session:
            codes = session.scalars(
                sa.select(Action.code).where(Action.state.in_(ACTION_OPEN)).order_by(Action.id)
            ).all()
        if len(codes) < FEW or self.chance.random() < 0.2:
            self.tries(lambda session: self.assign(session, at))
            return
        code = self.chance.choice(codes)
        any(self.tries(lambda session: self.step(session, code, at)) for _ in range(4))

    def tries(self, something: Callable[[Session], None]) -> bool:
        try:
            with db.transaction() as session:
                something(session)
        except LessonsError:
            return False
        return True

    def assign(self, session: Session, at: datetime) -> None:
        parent = self.chance.choice(session.scalars(sa.select(Debrief).order_by(Debrief.id)).all())
        owner = session.get_one(Person, self.anybody())
        asked = {"text": "לתקן", "done_when": "תוקן", "owner": owner, "due_on": self.some_day(at)}
        VERBS["debriefs", "assign"](session, parent, asked, by=self.manager(session, parent, at), at=at)

    def step(self, session: Session, code: str, at: datetime) -> None:
        action = session.scalars(sa.select(Action).where(Action.code == code)).one()
        owner = actor_of(session, session.get_one(Person, action.owner_id), at=at)
        above = self.manager(session, action, at)
        other = session.get_one(Person, self.anybody()).email
        trigger, by, raw = self.chance.choice((
            ("start", owner, {}),
            ("report_done", owner, {"evidence": LINK, "note": REASON}),
            ("confirm", above, {}),
            ("send_back", above, {"reason": REASON}),
            ("decline", owner, {"reason": REASON}),
            ("reassign", above, {"owner": other, "due_on": self.some_day(at).isoformat(), "reason": REASON}),
            ("reassign", above, {"owner": other, "reason": REASON}),
            ("ask_extension", owner, {"new_due_on": self.some_day(at).isoformat(), "reason": REASON}),
            ("ask_extension", owner, {"new_due_on": self.some_day(at).isoformat(), "reason": REASON}),
            ("grant_extension", above, {}),
            ("grant_extension", above, {}),
            ("cancel", above, {"reason": REASON}),
        ))  # fmt: skip
        doors.step(session, action, trigger, raw, by=by, at=at)

    def manager(self, session: Session, row: Any, at: datetime) -> Any:
        """Of the unit, or now and then one of those above it."""
        unit = row.unit_id if self.chance.random() < 0.7 else self.organisation.units[0]
        return actor_of(session, session.get_one(Person, self.organisation.managers[unit]), at=at)

    def anybody(self) -> int:
        return self.chance.choice(list(self.organisation.people.values()))

    def some_day(self, at: datetime) -> date:
        return at.astimezone(ZONE).date() + timedelta(days=self.chance.randint(1, 25))


# ── what is told ─────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass
class Watch:
    """Sees every duty as it changes, and after a turn of the worker compares what was told since the turn before with
    what had to be. `heard`: what ever went into a letter."""

    places: Places
    last_turn: datetime
    days_set: dict[int, tuple[date, datetime]] = field(default_factory=dict)
    heard: set[Told] = field(default_factory=set)

    def look(self, at: datetime) -> None:
        """After something was done: whose day was set just now."""
        with db.reading() as session:
            for duty_id, due_on in session.execute(sa.select(Duty.id, Duty.due_on).where(Duty.closed_at.is_(None))):
                if self.days_set.get(duty_id, (None, None))[0] != due_on:
                    self.days_set[duty_id] = due_on, at

    def turn(self, at: datetime, work: Callable[[datetime], None]) -> None:
        before = self.keys()
        work(at)
        self.look(at)
        new, due = self.keys(Notice.at == at) - before, self.expected(at) - before
        assert new == due, f"at {at.astimezone(ZONE)} too much: {new - due}, too little: {due - new}"
        assert not new & self.heard, f"told again at {at.astimezone(ZONE)}: {new & self.heard}"
        self.nothing_is_said_too_late(at)
        self.heard |= self.keys(Notice.told_at.is_not(None))
        self.last_turn = at

    def keys(self, *which: Any) -> set[Told]:
        """What the ladders told and did not take back before it left; the news that something is one's own is no
        rung. That a decision is asked for counts for the duty that is late; what a decision is reminded of itself is
        told in `tests/duties`."""
        of = sa.func.coalesce(Duty.after_id, Duty.id)
        told = sa.select(of, Notice.due_on, Notice.rung, Notice.person_id).join(Duty, Duty.id == Notice.duty_id)
        asked = sa.or_(Duty.after_id.is_(None), Notice.rung.startswith("decide"))
        with db.reading() as session:
            kept = (Notice.rung.not_in(("", "assigned")), Notice.dropped == "", asked)
            rungs = session.execute(told.where(*kept, *which))
            return set(map(tuple, rungs))

    def expected(self, at: datetime) -> set[Told]:
        with db.reading() as session:
            rows = session.scalars(sa.select(Duty).where(Duty.closed_at.is_(None), Duty.after_id.is_(None))).all()
            homes = {row.id: session.get_one(RECORDS[row.of_noun], row.of_id).unit_id for row in rows}
        found = set()
        for owed in (self.owed(row, homes[row.id]) for row in rows):
            heard = self.places.told(owed, self.last_turn, at)
            found |= {(owed.id, owed.due_on, name, who) for who, name in heard.items()}
        return found

    def owed(self, row: Duty, unit: int) -> Owed:
        return Owed(
            row.id, row.kind, row.severity, row.opened_at.astimezone(ZONE).date(), row.due_on, self.days_set[row.id][1],
            unit, row.person_id, row.unit_id, frozenset(row.excluding),
        )  # fmt: skip

    def nothing_is_said_too_late(self, at: datetime) -> None:
        """No letter that left in this turn names a duty that had ended, or left in a quiet window."""
        with db.reading() as session:
            left = session.scalars(sa.select(Letter).where(Letter.sent_at == at)).all()
            for letter in left:
                home = self.places.homes[letter.person_id]
                assert self.places.week(home).lets_mail_out(at), f"{letter.key} left at {at.astimezone(ZONE)}"
                of_notices = session.scalars(sa.select(Notice.duty_id).where(Notice.letter_id == letter.id))
                named = {*letter.duty_ids, *of_notices} - {None}
                over = session.scalars(sa.select(Duty.id).where(Duty.id.in_(named), Duty.closed_at <= at)).all()
                assert over == [], f"{letter.key} names what is over"


def one(settings: Settings) -> Callable[[datetime], None]:
    def work(at: datetime) -> None:
        worker.once(settings, at)

    return work


def two(settings: Settings) -> Callable[[datetime], None]:
    """Two workers side by side."""

    def work(at: datetime) -> None:
        worker.ready(settings)  # once for both: they share this process's engine
        with ThreadPoolExecutor(2) as both:
            list(both.map(lambda _: worker.once(settings, at), range(2)))

    return work


def nothing_is_left(before: datetime) -> None:
    """Everything that was told by then has reached somebody, or was over before it could."""
    with db.reading() as session:
        untold = session.scalars(sa.select(Notice).where(Notice.told_at.is_(None), Notice.at < before)).all()
        assert untold == [], f"never told: {untold}"
        unsent = sa.select(Letter.key).where(Letter.state.in_((LetterState.WAITING, LetterState.SENDING)))
        assert session.scalars(unsent.where(Letter.created_at < before)).all() == []
        assert session.scalars(sa.select(Letter.why).where(Letter.state == LetterState.FAILED)).all() == []
