"""The facts of debriefs: what the inquiry holds so far, what its lessons lack, and names that should be roles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from lessons.access.facts_actions import asked_until
from lessons.access.facts_shared import IDS, Ground
from lessons.access.names import names_in
from lessons.models import Action, Attachment, Cause, Debrief, DebriefPerson, Fact, Finding, Lesson, LessonTopic, Person
from lessons.workflow.facts import DebriefFacts, DraftFact, FindingFact, NameHit
from lessons.workflow.lesson import lacks
from lessons.workflow.states import LESSON_SETTLED, ActionState, DebriefState, Direction, FindingDirection, LessonState

FIELDS = ("title", "expected", "actual", "why", "differently", "why_it_worked", "elsewhere")
LESSON_TEXTS = (
    "title", "applies_when", "why", "say", "avoid_saying", "limits", "transfer_to", "exceptions", "background",
)  # fmt: skip

OVER = (ActionState.CONFIRMED, ActionState.CANCELLED)


def _count(*where: Any) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).where(*where).correlate(Debrief, Finding, Lesson).scalar_subquery()


AROUND = sa.select(
    Debrief.id,
    _count(Fact.debrief_id == Debrief.id, Fact.at.is_not(None)).label("dated"),
    _count(Action.debrief_id == Debrief.id, Action.state.not_in(OVER)).label("actions"),
    asked_until("debriefs", Debrief.id).label("asked_until"),
).where(Debrief.id.in_(IDS))
PEOPLE = (
    sa.select(DebriefPerson.debrief_id, DebriefPerson.part, Person.id, Person.name, Person.name_en, Person.erased_at)
    .join(Person, Person.id == DebriefPerson.person_id)
    .where(DebriefPerson.debrief_id.in_(IDS))
    .order_by(Person.id)
)
FINDINGS = (
    sa.select(
        Finding.debrief_id,
        Finding.n,
        Finding.text,
        Finding.direction,
        Finding.no_lesson_because,
        _count(Cause.finding_id == Finding.id).label("causes"),
        _count(Lesson.finding_id == Finding.id, Lesson.state != LessonState.REJECTED)
        .label("lessons"),
    )
    .where(Finding.debrief_id.in_(IDS))
    .order_by(Finding.n)
)  # fmt: skip
LESSONS = (
    sa.select(
        Lesson.debrief_id,
        Lesson.code,
        Lesson.state,
        Lesson.direction,
        Lesson.consent,
        Lesson.steps,
        *(getattr(Lesson, name) for name in LESSON_TEXTS),
        _count(LessonTopic.lesson_id == Lesson.id).label("topics"),
    )
    .where(Lesson.debrief_id.in_(IDS))
    .order_by(Lesson.id)
)
TIMELINE = sa.select(Fact.debrief_id, Fact.text).where(Fact.debrief_id.in_(IDS)).order_by(Fact.at, Fact.id)
_CAUSES = (
    sa.select(Finding.debrief_id, sa.literal("cause").label("where"), Finding.n, Cause.text, Cause.id.label("nth"))
    .join(Cause, Cause.finding_id == Finding.id)
    .where(Finding.debrief_id.in_(IDS))
)
_CAPTIONS = sa.select(Attachment.of_id, sa.literal("file"), sa.literal(0), Attachment.caption, Attachment.id).where(
    Attachment.of_noun == "debriefs", Attachment.of_id.in_(IDS)
)
CAUSES_AND_CAPTIONS = sa.union_all(_CAUSES, _CAPTIONS).order_by("where", "n", "nth")


def debriefs(ground: Ground) -> list[DebriefFacts]:
    around = ground.one_each(AROUND)
    people, findings, lessons = (ground.many_each(statement) for statement in (PEOPLE, FINDINGS, LESSONS))
    parts = Parts(ground, people, findings, lessons)
    return [
        DebriefFacts(
            dated_facts=around[row.id].dated,
            findings=tuple(_finding(found) for found in findings.get(row.id, ())),
            names=tuple(parts.names(row)),
            **_of_lessons(lessons.get(row.id, []), around[row.id].actions),
            **_of_people(ground, row, people.get(row.id, []), around[row.id].asked_until),
        )
        for row in ground.rows
    ]


def _of_people(ground: Ground, row: Any, people: list[Any], until: date | None) -> dict[str, Any]:
    by_part = {part: [one.id for one in people if one.part == part] for part in ("participant", "named")}
    # an urgent report counts as severity 4 until somebody sets it
    severity = row.severity or (4 if row.urgent else None)
    shared = ground.shared(row, by_part, severity=severity, asked_until=until)
    return {"participants": frozenset(by_part["participant"]), **shared}


def _of_lessons(lessons: list[Any], actions: int) -> dict[str, Any]:
    kept = [lesson for lesson in lessons if lesson.state != LessonState.REJECTED]
    return {
        "drafts": tuple(_draft(lesson) for lesson in kept),
        "unsettled": actions + sum(lesson.state not in LESSON_SETTLED for lesson in kept),
        "consent": all(lesson.consent for lesson in kept),
    }


def _finding(found: Any) -> FindingFact:
    sustain = found.direction == FindingDirection.SUSTAIN
    return FindingFact(found.n, found.causes, found.lessons, bool(found.no_lesson_because), sustain)


def _draft(lesson: Any) -> DraftFact:
    lacking = lacks(lesson, lesson.topics) if lesson.state == LessonState.DRAFT else ()
    return DraftFact(lesson.code, lesson.state.value, lesson.title, lacking, lesson.direction == Direction.KEEP)


class Parts:
    """The texts of debriefs under investigation, searched for participants' full names.

    The report's own words never change, so they are not searched, nor a fact that repeats them as they are. An answer
    “not a name” releases no full name.
    """

    def __init__(self, ground: Ground, people: Any, findings: Any, lessons: Any) -> None:
        self.people, self.findings, self.lessons = people, findings, lessons
        searched = any(row.state == DebriefState.INVESTIGATING and self.full_names(row) for row in ground.rows)
        self.timeline = ground.many_each(TIMELINE) if searched else {}
        self.others = ground.many_each(CAUSES_AND_CAPTIONS) if searched else {}

    def _others(self, row: Any) -> tuple[list[Any], list[Any]]:
        """Its causes, and its files."""
        found = self.others.get(row.id, ())
        return [one for one in found if one.where == "cause"], [one for one in found if one.where == "file"]

    def full_names(self, row: Any) -> list[str]:
        took_part = [one for one in self.people.get(row.id, ()) if one.part == "participant" and not one.erased_at]
        return [name for one in took_part for name in (one.name, one.name_en) if name]

    def names(self, row: Any) -> Iterator[NameHit]:
        names = self.full_names(row)
        if row.state != DebriefState.INVESTIGATING or not names:
            return
        for where, n, text in self.texts(row):
            yield from (NameHit(name, where, n) for name in names_in(text, names))

    def texts(self, row: Any) -> Iterator[tuple[str, int, str]]:
        """Where, its number there (0: it has none), and the text."""
        yield from ((name, 0, getattr(row, name)) for name in FIELDS)
        for n, fact in enumerate(self.timeline.get(row.id, ()), 1):
            yield "fact", n, "" if fact.text == row.what_happened else fact.text
        yield from (("finding", found.n, found.text) for found in self.findings.get(row.id, ()))
        yield from (("finding", found.n, found.no_lesson_because) for found in self.findings.get(row.id, ()))
        causes, files = self._others(row)
        yield from (("cause", cause.n, cause.text) for cause in causes)
        yield from (("file", n, file.text) for n, file in enumerate(files, 1))
        drafts = [lesson for lesson in self.lessons.get(row.id, ()) if lesson.state == LessonState.DRAFT]
        for n, lesson in enumerate(drafts, 1):
            yield "lesson", n, "\n".join([*(getattr(lesson, name) for name in LESSON_TEXTS), *lesson.steps])
