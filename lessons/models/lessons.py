"""Lessons and their topics."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel

from lessons.models.base import Record, choice, json, long_text, moment, ref
from lessons.workflow.states import Direction, LessonState


class Lesson(Record, table=True):
    """`cycle` counts from 1; `team_until` while it stands as team experience; `short` is the card's random code;
    `asked_at` since a question to its author waits for an answer, also where it was decided without one."""

    __tablename__ = "lessons"
    noun: ClassVar[str] = "lessons"

    state: LessonState = choice(LessonState, index=True)
    debrief_id: int | None = ref("debriefs")
    finding_id: int | None = ref("findings")
    author_id: int | None = ref("persons")
    owner_id: int | None = ref("persons")
    accepted_by_id: int | None = ref("persons")
    accepted_at: datetime | None = moment()
    asked_at: datetime | None = moment()
    severity: int | None = None
    level: int | None = None
    cycle: int = 1
    title: str = Field(max_length=300)
    direction: Direction | None = choice(Direction, optional=True)
    applies_when: str = long_text()
    why: str = long_text()
    steps: list[str] = json(list)
    say: str = long_text()
    avoid_saying: str = long_text()
    limits: str = long_text()
    transfer_to: str = long_text()
    exceptions: str = long_text()
    background: str = long_text()
    meanwhile: str = Field(default="", max_length=300)
    source: str = Field(default="", max_length=300)
    interviewee_id: int | None = ref("persons")
    consent: bool = False
    audience: dict[str, list[str]] = json()
    review_on: date | None = Field(default=None, index=True)
    edition_at: datetime | None = moment()
    proved_at: datetime | None = moment()
    proved_elsewhere: bool = False
    risk_until: date | None = Field(default=None, index=True)
    risk_reason: str = long_text()
    risk_expired: bool = False
    team_until: date | None = Field(default=None, index=True)
    renewed: bool = False
    merged_into_id: int | None = ref("lessons")
    successor_id: int | None = ref("lessons")
    short: str = Field(max_length=12, unique=True)


class Topic(SQLModel, table=True):
    __tablename__ = "topics"
    noun: ClassVar[str] = "topics"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=60)
    key: str = Field(max_length=60, unique=True)
    lang: str = Field(default="he", max_length=2)


class FormerTopic(SQLModel, table=True):
    """What a topic was called before, or what was merged into it: typed again, the name leads to the topic."""

    __tablename__ = "former_topics"

    key: str = Field(max_length=60, primary_key=True)
    name: str = Field(max_length=60)
    topic_id: int = ref("topics", optional=False)
    by_id: int | None = ref("persons", index=False)
    at: datetime = moment(default=...)


class LessonTopic(SQLModel, table=True):
    __tablename__ = "lesson_topics"

    lesson_id: int = Field(foreign_key="lessons.id", primary_key=True)
    topic_id: int = Field(foreign_key="topics.id", primary_key=True, index=True)


class WordChange(SQLModel, table=True):
    """Who changed a lesson's words and when: whoever did since it was last proved does not revalidate it."""

    __tablename__ = "word_changes"

    id: int | None = Field(default=None, primary_key=True)
    lesson_id: int = ref("lessons", optional=False)
    person_id: int = ref("persons", optional=False)
    at: datetime = moment(default=...)
