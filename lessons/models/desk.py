"""What the front of the desk shows besides records: when somebody was last there, a unit's figures, the first cards."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from lessons.models.base import moment, ref


class DeskVisit(SQLModel, table=True):
    """A sighting: the last day that a person's desk was open, when on it, and when on the day before that."""

    __tablename__ = "desk_visits"

    person_id: int = Field(foreign_key="persons.id", primary_key=True)
    day: date
    seen_at: datetime = moment(default=...)
    before_at: datetime | None = moment()


class UnitFigure(SQLModel, table=True):
    """One number of a unit on one day, from another system; never of a person."""

    __tablename__ = "unit_figures"
    __table_args__ = (sa.UniqueConstraint("unit_id", "day", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = ref("units", optional=False)
    day: date
    name: str = Field(max_length=60)
    value: float


class BasicCard(SQLModel, table=True):
    """A card that a newcomer of the unit reads in the first 30 days, the `n`th of them."""

    __tablename__ = "basic_cards"

    unit_id: int = Field(foreign_key="units.id", primary_key=True)
    lesson_id: int = Field(foreign_key="lessons.id", primary_key=True, index=True)
    n: int


class BasicReading(SQLModel, table=True):
    """A newcomer has read a basic card, and which edition of it."""

    __tablename__ = "basic_readings"

    person_id: int = Field(foreign_key="persons.id", primary_key=True)
    lesson_id: int = Field(foreign_key="lessons.id", primary_key=True, index=True)
    edition: int
    at: datetime = moment(default=...)
