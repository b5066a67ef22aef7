"""Action items, what they cover, the evidence of them; dates and their history; attachments."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from lessons.models.base import Part, Record, choice, long_text, moment, ref
from lessons.workflow.states import ActionKind, ActionState, EvidenceKind, ExtensionState


class Action(Record, table=True):
    __tablename__ = "actions"
    __table_args__ = (sa.Index("ix_actions_state_due", "state", "due_on"),)
    noun: ClassVar[str] = "actions"

    state: ActionState = choice(ActionState)
    lesson_id: int | None = ref("lessons")
    debrief_id: int | None = ref("debriefs")
    cycle: int = 1
    text: str = long_text(...)
    done_when: str = long_text()
    kind: ActionKind = choice(ActionKind)
    owner_id: int | None = ref("persons")
    assigner_id: int | None = ref("persons")
    due_on: date | None = Field(default=None, index=True)
    first_due_on: date | None = None
    extension_count: int = 0
    block_reason: str = long_text()
    waiting_on_id: int | None = ref("persons")
    blocked_at: datetime | None = moment()
    done_at: datetime | None = moment()
    done_note: str = long_text()
    confirmed_at: datetime | None = moment()
    confirmed_by_id: int | None = ref("persons")


class ActionCause(SQLModel, table=True):
    __tablename__ = "action_causes"

    action_id: int = Field(foreign_key="actions.id", primary_key=True)
    cause_id: int = Field(foreign_key="causes.id", primary_key=True, index=True)


class Evidence(Part, table=True):
    __tablename__ = "evidence"
    noun: ClassVar[str] = "evidence"

    action_id: int = ref("actions", optional=False)
    kind: EvidenceKind = choice(EvidenceKind)
    url: str = Field(default="", max_length=2000)
    revision_id: int | None = ref("revisions")
    attachment_id: int | None = ref("attachments")
    note: str = long_text()
    by_id: int | None = ref("persons")


class Attachment(Part, table=True):
    """A file of a record; its bytes lie in the data folder under their SHA-256."""

    __tablename__ = "attachments"
    noun: ClassVar[str] = "attachments"

    of_noun: str = Field(max_length=16, index=True)
    of_id: int = Field(index=True)
    name: str = Field(max_length=300)
    caption: str = Field(default="", max_length=300)
    media_type: str = Field(max_length=100)
    size: int
    sha256: str = Field(max_length=64, index=True)
    by_id: int | None = ref("persons")


class DueChange(SQLModel, table=True):
    """A line in the history of a record's due dates. Written before the row: a database rule looks for it. With `duty`
    it is of that duty's own day, and the record's stays."""

    __tablename__ = "due_changes"

    id: int | None = Field(default=None, primary_key=True)
    noun: str = Field(max_length=16, index=True)
    record_id: int = Field(index=True)
    version: int
    old_due_on: date | None = None
    new_due_on: date | None = None
    how: str = Field(max_length=24)
    duty: str = Field(default="", max_length=32)
    reason: str = long_text()
    person_id: int | None = ref("persons")
    at: datetime = moment(default=...)


class Extension(Part, table=True):
    """Someone asks for another date, `late` where its day was over by then; it is granted or denied."""

    __tablename__ = "extensions"
    noun: ClassVar[str] = "extensions"

    of_noun: str = Field(max_length=16, index=True)
    of_id: int = Field(index=True)
    new_due_on: date
    old_due_on: date | None = None
    reason: str = long_text(...)
    state: ExtensionState = choice(ExtensionState)
    asked_by_id: int | None = ref("persons")
    decided_by_id: int | None = ref("persons")
    decided_at: datetime | None = moment()
    decision_reason: str = long_text()
    late: bool = False


class Hand(SQLModel, table=True):
    """Who holds or held a relation to a record, and who acted in it for them: separation of duties looks here."""

    __tablename__ = "hands"

    id: int | None = Field(default=None, primary_key=True)
    noun: str = Field(max_length=16)
    record_id: int
    relation: str = Field(max_length=16)
    person_id: int = ref("persons", optional=False)
    since_at: datetime = moment(default=...)
    until_at: datetime | None = moment()
    reason: str = long_text()
