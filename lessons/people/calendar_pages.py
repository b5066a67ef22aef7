"""For administrators: which days a unit works, with the days ahead that differ and what a change would move."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from babel.dates import get_day_names
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lessons import web
from lessons.access.numbers import calendar_of
from lessons.errors import FieldError, Invalid
from lessons.i18n import say
from lessons.people import numbers, queries
from lessons.people.admin import Field, show
from lessons.people.number_pages import effect
from lessons.people.operations import NOT_TAKEN
from lessons.steps.reckoned import Moved
from lessons.workdays import DAY_NAMES

blueprint = Blueprint("calendars", __name__, url_prefix="/admin")
AHEAD = timedelta(days=365)
FROM_SUNDAY = (*DAY_NAMES[-1:], *DAY_NAMES[:-1])
KINDS = {"off": say("not worked"), "short": say("a short day"), "eve": say("an eve, a short day")}
SHORT = re.compile(r"\d\d:\d\d")
*HOURS, AT_ANY_HOUR = numbers.MAIL
WRITTEN = ("%d.%m.%Y", "%Y-%m-%d", "%d/%m/%Y")


@blueprint.get("/units/<code>/calendar")
def calendar_page(code: str) -> ResponseReturnValue:
    return _page(code)


@blueprint.post("/units/<code>/calendar")
def set_calendar(code: str) -> ResponseReturnValue:
    try:
        chosen, mail = _chosen(), _mail()
        with web.writing() as (session, by, at):
            unit = queries.unit_by_code(session, code)

            def change() -> list[Moved]:
                return numbers.set_calendar(session, unit, chosen, mail, by=by, at=at)

            if "preview" not in request.form:
                text = say("Kept. Days that moved: %(n)s.", n=len(change()))
                return web.sent_to(session, f"/admin/units/{unit.code}/calendar", text)
            moved = numbers.foreseen(session, change)
        return _page(code, request.form, moved=moved)
    except Invalid as refusal:
        return _page(code, request.form, refusal)


def _chosen() -> dict[str, Any]:
    """What the form says. Raises Invalid."""
    lines = [line.strip() for line in request.form.get("closed", "").splitlines() if line.strip()]
    days = [_day(line) for line in lines]
    if None in days:
        wrong = lines[days.index(None)][:40]
        sentence = say("“%(typed)s” is no day. A line such as 16.8.2027 is expected.", typed=wrong)
        raise Invalid(NOT_TAKEN, [FieldError("/closed", "day", sentence)])
    weekdays = [name for name in FROM_SUNDAY if name in request.form.getlist("weekdays")]
    if not weekdays:
        raise Invalid(NOT_TAKEN, [FieldError("/weekdays", "required", say("At least one day of the week is worked."))])
    return {
        "weekdays": weekdays,
        "short_days": "short_days" in request.form,
        "friday_until_noon": "friday_until_noon" in request.form,
        "closed": sorted({day.isoformat() for day in days if day}),
    }


def _mail() -> dict[str, Any]:
    """The hours of mail, as the policy keeps them; what is no hour it refuses itself."""
    typed = {name: request.form.get(name, "").strip() for name in HOURS}
    said: dict[str, Any] = {name: f"{text}:00" if SHORT.fullmatch(text) else text for name, text in typed.items()}
    return {**said, AT_ANY_HOUR: AT_ANY_HOUR in request.form}


def _day(text: str) -> date | None:
    for form in WRITTEN:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _page(
    code: str,
    typed: Mapping[str, Any] | None = None,
    refusal: Invalid | None = None,
    moved: Sequence[Moved] | None = None,
) -> ResponseReturnValue:
    with web.reading() as (session, _, _):
        unit = queries.unit_by_code(session, code)
        found = calendar_of(session, unit.id or 0)
        today = web.today()
        ahead = [
            {"when": web.when(day), "name": name or say("closed by hand"), "kind": KINDS[kind]}
            for day, name, kind in found.days_off(today, today + AHEAD, web.locale())
        ]
        fields = _fields(numbers.week(session, unit), numbers.hours(session, unit))
        fields = web.filled(fields, _typed(typed), refusal)
        return show("calendar", web.name_of(unit), refusal, one=unit, fields=fields, ahead=ahead,
                    effect=None if moved is None else effect(moved))  # fmt: skip


def _typed(typed: Any) -> dict[str, Any]:
    if typed is None:
        return {}
    ticks = {name: name in typed for name in ("short_days", "friday_until_noon", AT_ANY_HOUR)}
    hours = {name: typed.get(name, "") for name in HOURS}
    return {"weekdays": typed.getlist("weekdays"), "closed": typed.get("closed", ""), **hours, **ticks}


def _fields(week: Mapping[str, Any], mail: Mapping[str, Any]) -> list[Field]:
    names = get_day_names("wide", locale=web.locale())
    days = [{"value": name, "label": names[DAY_NAMES.index(name)]} for name in FROM_SUNDAY]
    closed = [f"{date.fromisoformat(one):%d.%m.%Y}" for one in week["closed"]]
    return [
        {"name": "weekdays", "label": say("Days of work"), "kind": "checks", "options": days, "required": True,
         "value": list(week["weekdays"])},
        {"name": "short_days", "label": say("Holiday eves and the days between holidays are short"), "kind": "bool",
         "value": week["short_days"], "hint": say("They are worked, and mail stops earlier.")},
        {"name": "friday_until_noon", "label": say("On Fridays mail stops at noon"), "kind": "bool",
         "value": week["friday_until_noon"], "hint": say("Where Friday is worked.")},
        {"name": "closed", "label": say("Further days that are closed"), "kind": "textarea", "value": "\n".join(closed),
         "dir": "ltr", "hint": say("One day to a line, such as 16.8.2027.")},
        {"name": "mail.opens", "label": say("Mail leaves from"), "kind": "text", "value": mail["mail.opens"][:5],
         "dir": "ltr", "required": True, "hint": say("An hour such as 08:00.")},
        {"name": "mail.closes", "label": say("Mail leaves until"), "kind": "text", "value": mail["mail.closes"][:5],
         "dir": "ltr", "required": True},
        {"name": AT_ANY_HOUR, "label": say("What is critical is told at any hour of any day"), "kind": "bool",
         "value": mail[AT_ANY_HOUR],
         "hint": say("Only what is critical, and only where somebody is there to read it.")},
    ]  # fmt: skip
