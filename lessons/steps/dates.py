"""Due dates and their history: a date changes only with a line that says how and why; the first one stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import SYSTEM, Actor, facts, tree
from lessons.duties import owed
from lessons.i18n import language_of
from lessons.models import DueChange, Extension
from lessons.post import notices
from lessons.steps.door import take
from lessons.workflow.lives import LIVES
from lessons.workflow.states import ExtensionState


def line(
    session: Session, row: Any, new: date | None, *, how: str, by: Actor, at: datetime, reason: str = ""
) -> dict[str, Any]:
    """Write the line that the row's next version will answer to; returns the columns that change with it."""
    session.add(
        DueChange(
            noun=row.noun, record_id=row.id, version=row.version + 1, old_due_on=row.due_on, new_due_on=new, how=how,
            reason=reason, person_id=by.id, at=at,
        )
    )  # fmt: skip
    session.flush()
    return {"due_on": new} | ({"first_due_on": new} if row.first_due_on is None else {})


def open_extension(session: Session, row: Any) -> Extension | None:
    """The request for another date that waits for a decision."""
    return session.scalars(
        sa.select(Extension).where(
            Extension.of_noun == row.noun, Extension.of_id == row.id, Extension.state == ExtensionState.ASKED
        )
    ).first()


def ask_extension(session: Session, row: Any, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Ask for another date, late where its day is over; whoever assigned it, or a manager, decides."""
    late = row.due_on is not None and row.due_on < tree(session).today(row.unit_id, at)
    told = {"new_due_on": asked["new_due_on"], "due_on": row.due_on} | ({"late": True} if late else {})
    request = Extension(
        of_noun=row.noun, of_id=row.id, new_due_on=asked["new_due_on"], old_due_on=row.due_on, reason=asked["reason"],
        state=ExtensionState.ASKED, asked_by_id=by.id, lang=language_of(asked["reason"]), late=late,
        created_at=at,
    )  # fmt: skip
    take(session, row, "ask_extension", by=by, at=at, asked=asked, told=told, after=lambda: session.add(request))


def grant_extension(session: Session, row: Any, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    request = open_extension(session, row)
    changes: dict[str, Any] = {}
    if request is not None:
        changes = line(session, row, request.new_due_on, how="extended", by=by, at=at, reason=request.reason)
        changes["extension_count"] = row.extension_count + 1
    _decide(
        session,
        row,
        request,
        "grant_extension",
        state=ExtensionState.GRANTED,
        asked=asked,
        by=by,
        at=at,
        changes=changes,
    )


def deny_extension(session: Session, row: Any, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    request = open_extension(session, row)
    _decide(session, row, request, "deny_extension", state=ExtensionState.DENIED, asked=asked, by=by, at=at, changes={})


def _decide(
    session: Session,
    row: Any,
    request: Extension | None,
    trigger: str,
    *,
    state: ExtensionState,
    asked: Mapping[str, Any],
    by: Actor,
    at: datetime,
    changes: Mapping[str, Any],
) -> None:
    def decided() -> None:
        if request is None:
            return
        request.state, request.decided_by_id, request.decided_at = state, by.id, at
        request.decision_reason = str(asked.get("reason") or "")
        session.add(request)
        told = {"new_due_on": request.new_due_on.isoformat(), "reason": request.decision_reason}
        notices.tell(session, [request.asked_by_id], trigger, row, at=at, facts=told)

    told = {"new_due_on": request.new_due_on} if request else {}
    take(session, row, trigger, by=by, at=at, asked=asked, changes=changes, told=told, after=decided)


def lapse_extension(session: Session, row: Any, *, at: datetime) -> None:
    """A request falls away where the record has left the states in which another date may be asked for."""
    request = open_extension(session, row)
    asking = {state for step in LIVES[row.noun].steps if step.trigger == "ask_extension" for state in step.source}
    if request is not None and row.state not in asking:
        request.state, request.decided_at = ExtensionState.LAPSED, at
        session.add(request)
        session.flush()
        owed.settle(session, row, facts(session, [row], by=SYSTEM, at=at)[0], at=at)


EXTENSION_VERBS = {
    "ask_extension": ask_extension,
    "grant_extension": grant_extension,
    "deny_extension": deny_extension,
}
