"""The policy and the calendar in force at a unit: the installation's file, the unit's own numbers laid over it."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from sqlmodel import Session

from lessons import db
from lessons.access.actor import tree
from lessons.workdays import Calendar
from lessons.workflow.policy import Policy


def policy_of(session: Session, unit_id: int) -> Policy:
    """Numbers as they hold at the unit."""
    unit = tree(session).units[unit_id]
    return _policy(db.settings().policy, _key(unit.policy))


def calendar_of(session: Session, unit_id: int) -> Calendar:
    """The working days and mail hours of the unit."""
    unit = tree(session).units[unit_id]
    return _calendar(db.settings().policy, _key(unit.policy), unit.zone, _key(unit.calendar))


def _key(values: object) -> str:
    return json.dumps(values, sort_keys=True) if values else ""


@lru_cache(maxsize=256)
def _policy(file: Path | None, own: str) -> Policy:
    return Policy.load(file).for_unit(json.loads(own) if own else {})


@lru_cache(maxsize=256)
def _calendar(file: Path | None, own: str, zone: str, choices: str) -> Calendar:
    return _policy(file, own).calendar(zone, json.loads(choices) if choices else None)
