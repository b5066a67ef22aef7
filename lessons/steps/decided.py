"""What a manager decides about a duty: another day for it, or another person. The first day stays in its history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import SYSTEM, Actor, facts
from lessons.access.refs import invalid
from lessons.duties import holders
from lessons.duties.deciding import sees
from lessons.duties.owed import Owing
from lessons.errors import FieldError
from lessons.i18n import say
from lessons.models import DueChange, Duty, Extension
from lessons.post import notices
from lessons.steps import dates
from lessons.steps.door import take
from lessons.workflow.decisions import RECORDS_OWN_DATE, WAYS
from lessons.workflow.lives import LIVES
from lessons.workflow.states import ExtensionState

TABLE = Duty.__table__


def set_date(session: Session, row: Any, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Another day, with a reason. Whoever owes it is told."""
    duty, day = _duty(session, row, asked, "new_date"), asked["due_on"]
    own = duty.kind in RECORDS_OWN_DATE
    changes: dict[str, Any] = {}
    if own:
        changes = dates.line(session, row, day, how="decided", by=by, at=at, reason=asked["reason"])
    else:
        _line_of_duty(session, row, duty, day, by=by, at=at, reason=asked["reason"])
    request = dates.open_extension(session, row) if own else None
    of = frozenset({duty.person_id} if duty.person_id else ())
    told = {"duty": duty.kind, "due_on": day, "before": row.due_on if own else duty.due_on}
    take(session, row, "set_date", by=by, at=at, asked={**asked, "of": of}, changes=changes, told=told,
         after=lambda: _grant(session, duty, day, request, at))  # fmt: skip
    people = [person for person in holders.people_of(session, holders.holder(duty)) if person != by.id]
    notices.tell(session, people, "date_decided", row, at=at, due_on=day,
                 facts={"duty": duty.kind, "reason": asked["reason"]})  # fmt: skip


def _line_of_duty(session: Session, row: Any, duty: Any, new: date, *, by: Actor, at: datetime, reason: str) -> None:
    """A line of the duty's own day: the record has none that changes with it."""
    session.add(
        DueChange(
            noun=row.noun, record_id=row.id, version=row.version + 1, old_due_on=duty.due_on, new_due_on=new,
            how="decided", duty=duty.kind, reason=reason, person_id=by.id, at=at,
        )
    )  # fmt: skip


def _grant(session: Session, duty: Any, day: date, request: Extension | None, at: datetime) -> None:
    """The day holds whatever is reckoned later; a request for another one has its answer."""
    session.execute(sa.update(TABLE).where(TABLE.c.id == duty.id).values(granted_on=day))
    if request is not None:
        request.state, request.decided_at = ExtensionState.LAPSED, at
        session.add(request)
    session.flush()


def hand_on(session: Session, row: Any, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """What is owed becomes somebody else's, whoever the life would name; they hear of it as of anything new."""
    duty, to = _duty(session, row, asked, "hand_over"), asked["to"]
    here = to.closed_at is None and sees(session, row, to.id, at)
    given = {**asked, "barred": frozenset(duty.excluding), "sees": here}

    def handed() -> None:
        owing = Owing(session, row, facts(session, [row], by=SYSTEM, at=at)[0], at, by, "hand_on")
        holder = holders.Holder(person_id=to.id, unit_id=duty.unit_id, excluding=tuple(duty.excluding))
        owing.hand_on(duty, holder, duty.due_on, handed_at=at)

    take(session, row, "hand_on", by=by, at=at, asked=given, told={"duty": duty.kind}, private={"to": to}, after=handed)


def _duty(session: Session, row: Any, asked: Mapping[str, Any], button: str) -> Any:
    """The open duty that is named, or the one that is due first, of those that such a decision fits. Raises Invalid."""
    fitting = fits(row, button)
    named = {asked["duty"]} & fitting if asked.get("duty") else fitting
    open_ = sa.select(TABLE).where(
        TABLE.c.of_noun == row.noun, TABLE.c.of_id == row.id, TABLE.c.closed_at.is_(None), TABLE.c.after_id.is_(None),
        TABLE.c.kind.in_(sorted(named)),
    )  # fmt: skip
    found = session.execute(open_.order_by(TABLE.c.due_on, TABLE.c.id)).first()
    if found is None:
        raise invalid([FieldError("/duty", "not_owed", say("Nothing of the kind is owed here now."))])
    return found


def fits(row: Any, button: str) -> set[str]:
    """The kinds of duty of the record's state for which the button is one of these two steps."""
    step = {"new_date": "set_date", "hand_over": "hand_on"}[button]
    kinds = {owes.kind for owes in LIVES[row.noun].owes if row.state in owes.states}
    return {kind for kind in kinds if (way := WAYS.get(kind, {}).get(button)) and way.trigger == step}


DECIDING = ("debriefs", "lessons", "actions", "revisions", "verifications")
VERBS = {(noun, trigger): verb for noun in DECIDING for trigger, verb in
         (("set_date", set_date), ("hand_on", hand_on))}  # fmt: skip
