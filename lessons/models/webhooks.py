"""Addresses of other systems that are told what happens to records, and each call that was made or is to be made."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from lessons.models.base import choice, json, long_text, moment, ref
from lessons.workflow.states import LetterState

QUEUED = "state IN ('waiting','sending')"


class Webhook(SQLModel, table=True):
    """Who is told. `nouns` are the records it is told of, `salt` is what its secret is made of, with the
    installation's key; `last_tx` and `last_id` name the last event that became a call. Paused, it is told nothing and
    misses nothing."""

    __tablename__ = "webhooks"

    id: int | None = Field(default=None, primary_key=True)
    pid: str = Field(max_length=24, unique=True)
    url: str = Field(max_length=500)
    nouns: list[str] = json(list)
    salt: str = Field(max_length=64)
    last_tx: int = Field(default=0, sa_type=sa.BigInteger)
    last_id: int = 0
    created_at: datetime = moment(default=...)
    paused_at: datetime | None = moment()
    paused_why: str = Field(default="", max_length=300)
    ended_at: datetime | None = moment()


class WebhookCall(SQLModel, table=True):
    """One message to one address: `pid` is its name in every repeat, `body` what is signed, `tries` when it was tried
    and what came back."""

    __tablename__ = "webhook_calls"
    __table_args__ = (
        sa.UniqueConstraint("webhook_id", "event_id"),
        sa.Index(
            "ix_webhook_calls_due", "next_at", "id", sqlite_where=sa.text(QUEUED), postgresql_where=sa.text(QUEUED)
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    pid: str = Field(max_length=24, unique=True)
    webhook_id: int = ref("webhooks", optional=False, index=False)
    event_id: int | None = None
    kind: str = Field(max_length=48)
    code: str = Field(default="", max_length=24)
    body: str = long_text(...)
    state: LetterState = choice(LetterState)
    why: str = Field(default="", max_length=300)
    tries: list[dict[str, object]] = json(list)
    attempts: int = 0
    next_at: datetime = moment(default=...)
    lease_until: datetime | None = moment()
    fence: int = 0
    created_at: datetime = moment(default=...)
    sent_at: datetime | None = moment()
