"""Duties, notices, letters: who owes what, who was told, and what is on its way."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from lessons.models.base import choice, json, long_text, moment, ref
from lessons.workflow.states import LetterState, Role


class Duty(SQLModel, table=True):
    """One holder: a person, or a role at a unit. Whoever is in `excluding` fulfils it neither in the role
    nor standing in for the person. `next_at` is its next reminder.

    `granted_on`: the day that a decision gave it; `handed_at`: when a decision put it where it is. The decision itself
    is a duty too: of the late one `after_id`, which is `about` that kind, asked for because of its day `asked_on`."""

    __tablename__ = "duties"
    noun: ClassVar[str] = "duties"
    __table_args__ = (
        sa.Index(
            "ix_duties_open_person",
            "person_id",
            "due_on",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
        sa.Index(
            "ix_duties_open_role",
            "role",
            "unit_id",
            "due_on",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        ),
        sa.Index("ix_duties_record", "of_noun", "of_id"),
        sa.Index(
            "ix_duties_next",
            "next_at",
            "id",
            sqlite_where=sa.text("closed_at IS NULL AND next_at IS NOT NULL"),
            postgresql_where=sa.text("closed_at IS NULL AND next_at IS NOT NULL"),
        ),
        sa.CheckConstraint("(person_id IS NULL) <> (role IS NULL)", name="one_holder"),
    )

    id: int | None = Field(default=None, primary_key=True)
    pid: str = Field(max_length=24, unique=True)
    kind: str = Field(max_length=32)
    of_noun: str = Field(max_length=16)
    of_id: int
    of_code: str = Field(max_length=24)
    unit_id: int = ref("units", optional=False, index=False)
    person_id: int | None = ref("persons", index=False)
    role: Role | None = choice(Role, optional=True)
    excluding: list[int] = json(list)
    severity: int = 2
    opened_at: datetime = moment(default=...)
    due_on: date
    due_at: datetime = moment(default=...)
    next_at: datetime | None = moment()
    rung: int = 0
    moved: int = 0
    closed_at: datetime | None = moment()
    closed_how: str = Field(default="", max_length=16)
    granted_on: date | None = None
    handed_at: datetime | None = moment()
    after_id: int | None = None
    asked_on: date | None = None
    about: str = Field(default="", max_length=32)


class Notice(SQLModel, table=True):
    """Something a person is told, once: by the ladder of a duty, or because something happened to a record.

    From `told_at` on nothing of it waits any more; `dropped` says why it never was told (lessons/post/notices.py).
    """

    __tablename__ = "notices"
    __table_args__ = (
        sa.UniqueConstraint("duty_id", "due_on", "rung", "person_id"),
        sa.Index(
            "ix_notices_untold",
            "person_id",
            sqlite_where=sa.text("told_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL"),
        ),
        sa.Index(
            "ix_notices_unread",
            "person_id",
            sqlite_where=sa.text("seen_at IS NULL"),
            postgresql_where=sa.text("seen_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = ref("persons", optional=False, index=False)
    kind: str = Field(max_length=32)
    of_noun: str = Field(max_length=16)
    of_id: int
    of_code: str = Field(max_length=24)
    duty_id: int | None = ref("duties")
    due_on: date | None = None
    rung: str = Field(default="", max_length=16)
    facts: dict[str, object] = json()
    at: datetime = moment(default=..., index=True)
    urgent: bool = False
    told_at: datetime | None = moment()
    letter_id: int | None = ref("letters")
    seen_at: datetime | None = moment()
    dropped: str = Field(default="", max_length=16, sa_column_kwargs={"server_default": ""})


class Letter(SQLModel, table=True):
    """A mail on its way. `message_id` is stable: a repeat is recognisable. `fence` grows with each claim. `duty_ids`
    are the duties that it names."""

    __tablename__ = "letters"
    __table_args__ = (
        sa.Index(
            "ix_letters_due",
            "next_at",
            "id",
            sqlite_where=sa.text("state IN ('waiting','sending')"),
            postgresql_where=sa.text("state IN ('waiting','sending')"),
        ),
        sa.Index(
            "ix_letters_queued_person",
            "person_id",
            sqlite_where=sa.text("state IN ('waiting','sending')"),
            postgresql_where=sa.text("state IN ('waiting','sending')"),
        ),
        sa.Index(
            "ix_letters_failed",
            "person_id",
            "created_at",
            sqlite_where=sa.text("state = 'failed'"),
            postgresql_where=sa.text("state = 'failed'"),
        ),
        sa.Index("ix_letters_sent", "sent_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    pid: str = Field(max_length=24, unique=True)
    person_id: int = ref("persons", optional=False)
    kind: str = Field(max_length=32)
    key: str = Field(max_length=120, unique=True)
    to_address: str = Field(default="", max_length=255)
    lang: str = Field(max_length=2)
    subject: str = Field(max_length=400)
    text: str = long_text(...)
    html: str = long_text(...)
    message_id: str = Field(max_length=200, unique=True)
    thread: str = Field(default="", max_length=200)
    duty_ids: list[int] = json(list)
    state: LetterState = choice(LetterState)
    why: str = Field(default="", max_length=300)
    attempts: int = 0
    next_at: datetime = moment(default=...)
    lease_until: datetime | None = moment()
    fence: int = 0
    created_at: datetime = moment(default=...)
    sent_at: datetime | None = moment()


class Sign(SQLModel, table=True):
    """A sign of life, by the name of what works: a job of the worker, or the press. Outside records and history."""

    __tablename__ = "signs"

    name: str = Field(max_length=40, primary_key=True)
    first_at: datetime | None = moment()
    worked_at: datetime | None = moment()
    failed_at: datetime | None = moment()


class Reckoning(SQLModel, table=True):
    """By which numbers – policy and holidays – the days of all duties were last reckoned anew."""

    __tablename__ = "reckonings"

    id: int | None = Field(default=None, primary_key=True)
    fingerprint: str = Field(max_length=64)
    at: datetime = moment(default=...)
