"""Finishes the managers' page: what waits by step and by person, the measures as charts with their tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from lessons import web
from lessons.access import Actor, tree
from lessons.access.numbers import calendar_of
from lessons.home import measures
from lessons.home.managing import Stuck
from lessons.home.queries import Owed
from lessons.i18n import Sentence, Word, isolate, say, say_n
from lessons.models import Unit
from lessons.web import options
from lessons.workflow.lives import next_step
from lessons.workflow.promised import of_duty

HERE = "/managers"
PERIODS = (12, 6, 3)


@dataclass(frozen=True)
class View:
    """What the address asks for."""

    unit: Unit | None
    months: int
    show: str
    step: str
    who: str

    def address(self, path: str = HERE, **other: str) -> str:
        mine = {
            "unit": self.unit.code if self.unit else "",
            "months": str(self.months) if self.months != PERIODS[0] else "",
            "show": self.show, "step": self.step, "who": self.who,
        }  # fmt: skip
        return web.with_args(path, **mine | other)


def headline(n: int, late: int) -> Any:
    if not n:
        return say("Nothing waits")
    waits = say_n("One thing waits", "%(n)s things wait", n)
    return say("%(waits)s, %(late)s", waits=waits, late=say_n("one is late", "%(n)s are late", late)) if late else waits


def chosen(found: Sequence[Stuck], view: View) -> list[Stuck]:
    return [
        one for one in found
        if _is_shown(one, view.show) and view.step in ("", one.duty.kind) and view.who in ("", one.who)
    ]  # fmt: skip


def _is_shown(one: Stuck, show: str) -> bool:
    return show == "all" or (one.late_at_first if show == "first" else one.late)


# ── where it is stuck ────────────────────────────────────────────────────────────────────────────────────────────────
def stations(found: Sequence[Stuck], view: View) -> list[dict[str, Any]]:
    """By step, in the order of the process."""
    steps: dict[tuple[str, str], list[Stuck]] = {}
    for one in sorted(found, key=lambda one: (ORDER.index(one.row.noun), one.duty.kind)):
        steps.setdefault((one.row.noun, one.duty.kind), []).append(one)
    return [
        {
            "href": view.address(step="" if view.step == kind else kind, show="all"),
            "count": len(some),
            "noun": Word("duty", kind),
            "state": say_n("one is late", "%(n)s are late", late) if (late := sum(one.late for one in some)) else "",
            "hot": kind == view.step,
        }
        for (_, kind), some in steps.items()
    ]


ORDER = (
    "debriefs",
    "lessons",
    "actions",
    "procedures",
    "revisions",
    "briefings",
    "verifications",
    "questions",
    "sentences",
    "people",
)


def waiting(found: Sequence[Stuck], view: View) -> list[dict[str, Any]]:
    """In alphabetical order and never ranked."""
    counts = Counter(one.who for one in found)
    names = {one.who: who(one) for one in found}
    return [
        {"href": view.address(who="" if view.who == key else key, show="all"), "name": name, "count": counts[key],
         "current": view.who == key}
        for key, name in sorted(names.items(), key=lambda pair: pair[1])
    ]  # fmt: skip


def who(one: Stuck) -> str:
    return str(web.spoken(one.name or Word("role", one.duty.role.value)))


def title_of(one: Stuck | Owed) -> Any:
    """A debrief without a title is one that may not be named; of anything else the code says enough."""
    return one.title or (say("Confidential debrief") if one.row.noun == "debriefs" else one.row.code)


def days_late(session: Session, one: Stuck) -> int:
    return max(calendar_of(session, one.duty.unit_id).between(one.duty.due_on, web.today()), 0)


def row(session: Session, one: Stuck) -> dict[str, Any]:
    duty, row = one.duty, one.row
    step = "" if duty.about else next_step(row.noun, row.state, duty.kind)
    return {
        "title": title_of(one),
        "href": f"/{row.noun}/{row.code}",
        "code": row.code,
        "duty": Word("duty", duty.kind),
        "state": web.state_of(row),
        "who": who(one),
        "unit": web.name_of(tree(session).units[duty.unit_id]),
        "why": one.why,
        "days": days_late(session, one) or "",
        "first": web.when(one.first_due_on),
        "granted": web.when(duty.due_on) if duty.due_on != one.first_due_on else say("not moved"),
        "times": times(one) or "",
        "late": one.late,
        "label": Word(f"{row.noun}.trigger", step) if step else say("Open"),
        "do": f"/{row.noun}/{row.code}",
    }


# ── the measures ─────────────────────────────────────────────────────────────────────────────────────────────────────
def charts(months: Sequence[measures.Month]) -> dict[str, Any]:
    labels = [f"{one.first.month}.{one.first:%y}" for one in months]
    drawn = [label if n % 2 == (len(labels) - 1) % 2 or len(labels) < 7 else "" for n, label in enumerate(labels)]
    last = len(months) - 1
    return {
        "days": {
            "points": [
                {"label": drawn[n], "value": one.days or 0, "word": f"{one.days:g}" if one.days is not None else "",
                 "period": 3 if n == last else 1} for n, one in enumerate(months)
            ],
            "rows": [[labels[n], f"{one.days:g}" if one.days is not None else "—", one.lessons]
                     for n, one in enumerate(months)],
            "aim": measures.AIM,
        },
        "share": {
            "points": [
                {"label": drawn[n], "value": one.percent or 0, "word": f"{one.percent}" if one.checked else "",
                 "period": 3 if n == last else 1} for n, one in enumerate(months)
            ],
            "rows": [[labels[n], one.proved, one.checked] for n, one in enumerate(months)],
        },
    }  # fmt: skip


def units(session: Session, by: Actor) -> frozenset[int]:
    """Those that this person answers for, and those below."""
    return tree(session).under(by.units_of("manager", "lessons_manager", "auditor"))


def unit_field(session: Session, unit: Unit | None, by: Actor) -> dict[str, Any]:
    """Of the units that one answers for; of others one would read that nothing is late there."""
    mine = {tree(session).units[unit_id].code for unit_id in units(session, by)}
    return {"name": "unit", "label": say("Unit"), "kind": "choice", "value": unit.code if unit else "",
            "unchosen": say("All my units"),
            "options": [one for one in options.units(session) if one["value"] in mine]}  # fmt: skip


def named(session: Session, unit: Unit | None, by: Actor) -> Any:
    """What a page is about: a unit, all of them, or all that one answers for."""
    if unit is not None:
        return web.name_of(unit)
    return say("All units") if len(units(session, by)) == len(tree(session).units) else say("The units in your charge")


def filters(session: Session, view: View, by: Actor) -> list[dict[str, Any]]:
    periods = [{"value": n, "label": say("%(n)s months", n=n)} for n in PERIODS]
    return [
        unit_field(session, view.unit, by),
        {"name": "months", "label": say("Period"), "kind": "choice", "required": True, "options": periods,
         "value": view.months},
    ]  # fmt: skip


def line(session: Session, one: Stuck) -> str:
    parts = [isolate(str(web.spoken(title_of(one)))), Word("duty", one.duty.kind).in_(web.locale())]
    parts.append(say("until %(day)s", day=isolate(day_of(one.duty.due_on))).in_(web.locale()))
    if one.first_due_on != one.duty.due_on:
        parts.append(say("at first %(day)s", day=isolate(day_of(one.first_due_on))).in_(web.locale()))
    if moved := times(one):
        parts.append(moved.in_(web.locale()))
    if one.late:
        late = say_n("one working day late", "%(n)s working days late", days_late(session, one))
        parts.append(late.in_(web.locale()))
    parts += [isolate(str(web.spoken(reason)).rstrip(".")) for reason in one.why]
    return f"- {' · '.join(parts)} ({isolate(one.row.code)})"


def times(one: Stuck) -> Sentence | None:
    """How often an extension moved the day of a duty that follows its record's."""
    count = one.row.extension_count
    return say_n("moved once", "moved %(n)s times", count) if count and of_duty(one.duty, one.row) else None


def day_of(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"
