"""Who has a record open at this moment: told to the others who have it open, kept for minutes, part of no history."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from lessons.models.base import moment


class Presence(SQLModel, table=True):
    """`writing`: a form of the record is open, and not its page alone."""

    __tablename__ = "presences"

    noun: str = Field(max_length=24, primary_key=True)
    record_id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    person_id: int = Field(foreign_key="persons.id", primary_key=True)
    writing: bool = False
    at: datetime = moment(default=...)
