"""The policy and the calendar in force at a unit: the installation's file, and what units say themselves over it."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from sqlmodel import Session

from lessons import db
from lessons.access.actor import tree
from lessons.workdays import Calendar
from lessons.workflow.policy import Policy


def policy_of(session: Session, unit_id: int, *, own: bool = True) -> Policy:
    """Numbers as they hold at the unit: its own laid over those of the units above it. `own` false: without its own."""
    file, reckoned = db.settings().policy, tree(session).reckoned
    found: Policy | None = reckoned.get(("policy", file, unit_id, own))
    if found is None:
        found = reckoned["policy", file, unit_id, own] = _policy(file, _numbers(session, unit_id, own=own))
    return found


def policy_everywhere() -> Policy:
    """Numbers that no unit has of its own: the installation's."""
    return _policy(db.settings().policy, "")


def calendar_of(session: Session, unit_id: int) -> Calendar:
    """The working days and mail hours of the unit."""
    file, units = db.settings().policy, tree(session)
    found: Calendar | None = units.reckoned.get(("calendar", file, unit_id))
    if found is None:
        numbers, choices = _numbers(session, unit_id), _key(calendar_choices(session, unit_id))
        found = units.reckoned["calendar", file, unit_id] = _calendar(file, numbers, units.units[unit_id].zone, choices)
    return found


def calendar_choices(session: Session, unit_id: int, *, own: bool = True) -> dict[str, object]:
    """What the unit and those above it say of their calendar, the nearest above all."""
    chosen: dict[str, object] = {}
    for said in _said(session, unit_id, "calendar", own=own):
        chosen |= said
    return chosen


def _numbers(session: Session, unit_id: int, *, own: bool = True) -> str:
    return _key(_said(session, unit_id, "policy", own=own))


def _said(session: Session, unit_id: int, name: str, *, own: bool) -> list[dict[str, object]]:
    """What the units say themselves, from the top down."""
    found = tree(session)
    above = found.above[unit_id] if own else found.above[unit_id][1:]
    return [said for one in reversed(above) if (said := getattr(found.units[one], name))]


def _key(values: object) -> str:
    return json.dumps(values, sort_keys=True) if values else ""


@lru_cache(maxsize=256)
def _policy(file: Path | None, laid_over: str) -> Policy:
    policy = Policy.load(file)
    for numbers in json.loads(laid_over) if laid_over else ():
        policy = policy.for_unit(numbers)
    return policy


@lru_cache(maxsize=256)
def _calendar(file: Path | None, laid_over: str, zone: str, choices: str) -> Calendar:
    return _policy(file, laid_over).calendar(zone, json.loads(choices) if choices else None)
