"""A unit's own numbers and calendar, and what open duties make of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons.access import Actor
from lessons.access.actor import forget_tree, tree
from lessons.access.numbers import calendar_choices, policy_of
from lessons.errors import FieldError, Forbidden, Invalid
from lessons.models.people import Unit
from lessons.people import ladders
from lessons.people.operations import NOT_TAKEN, NOT_YOURS
from lessons.steps.reckoned import Moved, reckon
from lessons.workflow.policy import KINDS, PolicyError

OTHERS = ("review.months", "risk.days", "team_experience.days", "briefing.due_days", "recurrence.cases",
          "recurrence.days")  # fmt: skip
NUMBERS = (*(f"duties.{kind}.{name}" for kind in KINDS for name in ("days", "severity4")), *ladders.NAMES, *OTHERS)
"""What a unit may say for itself on the page; its file of numbers has more."""
WHOLE = {"mail": "mail.closes"}
"""Where a fault of a whole table is told; one of a list's items is told where the list is."""
ITEM = re.compile(r"\.\d+(\..*)?$")
MAIL = ("mail.opens", "mail.closes", "mail.severity4_breaks_quiet_hours")


def own(unit: Unit) -> dict[str, Any]:
    """What the unit says itself, by dotted name."""
    return {name: value for name, value in _dotted(unit.policy) if name in NUMBERS}


def _dotted(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _dotted(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def inherited(session: Session, unit: Unit) -> dict[str, Any]:
    """What holds there where the unit says nothing, by dotted name."""
    policy = policy_of(session, unit.id or 0, own=False).model_dump()
    return {name: _at(policy, name) for name in NUMBERS}


def _at(policy: Any, name: str) -> Any:
    for part in name.split("."):
        policy = policy[part]
    return policy


def set_numbers(session: Session, unit: Unit, said: Mapping[str, Any], *, by: Actor, at: datetime) -> list[Moved]:
    """The unit says these numbers and no other of NUMBERS; what is open there and below is reckoned anew. Raises
    Forbidden, Invalid naming every number that cannot be."""
    own_ = {**{name: value for name, value in _dotted(unit.policy) if name not in NUMBERS}, **said}
    with _told():
        policy_of(session, unit.id or 0, own=False).for_unit(own_)
    return _kept(session, unit, by=by, at=at, policy=own_)


def set_calendar(
    session: Session, unit: Unit, chosen: Mapping[str, Any], mail: Mapping[str, Any] | None = None, *, by: Actor,
    at: datetime,
) -> list[Moved]:  # fmt: skip
    """The unit's working week, closed days and, by dotted name, hours of mail, as far as they differ from those above
    it; what is open there and below is reckoned anew. Raises Forbidden, Invalid."""
    above = week(session, unit, own=False)
    own_ = {name: value for name, value in chosen.items() if value != above[name]}
    policy = _with_mail(session, unit, mail) if mail is not None else unit.policy
    with _told():
        there = policy_of(session, unit.id or 0, own=False).for_unit(policy)
        there.calendar(unit.zone, {**above, **own_})
    return _kept(session, unit, by=by, at=at, policy=policy, calendar=own_)


def _with_mail(session: Session, unit: Unit, mail: Mapping[str, Any]) -> dict[str, Any]:
    above = hours(session, unit, own=False)
    others = {name: value for name, value in _dotted(unit.policy) if name not in MAIL}
    return {**others, **{name: value for name, value in mail.items() if value != above[name]}}


def hours(session: Session, unit: Unit, *, own: bool = True) -> dict[str, Any]:
    """When mail leaves at a unit, by dotted name, as JSON keeps it."""
    built = policy_of(session, unit.id or 0, own=own).mail.model_dump(mode="json")
    return {name: built[name.partition(".")[2]] for name in MAIL}


def week(session: Session, unit: Unit, *, own: bool = True) -> dict[str, Any]:
    """The working week in force at a unit, by the names of policy.toml, as JSON keeps it."""
    built = policy_of(session, unit.id or 0, own=own).working_week.model_dump(mode="json")
    return {**built, **calendar_choices(session, unit.id or 0, own=own)}


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except PolicyError as error:
        faults = [FieldError(f"/{ITEM.sub('', WHOLE.get(one.key, one.key))}", "number", one.reason)
                  for one in error.faults]  # fmt: skip
        raise Invalid(NOT_TAKEN, faults) from None


def _kept(session: Session, unit: Unit, *, by: Actor, at: datetime, **said: Mapping[str, Any]) -> list[Moved]:
    if by.kind == "person" and not by.units_of("admin") & set(tree(session).above[unit.id or 0]):
        raise Forbidden(NOT_YOURS)
    row = session.get_one(Unit, unit.id)
    for name, values in said.items():
        setattr(row, name, dict(values))
    row.version += 1
    session.flush()
    forget_tree(session)
    return reckon(session, tree(session).below[row.id or 0], at=at)


def foreseen(session: Session, change: Callable[[], list[Moved]]) -> list[Moved]:
    """What a change would move: it is done and taken back. Raises as it does."""
    with session.begin_nested() as tried:
        moved = change()
        tried.rollback()
    session.expire_all()
    forget_tree(session)
    return moved
