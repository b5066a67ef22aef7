"""The tables of policy.toml, typed: what may be written there, in which unit and range, and how it is looked up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time
from math import ceil
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import model_validator as whole

from lessons.i18n import Sentence, say
from lessons.workdays import countries


def _written_as(kind: type[date | time], sentence: Sentence) -> Callable[[object], object]:
    """TOML has days and hours of its own; JSON writes them as text. A bare number is neither."""

    def taken(given: object) -> object:
        try:
            value = kind.fromisoformat(given) if isinstance(given, str) else given
        except ValueError:
            value = None
        if type(value) is not kind or getattr(value, "tzinfo", None):
            raise ValueError(sentence)
        return value

    return taken


def _rising(days: tuple[int, ...]) -> tuple[int, ...]:
    if any(later <= sooner for sooner, later in zip((0, *days), days, strict=False)):
        raise ValueError(say("The days of a ladder rise, from 1 on."))
    return days


def _country(code: str) -> str:
    if code not in ("", "IL") and code not in countries():
        raise ValueError(say("The holidays of this country are not known; a code such as IL or GB-ENG is expected."))
    return code


WorkingDays = Annotated[int, Field(strict=True, ge=0, le=260)]
CalendarDays = Annotated[int, Field(strict=True, ge=1, le=730)]
KeptDays = Annotated[int, Field(strict=True, ge=30, le=3650)]
Count = Annotated[int, Field(strict=True, ge=1, le=1000)]
Share = Annotated[float, Field(strict=True, gt=0, le=1)]
Weight = Annotated[float, Field(ge=0, le=1)]
YesOrNo = Annotated[bool, Field(strict=True)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$", max_length=40)]
Country = Annotated[str, AfterValidator(_country)]
Day = Annotated[date, BeforeValidator(_written_as(date, say("A day is expected, such as 2026-08-16.")))]
Hour = Annotated[time, BeforeValidator(_written_as(time, say("An hour is expected, such as 08:00:00.")))]
Rising = Annotated[tuple[WorkingDays, ...], AfterValidator(_rising)]
DayName = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Button = Literal["new_date", "hand_over", "cancel", "accept_risk"]


class Numbers(BaseModel):
    """A table of the policy: nothing may be in it that is not named here."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class WorkingWeek(Numbers):
    """Which days are worked; see lessons.workdays.Calendar."""

    weekdays: Annotated[tuple[DayName, ...], Field(min_length=1)]
    country: Country
    short_days: YesOrNo
    friday_until_noon: YesOrNo
    closed: tuple[Day, ...] = ()


class Mail(Numbers):
    """When mail leaves: wall time of the unit, on its working days."""

    opens: Hour
    closes: Hour
    friday_closes: Hour
    short_closes: Hour
    severity4_breaks_quiet_hours: YesOrNo

    @whole(mode="after")
    def opens_before_it_closes(self) -> Self:
        if not self.opens < min(self.closes, self.friday_closes, self.short_closes):
            raise ValueError(say("Mail hours have to open before they close, on short days too."))
        return self


class Rule(Numbers):
    """What a duty owes: `days` working days, 0 the same day, `severity4` at severity 4; `minutes` a sooner promise."""

    days: WorkingDays
    severity4: WorkingDays
    counts: Literal["opened", "date", "sooner"] = "opened"
    quick: WorkingDays | None = None
    minutes: Annotated[int, Field(strict=True, ge=1, le=1440)] | None = None
    ladder: Name = "usual"
    decision: tuple[Button, ...] = ()
    mail: YesOrNo = True

    def days_at(self, severity: int, *, quick: bool = False) -> int:
        if quick and self.quick is not None:
            return self.quick
        return self.severity4 if severity >= 4 else self.days


class Before(Numbers):
    """A duty longer than `longer_than` working days is reminded of `days` before its day."""

    longer_than: WorkingDays
    days: Annotated[int, Field(strict=True, ge=1, le=260)]

    @whole(mode="after")
    def comes_after_the_opening(self) -> Self:
        if self.days > self.longer_than:
            few = say("Here a reminder comes at most %(n)s days early, or else before its duty is opened.")
            raise ValueError(few.with_(n=self.longer_than))
        return self


class Ladder(Numbers):
    """Reminders of a duty, in working days from its due day; a list left out is empty, a 0 never happens."""

    before: tuple[Before, ...] = ()
    on_the_day: YesOrNo = False
    after: Rising = ()
    decision_after: WorkingDays = 0
    up_severity4: Rising = ()
    up_severity3: Rising = ()
    up_severity1_2: Rising = ()
    up_every: WorkingDays = 0

    def up(self, severity: int) -> tuple[int, ...]:
        """Days after the due day on which the line is told, each time one level higher."""
        return self.up_severity4 if severity >= 4 else self.up_severity3 if severity == 3 else self.up_severity1_2


class Line(Numbers):
    """How far up a duty climbs: at most `levels`; above the centre's manager only from that severity (1–4) on."""

    levels: Annotated[int, Field(strict=True, ge=1, le=20)]
    above_centre_from_severity: Annotated[int, Field(strict=True, ge=1, le=4)]


class Preset(Numbers):
    """A ready plan of verification: `days` calendar days of watching; of the rest only what its method looks at."""

    days: CalendarDays
    cases: Annotated[int, Field(strict=True, ge=0, le=1000)] | None = None
    people: Count | None = None
    audience_share: Share | None = None
    misfit_share: Share | None = None
    sample: Count | None = None

    def users_needed(self, audience: int) -> int:
        """How many people have to have used it: `people`, or that share of a smaller audience."""
        return min(self.people or 0, _share_of(audience, self.audience_share or 0))


class Presets(Numbers):
    """The plans that a form offers by name."""

    did_not_come_back: Preset
    floor_says: Preset
    sample: Preset
    before_after: Preset

    def __getitem__(self, name: str) -> Preset:
        found: Preset = getattr(self, name)
        return found


class Recurrence(Numbers):
    """`cases` confirmed in `days` calendar days mean that it came back, and at least that share of a known rate."""

    cases: Count
    days: CalendarDays
    share_of_rate_before: Share
    severity4_cases: Count

    def limit(self, severity: int) -> int:
        return self.severity4_cases if severity >= 4 else self.cases


class Cases(Numbers):
    """How long a case's text is kept, and within how many days the same customer's next one is a repeat; calendar
    days."""

    text_days: CalendarDays
    repeat_days: CalendarDays


class Kept(Numbers):
    """How long what served its purpose is kept about people, calendar days: a month at least, for whoever asks."""

    sign_ins: KeptDays
    keys: KeptDays
    notices: KeptDays
    letters: KeptDays
    searches: KeptDays


class Search(Numbers):
    """By how much a lesson counts more or less among those that answer about as well; 0 switches a weight off."""

    proved: Weight
    in_doubt: Weight
    fresh: Weight
    fresh_days: CalendarDays
    useful: Weight
    own_unit: Weight
    newcomer: Weight


class Outdated(Numbers):
    """Flags of readers within `days` calendar days that make a lesson due for review."""

    least: Count
    share: Share
    most: Count
    days: CalendarDays

    def flags(self, audience: int) -> int:
        return min(self.most, max(self.least, _share_of(audience, self.share)))


class Risk(Numbers):
    """How long an accepted risk holds, calendar days."""

    days: CalendarDays
    most_days: CalendarDays

    @whole(mode="after")
    def is_within_the_most(self) -> Self:
        if self.days > self.most_days:
            raise ValueError(say("A risk is accepted for at most most_days: days cannot be more."))
        return self


class TeamExperience(Numbers):
    """How long a team's experience holds, calendar days, and how often it is renewed."""

    days: CalendarDays
    renewals: Annotated[int, Field(strict=True, ge=0, le=10)]


class Review(Numbers):
    """A lesson's next review, in months, where nobody chose a date."""

    months: Annotated[int, Field(strict=True, ge=1, le=60)]


class Briefing(Numbers):
    """`due_days`, `decision_after`, `proceed_after` working days; `most_days` calendar days after its opening."""

    due_days: WorkingDays
    most_days: CalendarDays
    decision_after: WorkingDays
    proceed_after: WorkingDays


class Shares(Numbers):
    """The share of an audience that has to have read it, above 0 and at most 1."""

    usual: Share
    regulated: Share
    tip: Share


class Action(Numbers):
    """The due dates that a form offers, in working days."""

    chips: Rising


class Extension(Numbers):
    """How many working days one extension gives at most; from the how manieth on the unit's manager decides."""

    most_days: Annotated[int, Field(strict=True, ge=1, le=260)]
    manager_from: Count


class Sample(Numbers):
    """Fewer cases or calls than this are never a clear result."""

    least: Count


class SmallUnit(Numbers):
    """Only with fewer active people may a unit be marked small."""

    below: Count


def _share_of(audience: int, share: float) -> int:
    """That share of an audience as whole people; 5 % of 41 is 3."""
    return ceil(round(audience * share, 6))
