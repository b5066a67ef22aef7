"""What is no record of work but named by every one: people, units, topics, duties, cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import request
from pydantic import Field
from sqlmodel import Session

from lessons.access import Actor, visible_to
from lessons.access.refs import read
from lessons.doors import lists
from lessons.doors.calls import Answer
from lessons.doors.case_shapes import cases
from lessons.doors.columns import Names, plain
from lessons.doors.shapes import ROOT
from lessons.doors.ways import NOT_THERE
from lessons.errors import Forbidden, NotFound
from lessons.models import Case, Duty, Person, Topic, Unit
from lessons.people import operations
from lessons.people.forms import AddPerson, AddUnit, GrantRole
from lessons.people.queries import roles_of

Shape = dict[str, Any]
Raw = dict[str, Any]
LONGEST = 300
OF_PEOPLE = ("name", "name_en", "function", "function_en", "email", "number", "hired_on", "closed_at", "version")


def index(session: Session, noun: str, *, by: Actor, at: datetime) -> Answer:
    rows, after = lists.page(session, noun, request.args, by=by, at=at)
    return Answer({"items": shapes(session, noun, rows, by=by, at=at), "next": after})


def one(session: Session, noun: str, name: str, *, by: Actor, at: datetime) -> Answer:
    return Answer(shapes(session, noun, [named(session, noun, name, by=by)], by=by, at=at)[0])


def named(session: Session, noun: str, name: str, *, by: Actor) -> Any:
    """By id, code or key; a person by e-mail or number too, a case by the id it came with. Raises NotFound."""
    if "\0" in name or len(name) > LONGEST:
        raise NotFound(NOT_THERE)
    model, handle_of = lists.LISTINGS[noun].model, lists.LISTINGS[noun].handle
    called = [getattr(model, handle_of) == name]
    if model is Person:
        called += [Person.email == name.casefold(), Person.number == name]
    if model is Case:
        called += [Case.external_id == name]
    if model is Unit:
        called = [sa.func.lower(Unit.code) == name.casefold()]
    found = session.scalars(sa.select(model).where(sa.or_(*called), visible_to(session, noun, by))).first()
    if found is None:
        raise NotFound(NOT_THERE)
    return found


def shapes(session: Session, noun: str, rows: Sequence[Any], *, by: Actor, at: datetime) -> list[Shape]:
    names = Names(session, by)
    names.learn(rows)
    told = TELL[noun](session, rows, names, at)
    handle_of = lists.LISTINGS[noun].handle
    links = [{"self": f"{ROOT}/{noun}/{getattr(row, handle_of)}"} for row in rows]
    return [shape | {"links": here | shape.pop("links", {})} for shape, here in zip(told, links, strict=True)]


Tell = Callable[[Session, Sequence[Any], Names, datetime], list[Shape]]


def _units(session: Session, rows: Sequence[Unit], names: Names, at: datetime) -> list[Shape]:  # noqa: ARG001 - as all of TELL
    return [names.told(row) | {"parent": names.name("units", row.parent_id)} for row in rows]


def _people(session: Session, rows: Sequence[Person], names: Names, at: datetime) -> list[Shape]:
    roles = roles_of(session, [row.id or 0 for row in rows], at=at)
    return [
        {"id": row.pid}
        | {name: plain(getattr(row, name)) for name in OF_PEOPLE}
        | {
            "unit": names.name("units", row.unit_id),
            "manager": names.name("persons", row.manager_id),
            "roles": [{"role": one.role.value, "unit": names.name("units", one.unit_id)} for one in roles[row.id or 0]],
        }
        for row in rows
    ]


def _topics(session: Session, rows: Sequence[Topic], names: Names, at: datetime) -> list[Shape]:  # noqa: ARG001 - as all of TELL
    return [names.told(row) for row in rows]


def _duties(session: Session, rows: Sequence[Duty], names: Names, at: datetime) -> list[Shape]:  # noqa: ARG001 - as all of TELL
    return [
        {name: value for name, value in names.told(row).items() if name != "person"}
        | {
            "owner": names.name("persons", row.person_id),
            "state": "open" if row.closed_at is None else row.closed_how,
            "overdue": row.closed_at is None and row.due_at < at,
            "links": {"item": f"{ROOT}/{row.of_noun}/{row.of_code}", "page": f"/{row.of_noun}/{row.of_code}"},
        }
        for row in rows
    ]


TELL: dict[str, Tell] = {"units": _units, "people": _people, "topics": _topics, "duties": _duties, "cases": cases}


# ── people and units ─────────────────────────────────────────────────────────────────────────────────────────────────
class NewPerson(AddPerson):
    roles: list[GrantRole] = Field(default_factory=list, max_length=20)


def add_unit(session: Session, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    _for_administrators(by)
    asked = read(session, AddUnit, raw, by=by)
    return _made(session, "units", operations.add_unit(session, by=by, at=at, **asked), by=by, at=at)


def add_person(session: Session, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    _for_administrators(by)
    asked = read(session, NewPerson, raw, by=by)
    roles = [(one["role"], one["unit"]) for one in asked.pop("roles", [])]
    person = operations.add_person(session, asked.pop("who"), roles=roles, by=by, at=at, **asked)
    return _made(session, "people", person, by=by, at=at)


def _for_administrators(by: Actor) -> None:
    if not by.units_of("admin"):  # before the fields are looked at
        raise Forbidden(operations.NOT_YOURS)


def _made(session: Session, noun: str, row: Any, *, by: Actor, at: datetime) -> Answer:
    session.flush()
    body = shapes(session, noun, [row], by=by, at=at)[0]
    return Answer(body, 201, body["links"]["self"])
