"""When somebody leaves or a role is taken: work goes to the unit's manager, duties to the next who may, at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import SYSTEM, Actor, tree
from lessons.duties import holders
from lessons.i18n import Name, say
from lessons.models import RECORDS, Action, Duty, Extension, Person
from lessons.steps import dates
from lessons.steps.door import settle_duties, take
from lessons.workflow.states import ActionState, ExtensionState

DOING = (ActionState.ASSIGNED, ActionState.IN_PROGRESS, ActionState.BLOCKED)
NOT_WAITING: dict[str, Any] = {"block_reason": "", "waiting_on_id": None, "blocked_at": None}
HELD = sa.select(
    *(getattr(Duty, name) for name in ("of_noun", "of_id", "person_id", "role", "unit_id", "excluding"))
).where(Duty.closed_at.is_(None))


def reassign(session: Session, action: Action, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """A new owner, from the start; with a new date where one is sent. An open request for another date falls away."""
    owner, due_on = asked["owner"], asked.get("due_on")
    request = dates.open_extension(session, action)
    former = session.get(Person, action.owner_id) if action.owner_id else None
    changes = {"owner_id": owner.id, "done_at": None, **NOT_WAITING}
    if due_on is not None and due_on != action.due_on:
        changes |= dates.line(session, action, due_on, how="reassigned", by=by, at=at, reason=asked["reason"])
    take(session, action, "reassign", by=by, at=at, asked=asked, changes=changes,
         told={"due_on": due_on or action.due_on}, private={"from": former, "to": owner},
         after=lambda: _drop(request, at))  # fmt: skip


def _drop(request: Extension | None, at: datetime) -> None:
    if request is not None:
        request.state, request.decided_at = ExtensionState.LAPSED, at


def hand_on(session: Session, person: Person, *, at: datetime) -> None:
    """Whoever left holds nothing any more: what they were doing is the unit's manager's, and so is what they owed."""
    hand_on_work(session, person, at=at)
    _settle(session, session.execute(HELD.where(Duty.person_id == person.id)), at)


def hand_on_work(session: Session, person: Person, *, at: datetime) -> int:
    """What somebody who left still had to do goes to the unit's manager; how many actions went."""
    mine = session.scalars(
        sa.select(Action).where(Action.owner_id == person.id, Action.state.in_(DOING)).order_by(Action.id)
    ).all()
    left = say("%(name)s left; the unit's manager decides who goes on.", name=Name.of(person))
    heirs = [(action, heir) for action in mine if (heir := _heir(session, action, person)) is not None]
    for action, heir in heirs:
        reassign(session, action, {"owner": heir, "reason": left.in_(action.lang)}, by=SYSTEM, at=at)
    return len(heirs)


def _heir(session: Session, action: Action, leaver: Person) -> Person | None:
    """The manager of the nearest unit upwards that has one, else whom the admin named there."""
    for unit_id in holders.units_above(session, action):
        named = (tree(session).units[unit_id].fallback_person_id,)
        for person_id in (*holders.granted(session, unit_id, "manager"), *named):
            found = session.get(Person, person_id) if person_id not in (None, leaver.id) else None
            if found is not None and found.closed_at is None:
                return found
    return None


def hand_on_roles(session: Session, unit_ids: Collection[int], *, at: datetime) -> None:
    """After roles were given or taken at these units: what a role owes there that nobody has who may goes to the next
    who does."""
    holders.forget_holders(session)
    owed = session.execute(HELD.where(Duty.role.is_not(None), Duty.unit_id.in_(unit_ids))).all()
    _settle(session, [duty for duty in owed if not holders.people_of(session, holders.holder(duty))], at)


def _settle(session: Session, duties: Iterable[Any], at: datetime) -> None:
    for noun, record_id in dict.fromkeys((duty.of_noun, duty.of_id) for duty in duties):
        settle_duties(session, session.get(RECORDS[noun], record_id), at=at)
