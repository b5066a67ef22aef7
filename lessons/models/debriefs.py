"""Debriefs and their parts: facts, findings, causes, the people in them, answers about similar lessons."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from lessons.models.base import Part, Record, choice, json, long_text, moment, ref
from lessons.workflow.states import CauseKind, DebriefKind, DebriefState, Direction, FindingDirection, Path, Similarity


class Debrief(Record, table=True):
    __tablename__ = "debriefs"
    noun: ClassVar[str] = "debriefs"

    state: DebriefState = choice(DebriefState, index=True)
    kind: DebriefKind = choice(DebriefKind)
    path: Path | None = choice(Path, optional=True)
    severity: int | None = None
    urgent: bool = False
    anonymous: bool = False
    confidential: bool = False
    concerns_managers: bool = False
    title: str = Field(max_length=300)
    what_happened: str = long_text(...)
    happened_on: date | None = None
    source_ref: str = Field(default="", max_length=300)
    questions: str = long_text()
    expected: str = long_text()
    actual: str = long_text()
    why: str = long_text()
    differently: str = long_text()
    direction: Direction | None = choice(Direction, optional=True)
    why_it_worked: str = long_text()
    elsewhere: str = long_text()
    names_answered: list[dict[str, str]] = json(list)
    reporter_id: int | None = ref("persons")
    leader_id: int | None = ref("persons")
    reviewer_id: int | None = ref("persons")
    due_on: date | None = None
    first_due_on: date | None = None
    extension_count: int = 0
    opened_at: datetime | None = moment()
    issued_at: datetime | None = moment()
    closed_at: datetime | None = moment()
    merged_into_id: int | None = ref("debriefs")
    tracking_hash: str | None = Field(default=None, max_length=64, unique=True)


class DebriefPerson(SQLModel, table=True):
    """Someone who took part in the event, or whom a confidential debrief names as one who may read it."""

    __tablename__ = "debrief_people"

    debrief_id: int = Field(foreign_key="debriefs.id", primary_key=True)
    person_id: int = Field(foreign_key="persons.id", primary_key=True, index=True)
    part: str = Field(max_length=12, primary_key=True)


class Fact(Part, table=True):
    __tablename__ = "facts"
    noun: ClassVar[str] = "facts"

    debrief_id: int = ref("debriefs", optional=False)
    at: datetime | None = moment()
    text: str = long_text(...)
    source: str = Field(default="", max_length=300)


class Finding(Part, table=True):
    __tablename__ = "findings"
    noun: ClassVar[str] = "findings"

    debrief_id: int = ref("debriefs", optional=False)
    n: int
    text: str = long_text(...)
    direction: FindingDirection = choice(FindingDirection)
    no_lesson_because: str = long_text()


class Cause(Part, table=True):
    __tablename__ = "causes"
    noun: ClassVar[str] = "causes"

    finding_id: int = ref("findings", optional=False)
    parent_id: int | None = ref("causes")
    text: str = long_text(...)
    kind: CauseKind = choice(CauseKind)
    root: bool = False
    no_action_reason: str = long_text()
    no_action_by_id: int | None = ref("persons")
    no_action_at: datetime | None = moment()


class SimilarAnswer(SQLModel, table=True):
    """How a reviewer judged a similar lesson: same, related or different."""

    __tablename__ = "similar_answers"

    debrief_id: int = Field(foreign_key="debriefs.id", primary_key=True)
    lesson_id: int = Field(foreign_key="lessons.id", primary_key=True)
    choice: Similarity = choice(Similarity)


class QuestionSet(SQLModel, table=True):
    """What an inquiry of this kind asks, one question a line; each change is a row of its own, `version` from 1."""

    __tablename__ = "question_sets"
    __table_args__ = (sa.UniqueConstraint("kind", "lang", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: DebriefKind = choice(DebriefKind)
    lang: str = Field(max_length=2)
    version: int
    questions: str = long_text(...)
    by_id: int | None = ref("persons")
    at: datetime = moment(default=...)
