"""For administrators: the tree of units, and who is away."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import tree
from lessons.access.refs import read
from lessons.errors import Invalid
from lessons.i18n import say
from lessons.models import Person, Unit
from lessons.people import forms, operations, queries
from lessons.people.admin import Field, show, typed
from lessons.web import options
from lessons.web.controls import known
from lessons.web.forms import raw_of

blueprint = Blueprint("units", __name__, url_prefix="/admin")


@blueprint.get("/units")
def units() -> ResponseReturnValue:
    return _units()


def _units(refusal: Invalid | None = None) -> ResponseReturnValue:
    with web.reading() as (session, _, _):
        lines, counts = queries.units_in_order(session), queries.people_per_unit(session)
        rows = [{"unit": unit, "depth": depth, "people": counts.get(unit.id or 0, 0)} for unit, depth in lines]
        fields = typed(_unit_fields(session), refusal, refusal)
    return show("units", say("Units"), refusal, units=rows, fields=fields)


def _unit_fields(session: Session) -> list[Field]:
    code = say("Letters, digits, - and _. It stays.")
    return [
        {"name": "code", "label": say("Code"), "kind": "text", "required": True, "dir": "ltr", "hint": code},
        {"name": "name", "label": say("Name"), "kind": "text", "required": True},
        {"name": "name_en", "label": say("Name in English"), "kind": "text"},
        {"name": "parent", "label": say("Belongs to"), "kind": "unit", "options": options.units(session)},
    ]


@blueprint.post("/units")
def add_unit() -> ResponseReturnValue:
    try:
        with web.writing() as (session, by, at):
            asked = read(session, forms.AddUnit, raw_of(forms.AddUnit, request.form), by=by)
            unit = operations.add_unit(session, **asked, by=by, at=at)
            return web.sent_to(session, "/admin/units", say("%(unit)s is there.", unit=web.name_of(unit)))
    except Invalid as refusal:
        return _units(refusal)


@blueprint.get("/units/<code>")
def unit(code: str) -> ResponseReturnValue:
    return _unit(code)


def _unit(code: str, refusal: Invalid | None = None) -> ResponseReturnValue:
    with web.reading() as (session, _, _):
        one = queries.unit_by_code(session, code)
        fields = typed(_unit_details(session, one), refusal, refusal)
        others = [each for each in options.units(session) if each["value"] != one.code]
    successor = {"name": "successor", "label": say("What takes its place"), "kind": "unit", "options": others}
    return show("unit", web.name_of(one), refusal, one=one, fields=fields, ending=web.filled([successor]))


def _unit_details(session: Session, one: Unit) -> list[Field]:
    fallback = session.get(Person, one.fallback_person_id) if one.fallback_person_id else None
    people = options.people(session, chosen=[options.handle(fallback)])
    small = say("Below %(n)s people the four eyes may be fewer; each use is written down.", n=operations.SMALL_BELOW)
    return [
        {"name": "name", "label": say("Name"), "kind": "text", "required": True, "value": one.name},
        {"name": "name_en", "label": say("Name in English"), "kind": "text", "value": one.name_en},
        {"name": "small", "label": say("A small unit"), "kind": "bool", "value": one.small, "hint": small},
        {"name": "fallback_person", "label": say("Who decides where nobody else may"), "kind": "person",
         "options": people, "value": known(people, options.handle(fallback))},
    ]  # fmt: skip


@blueprint.post("/units/<code>")
def change_unit(code: str) -> ResponseReturnValue:
    try:
        with web.writing() as (session, by, _):
            raw = {"small": False, **raw_of(forms.ChangeUnit, request.form, edit=True)}
            raw["fallback_person"] = raw.get("fallback_person") or None
            asked = read(session, forms.ChangeUnit, raw, by=by)
            operations.change_unit(session, queries.unit_by_code(session, code), asked, by=by)
            return web.sent_to(session, "/admin/units", say("Kept."))
    except Invalid as refusal:
        return _unit(code, refusal)


@blueprint.post("/units/<code>/close")
def close_unit(code: str) -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        asked = read(session, forms.CloseUnit, raw_of(forms.CloseUnit, request.form), by=by)
        operations.close_unit(session, queries.unit_by_code(session, code), **asked, by=by, at=at)
        return web.sent_to(session, "/admin/units", say("The unit is closed."))


@blueprint.get("/absences")
def absences() -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        under = tree(session).under(by.units_of("admin"))
        found = [row for row in queries.absences(session, None, day=web.today()) if row[1].unit_id in under]
    return show("absences", say("Absences"), away=found)
