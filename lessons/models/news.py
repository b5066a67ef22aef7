"""News: what is new on the floor, the topic in focus, what a competitor offers; and who has read which edition."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel

from lessons.models.base import Record, choice, json, long_text, moment, ref
from lessons.workflow.states import NewsKind, NewsState


class News(Record, table=True):
    """Shown to its audience from `valid_from` until `valid_until`. Of an offer: seen where, what is said to it, and who
    saw it too. `reminded_at` since those who have not read this edition are asked once more on the desk."""

    __tablename__ = "news"
    noun: ClassVar[str] = "news"

    state: NewsState = choice(NewsState, index=True)
    kind: NewsKind = choice(NewsKind)
    title: str = Field(max_length=300)
    body: str = long_text()
    urgent: bool = False
    audience: dict[str, list[str]] = json()
    topic: str = Field(default="", max_length=60)
    valid_from: datetime = moment(default=...)
    valid_until: datetime = moment(default=..., index=True)
    seen_where: str = Field(default="", max_length=300)
    our_answer: str = long_text()
    author_id: int | None = ref("persons")
    confirmed_by_id: int | None = ref("persons")
    confirmed_at: datetime | None = moment()
    edition_at: datetime | None = moment()
    reminded_at: datetime | None = moment()
    ended_at: datetime | None = moment()


class NewsReading(SQLModel, table=True):
    """A person has read and understood one edition."""

    __tablename__ = "news_readings"

    news_id: int = Field(foreign_key="news.id", primary_key=True)
    person_id: int = Field(foreign_key="persons.id", primary_key=True, index=True)
    edition: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = moment(default=...)
