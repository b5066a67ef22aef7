"""The policy in force: policy.toml, an installation's file laid over it, a unit's own numbers over both."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, ValidationError

from lessons.settings import SettingsError
from lessons.workdays import DAY_NAMES, Calendar
from lessons.workflow import policy_tables as tables
from lessons.workflow.policy_tables import CalendarDays, Ladder, Name, Numbers, Rule
from lessons.workflow.policy_text import Fault, PolicyError, Source, faults_of, nested, overlaid, printed, read, unknown

__all__ = ["KINDS", "Fault", "Policy", "PolicyError", "effective"]

BUILT_IN = Path(__file__).with_name("policy.toml")
KINDS: tuple[str, ...] = tuple(read(BUILT_IN)[1]["duties"])
M = TypeVar("M", bound=Numbers)


def _known(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(unknown(kind, KINDS))
    return kind


Kind = Annotated[str, AfterValidator(_known)]


class Policy(Numbers):
    """Every number that the process promises. Made by Policy.load, narrowed by for_unit; never changed."""

    working_week: tables.WorkingWeek
    mail: tables.Mail
    duties: dict[Kind, Rule]
    ladders: dict[Name, Ladder]
    line: tables.Line
    watch_days: dict[Name, CalendarDays]
    presets: tables.Presets
    recurrence: tables.Recurrence
    cases: tables.Cases
    kept: tables.Kept
    search: tables.Search
    outdated: tables.Outdated
    risk: tables.Risk
    team_experience: tables.TeamExperience
    review: tables.Review
    briefing: tables.Briefing
    shares: tables.Shares
    action: tables.Action
    extension: tables.Extension
    sample: tables.Sample
    small_unit: tables.SmallUnit

    @classmethod
    def load(cls, path: Path | None = None) -> Policy:
        """The built-in policy, overlaid by an installation's file. Raises PolicyError naming every fault in it."""
        if path is None:
            return _built_in()
        source, values = read(path)
        return _checked(overlaid(_built_in().model_dump(exclude_none=True), values), source)

    @classmethod
    def check(cls, path: Path | None) -> None:
        """An installation's numbers are told of at start and not when the first date is reckoned. Raises
        SettingsError with file, line and key."""
        try:
            cls.load(path)
        except PolicyError as error:
            raise SettingsError(f"LESSONS_POLICY: {error}") from None

    def for_unit(self, overrides: Mapping[str, Any]) -> Policy:
        """This policy with a unit's own numbers, nested or dotted ("risk.days": 60). Raises PolicyError."""
        if not overrides:
            return self
        return _checked(overlaid(self.model_dump(exclude_none=True), nested(overrides)), Source("unit"))

    def calendar(self, zone: str, choices: Mapping[str, Any] | None = None) -> Calendar:
        """A unit's calendar: the working week, with the unit's own `choices` of its names, and the hours of mail.
        Raises PolicyError, and ValueError for a zone that is not known."""
        week = self.working_week
        if choices:
            week = _valid(tables.WorkingWeek, overlaid(week.model_dump(), choices), Source("calendar"))
        hours = self.mail.model_dump(exclude={"severity4_breaks_quiet_hours"})
        days = week.model_dump(include={"country", "short_days", "friday_until_noon"})
        weekdays = frozenset(DAY_NAMES.index(name) for name in week.weekdays)
        return Calendar(zone=zone, weekdays=weekdays, closed=frozenset(week.closed), **days, **hours)


def effective(policy: Policy) -> str:
    """The policy in force as TOML that loads again, with a note wherever it differs from the built-in one."""
    built_in = _built_in()
    names = overlaid(built_in.model_dump(exclude_defaults=True), policy.model_dump(exclude_defaults=True))
    return printed(_only(policy.model_dump(), names), _only(built_in.model_dump(), names))


def _only(values: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """Of `values` what `names` has too; a number at its default stays unsaid."""
    return {
        name: _only(values[name], row) if isinstance(row, Mapping) else values[name]
        for name, row in names.items()
        if values.get(name) is not None
    }


def _checked(values: Mapping[str, Any], source: Source) -> Policy:
    policy = _valid(Policy, values, source)
    faults = [
        source.fault(("duties", kind, "ladder"), unknown(rule.ladder, policy.ladders))
        for kind, rule in policy.duties.items()
        if rule.ladder not in policy.ladders
    ]
    if faults:
        raise PolicyError(faults)
    return policy


def _valid(model: type[M], values: Mapping[str, Any], source: Source) -> M:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise PolicyError(faults_of(error, model, source)) from None


@cache
def _built_in() -> Policy:
    source, values = read(BUILT_IN)
    return _checked(values, source)
