"""A random organisation, the same for the same seed, written by the thousand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from lessons import db
from lessons.models import Action, Debrief, Duty, Grant, Person, Unit
from lessons.workflow.states import Role
from tests.duties.owing import BEGINNING, JERUSALEM, action, debrief

A_TEAM = 40
OPENED = datetime(2026, 8, 30, 6, tzinfo=UTC)
CALENDARS: tuple[dict[str, object], ...] = (
    {},
    {"weekdays": ["sun", "mon", "tue", "wed", "thu", "fri"]},
    {"weekdays": ["mon", "tue", "wed", "thu", "fri"], "short_days": False},
    {"closed": ["2026-10-27", "2026-11-08", "2027-03-30", "2027-07-13"]},
    {"country": "", "weekdays": ["sun", "mon", "tue", "wed", "thu", "sat"], "closed": ["2026-10-20"]},
)
ANY_HOUR: dict[str, object] = {
    "mail.opens": "00:00:00", "mail.closes": "23:59:59", "mail.friday_closes": "23:59:59",
    "mail.short_closes": "23:59:59",
}  # fmt: skip
EVERY_DAY: dict[str, object] = {
    "country": "", "short_days": False, "friday_until_noon": False,
    "weekdays": ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
}  # fmt: skip


@dataclass(frozen=True)
class Organisation:
    """Ids of units, the root first, of their managers, and of the people by their addresses."""

    units: tuple[int, ...]
    managers: dict[int, int]
    people: dict[str, int]


def chance_of(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - an accident has to be repeatable, and need not be a secret


def founded(
    chance: Random, *, teams: int, people: int, calendars: Sequence[dict[str, object]] = CALENDARS,
    policy: dict[str, object] | None = None,
) -> Organisation:  # fmt: skip
    """Teams under two centres under a root, each with its calendar and a manager; the others spread over them.
    `policy`: numbers of the whole organisation."""
    root = _units([_unit("ALL", None, {}, policy or {})])
    centres = _units([_unit(f"C{n}", root[0], chance.choice(calendars)) for n in range(2)])
    own = _units([_unit(f"T{n}", chance.choice(centres), chance.choice(calendars)) for n in range(teams)])
    units = (*root, *centres, *own)
    known = _people(chance, units, people)
    managers = {unit: known[address(n)] for n, unit in enumerate(units)}
    _written([
        Grant(person_id=who, role=Role.MANAGER, unit_id=unit, from_at=BEGINNING) for unit, who in managers.items()
    ])  # fmt: skip
    return Organisation(units, managers, known)


def address(n: int) -> str:
    return f"p{n}@organisation.test"


def _unit(code: str, parent: int | None, calendar: dict[str, object], policy: dict[str, object] | None = None) -> Unit:
    return Unit(
        code=code, name=code, parent_id=parent, calendar=calendar, policy=policy or {}, from_on=date(2026, 1, 1)
    )


def _units(units: list[Unit]) -> tuple[int, ...]:
    return tuple(_written(units, Unit.id))


def _people(chance: Random, units: Sequence[int], many: int) -> dict[str, int]:
    """The first are the managers of the units, one each."""
    rows = [
        Person(
            pid=f"pid{n}", name=f"אדם {n}", name_en=f"Person {n}", email=address(n), number=f"n{n}",
            unit_id=units[n] if n < len(units) else chance.choice(units[3:]), hired_on=date(2020, 1, 1),
            locale=chance.choice(("he", "en")), digest_hour=chance.randrange(11), digest_minute=0,
        )
        for n in range(many)
    ]  # fmt: skip
    return dict(zip(map(address, range(many)), _written(rows, Person.id), strict=True))


def each_owes(organisation: Organisation, *days: date) -> None:
    """Everybody owes one action on each of these days, and is to be reminded of it from its morning on."""
    _written([debrief(1, organisation.units[0], OPENED)])
    with db.reading() as session:
        parent = session.scalars(sa.select(Debrief.id)).one()
        units: dict[int, int] = dict(map(tuple, session.execute(sa.select(Person.id, Person.unit_id))))
    owed = [(person, on) for on in days for person in organisation.people.values()]
    actions = [_action(n, parent, person, units[person], on) for n, (person, on) in enumerate(owed, start=1)]
    ids = _written(actions, Action.id)
    _written([_duty(row, its, on) for row, its, (_, on) in zip(actions, ids, owed, strict=True)])


def _action(n: int, parent: int | None, person: int, unit: int, on: date) -> Action:
    row = action(n, unit, OPENED, "")
    row.debrief_id, row.owner_id, row.due_on, row.first_due_on = parent, person, on, on
    return row


def _duty(of: Action, its: int, on: date) -> Duty:
    return Duty(
        pid=f"d{its}", kind="do_action", of_noun="actions", of_id=its, of_code=of.code, unit_id=of.unit_id,
        person_id=of.owner_id, severity=2, opened_at=OPENED, due_on=on,
        due_at=datetime.combine(on, time(23, 59), JERUSALEM), next_at=datetime.combine(on, time(8), JERUSALEM),
    )  # fmt: skip


def _written(rows: Sequence[SQLModel], key: Any = None) -> list[int]:
    """Many rows of one table at once; their keys, in order, where they are asked for."""
    table = type(rows[0]).__table__
    values = [row.model_dump(exclude={"id"}) for row in rows]
    with db.transaction() as session:
        last = session.scalar(sa.select(sa.func.max(table.c.id))) or 0
        session.execute(sa.insert(table), values)
        return list(session.scalars(sa.select(key).where(table.c.id > last).order_by(key))) if key is not None else []
