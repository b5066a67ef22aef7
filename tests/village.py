"""A small village: Dana leads, Yossi owns, Ruth verifies, Avi answers calls – and the records that they work on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlmodel import Session

from lessons.access import OPERATOR, Actor, actor_of
from lessons.models import Case, CaseLink, Cause, Debrief, Finding, Grant, Lesson, Person, Unit
from lessons.models.base import random_id
from lessons.people.keys import create_token
from lessons.steps import make
from lessons.workflow.states import (
    CauseKind,
    DebriefKind,
    DebriefState,
    Direction,
    FindingDirection,
    LessonState,
    Path,
    Role,
)

AT = datetime(2026, 2, 1, 8, tzinfo=UTC)
"""A Sunday morning; no holiday is near."""
TODAY = date(2026, 2, 1)

UNITS = (("CUS", "חטיבת לקוחות", None), ("RET", "מוקד שימור לקוחות", "CUS"), ("SRV", "מוקד שירות", "CUS"))
PEOPLE = (
    ("michal", "מיכל שרעבי", "CUS", Role.MANAGER),
    ("ilan", "אילן ברדוגו", "RET", Role.MANAGER),
    ("alexei", "אלכסיי גורדון", "SRV", Role.MANAGER),
    ("naomi", "נעמי זילבר", "CUS", Role.LESSONS_MANAGER),
    ("dana", "דנה אוחיון", "RET", Role.DEBRIEF_LEADER),
    ("yossi", "יוסי מלכה", "RET", Role.AGENT),
    ("ruth", "רות פרידמן", "CUS", None),
    ("hila", "הילה דגן", "CUS", Role.EDITOR),
    ("omer", "עומר שקד", "CUS", Role.FINANCE),
    ("avi", "אבי כהן", "RET", Role.AGENT),
    ("rana", "רנא חדאד", "SRV", Role.AGENT),
    ("gideon", "גדעון לב", "CUS", Role.AUDITOR),
)


class Village:
    """People and units in one session. `village.dana` is Dana; `village.by("dana")` is Dana as she may act."""

    michal: Person
    ilan: Person
    alexei: Person
    naomi: Person
    dana: Person
    yossi: Person
    ruth: Person
    hila: Person
    omer: Person
    avi: Person
    rana: Person
    gideon: Person

    def __init__(self, session: Session) -> None:
        self.session = session
        self.units: dict[str, Unit] = {}
        self._numbers = count(1)
        for code, name, parent in UNITS:
            self._add_unit(code, name, parent)
        self._settle(PEOPLE)

    def _add_unit(self, code: str, name: str, parent: str | None) -> None:
        above = self.units[parent].id if parent else None
        self.units[code] = Unit(code=code, name=name, parent_id=above, from_on=date(2020, 1, 1))
        self.session.add(self.units[code])
        self.session.flush()

    def _settle(self, people: Sequence[tuple[str, str, str, Role | None]]) -> None:
        """All of them in two statements: most tests begin with them."""
        for key, name, unit, _ in people:
            setattr(self, key, self._person_of(key, name, unit))
        self.session.add_all(getattr(self, key) for key, *_ in people)
        self.session.flush()
        self.session.add_all(
            self._grant_of(getattr(self, key), role, unit) for key, _, unit, role in people if role is not None
        )
        self.session.flush()

    def _add_person(self, key: str, name: str, unit: str, role: Role | None) -> None:
        self._settle([(key, name, unit, role)])

    def _person_of(self, key: str, name: str, unit: str) -> Person:
        return Person(
            pid=random_id(), email=f"{key}@village.example", name=name, unit_id=self.units[unit].id or 0,
            hired_on=date(2020, 1, 1),
        )  # fmt: skip

    def _grant_of(self, person: Person, role: Role, unit: str) -> Grant:
        since = datetime(2020, 1, 1, tzinfo=UTC)
        return Grant(person_id=person.id or 0, role=role, unit_id=self.units[unit].id or 0, from_at=since)

    def grant(self, person: Person, role: Role, unit: str) -> None:
        self.session.add(self._grant_of(person, role, unit))
        self.session.flush()

    def by(self, key: str, at: datetime = AT) -> Actor:
        return actor_of(self.session, getattr(self, key), at=at)

    def token(self, key: str, scope: str = "write", **given: Any) -> str:
        """A program's key to act as this person."""
        by = Actor("operator")
        return create_token(self.session, getattr(self, key), name=key, scope=scope, by=by, at=AT, **given)

    # ── records, as if they had come here before the test ────────────────────────────────────────────────────────────
    def debrief(self, **given: Any) -> Debrief:
        """A debrief of the retention centre, its lessons under way, led by Dana and reviewed by Naomi."""
        plain: dict[str, Any] = {
            "state": DebriefState.ISSUED, "kind": DebriefKind.FAILURE, "path": Path.FULL, "severity": 2,
            "title": "לקוחה חויבה פעמיים", "leader_id": self.dana.id, "reviewer_id": self.naomi.id,
            "reporter_id": self.avi.id, "unit_id": self.units["RET"].id,
        }  # fmt: skip
        row = Debrief(code="", what_happened="חיוב כפול אחרי שיחת שימור", **plain | given)
        made: Debrief = make(self.session, row, by=OPERATOR, at=AT, trigger="import")
        return made

    def cause(self, debrief: Debrief, *, root: bool = True) -> Cause:
        finding = Finding(
            debrief_id=debrief.id or 0, n=next(self._numbers), text="ההטבה לא הוזנה",
            direction=FindingDirection.IMPROVE, created_at=AT,
        )  # fmt: skip
        self.session.add(finding)
        self.session.flush()
        cause = Cause(finding_id=finding.id or 0, text="אין שדה במסך", kind=CauseKind.SYSTEM, root=root, created_at=AT)
        self.session.add(cause)
        self.session.flush()
        return cause

    def lesson(self, **given: Any) -> Lesson:
        """An accepted lesson of the retention centre: Dana wrote it, Yossi owns it, Naomi accepted it."""
        plain: dict[str, Any] = {
            "state": LessonState.ACCEPTED, "title": "מזינים את ההטבה לפני סיום השיחה", "direction": Direction.DO,
            "applies_when": "בסוף שיחת שימור", "author_id": self.dana.id, "owner_id": self.yossi.id, "severity": 2,
            "accepted_by_id": self.naomi.id, "accepted_at": AT, "unit_id": self.units["RET"].id,
            "audience": {"units": ["RET"], "roles": []},
        }  # fmt: skip
        row = Lesson(code="", short=random_id(8), **plain | given)
        made: Lesson = make(self.session, row, by=OPERATOR, at=AT, trigger="import")
        return made

    def case(self, lesson: Lesson, opened_at: datetime = AT) -> Case:
        """A customer's contact that shows the lesson's problem."""
        case = Case(
            pid=random_id(), external_id=f"CRM-{next(self._numbers)}", text="חויבתי שוב", unit_id=lesson.unit_id,
            opened_at=opened_at, created_at=opened_at,
        )  # fmt: skip
        self.session.add(case)
        self.session.flush()
        self.session.add(CaseLink(case_id=case.id or 0, lesson_id=lesson.id or 0, at=opened_at))
        self.session.flush()
        return case
