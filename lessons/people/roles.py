"""For administrators: who has which role where, which role nobody has, and what each role may do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor, tree
from lessons.access.named import people_by_id
from lessons.duties import holders
from lessons.i18n import Name, Word, say
from lessons.models import Person, Unit
from lessons.people import queries
from lessons.people.admin import show
from lessons.steps import rights, staffing
from lessons.workflow.rights import PURPOSE
from lessons.workflow.states import Role

blueprint = Blueprint("roles", __name__, url_prefix="/admin/roles")
MOST = 5
"""People named in one cell; the others are counted."""
NEEDED = rights.needed() | {Role.ADMIN.value}


@blueprint.get("")
def roles() -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        units = _units(session, by)
        holders.know_holders(session)
        known = people_by_id(session, _everyone(session, units))
        mine = tree(session).under(by.units_of("admin"))
        rows = [
            {"unit": unit, "depth": depth, "cells": [_cell(session, unit, role, known, mine) for role in Role]}
            for unit, depth in units
        ]
        missing = [(Word("role", role.value), _where(session, units, role)) for role in Role if role.value in NEEDED]
        alone = _alone(session, {unit.code: unit for unit, _ in units})
    return show("roles", say("Roles"), roles=[_role(role) for role in Role], rows=rows, alone=alone,
                missing=[(word, where) for word, where in missing if where])  # fmt: skip


def _units(session: Session, by: Actor) -> list[tuple[Unit, int]]:
    """Those that the actor administers and that are not closed, each with how deep it lies."""
    mine = tree(session).under(by.units_of("admin"))
    return [(unit, depth) for unit, depth in queries.units_in_order(session) if unit.id in mine and not unit.until_on]


def _everyone(session: Session, units: Iterable[tuple[Unit, int]]) -> Iterator[int]:
    for unit_id in {up for unit, _ in units for up in tree(session).above[unit.id or 0]}:
        for role in Role:
            yield from holders.granted(session, unit_id, role.value)[:MOST]


def _cell(session: Session, unit: Unit, role: Role, known: dict[int, Person], mine: frozenset[int]) -> dict[str, Any]:
    """Who has the role at this very unit, and who has it from above; `nobody` where the process stands still for it."""
    _, *above = tree(session).above[unit.id or 0]
    own = holders.granted(session, unit.id or 0, role.value)
    up = [
        (tree(session).units[each], one) for each in above for one in holders.granted(session, each, role.value)[:MOST]
    ]
    inherited = [(where, known[one]) for where, one in up if one not in own]
    return {
        "own": [_named(known[one], mine) for one in own[:MOST]],
        "more": max(0, len(own) - MOST),
        "above": [(one, where) for where, one in inherited[:MOST]],
        "nobody": role.value in NEEDED and not own and not up,
    }


def _named(person: Person, mine: frozenset[int]) -> dict[str, Any]:
    """Their page is for whoever administers their unit."""
    return {"person": person, "href": f"/admin/people/{person.pid}" if person.unit_id in mine else ""}


def _where(session: Session, units: Iterable[tuple[Unit, int]], role: Role) -> list[Name]:
    """The topmost units at which nobody has the role; what lies below them lacks it too or has its own."""
    lacking = {unit.id: unit for unit, _ in units if not _held(session, unit, role)}
    return [Name.of(unit) for unit in lacking.values() if unit.parent_id not in lacking]


def _held(session: Session, unit: Unit, role: Role) -> bool:
    return any(holders.granted(session, up, role.value) for up in tree(session).above[unit.id or 0])


def _alone(session: Session, units: dict[str, Unit]) -> list[dict[str, Any]]:
    """Steps for which four eyes hang on one person: each person's, together where it is so in the same units."""
    places: dict[tuple[int, str, str], list[Unit]] = {}
    for gap in staffing.of_units(session):
        if gap.only_id and gap.place in units:
            places.setdefault((gap.only_id, gap.noun, gap.trigger), []).append(units[gap.place])
    steps: dict[tuple[int, tuple[str, ...]], list[str]] = {}
    for (person, noun, trigger), where in places.items():
        said = f"{web.spoken(Word(f'{noun}.trigger', trigger))} ({web.spoken(Word('noun', noun))})"
        steps.setdefault((person, tuple(unit.code for unit in where)), []).append(said)
    known = people_by_id(session, (person for person, _ in steps))
    return [
        {"person": known[person], "units": [Name.of(units[code]) for code in codes], "steps": said}
        for (person, codes), said in steps.items()
    ]


def _role(role: Role) -> dict[str, Any]:
    steps = [
        (Word("nouns", noun), [Word(f"{noun}.trigger", trigger) for trigger in triggers])
        for noun, triggers in rights.steps_of(role.value).items()
    ]
    return {"word": Word("role", role.value), "purpose": PURPOSE[role], "steps": steps}
