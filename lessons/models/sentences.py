"""Sentences that work: what calms a customer or closes a call, told on by whoever found it; and whom else it helped."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from sqlmodel import Field, SQLModel

from lessons.models.base import Record, choice, long_text, moment, ref
from lessons.workflow.states import SentenceState


class Sentence(Record, table=True):
    """`lesson_id` is the card that it goes with; `kept_at` since when it was ever on the desk; `reason` what its author
    is told where it was declined or withdrawn."""

    __tablename__ = "sentences"
    noun: ClassVar[str] = "sentences"

    state: SentenceState = choice(SentenceState, index=True)
    text: str = Field(max_length=300)
    said_when: str = Field(default="", max_length=300)
    topic: str = Field(default="", max_length=60)
    lesson_id: int | None = ref("lessons")
    author_id: int | None = ref("persons")
    kept_at: datetime | None = moment()
    reason: str = long_text()


class SentenceVote(SQLModel, table=True):
    """It worked for this person too: said once a sentence, and gone where it was taken back."""

    __tablename__ = "sentence_votes"

    sentence_id: int = Field(foreign_key="sentences.id", primary_key=True)
    person_id: int = Field(foreign_key="persons.id", primary_key=True, index=True)
    at: datetime = moment(default=...)
