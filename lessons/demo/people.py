"""Builds the village: its units, its people with their roles and lines, and who is away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlmodel import Session

from lessons.access import OPERATOR, tree
from lessons.demo.cast import AGENTS, AWAY, STAFF, UNITS, Villager
from lessons.demo.story import Day
from lessons.models import Person
from lessons.people import operations as people
from lessons.workflow.states import Role

MAIL = "tsiporen.example"
FOUNDED_DAYS = 3650


def settle_in(session: Session, *, at: datetime, on: Callable[[Day], datetime]) -> dict[str, Person]:
    """Everybody by employee number. `on` is the morning of a day of the story."""
    founded = at - timedelta(days=FOUNDED_DAYS)
    for code, name, name_en, parent, _ in UNITS:
        above = tree(session).by_code(parent) if parent else None
        people.add_unit(session, code=code, name=name, name_en=name_en, parent=above, by=OPERATOR, at=founded)
    here = {one.number: _hired(session, one, at) for one in (*STAFF, *agents())}
    for one in (*STAFF, *agents()):
        if one.manager:
            people.change_person(session, here[one.number], {"manager": here[one.manager]}, by=OPERATOR)
    _name_fallbacks(session, here)
    _note_absences(session, here, on)
    session.flush()
    return here


def agents() -> Iterator[Villager]:
    for unit, lead, first, function, function_en, names in AGENTS:
        for number, line in enumerate(names.split("\n")[1:], first):
            name, name_en, form = line.strip().split("|")
            title = f"{'נציגת' if form == 'f' else 'נציג'} {function}"
            days = 200 + number * 211 % 1900
            yield Villager(str(number), name, name_en, title, f"{function_en} agent", unit, lead, days,
                           ((Role.AGENT, unit),))  # fmt: skip


def _hired(session: Session, one: Villager, at: datetime) -> Person:
    """On the day of their own, so that tenure and roles are as old as they say."""
    units = tree(session)
    roles = [(role, units.by_code(where)) for role, where in one.roles]
    person = people.add_person(
        session, one.number, name=one.name, unit=units.by_code(one.unit), roles=roles, by=OPERATOR,
        at=at - timedelta(days=one.days), name_en=one.name_en, function=one.function, function_en=one.function_en,
        locale=one.locale,
    )  # fmt: skip
    person.email = f"{one.mail}@{MAIL}" if one.mail else None
    return person


def _name_fallbacks(session: Session, here: dict[str, Person]) -> None:
    """Where a step's every holder may not take it, somebody is named; and the small unit is marked small."""
    for code, _, _, _, small in UNITS:
        unit = tree(session).by_code(code)
        if unit is not None:
            people.change_unit(session, unit, {"small": small, "fallback_person": here["1"]}, by=OPERATOR)


def _note_absences(session: Session, here: dict[str, Person], on: Callable[[Day], datetime]) -> None:
    for number, first, last, delegate in AWAY:
        from_on, until_on = on(Day(first)), on(Day(last))
        people.add_absence(session, here[number], delegate=here[delegate], from_on=from_on.date(),
                           until_on=until_on.date(), by=OPERATOR, at=from_on - timedelta(days=30))  # fmt: skip
