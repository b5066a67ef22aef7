"""Walks through the lives at random, as a village full of people might: whatever happens, the promises hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db, doors, worker
from lessons.access import OPERATOR, SYSTEM, Actor, actor_of, facts, tree
from lessons.errors import Forbidden, Invalid, NotAllowed, NotFound, Stale
from lessons.models import RECORDS, Briefing, BriefingMember, Debrief, Duty, Event, Grant, Hand, Notice, Person, Unit
from lessons.people import operations as people
from lessons.workflow.engine import Step
from lessons.workflow.lives import LIVES
from lessons.workflow.states import BriefingState, DebriefState, Role
from tests.village import AT, PEOPLE, Village
from tests.walking import Walk
from tests.walks.fields import Pen

REFUSALS = (Forbidden, Invalid, NotAllowed, NotFound, Stale)
STATES = [(noun, state.value) for noun, life in LIVES.items() for state in life.states if life.is_live(state)]
ENTERED = 6
MOSTLY = ("lessons", "lessons", "actions", "actions")
ROLE_OF = {"editor_role": "editor"}
RARE = {
    **dict.fromkeys(("merge", "reject", "retire", "decline", "cancel", "end", "withdraw", "accept_risk"), 0.25),
    **dict.fromkeys(("edit", "hand_over", "reassign", "set_date", "promote", "renew"), 0.7),
    **dict.fromkeys(("ask_extension", "ask_author"), 0.7),
}  # fmt: skip
BEFORE = {"plan_lesson": {"plan", "assign", "brief"}, "do_action": {"add_evidence", "block"}}
"""What people do on the way to what they owe."""


class Walker:
    """One walk: `story` is what happened, for whoever has to understand a broken promise."""

    def __init__(self, seed: int, *, small: bool = False) -> None:
        self.chance, self.at, self.story = Random(seed), AT, list[str]()  # noqa: S311 - a walk that can be walked again
        self.done = self.refused = self.left = 0
        with db.transaction() as session:
            village = Village(session)
            village.units["RET"].small = small
            village.grant(village.yossi, Role.DEBRIEF_LEADER, "RET")
            village.grant(village.hila, Role.MANAGER, "SRV")
            for noun, state in self.chance.sample(STATES, ENTERED):
                walk = Walk(village)
                walk.record(noun, state)
                self.at = max(self.at, walk.at)

    # ── moves ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def move(self) -> None:
        """Something happens: mostly a step of some record, at times new work, days that pass, somebody who is away."""
        dice = self.chance.random()
        if dice < 0.45:
            self.attempt(self._step)
        elif dice < 0.80:
            self.attempt(self._owed)
        elif dice < 0.84:
            self.attempt(self._inquire)
        elif dice < 0.88:
            self.attempt(self._read)
        elif dice < 0.92:
            self.attempt(self._create)
        elif dice < 0.97:
            self.days_pass()
        else:
            self.attempt(self._leaves if dice > 0.99 and self.left < 2 else self._away)
            self.a_minute_passes()

    def attempt(self, move: Callable[[Session], str]) -> None:
        """One transaction. A refusal undoes it whole."""
        before = standing()
        try:
            with db.transaction() as session:
                told = move(session)
        except REFUSALS as refusal:
            self.refused += 1
            assert standing() == before, "a refused step left something behind"
            self.story.append(f"  refused: {refusal.message} {getattr(refusal, 'unmet', '')}")
        else:
            self.done += bool(told)
            self.story.append(told)

    def days_pass(self) -> None:
        self.at += timedelta(days=self.chance.choice((1, 1, 3, 8, 31)), hours=self.chance.randrange(5))
        moved = worker.system_steps(lambda: self.at) + worker.reminders(lambda: self.at)
        self.story.append(f"{self.at:%d.%m.%Y}: {moved} steps and reminders of the system")

    def _step(self, session: Session) -> str:
        """Anybody tries something on some record: mostly what it is open to them, at times whatever comes to mind."""
        row = self._record(session)
        life = LIVES[row.noun]
        steps = [step for step in life.steps if row.state in step.source and step.by_people] or list(life.steps)
        step = self._choice(steps)
        by = actor_of(session, self._who(session, row, step), at=self.at)
        if self.chance.random() < 0.8:
            known = facts(session, [row], by=by, at=self.at)[0]
            step = self._choice([one for one in steps if self._is_open(row, one, known)] or [step])
        elif self.chance.random() < 0.1:
            step = self.chance.choice(life.steps)
        return self._take(session, row, step, by)

    def _is_open(self, row: Any, step: Step, known: Any) -> bool:
        return step.is_for(known.relations) and not LIVES[row.noun].unmet(step, row, known, None)

    def _choice(self, steps: list[Step]) -> Step:
        """Ends are rare: a record that has ended teaches little more."""
        return self.chance.choices(steps, [RARE.get(step.trigger, 3) for step in steps])[0]

    def _take(self, session: Session, row: Any, step: Step, by: Actor) -> str:
        raw = Pen(self.chance, session, self.at.date(), row).fill(step.asks)
        behalf = f" (for {sorted(by.stands_in)})" if by.stands_in else ""
        self.story.append(f"{by.name}{behalf}: {row.code} ({row.state}) {step.trigger} {raw}")
        doors.step(session, doors.find(session, row.noun, row.code, by=by), step.trigger, raw, by=by, at=self.at)
        return "  done"

    def _owed(self, session: Session) -> str:
        """Somebody does what they owe."""
        duties = session.scalars(sa.select(Duty).where(Duty.closed_at.is_(None)).order_by(Duty.id)).all()
        if not duties:
            return ""
        duty = self.chance.choice(duties)
        row = session.get_one(RECORDS[duty.of_noun], duty.of_id)
        life = LIVES[row.noun]
        names = {t for owes in life.owes if owes.kind == duty.kind for t in owes.by} | BEFORE.get(duty.kind, set())
        steps = [step for step in life.steps if step.trigger in names and row.state in step.source]
        person = session.get(Person, duty.person_id) if duty.person_id else self._of_role(session, duty)
        if not steps or person is None:
            return ""
        by = actor_of(session, person, at=self.at)
        known = facts(session, [row], by=by, at=self.at)[0]
        open_ = [step for step in steps if self._is_open(row, step, known)]
        return self._take(session, row, self._choice(open_ or steps), by)

    def _of_role(self, session: Session, duty: Duty) -> Person | None:
        held = sa.select(Grant.person_id).where(Grant.role == duty.role, Grant.until_at.is_(None)).order_by(Grant.id)
        ids = [person for person in session.scalars(held) if person not in duty.excluding]
        return session.get(Person, self.chance.choice(ids)) if ids else None

    def _record(self, session: Session) -> Any:
        """Mostly something that is still under way, and new."""
        there = {noun: session.scalars(sa.select(RECORDS[noun]).order_by(RECORDS[noun].id)).all() for noun in RECORDS}
        rows = there[self.chance.choice([noun for noun in (*MOSTLY, *RECORDS) if there.get(noun)])]
        if self.chance.random() < 0.9:
            rows = [row for row in rows if LIVES[row.noun].is_live(row.state)] or rows
        return self.chance.choice(rows[-6:] if self.chance.random() < 0.6 else rows)

    def _who(self, session: Session, row: Any, step: Any) -> Person:
        """Mostly one of those it is for, or who stands in for one; at times just anybody."""
        known = facts(session, [row], by=SYSTEM, at=self.at)[0]
        ids = [p for who in step.by for p in known.people.get(who, ())]
        roles = [ROLE_OF.get(who, who) for who in step.by if ROLE_OF.get(who, who) in set(Role)]
        ids += session.scalars(
            sa.select(Grant.person_id).where(Grant.role.in_(roles), Grant.until_at.is_(None)).order_by(Grant.id)
        ).all()
        if any(guard.separation for guard in step.needs) and self.chance.random() < 0.4:
            ids = sorted(set().union(*known.hands.values())) or ids  # whoever had a hand in it tries as well
        if not ids or self.chance.random() < 0.15:
            return self._person(session)
        return session.get_one(Person, self.chance.choice(ids))

    def _person(self, session: Session) -> Person:
        mail = f"{self.chance.choice(PEOPLE)[0]}@village.example"
        return session.scalars(sa.select(Person).where(Person.email == mail)).one()

    def _inquire(self, session: Session) -> str:
        """A leader writes down what a debrief still lacks."""
        debrief = session.scalars(
            sa.select(Debrief)
            .where(Debrief.state == DebriefState.INVESTIGATING)
            .order_by(Debrief.changed_at, Debrief.id)
        ).first()
        if debrief is None or debrief.leader_id is None:
            return ""
        by = actor_of(session, session.get_one(Person, debrief.leader_id), at=self.at)
        pen = Pen(self.chance, session, self.at.date(), debrief)
        texts = ("expected", "actual", "elsewhere", "why", "differently", "why_it_worked")
        raw = {name: pen.words() for name in texts}
        doors.step(session, debrief, "edit", raw | {"direction": "do"}, by=by, at=self.at)
        fact = {"text": pen.words(), "at": "2026-01-29T10:00:00+02:00"}
        doors.add(session, debrief, "facts", fact, by=by, at=self.at)
        finding = doors.add(session, debrief, "findings", {"text": pen.words()}, by=by, at=self.at)
        cause = {"text": pen.words(), "root": self.chance.random() < 0.5}
        doors.add(session, finding, "causes", cause, by=by, at=self.at)
        session.flush()
        lesson = {"finding": finding.pid, "title": pen.words(), "applies_when": "תמיד", "direction": "do"}
        doors.add(session, debrief, "lessons", lesson | {"topics": ["שימור"]}, by=by, at=self.at)
        return f"{by.name} inquires into {debrief.code}"

    def _read(self, session: Session) -> str:
        """Half of a briefing's people read it."""
        briefing = session.scalars(
            sa.select(Briefing).where(Briefing.state == BriefingState.OPEN).order_by(Briefing.version, Briefing.id)
        ).first()
        if briefing is None:
            return ""
        members = sa.select(Person).join(BriefingMember, BriefingMember.person_id == Person.id)
        mine = members.where(BriefingMember.briefing_id == briefing.id, Person.closed_at.is_(None)).order_by(Person.id)
        for person in session.scalars(mine).all():
            if self.chance.random() < 0.6 and briefing.state == BriefingState.OPEN:
                by = actor_of(session, person, at=self.at)
                doors.step(session, briefing, "acknowledge", {}, by=by, at=self.at)
        return f"{briefing.code} is read"

    def _create(self, session: Session) -> str:
        by = actor_of(session, self._person(session), at=self.at)
        pen = Pen(self.chance, session, self.at.date(), None)
        noun = self.chance.choice(("debriefs", "debriefs", "lessons", "lessons", "procedures", "cases", "briefings"))
        row = doors.create(session, noun, self._raw(noun, pen), by=by, at=self.at).row
        return f"{by.name} makes {getattr(row, 'code', 'a case')}"

    def _raw(self, noun: str, pen: Pen) -> dict[str, Any]:
        words = pen.words()
        if noun == "debriefs":
            kind = self.chance.choice(("failure", "success", "near_miss", "routine"))
            quick = {"path": "quick", "expected": words, "why": words, "differently": words, "direction": "do"}
            return {"what_happened": words, "kind": kind, "confidential": self.chance.random() < 0.2,
                    "concerns_managers": self.chance.random() < 0.1,
                    "participants": [pen.person()]} | self.chance.choice(({}, quick))  # fmt: skip
        if noun == "lessons":
            return {"title": words, "applies_when": words, "direction": "do", "topics": ["שימור"]}
        if noun == "cases":
            return {"external_id": f"CRM-{self.chance.random()}", "text": words}
        if noun == "briefings":
            return {"subject": pen.code(self.chance.choice(("lessons", "revisions")))}
        return {"title": words, "owner": pen.person(), "approver": pen.person(),
                "policy_kind": self.chance.choice(("procedure", "compensation"))}  # fmt: skip

    def _away(self, session: Session) -> str:
        person, delegate = self._person(session), self._person(session)
        first = self.at.date() + timedelta(days=self.chance.randint(-1, 2))
        last = first + timedelta(days=self.chance.choice((2, 10, 40)))
        people.add_absence(session, person, delegate=delegate, from_on=first, until_on=last, by=OPERATOR, at=self.at)
        return f"{person.name} is away until {last}; {delegate.name} stands in"

    def _leaves(self, session: Session) -> str:
        """Whoever administers names somebody else where a role would be nobody's: no step stands open without it."""
        person = self._person(session)
        of_theirs = sa.select(Grant.role, Grant.unit_id).where(Grant.person_id == person.id, Grant.until_at.is_(None))
        held = session.execute(of_theirs.order_by(Grant.id)).all()
        people.leave(session, person, by=OPERATOR, at=self.at)
        self.left += 1
        told = f"{person.name} leaves"
        for role, unit_id in held:
            above = Grant.unit_id.in_(tree(session).above[unit_id])
            still = sa.select(Grant.id).where(Grant.role == role, above, Grant.until_at.is_(None))
            if session.scalar(still.limit(1)) is None:
                other = self.chance.choice(self._here(session))
                people.grant(session, other, role, session.get_one(Unit, unit_id), by=OPERATOR, at=self.at)
                told += f"; {other.name} is {role} now"
        return told

    def _here(self, session: Session) -> list[Person]:
        return list(session.scalars(sa.select(Person).where(Person.closed_at.is_(None)).order_by(Person.id)))

    def a_minute_passes(self) -> None:
        """The worker looks at what became due."""
        worker.system_steps(lambda: self.at)


def standing() -> list[Any]:
    """How much of everything there is: a step that was taken shows here."""
    counted = [sa.select(sa.func.count()).select_from(model.__table__) for model in (Event, Duty, Notice, Hand)]
    versions = [sa.select(sa.func.sum(model.version)) for model in RECORDS.values()]
    with db.reading() as session:
        return [session.scalar(statement) for statement in (*counted, *versions)]
