"""When a duty is due, and who hears about it when: pure, from the numbers of the policy and a unit's calendar.

A promise is a day; it ends at the end of that day in the unit's zone. Severity is 1 to 4.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from lessons.workdays import Calendar, aware, moved
from lessons.workflow.policy import KINDS, Policy, PolicyError, effective
from lessons.workflow.policy_tables import Ladder

__all__ = [
    "KINDS",
    "Policy",
    "PolicyError",
    "Rung",
    "briefing_due",
    "due",
    "due_at",
    "effective",
    "is_overdue",
    "next_rung",
    "review_on",
    "rungs",
    "watch_ends",
]


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: from `moment` on (mail may leave then) it may be told, once, by its `name`.

    `level` counts up the line of the duty's holder: 1 is their manager, 0 the holder. With `decision` it is no
    reminder: that level now decides what becomes of the duty. Names have at most 16 letters and no two are alike.
    """

    name: str
    moment: datetime
    to: Literal["holder", "line"] = "holder"
    level: int = 0
    decision: bool = False


def due(  # noqa: PLR0917 - read aloud in this order everywhere: what, how grave, since when, where, by when
    policy: Policy,
    kind: str,
    severity: int,
    opened_at: datetime,
    calendar: Calendar,
    asked: date | None = None,
    *,
    quick: bool = False,
) -> date:
    """The day on which the duty is due. `asked` is the date somebody asked for, or the date of the item itself.

    Raises ValueError where the duty counts from the date of its item and there is none.
    """
    rule = policy.duties[kind]
    days = rule.days_at(severity, quick=quick)
    if rule.counts == "date":
        if asked is None:
            raise ValueError(f"{kind} counts from the date of its item, and none was given.")
        return calendar.add(asked, days) if days else asked
    if rule.counts == "sooner":
        promised = calendar.add(calendar.today(opened_at), days)
        return min(promised, asked) if asked else promised
    return asked or calendar.add(calendar.today(opened_at), days)


def due_at(policy: Policy, kind: str, due_on: date, opened_at: datetime, calendar: Calendar) -> datetime:
    """The moment after which it is overdue: the end of its day, or sooner where minutes were promised."""
    end, minutes = calendar.end_of(due_on), policy.duties[kind].minutes
    return end if minutes is None else min(end, aware(opened_at) + timedelta(minutes=minutes))


def is_overdue(due_on: date, at: datetime, calendar: Calendar) -> bool:
    return aware(at) >= calendar.end_of(due_on)


def rungs(  # noqa: PLR0917 - the same order as `due`
    policy: Policy, kind: str, severity: int, opened_on: date, due_on: date, calendar: Calendar
) -> list[Rung]:
    """The whole ladder of a duty, in time order. A due day off work is reminded of on the last working day before it;
    on the day it was opened a duty needs no reminder yet. One that was opened late is late from that day on: whoever
    holds it now climbs the whole ladder."""
    return list(_rungs(policy.ladders[policy.duties[kind].ladder], severity, policy.line.levels, opened_on, due_on,
                       calendar))  # fmt: skip


@lru_cache(maxsize=4096)  # the duties of a day have few due days between them
def _rungs(  # noqa: PLR0917 - all of it is the key
    ladder: Ladder, severity: int, levels: int, opened_on: date, due_on: date, calendar: Calendar
) -> tuple[Rung, ...]:
    last, late = calendar.last_working(due_on), max(due_on, opened_on)
    found: list[Rung] = []
    if days := _days_before(ladder, opened_on, last, calendar):
        found.append(Rung(f"before-{days}", calendar.opening(calendar.add(last, -days))))
    if ladder.on_the_day and last > opened_on:
        found.append(Rung("on", calendar.opening(last)))
    found += [Rung(f"after+{days}", _told(late, days, calendar)) for days in ladder.after]
    if days := ladder.decision_after:
        found.append(Rung(f"decide+{days}", _told(late, days, calendar), "line", 1, decision=True))
    found += [
        Rung(f"up+{days}:{level}", _told(late, days, calendar), "line", level, decision)
        for level, (days, decision) in enumerate(_climb(ladder, severity, levels), start=1)
    ]
    return tuple(sorted(found, key=lambda rung: rung.moment))


def next_rung(  # noqa: PLR0917 - the same order as `due`
    policy: Policy,
    kind: str,
    severity: int,
    opened_on: date,
    due_on: date,
    calendar: Calendar,
    *,
    after: datetime,
) -> Rung | None:
    """The first rung later than `after`; None at the ladder's end."""
    ahead = (rung for rung in rungs(policy, kind, severity, opened_on, due_on, calendar) if rung.moment > aware(after))
    return next(ahead, None)


def briefing_due(policy: Policy, opened_at: datetime, calendar: Calendar, present_from: date | None = None) -> date:
    """A person's day to read a briefing by: their second working day (of those who were away, after they are back),
    at most seven days after it was opened."""
    opened = calendar.today(opened_at)
    days = policy.briefing.due_days
    if present_from is not None and present_from > opened:
        second = calendar.add(moved(present_from, -1), days)
    else:
        second = calendar.add(opened, days)
    return min(second, moved(opened, policy.briefing.most_days))


def watch_ends(armed_at: datetime, watch_days: int, calendar: Calendar) -> date:
    """The day a verification falls due: so many calendar days on, moved to a working day."""
    return calendar.next_working(moved(calendar.today(armed_at), watch_days))


def review_on(policy: Policy, day: date) -> date:
    """A lesson's next review, so many months on; where that month has no such day, its last one."""
    months = day.year * 12 + day.month - 1 + policy.review.months
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _days_before(ladder: Ladder, opened_on: date, last: date, calendar: Calendar) -> int:
    """How many days ahead a duty of this length is reminded of; 0 where it is not."""
    longer = [row for row in ladder.before if calendar.add(opened_on, row.longer_than) < last]
    return max(longer, key=lambda row: row.longer_than).days if longer else 0


def _climb(ladder: Ladder, severity: int, levels: int) -> list[tuple[int, bool]]:
    """Up the line: on which day each level hears, lowest first, and whether the decision itself comes with it: first
    the days that the severity names, then one level more every so many days."""
    named = [(days, False) for days in ladder.up(severity)]
    if not ladder.up_every:
        return named[:levels]
    reached = named[-1][0] if named else 0
    further = [(reached + n * ladder.up_every, True) for n in range(1, levels - len(named) + 1)]
    return [*named, *further][:levels]


def _told(due_on: date, days: int, calendar: Calendar) -> datetime:
    return calendar.opening(calendar.add(due_on, days))
