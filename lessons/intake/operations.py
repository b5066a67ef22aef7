"""Brings a register that others kept into the repository: each lesson with its event as a closed debrief, once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, tree
from lessons.debriefs.topics import set_topics
from lessons.i18n import language_of
from lessons.intake.imports import alone, check
from lessons.intake.llis import TITLE, LlisRow
from lessons.intake.values import SEVERITY, review_on
from lessons.models import Debrief, Fact, Lesson, Unit
from lessons.models.base import random_id
from lessons.people.operations import root_unit
from lessons.repository import found
from lessons.steps import make
from lessons.workflow.states import DebriefKind, DebriefState, Direction, LessonState, Path

REGISTER = "llis"
NUMBER, FINGERPRINT = 60, 32


@dataclass(frozen=True)
class Plan:
    """What an import would do: rows that are new, that are here as they are, and that changed out there since."""

    new: list[LlisRow] = field(default_factory=list)
    known: list[LlisRow] = field(default_factory=list)
    changed: list[LlisRow] = field(default_factory=list)


def plan(session: Session, rows: Iterable[LlisRow]) -> Plan:
    """Compare with what was brought in before. Changes nothing."""
    planned, here = Plan(), _imported(session)
    for row in rows:
        before = here.setdefault(_name(row), "")
        where = planned.known if before == _mark(row) else planned.changed if before else planned.new
        where.append(row)
        here[_name(row)] = before or _mark(row)
    return planned


def _imported(session: Session) -> dict[str, str]:
    """Rows of the register that are here: their name and their fingerprint at that time."""
    keys = session.scalars(sa.select(Lesson.imported_from).where(Lesson.imported_from.startswith(f"{REGISTER}:")))
    return {name: mark for name, _, mark in (key.rpartition(":") for key in keys)}


def _name(row: LlisRow) -> str:
    number = row.number if len(row.number) <= NUMBER else hashlib.sha256(row.number.encode()).hexdigest()[:NUMBER]
    return f"{REGISTER}:{number}"


def _mark(row: LlisRow) -> str:
    return row.fingerprint[:FINGERPRINT]


def bring_in(session: Session, rows: Iterable[LlisRow], *, unit: Unit | None = None, by: Actor, at: datetime) -> Plan:
    """Take in the rows that are new; those that changed since stay as they are here. `unit`: else the only root, made
    where there is none. Raises Forbidden, Invalid."""
    alone(session)
    unit = unit or root_unit(session, by=by, at=at)
    check(session, unit, by)
    planned = plan(session, rows)
    found.keep_all(session, [enter(session, row, unit, by=by, at=at) for row in planned.new])
    return planned


def rehearse(session: Session, rows: Iterable[LlisRow], *, unit: Unit | None = None, by: Actor, at: datetime) -> Plan:
    """What `bring_in` would do, and what it would refuse. Changes nothing."""
    if unit is not None or tree(session).units:
        check(session, unit or root_unit(session, by=by, at=at), by)
    return plan(session, rows)


def enter(session: Session, row: LlisRow, unit: Unit, *, by: Actor, at: datetime) -> Lesson:
    """One row: its event, closed, and its lesson, proved elsewhere, in two events of history. Not found yet."""
    told = {"source": REGISTER, "number": row.number, "row": row.place}
    debrief = make(session, _debrief(row, unit, at), by=by, at=at, trigger="import", told=told)
    for name, text in (("evidence", row.evidence), ("policies", row.policies)):
        if text:
            source = f"{row.source_ref} · {name}"[-TITLE:]
            session.add(Fact(debrief_id=debrief.id, text=text, source=source, lang=debrief.lang, created_at=at))
    lesson = _lesson(row, unit, debrief, at)
    make(session, lesson, by=by, at=at, trigger="import", told={**told, "debrief": debrief.code})
    set_topics(session, lesson, row.topics)
    return lesson


def _debrief(row: LlisRow, unit: Unit, at: datetime) -> Debrief:
    # a register entry without an event still has its day and its source; the lesson's own text stands for the event
    event = row.what_happened or row.why or row.title
    return Debrief(
        state=DebriefState.CLOSED, kind=DebriefKind.FAILURE, path=Path.FULL, severity=SEVERITY, title=row.title,
        what_happened=event, happened_on=row.happened_on, source_ref=_source(row), closed_at=at, unit_id=unit.id,
        lang=language_of(event), imported_from=f"{_name(row)}:{_mark(row)}",
    )  # fmt: skip


def _lesson(row: LlisRow, unit: Unit, debrief: Debrief, at: datetime) -> Lesson:
    return Lesson(
        state=LessonState.VERIFIED, proved_elsewhere=True, debrief_id=debrief.id, severity=SEVERITY, title=row.title,
        direction=Direction(row.direction), applies_when=row.applies_when, why=row.why, steps=list(row.steps),
        background=row.background, transfer_to=row.transfer_to, source=_source(row),
        audience={"units": [unit.code], "roles": []}, accepted_at=at, edition_at=at, short=random_id(8),
        unit_id=unit.id, review_on=review_on(row.fingerprint, at), lang=language_of(f"{row.title} {row.why}"),
        imported_from=f"{_name(row)}:{_mark(row)}",
    )  # fmt: skip


def _source(row: LlisRow) -> str:
    return " · ".join(part for part in (row.source_ref, row.center, row.source_url) if part)[:TITLE]
