"""Dates and reminders as they hold at a unit: how long each thing may take, who hears of it, when mail rests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lessons import web
from lessons.access import tree
from lessons.access.numbers import calendar_of, policy_of
from lessons.home.ahead_pages import called, home, stops
from lessons.i18n import Sentence, Word, isolate, say, say_n
from lessons.web import options
from lessons.workdays import Calendar
from lessons.workflow.policy import Policy
from lessons.workflow.policy_tables import Ladder, Rule

HERE = "/process/reminders"
AHEAD = timedelta(days=180)
HOLDER, MANAGER = say("Whoever owes it"), say("Their manager")
LEVELS = (MANAGER, say("One level above the manager"), say("Two levels above the manager"))
blueprint = Blueprint("promises", __name__)


@blueprint.get(HERE)
def index() -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        unit_id = home(session, tree(session).by_code(request.args.get("unit", "")), by)
        policy, calendar = policy_of(session, unit_id), calendar_of(session, unit_id)
        unit = tree(session).units[unit_id]
        today = calendar.today(at)
        return web.show(
            "home/promises.html",
            title=say("Dates and reminders"),
            unit=web.name_of(unit),
            filters=[{"name": "unit", "label": say("Unit"), "kind": "choice", "options": options.units(session),
                      "value": unit.code, "required": True}],
            duties=[_duty(kind, rule) for kind, rule in policy.duties.items()],
            ladders=[*_ladders(policy)],
            hours=_hours(calendar),
            breaks=policy.mail.severity4_breaks_quiet_hours,
            rests=[
                (web.when(day), called(name, how), stops(calendar, day))
                for day, name, how in calendar.days_off(today, today + AHEAD, web.locale())
            ],
        )  # fmt: skip


def _duty(kind: str, rule: Rule) -> dict[str, Any]:
    days = _days(rule.days) if rule.counts != "date" else _after_its_date(rule.days)
    return {
        "name": Word("duty", kind),
        "days": days,
        "gravest": _days(rule.severity4) if rule.counts != "date" else _after_its_date(rule.severity4),
        "quick": say("quick debrief: %(days)s", days=_days(rule.quick)) if rule.quick is not None else "",
        "decision": [Word("decision", button) for button in rule.decision],
        "told": "" if rule.mail else say("on the desk only, without mail"),
    }


def _days(n: int) -> Sentence:
    return say_n("one day", "%(n)d days", n) if n else say("the same day")


def _after_its_date(n: int) -> Sentence:
    return say_n("one day after its date", "%(n)d days after its date", n) if n else say("its own date")


# ── when it is late ──────────────────────────────────────────────────────────────────────────────────────────────────
def _ladders(policy: Policy) -> Iterator[dict[str, Any]]:
    """The ladder that most duties climb, then each other with whatever climbs it."""
    climbing = {
        name: [Word("duty", kind) for kind, rule in policy.duties.items() if rule.ladder == name]
        for name in policy.ladders
    }
    for name, kinds in sorted(climbing.items(), key=lambda one: -len(one[1])):
        if kinds:
            yield {"kinds": kinds, "rows": [*_rungs(policy.ladders[name])]}


def _rungs(ladder: Ladder) -> Iterator[tuple[Sentence, Sentence, Sentence | str]]:
    """(when, who hears, in which case), in the order of time."""
    for row in sorted(ladder.before, key=lambda row: -row.days):
        longer = say("where more than %(n)d days were given", n=row.longer_than)
        yield say_n("One day before", "%(n)d days before", row.days), HOLDER, longer
    if ladder.on_the_day:
        yield say("On the day"), HOLDER, ""
    late: list[tuple[int, int, Sentence, Sentence | str]] = [(day, 0, HOLDER, "") for day in ladder.after]
    for grades, days in (((1, 2), ladder.up_severity1_2), ((3,), ladder.up_severity3), ((4,), ladder.up_severity4)):
        for level, day in enumerate(days):
            late.append((day, grades[-1], LEVELS[min(level, len(LEVELS) - 1)], _severity(grades)))
    if ladder.decision_after:
        late.append((ladder.decision_after, 5, MANAGER, say("decides what becomes of it")))
    for day, _, who, case in sorted(late, key=lambda row: row[:2]):
        yield say_n("One working day after", "%(n)d working days after", day), who, case
    if ladder.up_every:
        often = say_n("then every working day", "then every %(n)d working days", ladder.up_every)
        yield often, say("One level higher each time"), say("decides in place of the one below")


def _severity(grades: tuple[int, ...]) -> Sentence:
    return say("severity: %(severity)s", severity=[Word("severity", str(grade)) for grade in grades])


# ── when mail rests ──────────────────────────────────────────────────────────────────────────────────────────────────
def _hours(calendar: Calendar) -> Sentence:
    return say("Mail leaves from %(opens)s to %(closes)s on working days, and at no other hour.",
               opens=_clock(calendar.opens), closes=_clock(calendar.closes))  # fmt: skip


def _clock(hour: time) -> str:
    return isolate(hour.strftime("%H:%M"))
