"""A larger place than the village: sixty people of seven units with roles by chance, and three hundred records."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

from sqlmodel import Session

from lessons.access import OPERATOR
from lessons.models import (
    Absence,
    Action,
    Debrief,
    DebriefPerson,
    Lesson,
    Person,
    Procedure,
    Revision,
    Unit,
    Verification,
)
from lessons.models.base import random_id
from lessons.repository import found
from lessons.steps import make
from lessons.workflow import states
from lessons.workflow.states import Role
from tests.village import AT, TODAY, Village

TREE = (("ALL", None), ("A", "ALL"), ("B", "ALL"), ("A1", "A"), ("A2", "A"), ("B1", "B"), ("B2", "B"))
PEOPLE, DEBRIEFS, LESSONS, ACTIONS, PROCEDURES = 60, 90, 100, 60, 25
SECRET = "סודכמוס"


class Crowd(Village):
    """`people` in order; every record is entered as it is, by import."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.units, self._numbers = session, {}, count(1)
        self.chance = Random(seed)  # noqa: S311 - the same crowd each time
        for code, parent in TREE:
            self._add_unit(code, f"יחידה {code}", parent)
        self.people = [self._person(n) for n in range(PEOPLE)]
        self._away()
        self.debriefs = [self._debrief(n) for n in range(DEBRIEFS)]
        self.lessons = [self._lesson(n) for n in range(LESSONS)]
        self.actions = [self._action(n) for n in range(ACTIONS)]
        self.plans = [self._plan(lesson) for lesson in self.lessons[:25] if lesson.state != "draft"]
        self.procedures = [self._procedure(n) for n in range(PROCEDURES)]
        session.flush()

    def _person(self, n: int) -> Person:
        unit = self.unit()
        roles = self.chance.sample([None, None, *Role], 1 + (n % 7 == 0))
        self._add_person(f"p{n}", f"אדם {n}", unit.code, None)
        person: Person = getattr(self, f"p{n}")
        for role in roles:
            if role is not None:
                self.grant(person, role, self.unit().code)
        return person

    def _away(self) -> None:
        """Every sixth is away, another one stands in."""
        week = timedelta(days=7)
        for person in self.people[::6]:
            delegate = self.chance.choice([one for one in self.people if one.id != person.id])
            self.session.add(Absence(pid=random_id(), person_id=person.id or 0, delegate_id=delegate.id or 0,
                                     from_on=TODAY, until_on=TODAY + week))  # fmt: skip
        self.session.flush()

    # ── by chance ────────────────────────────────────────────────────────────────────────────────────────────────────
    def unit(self) -> Unit:
        return self.units[self.chance.choice(TREE)[0]]

    def somebody(self, odds: float = 0.8) -> int | None:
        return self.chance.choice(self.people).id if self.chance.random() < odds else None

    def state(self, kind: Any, *without: str) -> Any:
        return self.chance.choice([one for one in kind if one not in without])

    def made(self, row: Any) -> Any:
        return make(self.session, row, by=OPERATOR, at=AT, trigger="import")

    # ── records ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def _debrief(self, n: int) -> Debrief:
        confidential = n % 3 == 0
        words = f"{SECRET}{n}" if confidential else f"גלוי{n}"
        row: Debrief = self.made(
            Debrief(
                code="", state=self.state(states.DebriefState, "merged"), kind=states.DebriefKind.FAILURE,
                path=states.Path.FULL, severity=2, title=f"{words} כותרת", what_happened=f"{words} מה קרה",
                confidential=confidential, concerns_managers=self.chance.random() < 0.2, unit_id=self.unit().id or 0,
                leader_id=self.somebody(), reviewer_id=self.somebody(), reporter_id=self.somebody(),
            )
        )  # fmt: skip
        for part in ("participant", "named"):
            for person in self.chance.sample(self.people, self.chance.randrange(3)):
                self.session.add(DebriefPerson(debrief_id=row.id or 0, person_id=person.id or 0, part=part))
        return row

    def _lesson(self, n: int) -> Lesson:
        debrief = self.chance.choice(self.debriefs) if n % 2 else None
        state = self.state(states.LessonState, "merged", "risk_accepted")
        lesson: Lesson = self.made(
            Lesson(
                code="", short=random_id(8), state=state, title=f"לקח משותף {n}", direction=states.Direction.DO,
                applies_when="תמיד", author_id=self.somebody(), owner_id=self.somebody(), severity=2,
                accepted_at=AT if state not in ("draft", "proposed") else None, audience={"units": [], "roles": []},
                unit_id=debrief.unit_id if debrief else self.unit().id or 0,
                debrief_id=debrief.id if debrief else None,
            )
        )  # fmt: skip
        found.keep(self.session, lesson)
        return lesson

    def _action(self, n: int) -> Action:
        lesson = self.chance.choice(self.lessons) if n % 2 else None
        of = lesson or self.chance.choice(self.debriefs)
        row: Action = self.made(
            Action(
                code="", state=self.state(states.ActionState, "confirmed"), text=f"פעולה {n}", done_when="נבדק",
                kind=states.ActionKind.CORRECTIVE, owner_id=self.somebody(), assigner_id=self.somebody(),
                unit_id=of.unit_id, lesson_id=lesson.id if lesson else None, debrief_id=None if lesson else of.id,
            )
        )  # fmt: skip
        return row

    def _plan(self, lesson: Lesson) -> Verification:
        row: Verification = self.made(
            Verification(
                code="", state=states.VerificationState.PLANNED, lesson_id=lesson.id or 0, unit_id=lesson.unit_id,
                verifier_id=self.somebody(), preset=states.Preset.FLOOR_SAYS,
            )
        )  # fmt: skip
        return row

    def _procedure(self, n: int) -> Procedure:
        unit_id = self.unit().id or 0
        row: Procedure = self.made(
            Procedure(
                code="", state=states.ProcedureState.KEPT, unit_id=unit_id, title=f"נוהל {n}",
                policy_kind=states.PolicyKind.PROCEDURE, owner_id=self.somebody(), approver_id=self.somebody(),
            )
        )  # fmt: skip
        self.made(
            Revision(
                code="", state=self.state(states.RevisionState), procedure_id=row.id or 0, number=1, unit_id=unit_id,
                sections=[], editor_id=self.somebody(), effective_at=AT,
            )
        )  # fmt: skip
        return row
