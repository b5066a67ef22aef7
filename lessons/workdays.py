"""The only module that knows which days are worked, when a day ends, and when mail may leave. Pure.

Every datetime is aware, UTC comes out; a naive one is refused. Weekdays are Python's numbers: Monday 0 … Sunday 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SUNDAY_TO_THURSDAY = frozenset({6, 0, 1, 2, 3})
FRIDAY = 4
CHOL_HAMOED = "חול המועד"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days and mail hours of a unit.

    `weekdays` decides which days are worked; `friday_until_noon` says only that where Friday is worked its mail stops
    at `friday_closes`. `country` gives days without work ("" gives none); in Israel, with `short_days`, holiday eves
    and Chol HaMoed are short: they count as working days and their mail stops at `short_closes`. Hours are wall time.
    """

    zone: str = "Asia/Jerusalem"
    weekdays: frozenset[int] = SUNDAY_TO_THURSDAY
    country: str = "IL"
    short_days: bool = True
    closed: frozenset[date] = frozenset()
    friday_until_noon: bool = True
    opens: time = time(8)
    closes: time = time(18)
    friday_closes: time = time(12)
    short_closes: time = time(13)

    def __post_init__(self) -> None:
        zone_named(self.zone)
        if not self.weekdays or not self.weekdays <= set(range(7)):
            raise ValueError("A calendar needs at least one working weekday, Monday 0 to Sunday 6.")
        if self.country and self.country not in countries():
            raise ValueError(f"The holidays of {self.country!r} are not known; a code such as IL or GB-ENG is needed.")
        if not self.opens < min(self.closes, self.friday_closes, self.short_closes):
            raise ValueError("Mail hours have to open before they close, on short days too.")

    def is_working(self, day: date) -> bool:
        free = day in self.closed or day in _holidays(self.country, day.year)
        return day.weekday() in self.weekdays and not free

    def is_short(self, day: date) -> bool:
        """A working day that ends early: the eve of a holiday, or Chol HaMoed."""
        if not self.short_days or self.country != "IL" or not self.is_working(day):
            return False
        tomorrow = moved(day, 1)
        return day in _chol_hamoed(day.year) or tomorrow in _holidays(self.country, tomorrow.year)

    def days_off(self, first: date, last: date, language: str) -> list[tuple[date, str, str]]:
        """Days of these that differ though their weekday is worked: (day, name, `off`, `short` or `eve`). An eve has
        the name of its holiday, a day closed by hand none."""
        days = (first + n * ONE_DAY for n in range((last - first).days + 1))
        return [
            (day, *self._called(day, language))
            for day in days
            if day.weekday() in self.weekdays and (not self.is_working(day) or self.is_short(day))
        ]

    def _called(self, day: date, language: str) -> tuple[str, str]:
        own = holiday_names(self.country, day.year, language).get(day, "")
        if not self.is_short(day):
            return own, "off"
        tomorrow = moved(day, 1)
        return (
            (own, "short") if own else (holiday_names(self.country, tomorrow.year, language).get(tomorrow, ""), "eve")
        )

    def next_working(self, day: date) -> date:
        """The day itself if it is worked, else the first one after it."""
        while not self.is_working(day):
            day = moved(day, 1)
        return day

    def last_working(self, day: date) -> date:
        """The day itself if it is worked, else the last one before it."""
        while not self.is_working(day):
            day = moved(day, -1)
        return day

    def week_of(self, day: date) -> date:
        """The first day of its week: Sunday where Sundays are worked, else Monday."""
        first = 6 if 6 in self.weekdays else 0
        return day - timedelta(days=(day.weekday() - first) % 7)

    def add(self, day: date, n: int) -> date:
        """`n` working days on, or back where `n` is negative. From a day off the first working day after it is the
        first; 0 days on is the day itself, or from a day off the next working day."""
        if n == 0:
            return self.next_working(day)
        for _ in range(abs(n)):
            day = self.next_working(moved(day, 1)) if n > 0 else self.last_working(moved(day, -1))
        return day

    def between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative where `last` is earlier, so that
        between(day, add(day, n)) is n."""
        if last < first:
            return -sum(self.is_working(last + n * ONE_DAY) for n in range((first - last).days))
        return sum(self.is_working(first + n * ONE_DAY) for n in range(1, (last - first).days + 1))

    def start_of(self, day: date) -> datetime:
        """The first moment of the day there; where summer time skips midnight, the moment it skips to."""
        return resolve_local(datetime.combine(day, time()), self.zone)[0]

    def end_of(self, day: date) -> datetime:
        """The moment the next day begins there: whatever is due that day is overdue from then on."""
        return datetime.max.replace(tzinfo=UTC) if day == date.max else self.start_of(day + ONE_DAY)

    def local(self, at: datetime) -> datetime:
        """The moment on the clock of the wall there, still aware."""
        return aware(at).astimezone(zone_named(self.zone))

    def today(self, at: datetime) -> date:
        return self.local(at).date()

    def opening(self, day: date) -> datetime:
        """When mail may first leave on a working day."""
        return self.mail_hours(day)[0]

    def mail_window(self, at: datetime) -> tuple[datetime, datetime] | None:
        """When mail may leave on the day of `at`, its end excluded; None where that day is not worked."""
        day = self.today(at)
        return self.mail_hours(day) if self.is_working(day) else None

    def next_mail_moment(self, at: datetime, severity4_may_break: bool = False) -> datetime:
        """`at` itself where mail may leave then, else the next opening. Severity 4 waits for nothing where the unit
        says so: then `severity4_may_break` is true."""
        at = aware(at).astimezone(UTC)
        if severity4_may_break:
            return at
        day = self.next_working(self.today(at))
        opens, closes = self.mail_hours(day)
        return max(at, opens) if at < closes else self.opening(self.add(day, 1))

    def mail_hours(self, day: date) -> tuple[datetime, datetime]:
        """When mail may leave on a working day, its end excluded. Raises ValueError on any other."""
        if not self.is_working(day):
            raise ValueError(f"No mail leaves on {day.isoformat()}: it is not a working day.")
        closes = self.closes
        if self.is_short(day):
            closes = min(closes, self.short_closes)
        if self.friday_until_noon and day.weekday() == FRIDAY:
            closes = min(closes, self.friday_closes)
        opens, until = (resolve_local(datetime.combine(day, hour), self.zone)[0] for hour in (self.opens, closes))
        return opens, until


def resolve_local(wall: datetime, zone: str) -> tuple[datetime, bool]:
    """The moment a wall clock in `zone` shows `wall`, and whether it had to be moved.

    A time that summer time skips moves on by what was skipped (02:30 becomes 03:30); of a time that comes twice the
    first is meant.
    """
    if wall.tzinfo is not None:
        raise ValueError("A wall clock's time carries no zone of its own.")
    moment = wall.replace(tzinfo=zone_named(zone), fold=0).astimezone(UTC)
    shown = moment.astimezone(zone_named(zone)).replace(tzinfo=None, fold=0)
    return moment, shown != wall.replace(fold=0)


def happens_twice(wall: datetime, zone: str) -> bool:
    """Whether the clock in `zone` shows `wall` a second time, because summer time ends."""
    first, moved_on = resolve_local(wall, zone)
    again = wall.replace(tzinfo=zone_named(zone), fold=1).astimezone(UTC)
    return again != first and not moved_on


def offset(at: datetime, zone: str) -> str:
    """The distance from UTC at that moment, as it is shown beside a time that comes twice: +03:00."""
    return aware(at).astimezone(zone_named(zone)).isoformat()[-6:]


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that name. Raises ValueError in words."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"No time zone is called {name!r}; a name such as Asia/Jerusalem is needed.") from None


def aware(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError("A moment needs its zone: this datetime is naive.")
    return at


def moved(day: date, days: int) -> date:
    """Calendar days on or back. Raises ValueError where no calendar reaches."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise ValueError(f"No calendar reaches {days:+d} days from {day.isoformat()}.") from None


def holidays_version() -> str:
    """Of the library that knows the holidays: another one may know others."""
    from importlib.metadata import version

    return version("holidays")


@cache
def countries() -> frozenset[str]:
    """The countries whose holidays are known (IL), and their parts (GB-ENG)."""
    import holidays

    known = holidays.list_supported_countries()
    return frozenset(known) | {f"{country}-{part}" for country, parts in known.items() for part in parts}


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    import holidays

    if not country:
        return frozenset()
    code, _, part = country.partition("-")
    days = holidays.country_holidays(code, part or None, years=year, expand=False, categories=("public",))
    return frozenset(days)


@cache
def holiday_names(country: str, year: int, language: str) -> dict[date, str]:
    """What the days are called, those of Chol HaMoed among them; in the country's own language where there is no
    other."""
    import holidays

    if not country:
        return {}
    code, _, part = country.partition("-")
    kinds = ("public", "optional") if code == "IL" else ("public",)
    spoken = {"he": "he", "en": "en_US"}.get(language, language)
    try:
        days = holidays.country_holidays(
            code, part or None, years=year, expand=False, categories=kinds, language=spoken
        )
    except ValueError:
        days = holidays.country_holidays(code, part or None, years=year, expand=False, categories=kinds)
    return {day: name.split(";")[0] for day, name in days.items()}


@cache
def _chol_hamoed(year: int) -> frozenset[date]:
    import holidays

    # Without `language` the names come in whatever language the machine speaks.
    optional = holidays.country_holidays("IL", years=year, expand=False, categories=("optional",), language="he")
    return frozenset(day for day, name in optional.items() if CHOL_HAMOED in name)
