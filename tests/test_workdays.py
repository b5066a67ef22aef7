from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.workdays import Calendar

JERUSALEM = "Asia/Jerusalem"
CENTRE = Calendar()
FRIDAYS_TOO = Calendar(weekdays=CENTRE.weekdays | {4})
LONDON = Calendar(zone="Europe/London", weekdays=frozenset(range(5)), country="GB", friday_until_noon=False)
CLOCKS_CHANGE = [date(2026, 3, 27), date(2026, 10, 25), date(2027, 3, 26), date(2027, 10, 31)]

days = st.dates(date(2024, 1, 1), date(2030, 12, 31))
calendars = st.builds(
    Calendar,
    zone=st.sampled_from([JERUSALEM, "Europe/London", "America/Havana", "Pacific/Auckland", "UTC"]),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
    country=st.sampled_from(["IL", "GB", ""]),
    short_days=st.booleans(),
    closed=st.frozensets(days, max_size=5),
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(wall: str, zone: str = JERUSALEM) -> datetime:
    """The moment a clock there shows that time."""
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


# ---------------------------------------------------------------- which days are worked


@pytest.mark.parametrize(
    "off",
    [
        "2026-08-28",  # a Friday
        "2026-08-29",  # a Saturday
        "2026-04-02",  # Pesach
        "2026-04-08",  # its seventh day
        "2026-04-22",  # Independence Day
        "2026-09-13",  # the second day of Rosh Hashana
        "2026-09-21",  # Yom Kippur
        "2027-04-22",  # Pesach
        "2027-10-03",  # the second day of Rosh Hashana
    ],
)
def test_weekends_and_holidays_are_not_worked(off: str) -> None:
    assert not CENTRE.is_working(day(off))
    assert not CENTRE.is_short(day(off))


@pytest.mark.parametrize(
    "short",
    [
        "2026-04-01",  # the eve of Pesach
        "2026-04-05",  # Chol HaMoed
        "2026-04-07",  # Chol HaMoed and the eve of the seventh day
        "2026-04-21",  # Remembrance Day, the eve of Independence Day
        "2026-09-20",  # the eve of Yom Kippur
        "2026-09-27",  # Chol HaMoed of Sukkot
        "2027-04-21",  # the eve of Pesach
        "2027-10-10",  # the eve of Yom Kippur
    ],
)
def test_holiday_eves_and_chol_hamoed_are_worked_and_short(short: str) -> None:
    assert CENTRE.is_working(day(short))
    assert CENTRE.is_short(day(short))


@pytest.mark.parametrize("ordinary", ["2026-08-30", "2026-03-03", "2026-07-23", "2026-11-09", "2026-12-07"])
def test_purim_hanukkah_and_the_ninth_of_av_are_ordinary_days(ordinary: str) -> None:
    assert CENTRE.is_working(day(ordinary))
    assert not CENTRE.is_short(day(ordinary))


def test_a_unit_may_work_holiday_eves_in_full() -> None:
    assert not Calendar(short_days=False).is_short(day("2026-04-01"))


def test_the_language_of_the_machine_does_not_move_a_holiday(monkeypatch: pytest.MonkeyPatch) -> None:
    from lessons.workdays import _chol_hamoed

    monkeypatch.setenv("LANGUAGE", "en_US")
    _chol_hamoed.cache_clear()
    assert CENTRE.is_short(day("2026-04-06"))


def test_a_unit_closes_on_days_of_its_own() -> None:
    closed = Calendar(closed=frozenset({day("2026-08-16")}))
    assert not closed.is_working(day("2026-08-16"))
    assert closed.add(day("2026-08-13"), 1) == day("2026-08-17")


def test_other_countries_have_their_own_week_and_holidays_and_no_short_days() -> None:
    assert LONDON.is_working(day("2026-09-11"))
    assert not LONDON.is_working(day("2026-12-28"))  # Boxing Day, moved
    assert not LONDON.is_short(day("2026-12-24"))
    england = Calendar(zone="Europe/London", weekdays=LONDON.weekdays, country="GB-ENG")
    assert LONDON.is_working(day("2026-08-31"))
    assert not england.is_working(day("2026-08-31"))  # the late summer bank holiday is England's own


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"weekdays": frozenset()}, "at least one working weekday"),
        ({"weekdays": frozenset({7})}, "at least one working weekday"),
        ({"zone": "Asia/Yerushalaim"}, "No time zone is called"),
        ({"country": "XX"}, "'XX' are not known"),
        ({"short_closes": time(8)}, "open before they close"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Calendar(**wrong)


# ---------------------------------------------------------------- counting


@pytest.mark.parametrize(
    ("start", "n", "lands"),
    [
        ("2026-08-30", 0, "2026-08-30"),
        ("2026-08-29", 0, "2026-08-30"),  # Saturday: the next working day
        ("2026-08-29", 1, "2026-08-30"),  # the first working day after a Saturday is Sunday
        ("2026-09-03", 1, "2026-09-06"),  # Thursday to Sunday
        ("2026-09-10", 1, "2026-09-14"),  # over Rosh Hashana
        ("2026-09-20", 1, "2026-09-22"),  # over Yom Kippur
        ("2026-09-24", 3, "2026-09-29"),  # Chol HaMoed counts
        ("2027-04-20", 3, "2027-04-26"),  # the eve of Pesach counts, Pesach does not
        ("2026-09-14", -1, "2026-09-10"),
        ("2026-08-29", -1, "2026-08-27"),
        ("2026-09-22", -2, "2026-09-17"),
    ],
)
def test_working_days_are_counted_over_weekends_and_holidays(start: str, n: int, lands: str) -> None:
    assert CENTRE.add(day(start), n) == day(lands)


def test_between_counts_the_last_day_and_not_the_first() -> None:
    assert CENTRE.between(day("2026-09-10"), day("2026-09-14")) == 1
    assert CENTRE.between(day("2026-09-14"), day("2026-09-10")) == -1
    assert CENTRE.between(day("2026-09-10"), day("2026-09-10")) == 0
    assert CENTRE.between(day("2026-08-29"), day("2026-08-30")) == 1


def test_the_last_working_day_before_a_holiday_is_its_eve() -> None:
    assert CENTRE.last_working(day("2026-04-02")) == day("2026-04-01")
    assert CENTRE.last_working(day("2026-04-01")) == day("2026-04-01")


@given(calendars, days, st.integers(0, 40))
def test_so_many_days_on_and_as_many_back_is_where_one_started(calendar: Calendar, start: date, n: int) -> None:
    start = calendar.next_working(start)
    assert calendar.add(calendar.add(start, n), -n) == start
    assert calendar.between(start, calendar.add(start, n)) == n


@given(calendars, days, st.integers(-40, 40))
def test_counting_never_lands_on_a_day_off_and_agrees_with_between(calendar: Calendar, start: date, n: int) -> None:
    landed = calendar.add(start, n)
    assert calendar.is_working(landed)
    if n:
        assert calendar.between(start, landed) == n


@given(calendars, days, st.integers(-20, 20), st.integers(0, 10), st.integers(0, 10))
def test_later_starts_and_more_days_never_end_sooner(
    calendar: Calendar, start: date, n: int, later: int, more: int
) -> None:
    landed = calendar.add(start, n)
    assert calendar.add(start + timedelta(days=later), n) >= landed
    assert calendar.add(start, n + more) >= landed


def test_where_no_calendar_reaches_it_says_so() -> None:
    with pytest.raises(ValueError, match="No calendar reaches"):
        CENTRE.add(date.max, 1)
    assert CENTRE.end_of(date.max) == datetime.max.replace(tzinfo=UTC)


# ---------------------------------------------------------------- when a day begins and ends


@pytest.mark.parametrize(("changes", "hours"), list(zip(CLOCKS_CHANGE, [23, 25, 23, 25], strict=True)))
def test_a_day_on_which_clocks_change_is_an_hour_shorter_or_longer(changes: date, hours: int) -> None:
    assert CENTRE.end_of(changes) - CENTRE.start_of(changes) == timedelta(hours=hours)


@given(calendars, days)
def test_a_day_ends_when_the_next_begins_there(calendar: Calendar, one: date) -> None:
    end = calendar.end_of(one)
    assert end.tzinfo is UTC
    assert end == calendar.start_of(one + timedelta(days=1))
    assert calendar.today(end) == one + timedelta(days=1)
    assert calendar.today(end - timedelta(microseconds=1)) == one
    assert calendar.today(calendar.start_of(one)) == one


def test_a_promise_ends_at_midnight_of_its_zone_not_of_greenwich() -> None:
    assert CENTRE.end_of(day("2026-08-30")) == datetime(2026, 8, 30, 21, tzinfo=UTC)
    assert CENTRE.end_of(day("2026-12-30")) == datetime(2026, 12, 30, 22, tzinfo=UTC)
    assert CENTRE.today(datetime(2026, 8, 30, 21, tzinfo=UTC)) == day("2026-08-31")


def test_where_summer_time_skips_midnight_the_day_begins_at_one() -> None:
    beirut = Calendar(zone="Asia/Beirut", country="")
    assert beirut.local(beirut.start_of(day("2026-03-29"))).time() == time(1)
    assert beirut.end_of(day("2026-03-28")) == beirut.start_of(day("2026-03-29"))


@pytest.mark.parametrize("ask", [CENTRE.today, CENTRE.local, CENTRE.mail_window, CENTRE.next_mail_moment])
def test_a_moment_without_a_zone_is_refused(ask: object) -> None:
    with pytest.raises(ValueError, match="naive"):
        ask(datetime(2026, 8, 30, 9))  # noqa: DTZ001 - that is what is refused


# ---------------------------------------------------------------- when mail leaves


@pytest.mark.parametrize(
    ("calendar", "asked", "leaves"),
    [
        (CENTRE, "2026-08-30T12:00", "2026-08-30T12:00"),
        (CENTRE, "2026-08-30T06:00", "2026-08-30T08:00"),
        (CENTRE, "2026-08-30T17:59", "2026-08-30T17:59"),
        (CENTRE, "2026-08-30T18:00", "2026-08-31T08:00"),
        (CENTRE, "2026-08-27T18:30", "2026-08-30T08:00"),  # Thursday evening
        (CENTRE, "2026-08-28T09:00", "2026-08-30T08:00"),  # Friday
        (FRIDAYS_TOO, "2026-08-28T09:00", "2026-08-28T09:00"),
        (FRIDAYS_TOO, "2026-08-28T12:00", "2026-08-30T08:00"),  # until noon
        (CENTRE, "2026-04-01T12:59", "2026-04-01T12:59"),  # the eve of Pesach
        (CENTRE, "2026-04-01T13:00", "2026-04-05T08:00"),  # over Pesach, Friday and Saturday
        (FRIDAYS_TOO, "2026-04-01T13:00", "2026-04-03T08:00"),
        (CENTRE, "2026-03-26T19:00", "2026-03-29T08:00"),  # clocks change on the Friday between
        (CENTRE, "2026-10-25T07:00", "2026-10-25T08:00"),  # clocks changed this morning
        (CENTRE, "2026-10-24T23:00", "2026-10-25T08:00"),
        (CENTRE, "2027-03-25T20:00", "2027-03-28T08:00"),
        (CENTRE, "2027-10-31T01:30", "2027-10-31T08:00"),
    ],
)
def test_mail_leaves_in_the_hours_of_working_days_only(calendar: Calendar, asked: str, leaves: str) -> None:
    assert calendar.next_mail_moment(at(asked)) == at(leaves)


def test_a_full_friday_elsewhere_has_mail_until_six() -> None:
    friday = at("2026-08-28T14:00", "Europe/London")
    assert LONDON.next_mail_moment(friday) == friday


def test_a_day_off_has_no_mail_hours_and_a_short_day_fewer() -> None:
    assert CENTRE.mail_window(at("2026-08-29T10:00")) is None
    assert CENTRE.mail_window(at("2026-08-30T23:00")) == (at("2026-08-30T08:00"), at("2026-08-30T18:00"))
    assert CENTRE.mail_window(at("2026-09-27T10:00")) == (at("2026-09-27T08:00"), at("2026-09-27T13:00"))
    assert FRIDAYS_TOO.mail_window(at("2026-08-28T10:00")) == (at("2026-08-28T08:00"), at("2026-08-28T12:00"))
    with pytest.raises(ValueError, match="not a working day"):
        CENTRE.opening(day("2026-08-29"))


def test_severity_4_breaks_quiet_hours_where_the_unit_says_so() -> None:
    night = at("2026-08-29T03:00")
    assert CENTRE.next_mail_moment(night, severity4_may_break=True) == night


@given(calendars, st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001 - hypothesis adds the zone
def test_the_next_mail_moment_is_the_first_inside_a_window(calendar: Calendar, moment: datetime) -> None:
    leaves = calendar.next_mail_moment(moment)
    window = calendar.mail_window(leaves)
    assert window is not None
    assert window[0] <= leaves < window[1]
    assert leaves == moment or leaves == window[0] > moment
    assert calendar.next_mail_moment(leaves) == leaves


def test_mail_opens_at_eight_on_the_wall_every_working_day_of_two_years() -> None:
    walls = {
        CENTRE.local(CENTRE.opening(one)).time()
        for one in (date(2026, 1, 1) + timedelta(days=n) for n in range(731))
        if CENTRE.is_working(one)
    }
    assert walls == {time(8)}


def test_days_that_differ_are_named_in_the_language_of_whoever_asks() -> None:
    calendar = Calendar(closed=frozenset({date(2027, 4, 20)}))
    found = calendar.days_off(date(2027, 4, 19), date(2027, 4, 28), "he")
    assert found[:3] == [
        (date(2027, 4, 20), "", "off"), (date(2027, 4, 21), "פסח", "eve"), (date(2027, 4, 22), "פסח", "off"),
    ]  # fmt: skip
    assert [kind for _, _, kind in found[3:]] == ["short", "short", "short", "off"]
    assert calendar.days_off(date(2027, 4, 22), date(2027, 4, 22), "en") == [(date(2027, 4, 22), "Pesach", "off")]


def test_a_week_begins_with_its_first_working_weekday() -> None:
    for day in (6, 9, 12):
        assert Calendar().week_of(date(2026, 9, day)) == date(2026, 9, 6)
    monday_to_friday = Calendar(weekdays=frozenset(range(5)))
    assert monday_to_friday.week_of(date(2026, 9, 6)) == date(2026, 8, 31)
    assert monday_to_friday.week_of(date(2026, 9, 7)) == date(2026, 9, 7)
