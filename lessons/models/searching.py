"""Words that an organisation means alike, and what people looked for and did not find."""

from __future__ import annotations

from datetime import date

from sqlmodel import Field, SQLModel

from lessons.models.base import Json


class Synonyms(SQLModel, table=True):
    """Words or short phrases that mean the same here; whoever asks by one of them finds the others too."""

    __tablename__ = "synonyms"

    id: int | None = Field(default=None, primary_key=True)
    words: list[str] = Field(default_factory=list, sa_type=Json)


class Missed(SQLModel, table=True):
    """A question, its words in one spelling, that found nothing: how often, and the last day. Nobody's name with it."""

    __tablename__ = "missed_searches"

    id: int | None = Field(default=None, primary_key=True)
    words: str = Field(max_length=120, unique=True)
    times: int = 1
    last_on: date
