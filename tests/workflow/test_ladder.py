from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.workdays import Calendar
from lessons.workflow.deadlines import KINDS, Policy, next_rung, rungs

POLICY = Policy.load()
CENTRE = POLICY.calendar("Asia/Jerusalem")


def at(wall: str) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo("Asia/Jerusalem")).astimezone(UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


Told = list[tuple[str, str]]


def told(kind: str, severity: int, opened_on: str, due_on: str, calendar: Calendar = CENTRE) -> Told:
    """The ladder as (name, wall time)."""
    return [
        (rung.name, calendar.local(rung.moment).strftime("%Y-%m-%d %H:%M"))
        for rung in rungs(POLICY, kind, severity, day(opened_on), day(due_on), calendar)
    ]


@pytest.mark.parametrize(
    ("length", "due_on", "before"),
    [
        (1, "2026-08-31", []),
        (3, "2026-09-02", []),
        (4, "2026-09-03", [("before-1", "2026-09-02 08:00")]),
        (7, "2026-09-08", [("before-1", "2026-09-07 08:00")]),
        (8, "2026-09-09", [("before-3", "2026-09-06 08:00")]),
        (10, "2026-09-14", [("before-3", "2026-09-08 08:00")]),  # counted over Rosh Hashana
    ],
)
def test_how_long_a_duty_is_decides_how_early_it_is_reminded_of(length: int, due_on: str, before: Told) -> None:
    assert CENTRE.between(day("2026-08-30"), day(due_on)) == length
    ladder = told("do_action", 2, "2026-08-30", due_on)
    assert ladder[: len(before) + 1] == [*before, ("on", f"{due_on} 08:00")]


HOLDER = [  # a duty due on Thursday 10 September 2026, opened the Sunday before: over Rosh Hashana, Yom Kippur, Sukkot
    ("before-1", "2026-09-09 08:00"),
    ("on", "2026-09-10 08:00"),
    ("after+1", "2026-09-14 08:00"),
    ("after+3", "2026-09-16 08:00"),
    ("after+8", "2026-09-24 08:00"),
    ("after+15", "2026-10-05 08:00"),
]
UP = {
    4: [("up+1:1", "2026-09-14 08:00"), ("up+3:2", "2026-09-16 08:00"), ("up+8:3", "2026-09-24 08:00")],
    3: [("up+3:1", "2026-09-16 08:00"), ("up+10:2", "2026-09-28 08:00")],
    2: [("up+5:1", "2026-09-20 08:00")],
    1: [("up+5:1", "2026-09-20 08:00")],
}
CLIMBS = [kind for kind in KINDS if POLICY.duties[kind].ladder == "usual"]
MANAGERS = ["give_owner_and_date", "manager_decision"]


@pytest.mark.parametrize("severity", [1, 2, 3, 4])
@pytest.mark.parametrize("kind", CLIMBS)
def test_a_duty_reminds_its_holder_then_the_line_then_becomes_a_decision(kind: str, severity: int) -> None:
    ladder = told(kind, severity, "2026-09-06", "2026-09-10")
    decision = [("decide+15", "2026-10-05 08:00")]
    assert sorted(ladder) == sorted(HOLDER + UP[severity] + decision)
    assert [moment for _, moment in ladder] == sorted(moment for _, moment in ladder)


@pytest.mark.parametrize("kind", CLIMBS)
def test_the_decision_goes_to_the_holders_manager_and_has_its_buttons(kind: str) -> None:
    ladder = rungs(POLICY, kind, 2, day("2026-09-06"), day("2026-09-10"), CENTRE)
    [decision] = [rung for rung in ladder if rung.decision]
    assert (decision.to, decision.level) == ("line", 1)
    assert "hand_over" in POLICY.duties[kind].decision
    assert all(rung.to == "holder" and rung.level == 0 for rung in ladder if rung.name[0] in "ab")


@pytest.mark.parametrize("severity", [1, 2, 3])
@pytest.mark.parametrize("kind", MANAGERS)
def test_a_managers_decision_goes_one_level_up_every_15_working_days(kind: str, severity: int) -> None:
    ladder = told(kind, severity, "2026-09-07", "2026-09-10")
    assert ladder == [
        ("on", "2026-09-10 08:00"),
        ("after+1", "2026-09-14 08:00"),
        ("after+3", "2026-09-16 08:00"),
        ("after+8", "2026-09-24 08:00"),
        ("up+15:1", "2026-10-05 08:00"),
        ("up+30:2", "2026-10-26 08:00"),
        ("up+45:3", "2026-11-16 08:00"),
        ("up+60:4", "2026-12-07 08:00"),
        ("up+75:5", "2026-12-28 08:00"),
        ("up+90:6", "2027-01-18 08:00"),
    ]


@pytest.mark.parametrize("kind", MANAGERS)
def test_at_severity_4_a_managers_decision_climbs_like_any_other_duty_first(kind: str) -> None:
    up = [rung for rung in rungs(POLICY, kind, 4, day("2026-09-09"), day("2026-09-10"), CENTRE) if rung.to == "line"]
    assert [rung.name for rung in up] == ["up+1:1", "up+3:2", "up+8:3", "up+23:4", "up+38:5", "up+53:6"]
    assert [rung.decision for rung in up] == [False, False, False, True, True, True]


@pytest.mark.parametrize("severity", [1, 2, 3, 4])
def test_reading_a_briefing_climbs_no_ladder_and_is_not_mailed(severity: int) -> None:
    assert told("acknowledge_briefing", severity, "2026-08-30", "2026-09-06") == []
    assert not POLICY.duties["acknowledge_briefing"].mail
    assert all(POLICY.duties[kind].mail for kind in KINDS if kind != "acknowledge_briefing")


def test_on_the_day_it_was_opened_a_duty_is_not_reminded_of() -> None:
    assert told("triage_debrief", 4, "2026-08-30", "2026-08-30")[0] == ("after+1", "2026-08-31 08:00")


def test_a_due_day_off_work_is_reminded_of_on_the_last_working_day_before_it() -> None:
    ladder = told("do_action", 2, "2026-08-30", "2026-09-05")  # a Saturday, four working days on
    assert ladder[:3] == [
        ("before-1", "2026-09-02 08:00"),
        ("on", "2026-09-03 08:00"),
        ("after+1", "2026-09-06 08:00"),
    ]


def test_eight_in_the_morning_is_eight_on_the_wall_after_clocks_change() -> None:
    ladder = rungs(POLICY, "do_action", 4, day("2026-10-14"), day("2026-10-22"), CENTRE)
    [last_of_summer] = [rung for rung in ladder if rung.name == "on"]
    [first_of_winter] = [rung for rung in ladder if rung.name == "after+1"]
    assert last_of_summer.moment == datetime(2026, 10, 22, 5, tzinfo=UTC)
    assert first_of_winter.moment == datetime(2026, 10, 25, 6, tzinfo=UTC)


def test_a_unit_elsewhere_is_told_by_its_own_week_and_clock() -> None:
    london = POLICY.calendar("Europe/London", {"weekdays": ["mon", "tue", "wed", "thu", "fri"], "country": "GB-ENG"})
    assert told("do_action", 2, "2026-08-26", "2026-08-28", london)[:2] == [
        ("on", "2026-08-28 08:00"),  # a Friday
        ("after+1", "2026-09-01 08:00"),  # after a bank holiday
    ]


def test_the_next_rung_is_the_first_one_later() -> None:
    ladder = rungs(POLICY, "do_action", 4, day("2026-09-06"), day("2026-09-10"), CENTRE)

    def after(moment: datetime) -> str | None:
        rung = next_rung(POLICY, "do_action", 4, day("2026-09-06"), day("2026-09-10"), CENTRE, after=moment)
        return rung.name if rung else None

    assert after(at("2026-09-06T10:00")) == "before-1"
    assert after(at("2026-09-09T08:00")) == "on"
    assert after(at("2026-09-09T07:59")) == "before-1"
    assert after(ladder[-1].moment) is None


@given(
    st.sampled_from(KINDS),
    st.integers(1, 4),
    st.dates(date(2025, 1, 1), date(2029, 12, 31)),
    st.integers(0, 60),
)
def test_every_rung_has_a_name_of_its_own_and_comes_when_mail_may_leave(
    kind: str, severity: int, opened_on: date, days: int
) -> None:
    ladder = rungs(POLICY, kind, severity, opened_on, opened_on + timedelta(days=days), CENTRE)
    names = [rung.name for rung in ladder]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 16 for name in names)
    assert all(one.moment <= other.moment for one, other in pairwise(ladder))
    assert all(CENTRE.next_mail_moment(rung.moment) == rung.moment for rung in ladder)
    assert all(CENTRE.today(rung.moment) >= opened_on for rung in ladder)


def test_what_is_handed_over_late_is_reminded_of_anew() -> None:
    on_time = told("do_action", 3, "2026-08-30", "2026-09-10")
    late = told("do_action", 3, "2026-09-10", "2026-06-01")  # as on_time, counted from the day its new owner has it
    assert late == [rung for rung in on_time if "+" in rung[0]]


@given(
    st.sampled_from(CLIMBS + MANAGERS),
    st.integers(1, 4),
    st.dates(date(2025, 1, 1), date(2029, 12, 31)),
    st.integers(-400, 60),
)
def test_an_open_duty_has_a_rung_ahead_on_the_day_it_opens(
    kind: str, severity: int, opened_on: date, days: int
) -> None:
    opened_at = CENTRE.end_of(opened_on) - timedelta(seconds=1)
    due_on = opened_on + timedelta(days=days)
    ahead = next_rung(POLICY, kind, severity, opened_on, due_on, CENTRE, after=opened_at)
    assert ahead is not None
    assert ahead.moment > opened_at
