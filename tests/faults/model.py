"""Who has to be told what, reckoned a second time and by other means: day by day from the numbers of policy.toml and a
table of holidays written by hand. It asks nothing of what it judges."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import lessons.workflow

NUMBERS: Mapping[str, Any] = tomllib.loads(
    Path(lessons.workflow.__file__).with_name("policy.toml").read_text(encoding="utf-8")
)
ZONE = ZoneInfo("Asia/Jerusalem")
DAY = timedelta(days=1)
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CENTRE = 4
"""From this severity on what is late is told above the centre's manager too."""


def days(text: str) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, text.split()))


HOLIDAYS = days(
    "2026-09-12 2026-09-13 2026-09-21 2026-09-26 2026-10-03 2027-04-22 2027-04-28 2027-05-12 2027-06-11 2027-10-02 "
    "2027-10-03 2027-10-11 2027-10-16 2027-10-23"
)
HALF = days(  # Chol HaMoed
    "2026-09-27 2026-09-28 2026-09-29 2026-09-30 2026-10-01 2027-04-23 2027-04-24 2027-04-25 2027-04-26 2027-04-27 "
    "2027-10-17 2027-10-18 2027-10-19 2027-10-20 2027-10-21"
)


# ── days ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Week:
    """When a unit works, from what it and the units above it say, the nearest last."""

    says: tuple[Mapping[str, Any], ...]

    def __getitem__(self, name: str) -> Any:
        return next((said[name] for said in reversed(self.says) if name in said), NUMBERS["working_week"][name])

    def works(self, day: date) -> bool:
        off = day.isoformat() in self["closed"] or (self["country"] == "IL" and day in HOLIDAYS)
        return NAMES[day.weekday()] in self["weekdays"] and not off

    def closes(self, day: date) -> time:
        half = self["country"] == "IL" and self["short_days"] and (day in HALF or day + DAY in HOLIDAYS)
        friday = self["friday_until_noon"] and NAMES[day.weekday()] == "fri"
        return time(12) if friday else time(13) if half else time(18)

    def lets_mail_out(self, at: datetime) -> bool:
        wall = at.astimezone(ZONE)
        return self.works(wall.date()) and time(8) <= wall.time() < self.closes(wall.date())

    def on(self, day: date, working_days: int) -> date:
        """So many working days later, or earlier."""
        step = DAY if working_days > 0 else -DAY
        while working_days:
            day += step
            working_days -= (1 if step > timedelta() else -1) * self.works(day)
        return day

    def worked(self, after: date, until: date) -> int:
        return sum(self.works(after + n * DAY) for n in range(1, (until - after).days + 1))


def morning(day: date) -> datetime:
    return datetime.combine(day, time(8), ZONE)


# ── ladders ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Owed:
    """A duty as it stands: since when it is owed, and `counts_from`, when its day was set."""

    id: int
    kind: str
    severity: int
    opened_on: date
    due_on: date
    counts_from: datetime
    unit: int
    person: int | None
    role_unit: int
    excluding: frozenset[int]


@dataclass(frozen=True)
class Telling:
    """One rung: from that morning on; level 0 is the holder, further ones the line above."""

    morning: datetime
    name: str
    level: int
    decides: bool = False


def ladder(owed: Owed, week: Week, numbers: Mapping[str, Any]) -> list[Telling]:
    """All rungs of a duty in the order of their days."""
    rule = {"after": [], "before": [], "decision_after": 0, **numbers}
    last = owed.due_on
    while not week.works(last):
        last -= DAY
    found = []
    long = [row for row in rule["before"] if week.worked(owed.opened_on, last) > row["longer_than"]]
    if long:
        ahead = max(long, key=lambda row: row["longer_than"])["days"]
        found.append(Telling(morning(week.on(last, -ahead)), f"before-{ahead}", 0))
    if rule.get("on_the_day") and last > owed.opened_on:
        found.append(Telling(morning(last), "on", 0))
    late = max(owed.due_on, owed.opened_on)
    found += [Telling(morning(week.on(late, n)), f"after+{n}", 0) for n in rule["after"]]
    if n := rule["decision_after"]:
        found.append(Telling(morning(week.on(late, n)), f"decide+{n}", 1, decides=True))
    found += [Telling(morning(week.on(late, n)), f"up+{n}:{level}", level, d) for level, n, d in up(rule, owed)]
    return sorted(found, key=lambda telling: telling.morning)


def up(rule: Mapping[str, Any], owed: Owed) -> Iterable[tuple[int, int, bool]]:
    """(level, working days late, whether it decides)."""
    grade = {4: "up_severity4", 3: "up_severity3"}.get(owed.severity, "up_severity1_2")
    named = list(rule.get(grade, ()))
    most = NUMBERS["line"]["levels"]
    yield from ((level, n, False) for level, n in enumerate(named[:most], start=1))
    if every := rule.get("up_every", 0):
        last = named[-1] if named else 0
        for more in range(1, most - len(named) + 1):
            yield len(named) + more, last + more * every, True


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Places:
    """The organisation as a tree of ids: each unit's parent, its calendar and numbers, its manager; where people are;
    who stands in for whom from when until when."""

    parents: Mapping[int, int | None]
    calendars: Mapping[int, Mapping[str, Any]]
    numbers: Mapping[int, Mapping[str, Any]]
    managers: Mapping[int, int]
    homes: Mapping[int, int]
    absences: tuple[tuple[int, int, date, date], ...]

    def above(self, unit: int | None) -> list[int]:
        return [] if unit is None else [unit, *self.above(self.parents[unit])]

    def week(self, unit: int) -> Week:
        return Week(tuple(self.calendars[one] for one in reversed(self.above(unit))))

    def ladder_of(self, owed: Owed) -> list[Telling]:
        name = NUMBERS["duties"][owed.kind].get("ladder", "usual")
        rule = dict(NUMBERS["ladders"][name])
        for unit in reversed(self.above(owed.unit)):
            own = self.numbers[unit].items()
            rule |= {key.rpartition(".")[2]: value for key, value in own if key.startswith(f"ladders.{name}.")}
        return ladder(owed, self.week(owed.unit), rule)

    def holders(self, owed: Owed) -> list[int]:
        if owed.person is not None:
            return [owed.person]
        return [who for who in (self.managers[owed.role_unit],) if who not in owed.excluding]

    def line(self, owed: Owed) -> list[int]:
        """Managers upwards, nobody twice, up to the centre's or at severity 4 to the top."""
        holders = self.holders(owed)
        path = self.above(self.homes[owed.person] if owed.person is not None else owed.role_unit)
        if owed.severity < CENTRE:
            if {self.managers[unit] for unit in path[-2:]} & set(holders):
                return []
            path = path[:-1] if len(path) > 1 else path
        return [self.managers[unit] for unit in path if self.managers[unit] not in holders]

    def hears(self, owed: Owed, telling: Telling) -> list[int]:
        """What nobody may do is told to the first above from its first late day; what nobody above decides, to whoever
        holds it."""
        line, holders, level = self.line(owed), self.holders(owed), telling.level
        if not holders and telling.name.startswith("after"):
            level = 1
        if not level:
            return holders
        if level <= len(line):
            return [line[level - 1]]
        return holders if telling.decides and level == 1 else []

    def told(self, owed: Owed, since: datetime, at: datetime) -> dict[int, str]:
        """Who hears which rung of those that came after `since`: each person the latest, and whoever stands in for
        them today the same."""
        heard: dict[int, str] = {}
        for telling in self.ladder_of(owed):
            if max(since, owed.counts_from) < telling.morning <= at:
                heard |= dict.fromkeys(self.hears(owed, telling), telling.name)
        today = at.astimezone(ZONE).date()
        for who, name in list(heard.items()):
            for absent, delegate, first, last in self.absences:
                if absent == who and first <= today <= last and delegate not in owed.excluding:
                    heard.setdefault(delegate, name)
        return heard
