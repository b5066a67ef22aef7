"""The addresses under which a person's own calendar program reads what is due."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from lessons.models.base import moment, ref


class Feed(SQLModel, table=True):
    """What its owner owes or, of a unit, what is owed there as far as its owner may see it; the secret in its address
    is kept hashed."""

    __tablename__ = "feeds"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(max_length=64, unique=True)
    person_id: int = ref("persons", optional=False)
    unit_id: int | None = ref("units", index=False)
    created_at: datetime = moment(default=...)
    ended_at: datetime | None = moment()
