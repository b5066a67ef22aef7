"""For administrators: the numbers that a unit says for itself, with what they would move before it is moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lessons import web
from lessons.errors import FieldError, Invalid
from lessons.i18n import Sentence, Word, isolate, say
from lessons.people import ladders, numbers, queries
from lessons.people.admin import show
from lessons.people.operations import NOT_TAKEN
from lessons.steps.reckoned import Moved
from lessons.workflow.policy import KINDS

blueprint = Blueprint("numbers", __name__, url_prefix="/admin")
OTHERS: dict[str, Sentence] = {
    "review.months": say("Months until a lesson is looked at again"),
    "risk.days": say("Days that an accepted risk holds"),
    "team_experience.days": say("Days that a team’s experience holds"),
    "briefing.due_days": say("Working days to read a card"),
    "recurrence.cases": say("Cases that mean it came back"),
    "recurrence.days": say("Days within which they are counted"),
}
SHOWN = 30
YES_OR_NO: dict[str, Sentence] = {"1": say("Yes"), "0": say("No")}


@blueprint.get("/units/<code>/numbers")
def numbers_page(code: str) -> ResponseReturnValue:
    return _page(code)


@blueprint.post("/units/<code>/numbers")
def set_numbers(code: str) -> ResponseReturnValue:
    typed = {name: request.form.get(name, "").strip() for name in numbers.NUMBERS}
    try:
        said = _said(typed)
        with web.writing() as (session, by, at):
            unit = queries.unit_by_code(session, code)
            if "preview" not in request.form:
                moved = numbers.set_numbers(session, unit, said, by=by, at=at)
                text = say("Kept. Days that moved: %(n)s.", n=len(moved))
                return web.sent_to(session, f"/admin/units/{unit.code}/numbers", text)
            moved = numbers.foreseen(session, lambda: numbers.set_numbers(session, unit, said, by=by, at=at))
        return _page(code, typed, moved=moved)
    except Invalid as refusal:
        return _page(code, typed, refusal)


def _said(typed: Mapping[str, str]) -> dict[str, Any]:
    """What was typed as the policy keeps it; what is left empty is not said. Raises Invalid."""
    said, faults = dict[str, Any](), list[FieldError]()
    for name, text in typed.items():
        try:
            if text:
                said[name] = ladders.value(name, text) if name in ladders.NAMES else _whole(text)
        except ValueError as error:
            faults.append(FieldError(f"/{name}", "number", error.args[0]))
    if faults:
        raise Invalid(NOT_TAKEN, faults)
    return said


def _whole(text: str) -> int:
    if not text.isdecimal() or len(text) > 4:
        raise ValueError(say("A whole number is expected."))
    return int(text)


def _page(
    code: str,
    typed: Mapping[str, str] | None = None,
    refusal: Invalid | None = None,
    moved: Sequence[Moved] | None = None,
) -> ResponseReturnValue:
    with web.reading() as (session, _, _):
        unit = queries.unit_by_code(session, code)
        said = numbers.own(unit) if typed is None else typed
        cell = partial(_cell, said, numbers.inherited(session, unit), refusal)
        duties = [
            (Word("duty", kind), *(cell(f"duties.{kind}.{one}", Word("duty", kind)) for one in ("days", "severity4")))
            for kind in KINDS
        ]
        reminders = [
            (label, hint, *(cell(f"ladders.{ladder}.{row}", label) for ladder in ladders.LADDERS))
            for row, (label, hint) in ladders.ROWS.items()
        ]
        others = [cell(name, label) for name, label in OTHERS.items()]
        return show("numbers", web.name_of(unit), refusal, one=unit, duties=duties, others=others, wrong=refusal,
                    reminders=reminders, ladders=[*ladders.LADDERS.values()],
                    effect=None if moved is None else effect(moved))  # fmt: skip


def _cell(
    said: Mapping[str, Any], elsewhere: Mapping[str, Any], refusal: Invalid | None, name: str, label: Any
) -> dict[str, Any]:
    """One number: what is said or was typed, what holds where nothing is said, and what is wrong with it."""
    errors = {one.pointer.lstrip("/"): one.message for one in refusal.errors} if refusal else {}
    holds, otherwise = elsewhere[name], ladders.written(elsewhere[name])
    cell = {"name": name, "value": ladders.written(said.get(name, "")), "label": label, "error": errors.get(name)}
    if isinstance(holds, bool):
        return {**cell, "else": YES_OR_NO[otherwise], "switch": YES_OR_NO}
    several = isinstance(holds, tuple)
    return {**cell, "else": isolate(otherwise) if several else otherwise, "several": several}


def effect(moved: Sequence[Moved]) -> dict[str, Any]:
    """What a change would move, for the page."""
    rows = [
        {"href": f"/{one.noun}/{one.code}", "code": one.code, "duty": Word("duty", one.kind),
         "before": web.when(one.before), "now": web.when(one.now)}
        for one in moved[:SHOWN]
    ]  # fmt: skip
    return {"count": len(moved), "rows": rows, "sooner": sum(one.now < one.before for one in moved)}
