"""The only writer of events: facts, not sentences, chained by hash per record.

An event's body is canonical JSON with a format number. Persons and free text enter it by a salted digest and lie in
EventDetail, so that text and salt can be erased later and the chain stays whole.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db, many
from lessons.access import Actor
from lessons.models import Event, EventDetail, Person

FORMAT = 1
EVENTS, DETAILS = Event.__table__, EventDetail.__table__
INSERT_EVENT = sa.insert(EVENTS).returning(EVENTS.c.id)
INSERT_DETAIL = sa.insert(DETAILS)
PLAIN = frozenset({str, int, bool, float})
CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


@dataclass(frozen=True)
class Happened:
    """A step as it enters the history. `told` is public and structured; `private` is persons and free text."""

    trigger: str
    from_state: str
    to_state: str
    by: Actor
    at: datetime
    behalf: Person | None = None
    told: Mapping[str, Any] | None = None
    private: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Entry:
    """The next event of a record, not yet written: its columns, and the persons and free text that lie beside it."""

    columns: Mapping[str, Any]
    private: Mapping[str, Any]
    salt: str
    happened: Happened

    @property
    def head(self) -> tuple[int, str]:
        return self.columns["n"], self.columns["hash"]

    def detail(self, event_id: int) -> dict[str, Any]:
        behalf = self.happened.behalf
        return {
            "event_id": event_id,
            "actor_id": self.happened.by.id,
            "behalf_id": behalf.id if behalf else None,
            "salt": self.salt,
            "private": self.private,
        }


def append(session: Session, row: Any, happened: Happened) -> tuple[int, str]:
    """Write the record's next event; returns the new head (n, hash) for the record's own row."""
    entry, connection = following(row, happened), db.writing(session)
    event_id = connection.execute(INSERT_EVENT, {**entry.columns, "record_id": row.id}).scalar_one()
    if entry.private:
        connection.execute(INSERT_DETAIL, entry.detail(event_id))
    return entry.head


def begin(session: Session, rows: Sequence[Any], entries: Sequence[Entry]) -> None:
    """Write the first events of many records, by two statements."""
    events = [{**entry.columns, "record_id": row.id} for row, entry in zip(rows, entries, strict=True)]
    ids = many.insert(session, EVENTS, events)
    details = [entry.detail(one) for one, entry in zip(ids, entries, strict=True) if entry.private]
    if details:
        db.writing(session).execute(INSERT_DETAIL, details)


def following(row: Any, happened: Happened) -> Entry:
    """The event that comes next in the record's chain; nothing is written yet."""
    n, private = row.event_n + 1, _private(happened)
    salt = secrets.token_hex(16) if private else ""
    body = canonical(
        {
            "format": FORMAT,
            "noun": row.noun,
            "code": row.code,
            "n": n,
            "at": _moment(happened.at),
            "trigger": happened.trigger,
            "from": happened.from_state,
            "to": happened.to_state,
            "actor": happened.by.kind,
            "facts": plain(happened.told or {}),
            "private": {name: digest(salt, value) for name, value in private.items()},
            "previous": row.event_hash,
        }
    )
    columns = {
        "noun": row.noun,
        "code": row.code,
        "n": n,
        "at": happened.at,
        "trigger": happened.trigger,
        "from_state": happened.from_state,
        "to_state": happened.to_state,
        "actor_kind": happened.by.kind,
        "body": body,
        "previous": row.event_hash,
        "hash": hashlib.sha256(body.encode()).hexdigest(),
        "tx": 0,
    }
    return Entry(columns, private, salt, happened)


def _private(happened: Happened) -> dict[str, Any]:
    found = {name: plain(value) for name, value in (happened.private or {}).items() if value not in (None, "", [])}
    if happened.by.person:
        found["actor"] = plain(happened.by.person)
    if happened.behalf:
        found["behalf"] = plain(happened.behalf)
    return found


def canonical(value: Any) -> str:
    """JSON that is written one way only: sorted names, no spaces, letters as they are."""
    return CANONICAL(value)


def digest(salt: str, value: Any) -> str:
    return hashlib.sha256((salt + canonical(value)).encode()).hexdigest()


def plain(value: Any) -> Any:
    """A value as JSON keeps it: people by their lasting name, records by code, moments in UTC."""
    if value is None or type(value) in PLAIN:  # most are
        return value
    if isinstance(value, Person):
        return {"person": value.pid}
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    code = getattr(value, "code", None) or getattr(value, "pid", None)
    return code if code is not None else value


@lru_cache(maxsize=256)  # many records share theirs
def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Past:
    """An event as pages and the API show it. `private` has lost whatever was erased."""

    event: Event
    facts: dict[str, Any]
    private: dict[str, Any]
    actor: Person | None
    behalf: Person | None


def history(session: Session, row: Any) -> list[Past]:
    """The record's events, first to last."""
    actor, behalf = sa.orm.aliased(Person), sa.orm.aliased(Person)
    found = session.execute(
        sa.select(Event, EventDetail, actor, behalf)
        .join(EventDetail, EventDetail.event_id == Event.id, isouter=True)
        .join(actor, actor.id == EventDetail.actor_id, isouter=True)
        .join(behalf, behalf.id == EventDetail.behalf_id, isouter=True)
        .where(Event.noun == row.noun, Event.record_id == row.id)
        .order_by(Event.n)
    )
    return [
        Past(event, json.loads(event.body)["facts"], dict(detail.private) if detail else {}, who, for_whom)
        for event, detail, who, for_whom in found
    ]
