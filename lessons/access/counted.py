"""How often something was asked for within a window of time: by rows, so that a limit holds across processes."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session

A_MINUTE = 60
_TALLY = sa.text(
    'INSERT INTO attempts (key, "window", count) VALUES (:key, :window, :n) '
    'ON CONFLICT (key, "window") DO UPDATE SET count = attempts.count + :n RETURNING count'
)


def tally(session: Session, key: str, window: int, n: int = 1) -> int:
    """Count `n` more; how many there are by now. `window`: the second of the epoch in which it begins."""
    return int(session.scalar(_TALLY, {"key": key, "window": window, "n": n}) or 0)
