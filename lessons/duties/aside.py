"""What cannot be dealt with is set aside, so that it keeps nobody else waiting: a duty, or one person's letters.

Set aside for one turn of the worker alone: nothing of it is kept, so the next turn tries it again, and whatever was
missed meanwhile is caught up once it can be reckoned.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.duties.sweep import DUE, sweep
from lessons.errors import Unavailable
from lessons.models import Duty

log = logging.getLogger(__name__)
TABLE = Duty.__table__
TOGETHER = 25
MOST_ROUNDS = 100_000
ONE_BY_ONE = 200
MOVED = (
    sa.update(TABLE)
    .where(TABLE.c.id == sa.bindparam("duty"))
    .values(next_at=sa.bindparam("next", type_=TABLE.c.next_at.type))
)
Faults = list[Exception]


# ── duties ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def reminded(now: Callable[[], datetime]) -> tuple[int, Faults]:
    """Sweep until nothing is left but what cannot be reckoned; how much was done, and what went wrong."""
    broken: dict[int, Exception] = {}
    done = 0
    for _ in range(MOST_ROUNDS):
        before = len(broken)
        try:
            some = _swept(broken, now())
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001 - whose fault it was is found one by one
            some = _one_by_one(broken, now())
        done += some
        if not some and len(broken) == before:
            return done, list(broken.values())
    raise RuntimeError("the sweep always finds more to do")


def _swept(broken: Collection[int], at: datetime) -> int:
    with db.transaction() as session:
        hidden = _hide(session, broken)
        some = sweep(session, at=at)
        _show(session, hidden)
        return some


def _one_by_one(broken: dict[int, Exception], at: datetime) -> int:
    done = 0
    for _ in range(ONE_BY_ONE):
        first = None
        try:
            with db.transaction() as session:
                hidden = _hide(session, broken)
                first = session.execute(DUE, {"at": at, "limit": 1}).first()
                some = sweep(session, at=at, limit=1) if first else 0
                _show(session, hidden)
            if not some:
                break
            done += some
        except Unavailable:
            raise
        except Exception as fault:
            if first is None:
                raise
            log.exception("the duty %s (%s, %s) is set aside", first.pid, first.kind, first.of_code)
            broken[first.id] = fault
    return done


def _hide(session: Session, broken: Collection[int]) -> list[dict[str, Any]]:
    """For this transaction nothing is to be told of these; returns what `_show` needs."""
    if not broken:
        return []
    rows = sa.select(TABLE.c.id, TABLE.c.next_at).where(TABLE.c.id.in_(broken), TABLE.c.next_at.is_not(None))
    hidden = [{"duty": duty, "next": moment} for duty, moment in session.execute(rows.with_for_update())]
    if hidden:
        session.execute(MOVED, [{"duty": each["duty"], "next": None} for each in hidden])
    return hidden


def _show(session: Session, hidden: list[dict[str, Any]]) -> None:
    if hidden:
        session.execute(MOVED, hidden)


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def written(find: Callable[..., Sequence[Any]], write: Callable[..., int], at: datetime) -> tuple[int, Faults]:
    """Who is to be written to is found in one reading; letters are written in short transactions: others write
    meanwhile. Where one cannot be written, the others of its transaction are written one by one."""
    with db.reading() as session:
        whose = find(session, at=at)
    done = 0
    faults: Faults = []
    for start in range(0, len(whose), TOGETHER):
        some = whose[start : start + TOGETHER]
        try:
            done += _written(write, some, at)
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001 - the same
            done += sum(_alone(write, one, at, faults) for one in some)
    return done, faults


def _written(write: Callable[..., int], whose: Sequence[Any], at: datetime) -> int:
    with db.transaction() as session:
        return write(session, whose, at=at)


def _alone(write: Callable[..., int], one: Any, at: datetime, faults: Faults) -> int:
    try:
        return _written(write, [one], at)
    except Unavailable:
        raise
    except Exception as fault:
        log.exception("%s of %s are set aside", write.__name__, one)
        faults.append(fault)
        return 0
