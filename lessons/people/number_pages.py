"""For administrators: the numbers that a unit says for itself, with what they would move before it is moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lessons import web
from lessons.errors import FieldError, Invalid
from lessons.i18n import Sentence, Word, say
from lessons.people import numbers, queries
from lessons.people.admin import check, show
from lessons.people.operations import NOT_TAKEN
from lessons.steps.reckoned import Moved
from lessons.workflow.policy import KINDS

blueprint = Blueprint("numbers", __name__, url_prefix="/admin")
blueprint.before_request(check)
OTHERS: dict[str, Sentence] = {
    "review.months": say("Months until a lesson is looked at again"),
    "risk.days": say("Days that an accepted risk holds"),
    "team_experience.days": say("Days that a team’s experience holds"),
    "briefing.due_days": say("Working days to read a card"),
    "recurrence.cases": say("Cases that mean it came back"),
    "recurrence.days": say("Days within which they are counted"),
}
SHOWN = 30


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


def _said(typed: Mapping[str, str]) -> dict[str, int]:
    """Whole numbers; what is left empty is not said. Raises Invalid."""
    whole = say("A whole number is expected.")
    faults = [FieldError(f"/{name}", "number", whole) for name, text in typed.items() if text and not text.isdecimal()]
    faults += [FieldError(f"/{name}", "number", whole) for name, text in typed.items() if len(text) > 4]
    if faults:
        raise Invalid(NOT_TAKEN, faults)
    return {name: int(text) for name, text in typed.items() if text}


def _page(
    code: str,
    typed: Mapping[str, str] | None = None,
    refusal: Invalid | None = None,
    moved: Sequence[Moved] | None = None,
) -> ResponseReturnValue:
    with web.reading() as (session, _, _):
        unit = queries.unit_by_code(session, code)
        said = numbers.own(unit) if typed is None else typed
        elsewhere = numbers.inherited(session, unit)
        errors = {one.pointer.lstrip("/"): one.message for one in refusal.errors} if refusal else {}

        def cell(name: str, label: Any) -> dict[str, Any]:
            return {"name": name, "value": said.get(name, ""), "else": elsewhere[name], "label": label,
                    "error": errors.get(name)}  # fmt: skip

        duties = [
            (Word("duty", kind), *(cell(f"duties.{kind}.{one}", Word("duty", kind)) for one in ("days", "severity4")))
            for kind in KINDS
        ]
        others = [cell(name, label) for name, label in OTHERS.items()]
        return show("numbers", web.name_of(unit), refusal, one=unit, duties=duties, others=others, wrong=refusal,
                    effect=None if moved is None else effect(moved))  # fmt: skip


def effect(moved: Sequence[Moved]) -> dict[str, Any]:
    """What a change would move, for the page."""
    rows = [
        {"href": f"/{one.noun}/{one.code}", "code": one.code, "duty": Word("duty", one.kind),
         "before": web.when(one.before), "now": web.when(one.now)}
        for one in moved[:SHOWN]
    ]  # fmt: skip
    return {"count": len(moved), "rows": rows, "sooner": sum(one.now < one.before for one in moved)}
