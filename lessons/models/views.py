"""Views of the managers' page that people keep under a name."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from lessons.models.base import moment, random_id, ref


class SavedView(SQLModel, table=True):
    """`query` is what the page's address says after its path; whoever is given the view sees it with their own eyes."""

    __tablename__ = "saved_views"
    __table_args__ = (sa.UniqueConstraint("person_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    pid: str = Field(default_factory=random_id, max_length=24, unique=True)
    person_id: int = ref("persons", optional=False, index=False)
    name: str = Field(max_length=80)
    query: str = Field(default="", max_length=400)
    created_at: datetime = moment(default=...)
