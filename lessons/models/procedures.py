"""Procedures, their revisions, who edited them and because of which lessons; briefings and who has read them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlmodel import Field, SQLModel

from lessons.models.base import Json, Record, choice, json, long_text, moment, ref
from lessons.workflow.states import BriefingState, PolicyKind, ProcedureState, RevisionState


class Procedure(Record, table=True):
    __tablename__ = "procedures"
    noun: ClassVar[str] = "procedures"

    state: ProcedureState = choice(ProcedureState)
    title: str = Field(max_length=300)
    owner_id: int | None = ref("persons")
    approver_id: int | None = ref("persons")
    policy_kind: PolicyKind = choice(PolicyKind)
    regulated: bool = False


class Revision(Record, table=True):
    """`sections` are [{id, heading, body, limits?}] with stable random ids (lessons/workflow/sections.py); `number`
    counts editions of the procedure from 1."""

    __tablename__ = "revisions"
    noun: ClassVar[str] = "revisions"

    state: RevisionState = choice(RevisionState, index=True)
    procedure_id: int = ref("procedures", optional=False)
    base_id: int | None = ref("revisions")
    number: int
    sections: list[dict[str, Any]] = json(list)
    summary: str = Field(default="", max_length=300)
    editor_id: int | None = ref("persons")
    money_approved_by_id: int | None = ref("persons")
    money_approved_at: datetime | None = moment()
    approved_by_id: int | None = ref("persons")
    approved_at: datetime | None = moment()
    effective_on: date | None = Field(default=None, index=True)
    audience: dict[str, list[str]] = json()
    share: float | None = None
    reading_due_on: date | None = None
    effective_at: datetime | None = moment()
    ended_at: datetime | None = moment()
    successor_id: int | None = ref("procedures")


class RevisionEditor(SQLModel, table=True):
    __tablename__ = "revision_editors"

    revision_id: int = Field(foreign_key="revisions.id", primary_key=True)
    person_id: int = Field(foreign_key="persons.id", primary_key=True, index=True)


class RevisionLesson(SQLModel, table=True):
    """The lesson, and its cycle, because of which the revision was drafted."""

    __tablename__ = "revision_lessons"

    revision_id: int = Field(foreign_key="revisions.id", primary_key=True)
    lesson_id: int = Field(foreign_key="lessons.id", primary_key=True, index=True)
    cycle: int = 1


class Briefing(Record, table=True):
    """About one edition of a lesson card, revision or news item; `share` in (0, 1]; `reached_at` when the share was
    first met; `reminded_at` since those who are missing are asked once more on the desk."""

    __tablename__ = "briefings"
    noun: ClassVar[str] = "briefings"

    state: BriefingState = choice(BriefingState, index=True)
    lesson_id: int | None = ref("lessons")
    revision_id: int | None = ref("revisions")
    news_id: int | None = ref("news")
    subject_edition: int = 1
    cycle: int | None = None
    audience: dict[str, list[str]] = json()
    share: float = 0.9
    due_on: date
    first_due_on: date | None = None
    check: dict[str, object] | None = Field(default=None, sa_type=Json)
    opener_id: int | None = ref("persons")
    reached_at: datetime | None = moment()
    ended_at: datetime | None = moment()
    end_reason: str = long_text()
    unreached: bool = False
    decision_owed: bool = False
    reminded_at: datetime | None = moment()


class BriefingMember(SQLModel, table=True):
    """One of the frozen audience: read and understood when, after how many wrong answers."""

    __tablename__ = "briefing_members"

    briefing_id: int = Field(foreign_key="briefings.id", primary_key=True)
    person_id: int = Field(foreign_key="persons.id", primary_key=True, index=True)
    acknowledged_at: datetime | None = moment()
    wrong: int = 0
