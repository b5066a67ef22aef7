"""The history: append-only events, chained by hash per record, the erasable details beside them, the daily seals."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from lessons.models.base import json, long_text, moment, ref


class Event(SQLModel, table=True):
    """One step of a record. `body` is the canonical JSON that was hashed; a database trigger refuses any change."""

    __tablename__ = "events"
    __table_args__ = (sa.UniqueConstraint("noun", "record_id", "n"), sa.Index("ix_events_feed", "tx", "id"))

    id: int | None = Field(default=None, primary_key=True)
    noun: str = Field(max_length=16)
    record_id: int
    code: str = Field(max_length=24)
    n: int
    at: datetime = moment(default=...)
    trigger: str = Field(max_length=24)
    from_state: str = Field(default="", max_length=24)
    to_state: str = Field(max_length=24)
    actor_kind: str = Field(max_length=12)
    body: str = long_text(...)
    previous: str = Field(default="", max_length=64)
    hash: str = Field(max_length=64)
    tx: int = Field(default=0, sa_type=sa.BigInteger)


class EventDetail(SQLModel, table=True):
    """Persons and free text of an event with the salt of their digests. Erasing it leaves the chain whole."""

    __tablename__ = "event_details"

    event_id: int = Field(foreign_key="events.id", primary_key=True)
    actor_id: int | None = ref("persons")
    behalf_id: int | None = ref("persons")
    salt: str = Field(default="", max_length=32)
    private: dict[str, object] = json()


class Seal(SQLModel, table=True):
    """What the history was when a day was over: it covers every event up to `last_id`, `events` of them in all. `tree`
    is the Merkle root over those since the seal before, `root` the hash of all this and of that seal's own root."""

    __tablename__ = "seals"

    day: date = Field(primary_key=True)
    last_id: int = Field(index=True)
    events: int
    tree: str = Field(max_length=64)
    previous: str = Field(default="", max_length=64)
    root: str = Field(max_length=64, unique=True)
    at: datetime = moment(default=...)


class Counter(SQLModel, table=True):
    """The last number given out, per noun and year (0: all years)."""

    __tablename__ = "counters"

    noun: str = Field(max_length=16, primary_key=True)
    year: int = Field(primary_key=True)
    last: int = 0


class Idempotency(SQLModel, table=True):
    """The answer to a POST with an Idempotency-Key, or to a form that may be sent twice; kept 24 hours."""

    __tablename__ = "idempotency"

    key: str = Field(max_length=120, primary_key=True)
    request_hash: str = Field(max_length=64)
    status: int = 0
    answer: str = long_text()
    location: str = Field(default="", max_length=400)
    at: datetime = moment(default=...)
