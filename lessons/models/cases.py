"""Cases as they come from a CRM, the lessons they show, and the places of a CRM that lead to cards."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from lessons.models.base import long_text, moment, ref

KEPT, NOT_LOOKED_AT, OPEN = "erased_at IS NULL", "looked_at IS NULL", "answer = ''"


class Case(SQLModel, table=True):
    """A customer's contact as it came from a CRM. `customer_hash` is a keyed hash, never the reference itself;
    `looked_at` since it was compared with the lessons; `erased_at` since its text is not kept any more."""

    __tablename__ = "cases"
    __table_args__ = (
        sa.Index("ix_cases_customer", "customer_hash", "opened_at"),
        sa.Index("ix_cases_kept", "opened_at", sqlite_where=sa.text(KEPT), postgresql_where=sa.text(KEPT)),
        sa.Index("ix_cases_new", "id", sqlite_where=sa.text(NOT_LOOKED_AT), postgresql_where=sa.text(NOT_LOOKED_AT)),
    )
    noun: ClassVar[str] = "cases"

    id: int | None = Field(default=None, primary_key=True)
    pid: str = Field(max_length=24, unique=True)
    external_id: str = Field(max_length=300, unique=True)
    unit_id: int = ref("units", optional=False)
    text: str = long_text(...)
    lang: str = Field(default="he", max_length=2)
    channel: str = Field(default="", max_length=300)
    category: str = Field(default="", max_length=300)
    customer_hash: str = Field(default="", max_length=64)
    opened_at: datetime = moment(default=..., index=True)
    created_at: datetime = moment(default=...)
    entered_by_id: int | None = ref("persons")
    looked_at: datetime | None = moment()
    erased_at: datetime | None = moment()


class CaseLink(SQLModel, table=True):
    """A case that shows the lesson's problem: the lesson was of use in it or, `came_back`, it happened although the
    lesson had reached people."""

    __tablename__ = "case_links"

    case_id: int = Field(foreign_key="cases.id", primary_key=True)
    lesson_id: int = Field(foreign_key="lessons.id", primary_key=True, index=True)
    person_id: int | None = ref("persons")
    at: datetime = moment(default=...)
    came_back: bool = False


class Proposal(SQLModel, table=True):
    """“This case looks like that lesson”, until a person says whether: `answer` is "", confirmed or refused."""

    __tablename__ = "proposals"
    __table_args__ = (
        sa.Index("ix_proposals_open", "lesson_id", sqlite_where=sa.text(OPEN), postgresql_where=sa.text(OPEN)),
    )

    case_id: int = Field(foreign_key="cases.id", primary_key=True)
    lesson_id: int = Field(foreign_key="lessons.id", primary_key=True)
    score: float
    at: datetime = moment(default=...)
    answer: str = Field(default="", max_length=12)
    answered_by_id: int | None = ref("persons")
    answered_at: datetime | None = moment()


class CrmPlace(SQLModel, table=True):
    """A place in a CRM – a category path of up to four levels, or a screen – and the one thing that it leads to.
    `key` is how it is found, `place` how it was written."""

    __tablename__ = "crm_places"
    __table_args__ = (sa.UniqueConstraint("kind", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    pid: str = Field(max_length=24, unique=True)
    kind: str = Field(max_length=12)
    key: str = Field(max_length=300)
    place: str = Field(max_length=300)
    lesson_id: int | None = ref("lessons")
    topic_id: int | None = ref("topics")
    procedure_id: int | None = ref("procedures")
    created_at: datetime = moment(default=...)


class Sighting(SQLModel, table=True):
    """How long it took somewhere in a unit, in milliseconds; of no person. `kind` is first_card or documented."""

    __tablename__ = "sightings"
    __table_args__ = (sa.Index("ix_sightings_kind", "kind", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=24)
    unit_id: int = ref("units", optional=False)
    milliseconds: int
    at: datetime = moment(default=...)
