from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.workflow.deadlines import (
    KINDS,
    Policy,
    briefing_due,
    due,
    due_at,
    is_overdue,
    review_on,
    watch_ends,
)
from lessons.workflow.lives import LIVES

POLICY = Policy.load()
CENTRE = POLICY.calendar("Asia/Jerusalem")
ITS_DATE = date(2026, 9, 7)


def at(wall: str) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo("Asia/Jerusalem")).astimezone(UTC)


def day(text: str) -> date:
    return date.fromisoformat(text)


SUNDAY = at("2026-08-30T10:00")  # Rosh Hashana is on 12 and 13 September
BEFORE_PESACH = at("2027-04-20T10:00")  # a Tuesday; Pesach is on 22 April, its seventh day on the 28th

# ---------------------------------------------------------------- when a duty is due

FROM_ITS_OPENING = [
    # kind, then severity 1–3 and 4: opened on Sunday 30 August 2026; opened two days before Pesach 2027
    ("triage_debrief", "2026-09-01", "2026-08-30", "2027-04-25", "2027-04-20"),
    ("review_debrief", "2026-09-01", "2026-08-31", "2027-04-25", "2027-04-21"),
    ("lead_debrief", "2026-09-08", "2026-09-06", "2027-05-03", "2027-04-29"),
    ("first_fact", "2026-08-31", "2026-08-31", "2027-04-21", "2027-04-21"),
    ("finish_draft", "2026-09-06", "2026-08-31", "2027-04-29", "2027-04-21"),
    ("decide_lesson", "2026-09-02", "2026-08-31", "2027-04-26", "2027-04-21"),
    ("plan_lesson", "2026-09-06", "2026-09-01", "2027-04-29", "2027-04-25"),
    ("replan_lesson", "2026-09-06", "2026-09-01", "2027-04-29", "2027-04-25"),
    ("revalidate_lesson", "2026-09-06", "2026-09-01", "2027-04-29", "2027-04-25"),
    ("start_action", "2026-09-01", "2026-09-01", "2027-04-25", "2027-04-25"),
    ("unblock_action", "2026-09-01", "2026-08-31", "2027-04-25", "2027-04-21"),
    ("decide_declined_action", "2026-09-01", "2026-08-31", "2027-04-25", "2027-04-21"),
    ("confirm_action", "2026-09-02", "2026-08-31", "2027-04-26", "2027-04-21"),
    ("decide_extension", "2026-09-01", "2026-08-31", "2027-04-25", "2027-04-21"),
    ("give_owner_and_date", "2026-09-02", "2026-08-31", "2027-04-26", "2027-04-21"),
    ("write_revision", "2026-09-14", "2026-08-31", "2027-05-06", "2027-04-21"),
    ("review_revision", "2026-09-02", "2026-08-31", "2027-04-26", "2027-04-21"),
    ("approve_money", "2026-09-02", "2026-08-31", "2027-04-26", "2027-04-21"),
    ("publish_revision", "2026-09-02", "2026-08-31", "2027-04-26", "2027-04-21"),
    ("answer_feedback", "2026-09-02", "2026-09-02", "2027-04-26", "2027-04-26"),
    ("answer_question", "2026-08-31", "2026-08-31", "2027-04-21", "2027-04-21"),
    ("decide_sentence", "2026-09-02", "2026-09-02", "2027-04-26", "2027-04-26"),
    ("manager_decision", "2026-09-02", "2026-08-31", "2027-04-26", "2027-04-21"),
]
FROM_ITS_DATE = [
    # kind, severity 1–3 and 4: the item's date is Monday 7 September 2026
    ("do_action", "2026-09-07", "2026-09-07"),
    ("acknowledge_briefing", "2026-09-07", "2026-09-07"),
    ("verify", "2026-09-15", "2026-09-09"),
]


@pytest.mark.parametrize(("kind", "usual", "grave", "pesach", "grave_pesach"), FROM_ITS_OPENING)
def test_a_duty_is_due_so_many_working_days_after_it_was_opened(
    kind: str, usual: str, grave: str, pesach: str, grave_pesach: str
) -> None:
    for severity in (1, 2, 3):
        assert due(POLICY, kind, severity, SUNDAY, CENTRE) == day(usual)
        assert due(POLICY, kind, severity, BEFORE_PESACH, CENTRE) == day(pesach)
    assert due(POLICY, kind, 4, SUNDAY, CENTRE) == day(grave)
    assert due(POLICY, kind, 4, BEFORE_PESACH, CENTRE) == day(grave_pesach)


@pytest.mark.parametrize(("kind", "usual", "grave"), FROM_ITS_DATE)
def test_a_duty_of_a_dated_item_counts_from_that_date(kind: str, usual: str, grave: str) -> None:
    for severity in (1, 2, 3):
        assert due(POLICY, kind, severity, SUNDAY, CENTRE, ITS_DATE) == day(usual)
    assert due(POLICY, kind, 4, SUNDAY, CENTRE, ITS_DATE) == day(grave)
    with pytest.raises(ValueError, match="date of its item"):
        due(POLICY, kind, 2, SUNDAY, CENTRE)


def test_every_duty_has_its_row_above() -> None:
    assert {row[0] for row in FROM_ITS_OPENING} | {row[0] for row in FROM_ITS_DATE} == set(KINDS)


def test_everything_that_a_life_owes_is_in_the_policy() -> None:
    assert {owes.kind for life in LIVES.values() for owes in life.owes} <= set(KINDS)


@pytest.mark.parametrize("kind", [row[0] for row in FROM_ITS_OPENING if row[0] != "start_action"])
def test_a_date_that_was_asked_for_holds(kind: str) -> None:
    assert due(POLICY, kind, 2, SUNDAY, CENTRE, day("2026-10-11")) == day("2026-10-11")


def test_an_action_is_to_be_started_in_two_days_or_by_its_date_if_sooner() -> None:
    assert due(POLICY, "start_action", 2, SUNDAY, CENTRE, ITS_DATE) == day("2026-09-01")
    assert due(POLICY, "start_action", 4, SUNDAY, CENTRE, day("2026-08-31")) == day("2026-08-31")


def test_a_quick_debrief_is_led_in_two_days() -> None:
    assert due(POLICY, "lead_debrief", 2, SUNDAY, CENTRE, quick=True) == day("2026-09-01")
    assert due(POLICY, "review_debrief", 2, SUNDAY, CENTRE, quick=True) == day("2026-09-01")


@pytest.mark.parametrize(
    ("opened", "same_day"),
    [
        ("2026-08-30T23:59", "2026-08-30"),
        ("2026-08-31T00:00", "2026-08-31"),
        ("2026-08-28T10:00", "2026-08-30"),  # a Friday
        ("2026-09-11T10:00", "2026-09-14"),  # the eve of Rosh Hashana, a Friday
    ],
)
def test_the_same_day_is_the_day_in_the_units_zone_or_the_next_working_one(opened: str, same_day: str) -> None:
    assert due(POLICY, "triage_debrief", 4, at(opened), CENTRE) == day(same_day)


def test_a_promise_is_kept_until_the_end_of_its_day_there() -> None:
    assert not is_overdue(day("2026-08-30"), at("2026-08-30T23:59"), CENTRE)
    assert is_overdue(day("2026-08-30"), at("2026-08-31T00:00"), CENTRE)
    assert due_at(POLICY, "verify", day("2026-10-25"), SUNDAY, CENTRE) == at("2026-10-26T00:00")
    with pytest.raises(ValueError, match="naive"):
        is_overdue(day("2026-08-30"), datetime(2026, 8, 30), CENTRE)  # noqa: DTZ001 - naive on purpose


def test_an_organisation_may_promise_an_answer_in_minutes() -> None:
    promised = POLICY.for_unit({"duties.answer_question.minutes": 15})
    asked_at = at("2026-08-30T09:00")
    assert due_at(promised, "answer_question", day("2026-08-31"), asked_at, CENTRE) == at("2026-08-30T09:15")
    assert due_at(POLICY, "answer_question", day("2026-08-31"), asked_at, CENTRE) == at("2026-09-01T00:00")


@given(
    st.sampled_from([row[0] for row in FROM_ITS_OPENING]),
    st.integers(1, 4),
    st.datetimes(datetime(2025, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
)
def test_no_duty_is_due_before_it_was_opened_nor_on_a_day_off(kind: str, severity: int, opened: datetime) -> None:
    on = due(POLICY, kind, severity, opened, CENTRE)
    assert on >= CENTRE.today(opened)
    assert CENTRE.is_working(on)
    assert not is_overdue(on, opened, CENTRE)


# ---------------------------------------------------------------- other dates


def test_a_briefing_is_read_by_the_second_working_day_and_within_seven_days() -> None:
    assert briefing_due(POLICY, SUNDAY, CENTRE) == day("2026-09-01")
    assert briefing_due(POLICY, at("2026-09-10T10:00"), CENTRE) == day("2026-09-15")
    closed = POLICY.calendar("Asia/Jerusalem", {"closed": [f"2026-08-{n}" for n in range(16, 24)]})
    assert briefing_due(POLICY, at("2026-08-13T10:00"), closed) == day("2026-08-20")


def test_whoever_is_away_when_a_briefing_opens_reads_it_by_their_own_second_day() -> None:
    assert briefing_due(POLICY, SUNDAY, CENTRE, day("2026-09-02")) == day("2026-09-03")
    assert briefing_due(POLICY, SUNDAY, CENTRE, day("2026-09-06")) == day("2026-09-06")
    assert briefing_due(POLICY, SUNDAY, CENTRE, day("2026-08-01")) == day("2026-09-01")


def test_a_watch_ends_on_a_working_day() -> None:
    assert watch_ends(SUNDAY, POLICY.watch_days["tip"], CENTRE) == day("2026-09-14")  # Rosh Hashana is the 13th
    assert watch_ends(SUNDAY, POLICY.watch_days["procedure"], CENTRE) == day("2026-09-29")


def test_a_lesson_is_reviewed_a_year_on() -> None:
    assert review_on(POLICY, day("2026-08-30")) == day("2027-08-30")
    assert review_on(POLICY, day("2028-02-29")) == day("2029-02-28")
    assert review_on(POLICY.for_unit({"review.months": 4}), day("2026-10-31")) == day("2027-02-28")
