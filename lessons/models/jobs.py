"""Long work that people asked for: what, how far it is, and what came of it. A technical record without a history."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from lessons.models.base import choice, json, long_text, moment, random_id, ref
from lessons.workflow.states import JobState

QUEUED = "state IN ('waiting','running')"


class Job(SQLModel, table=True):
    """Its person's alone. `asked` is what its kind needs to know, `given_sha256` a file that came with it; `told` the
    sentence that says what came of it (lessons/jobs/queries.py), `file_…` what was made, until it is let go. Whoever
    works on it holds the lease; `fence` grows with each claim."""

    __tablename__ = "jobs"
    noun: ClassVar[str] = "jobs"
    __table_args__ = (
        sa.Index("ix_jobs_due", "next_at", "id", sqlite_where=sa.text(QUEUED), postgresql_where=sa.text(QUEUED)),
    )

    id: int | None = Field(default=None, primary_key=True)
    pid: str = Field(default_factory=random_id, max_length=24, unique=True)
    person_id: int = ref("persons", optional=False)
    kind: str = Field(max_length=48)
    title: str = Field(max_length=200)
    lang: str = Field(max_length=2)
    asked: dict[str, object] = json()
    given_sha256: str = Field(default="", max_length=64)
    state: JobState = choice(JobState, default=JobState.WAITING)
    done: int = 0
    total: int = 0
    told: dict[str, object] = json()
    why: str = long_text()
    file_sha256: str = Field(default="", max_length=64)
    file_name: str = Field(default="", max_length=200)
    file_type: str = Field(default="", max_length=120)
    file_size: int = 0
    attempts: int = 0
    next_at: datetime = moment(default=...)
    lease_until: datetime | None = moment()
    fence: int = 0
    created_at: datetime = moment(default=...)
    started_at: datetime | None = moment()
    ended_at: datetime | None = moment()

    @property
    def code(self) -> str:
        """What names it to people: notices lead there."""
        return self.pid
