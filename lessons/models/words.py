"""What an installation says in words of its own, in place of the product's."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from lessons.models.base import Json


class OwnWord(SQLModel, table=True):
    """One sentence, or the name of a stored value in its `context`. `forms` are its plural forms, else one text; none
    where the original is said again. A row is never deleted, so that the sum of all versions only grows."""

    __tablename__ = "own_words"
    __table_args__ = (sa.UniqueConstraint("locale", "context", "word"),)

    id: int | None = Field(default=None, primary_key=True)
    locale: str = Field(max_length=5)
    context: str = Field(default="", max_length=60)
    word: str = Field(max_length=500)
    forms: list[Any] = Field(default_factory=list, sa_type=Json)
    version: int = 1
