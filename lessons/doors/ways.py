"""The ways through the door, in the order of refusal: not there, not yours, stale, not now, not like this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons.access import Actor
from lessons.access.named import by_code
from lessons.access.refs import read
from lessons.debriefs import operations as debriefs
from lessons.debriefs import parts
from lessons.doors.verbs import CREATED, PART_STEPS, PARTS, VERBS, form_of
from lessons.errors import NotFound
from lessons.i18n import say
from lessons.models import RECORDS, Cause, Debrief, Fact, Finding
from lessons.steps import ready, take
from lessons.workflow import asks
from lessons.workflow.rights import LEAD_QUICK
from lessons.workflow.states import Path

ASKED_BY_VERB = frozenset(
    {("causes", "no_action"), ("lessons", "feedback"), ("news", "acknowledgements"), ("sentences", "votes")}
)
"""Parts that are not added by whoever edits the record: their verbs ask whose they are."""
NOT_THERE = say("This is not there, or not open to you.")


@dataclass(frozen=True)
class Created:
    """A new record; `tracking_code` of an anonymous report is told here once and kept nowhere."""

    row: Any
    tracking_code: str = ""


def find(session: Session, noun: str, code: str, *, by: Actor) -> Any:
    """The record with this code, where the person may know of it. Raises NotFound."""
    model = RECORDS.get(noun)
    if model is None or "\0" in code:
        raise NotFound(NOT_THERE)
    row = by_code(session, model, code, by=by)
    if row is None:
        raise NotFound(NOT_THERE)
    return row


def create(session: Session, noun: str, raw: Mapping[str, Any], *, by: Actor, at: datetime, key: str = "") -> Created:
    """Make a record of this noun. Raises NotFound where the noun is only made by a step of another record. A report
    without a name is known again by `key`."""
    if noun not in CREATED:
        raise NotFound(NOT_THERE)
    form, verb = CREATED[noun]
    if noun == "debriefs":
        return _report(session, raw, key, by=by, at=at)
    return Created(verb(session, read(session, form, raw, by=by), by=by, at=at))


def _report(session: Session, raw: Mapping[str, Any], key: str, *, by: Actor, at: datetime) -> Created:
    """A shift or team leader who reports on the quick path holds the whole debrief in the same step."""
    if raw.get("path") == Path.QUICK and by.units_of(*LEAD_QUICK) and raw.get("anonymous") is not True:
        return Created(debriefs.quick_debrief(session, read(session, asks.QuickDebrief, raw, by=by), by=by, at=at))
    return Created(*debriefs.report(session, read(session, asks.Report, raw, by=by), by=by, at=at, key=key))


def step(
    session: Session,
    row: Any,
    trigger: str,
    raw: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Any:
    """Take a record through a step with what was typed. Returns what the step made, else the record.

    Raises Forbidden, Stale, NotAllowed, Invalid – in this order."""
    ready(session, row, trigger, by=by, at=at, version=version)
    asked = read(session, form_of(row.noun, trigger), raw, by=by)
    verb = VERBS.get((row.noun, trigger))
    if verb is None:
        take(session, row, trigger, by=by, at=at, asked=asked)
        return row
    made = verb(session, row, asked, by=by, at=at)
    return row if made is None else made


def add(session: Session, row: Any, part: str, raw: Mapping[str, Any], *, by: Actor, at: datetime) -> Any:
    """Add a part to a record (or to a part): a fact, a finding, a cause, an action, evidence, …"""
    if (row.noun, part) in PART_STEPS:
        return step(session, row, PART_STEPS[row.noun, part], raw, by=by, at=at)
    if (row.noun, part) not in PARTS:
        raise NotFound(NOT_THERE)
    form, verb = PARTS[row.noun, part]
    if (row.noun, part) not in ASKED_BY_VERB:
        ready(session, _record_of(session, row), "edit", by=by, at=at)
    return verb(session, row, read(session, form, raw, by=by), by=by, at=at)


def change(
    session: Session, row: Any, raw: Mapping[str, Any], *, by: Actor, at: datetime, version: int | None = None
) -> Any:
    """Edit a record or a part of a debrief."""
    if isinstance(row, Fact | Finding | Cause):
        ready(session, _record_of(session, row), "edit", by=by, at=at)
        parts.change(session, row, read(session, parts.FORMS[row.noun][1], raw, by=by), by=by, at=at)
        return row
    return step(session, row, "edit", raw, by=by, at=at, version=version)


def part(session: Session, noun: str, pid: str, *, by: Actor) -> Any:
    """A fact, finding or cause by its id, where it is open. Raises NotFound."""
    found = parts.find(session, noun, pid)
    if not parts.is_read(session, found, by):
        raise NotFound(NOT_THERE)
    return found


def _record_of(session: Session, row: Any) -> Any:
    return parts.debrief_of(session, row) if isinstance(row, Fact | Finding | Cause) else row


__all__ = ["Created", "Debrief", "add", "change", "create", "find", "part", "step"]
