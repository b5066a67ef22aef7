"""Open duties reckoned anew after the numbers they came from have changed: what is still to come, and that alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import SYSTEM, facts, tree
from lessons.duties.owed import Owing
from lessons.models import RECORDS, Duty, Reckoning
from lessons.workdays import holidays_version
from lessons.workflow.lives import LIVES
from lessons.workflow.policy import Policy, effective

TOGETHER = 200
LAST = sa.select(Reckoning.fingerprint).order_by(Reckoning.id.desc()).limit(1)


@dataclass(frozen=True)
class Moved:
    """One duty that is due on another day than before."""

    noun: str
    code: str
    kind: str
    before: date
    now: date


def reckon(session: Session, unit_ids: Collection[int], *, at: datetime) -> list[Moved]:
    """Every open duty about a record of these units: its due day, unless that is past or was asked for, and the moment
    of its next reminder. In the order of codes."""
    found = [moved for noun in RECORDS for moved in _of_noun(session, noun, unit_ids, at)]
    return sorted(found, key=lambda one: (one.code, one.kind))


# ── other numbers for all ────────────────────────────────────────────────────────────────────────────────────────────
def fingerprint() -> str:
    """Of what every day is reckoned by: the policy in force and the holidays as the library knows them."""
    said = f"{holidays_version()}\n{effective(Policy.load(db.settings().policy))}"
    return sha256(said.encode()).hexdigest()


def is_news(session: Session) -> bool:
    """Whether the numbers are others than those by which days were last reckoned."""
    return bool(session.scalar(LAST) != fingerprint())


def outdated(session: Session) -> list[int]:
    """The units whose days are to be reckoned anew then. None where nothing was reckoned yet: what was promised so far
    was promised by these."""
    return sorted(tree(session).units) if session.scalar(LAST) is not None else []


def note(session: Session, *, at: datetime) -> None:
    """All days are those of the present numbers."""
    session.add(Reckoning(fingerprint=fingerprint(), at=at))


def _of_noun(session: Session, noun: str, unit_ids: Collection[int], at: datetime) -> Iterator[Moved]:
    model, open_ = RECORDS[noun], sa.and_(Duty.of_noun == noun, Duty.closed_at.is_(None))
    owing = sa.select(model).where(model.unit_id.in_(unit_ids), model.id.in_(sa.select(Duty.of_id).where(open_)))
    rows = session.scalars(owing.order_by(model.id)).all()
    for start in range(0, len(rows), TOGETHER):
        some = rows[start : start + TOGETHER]
        duties = session.scalars(sa.select(Duty).where(open_, Duty.of_id.in_([row.id for row in some]))).all()
        for row, known in zip(some, facts(session, some, by=SYSTEM, at=at), strict=True):
            here = Owing(session, row, known, at, None)
            for duty in duties:
                if duty.of_id == row.id:
                    yield from _again(here, duty)


def _again(here: Owing, duty: Any) -> Iterator[Moved]:
    owes = next((one for one in LIVES[duty.of_noun].owes if one.kind == duty.kind), None)
    if owes is None and not duty.about:
        return
    before = duty.due_on
    due_on = here.day(owes, duty) if owes and not duty.about and duty.due_at > here.at else before
    if due_on != before:
        here.move(duty, due_on)
        yield Moved(duty.of_noun, duty.of_code, duty.kind, before, due_on)
    elif duty.next_at is None or duty.next_at > here.at:  # a reminder whose moment has come is not lost
        here.remind(duty)
