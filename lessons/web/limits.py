"""How much a program may ask in a minute. Counted in this process and laid together in rows now and then, so that a
limit holds over all processes without every read becoming a write; it may be passed by one step a process."""

from __future__ import annotations

import threading
from datetime import datetime

import sqlalchemy as sa

from lessons import db
from lessons.errors import TooMany
from lessons.i18n import say

A_MINUTE = 60
MOST = {"read": 6_000, "write": 600}
STEP = {"read": 100, "write": 10}
SLOWER = say("More than %(most)s requests came in this minute. In a moment it goes on.")
_ADD = sa.text(
    'INSERT INTO attempts (key, "window", count) VALUES (:key, :window, :step) '
    'ON CONFLICT (key, "window") DO UPDATE SET count = attempts.count + :step RETURNING count'
)
_lock = threading.Lock()
_waiting: dict[tuple[str, int], int] = {}
_together: dict[tuple[str, int], int] = {}


def count(token_hash: str, kind: str, at: datetime) -> None:
    """Count one request of a token; `kind` is read or write. Raises TooMany with the seconds to wait."""
    window = int(at.timestamp()) // A_MINUTE * A_MINUTE
    key = (f"{kind}:{token_hash[:40]}", window)
    with _lock:
        _forget_before(window)
        _waiting[key] = _waiting.get(key, 0) + 1
        full = _waiting[key] >= STEP[kind]
        if full:
            _waiting[key] = 0
    if full:
        _together[key] = _lay_together(key, STEP[kind])
    if _together.get(key, 0) + _waiting.get(key, 0) > MOST[kind]:
        raise TooMany(SLOWER.with_(most=MOST[kind]), wait=window + A_MINUTE - int(at.timestamp()))


def _lay_together(key: tuple[str, int], step: int) -> int:
    with db.transaction() as session:
        return int(session.execute(_ADD, {"key": key[0], "window": key[1], "step": step}).scalar_one())


def _forget_before(window: int) -> None:
    for counts in (_waiting, _together):
        for key in [key for key in counts if key[1] < window]:
            del counts[key]
