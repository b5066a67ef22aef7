"""A larger place than the village: people of many units with roles by chance, and records of every noun among them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from random import Random
from typing import Any

from sqlmodel import Session

from lessons.access import OPERATOR
from lessons.models import (
    Absence,
    Action,
    Briefing,
    BriefingMember,
    Case,
    CaseLink,
    Debrief,
    DebriefPerson,
    Lesson,
    News,
    Person,
    Procedure,
    Question,
    Revision,
    RevisionEditor,
    RevisionLesson,
    Sentence,
    Unit,
    Verification,
)
from lessons.models.base import random_id
from lessons.procedures import found as procedures
from lessons.repository import found as lessons
from lessons.sentences import found as sentences
from lessons.steps import make
from lessons.workflow import states
from lessons.workflow.states import Role
from tests.village import AT, TODAY, Village

TREE = (("ALL", None), ("A", "ALL"), ("B", "ALL"), ("A1", "A"), ("A2", "A"), ("B1", "B"), ("B2", "B"))
SECRET = "סודכמוס"
WORDS = "לקח משותף"
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Census:
    """How many of each; `teams` below each unit at the bottom; `others` of each noun that is not named."""

    people: int = 60
    teams: int = 0
    debriefs: int = 90
    lessons: int = 100
    actions: int = 60
    plans: int = 25
    procedures: int = 25
    others: int = 12


class Crowd(Village):
    """`people` in order; every record is entered as it is, by import. Each has a word of its own in its title, which
    `marks` leads from to (noun, code)."""

    def __init__(self, session: Session, seed: int, census: Census | None = None) -> None:
        self.session, self.units, self._numbers = session, {}, count(1)
        self.chance, many = Random(seed), census or Census()  # noqa: S311 - the same crowd each time
        self.marks: dict[str, tuple[str, str]] = {}
        leaves = [code for code, _ in TREE[3:]]
        self.tree = (*TREE, *((f"{leaf}{n}", leaf) for leaf in leaves for n in range(many.teams)))
        for code, parent in self.tree:
            self._add_unit(code, f"יחידה {code}", parent)
        self.people = [self._person(n) for n in range(many.people)]
        self._away()
        self.debriefs = [self._debrief(n) for n in range(many.debriefs)]
        self.lessons = [self._lesson(n) for n in range(many.lessons)]
        self.actions = [self._action(n) for n in range(many.actions)]
        self.plans = [self._plan(lesson) for lesson in self.lessons[: many.plans] if lesson.state != "draft"]
        self.procedures = [self._procedure(n) for n in range(many.procedures)]
        for each in (self._briefing, self._question, self._sentence, self._news, self._case):
            for n in range(many.others):
                each(n)
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
        """Every sixth is away, another one stands in; some of these absences are over, or were called off."""
        for n, person in enumerate(self.people[::6]):
            delegate = self.chance.choice([one for one in self.people if one.id != person.id])
            since = TODAY - 2 * WEEK if n % 5 == 3 else TODAY
            self.session.add(Absence(pid=random_id(), person_id=person.id or 0, delegate_id=delegate.id or 0,
                                     from_on=since, until_on=since + WEEK,
                                     cancelled_at=AT if n % 5 == 4 else None))  # fmt: skip
        self.session.flush()

    # ── by chance ────────────────────────────────────────────────────────────────────────────────────────────────────
    def unit(self) -> Unit:
        return self.units[self.chance.choice(self.tree)[0]]

    def somebody(self, odds: float = 0.8) -> int | None:
        return self.chance.choice(self.people).id if self.chance.random() < odds else None

    def some(self, most: int) -> list[int]:
        return [one.id or 0 for one in self.chance.sample(self.people, self.chance.randrange(most))]

    def state(self, kind: Any, *without: str) -> Any:
        return self.chance.choice([one for one in kind if one not in without])

    def mark(self) -> str:
        return f"zq{next(self._numbers):05}"

    def made(self, row: Any, mark: str = "") -> Any:
        made = make(self.session, row, by=OPERATOR, at=AT, trigger="import")
        if mark:
            self.marks[mark] = made.noun, made.code
        return made

    # ── records ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def _debrief(self, n: int) -> Debrief:
        confidential, mark = n % 3 == 0, self.mark()
        words = f"{SECRET} {mark}" if confidential else f"גלוי {mark}"
        row: Debrief = self.made(
            Debrief(
                code="", state=self.state(states.DebriefState, "merged"), kind=states.DebriefKind.FAILURE,
                path=states.Path.FULL, severity=2, title=f"{words} כותרת", what_happened=f"{words} מה קרה",
                confidential=confidential, concerns_managers=confidential and self.chance.random() < 0.3,
                happened_on=TODAY - timedelta(days=n % 50) if n % 5 else None, unit_id=self.unit().id or 0,
                leader_id=self.somebody(), reviewer_id=self.somebody(), reporter_id=self.somebody(),
            ), mark
        )  # fmt: skip
        for part in ("participant", "named"):
            for person_id in self.some(3):
                self.session.add(DebriefPerson(debrief_id=row.id or 0, person_id=person_id, part=part))
        return row

    def _lesson(self, n: int) -> Lesson:
        debrief, mark = self.chance.choice(self.debriefs) if n % 2 else None, self.mark()
        state = self.state(states.LessonState, "merged", "risk_accepted")
        lesson: Lesson = self.made(
            Lesson(
                code="", short=random_id(8), state=state, title=f"{WORDS} {mark}", direction=states.Direction.DO,
                applies_when="תמיד", author_id=self.somebody(), owner_id=self.somebody(), severity=2,
                accepted_at=AT if state not in ("draft", "proposed") else None, audience={"units": [], "roles": []},
                unit_id=debrief.unit_id if debrief else self.unit().id or 0,
                debrief_id=debrief.id if debrief else None,
            ), mark
        )  # fmt: skip
        lessons.keep(self.session, lesson)
        return lesson

    def _action(self, n: int) -> Action:
        lesson, mark = self.chance.choice(self.lessons) if n % 2 else None, self.mark()
        of = lesson or self.chance.choice(self.debriefs)
        row: Action = self.made(
            Action(
                code="", state=self.state(states.ActionState, "confirmed"), text=f"פעולה {mark}", done_when="נבדק",
                kind=states.ActionKind.CORRECTIVE, owner_id=self.somebody(), assigner_id=self.somebody(),
                waiting_on_id=self.somebody(0.1), due_on=TODAY + timedelta(days=n % 30 - 10),
                unit_id=of.unit_id, lesson_id=lesson.id if lesson else None, debrief_id=None if lesson else of.id,
            ), mark
        )  # fmt: skip
        return row

    def _plan(self, lesson: Lesson) -> Verification:
        row: Verification = self.made(
            Verification(
                code="", state=self.state(states.VerificationState), lesson_id=lesson.id or 0, unit_id=lesson.unit_id,
                verifier_id=self.somebody(), preset=states.Preset.FLOOR_SAYS, due_on=TODAY, concluded_at=AT - WEEK,
            )
        )  # fmt: skip
        return row

    def _procedure(self, _: int) -> Procedure:
        unit_id, mark = self.unit().id or 0, self.mark()
        row: Procedure = self.made(
            Procedure(
                code="", state=states.ProcedureState.KEPT, unit_id=unit_id, title=f"נוהל {mark}",
                policy_kind=states.PolicyKind.PROCEDURE, owner_id=self.somebody(), approver_id=self.somebody(),
            ), mark
        )  # fmt: skip
        revision = self.made(
            Revision(
                code="", state=self.state(states.RevisionState), procedure_id=row.id or 0, number=1, unit_id=unit_id,
                sections=[], editor_id=self.somebody(), effective_at=AT,
            )
        )  # fmt: skip
        for person_id in self.some(2):
            self.session.add(RevisionEditor(revision_id=revision.id, person_id=person_id))
        because = self.chance.choice(self.lessons)
        self.session.add(RevisionLesson(revision_id=revision.id, lesson_id=because.id or 0))
        procedures.keep(self.session, row.id or 0)
        return row

    def _briefing(self, _: int) -> None:
        lesson = self.chance.choice([one for one in self.lessons if one.state in states.LESSON_PUBLIC])
        row: Briefing = self.made(
            Briefing(code="", state=self.state(states.BriefingState), lesson_id=lesson.id, unit_id=lesson.unit_id,
                     due_on=TODAY + WEEK, opener_id=self.somebody())
        )  # fmt: skip
        for person_id in self.some(6):
            self.session.add(BriefingMember(briefing_id=row.id or 0, person_id=person_id))

    def _question(self, _: int) -> None:
        mark = self.mark()
        self.made(Question(code="", state=self.state(states.QuestionState), text=f"מה עונים? {mark}",
                           asker_id=self.somebody(), unit_id=self.unit().id or 0), mark)  # fmt: skip

    def _sentence(self, _: int) -> None:
        mark, state = self.mark(), self.state(states.SentenceState)
        row: Sentence = self.made(
            Sentence(code="", state=state, text=f"בואו נבדוק יחד {mark}", author_id=self.somebody(),
                     kept_at=AT if state in ("live", "withdrawn") else None, unit_id=self.unit().id or 0), mark
        )  # fmt: skip
        sentences.keep(self.session, row)

    def _news(self, _: int) -> None:
        mark = self.mark()
        self.made(News(code="", state=self.state(states.NewsState), kind=states.NewsKind.NEWS, title=f"תקלה {mark}",
                       author_id=self.somebody(), valid_from=AT, valid_until=AT + WEEK,
                       unit_id=self.unit().id or 0), mark)  # fmt: skip

    def _case(self, _: int) -> None:
        case = Case(pid=random_id(), external_id=self.mark(), text="חויבתי שוב", unit_id=self.unit().id or 0,
                    opened_at=AT, created_at=AT, entered_by_id=self.somebody(0.3))  # fmt: skip
        self.session.add(case)
        self.session.flush()
        lesson = self.chance.choice(self.lessons)
        self.session.add(CaseLink(case_id=case.id or 0, lesson_id=lesson.id or 0, at=AT))
