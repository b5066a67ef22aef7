"""Signs of life: when each of the worker's jobs and the press last worked, and when one last did not.

They also tell whether the clock can be believed. A clock that ran ahead by years would spend every reminder at once,
and no later day brings them back; so nothing is done by a clock that is far from the last sign, until somebody says
that it is right."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from lessons import db
from lessons.errors import Unavailable
from lessons.models import Sign

log = logging.getLogger(__name__)
TABLE = Sign.__table__
PRESS, CLOCK, BACKUP = "press", "clock", "backup"
OTHERS = (PRESS, BACKUP)
"""Of these no sign says that the worker worked."""
BACK, AHEAD = timedelta(hours=1), timedelta(days=45)
OFTEN = timedelta(minutes=1)
SILENT = timedelta(minutes=3)


def leave(name: str, *, worked: bool, at: datetime) -> None:
    """In a transaction of its own, and not again within a minute of the same; where the database takes none now,
    nothing is lost but the sign."""
    try:
        with db.reading() as session:
            last = session.get(Sign, name)
        if last is not None and worked is not fails(last) and abs(at - _last(last)) < OFTEN:
            return
        with db.transaction() as session:
            note(session, name, worked=worked, at=at)
    except (Unavailable, SQLAlchemyError) as fault:
        log.warning("no sign of %s could be left: %s", name, type(fault).__name__)


def note(session: Session, name: str, *, worked: bool, at: datetime) -> None:
    now = {"worked_at": at} if worked else {"failed_at": at}
    new = db.insert_into(session, TABLE).values(name=name, **now, **({"first_at": at} if worked else {}))
    first = {"first_at": sa.func.coalesce(TABLE.c.first_at, at, type_=TABLE.c.first_at.type)} if worked else {}
    session.execute(new.on_conflict_do_update(index_elements=["name"], set_={**now, **first}))


def fails(sign: Sign) -> bool:
    """Whether it did not work the last time."""
    return sign.failed_at is not None and (sign.worked_at is None or sign.failed_at > sign.worked_at)


def _last(sign: Sign) -> datetime:
    return max(moment for moment in (sign.worked_at, sign.failed_at) if moment)


def is_silent(left: Mapping[str, Sign], *, at: datetime) -> bool:
    """Whether a worker that was there left no sign for minutes; one that never worked is not known to be silent."""
    moment = last(left)
    return moment is not None and at - moment > SILENT


def last(left: Mapping[str, Sign]) -> datetime | None:
    """When the worker last did something, well or not."""
    return max((_last(sign) for name, sign in left.items() if name not in OTHERS), default=None)


def seen(session: Session) -> dict[str, Sign]:
    return {sign.name: sign for sign in session.scalars(sa.select(Sign))}


# ── the clock ────────────────────────────────────────────────────────────────────────────────────────────────────────
def is_in_doubt(left: Mapping[str, Sign], *, at: datetime) -> bool:
    """Whether that moment is too far from when the worker last worked. Cards are printed by any clock and prove none;
    a demo keeps no promises."""
    worked = [sign.worked_at for name, sign in left.items() if name not in OTHERS and sign.worked_at]
    return bool(worked) and not db.settings().demo and not -BACK <= at - max(worked) <= AHEAD


def believe(session: Session, *, at: datetime) -> None:
    """Somebody says that the clock is right: what is signed later than now was signed by one that was not."""
    for column in (TABLE.c.first_at, TABLE.c.worked_at, TABLE.c.failed_at):
        session.execute(sa.update(TABLE).where(column > at).values({column: at}))
    note(session, CLOCK, worked=True, at=at)
