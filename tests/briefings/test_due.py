"""What happens to a briefing by itself: people leave and the share is met, or nobody reads and a manager decides."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from lessons.briefings.due import fall_due
from lessons.repository.operations import VERBS as LESSON_VERBS
from lessons.repository.plans import plan_preset
from lessons.workflow.states import BriefingState, LessonState, Preset
from tests.briefings.reading import DUE, LATE, REASON, away, briefing_of, do, lesson_of, owed, read
from tests.village import AT, TODAY, Village

MONDAY = datetime(2026, 2, 16, 8, tzinfo=UTC)
"""Nine working days past its date."""


def test_whoever_left_is_not_waited_for(village: Village) -> None:
    lesson = village.lesson(state=LessonState.IMPLEMENTING)
    plan_preset(village.session, lesson, Preset.DID_NOT_COME_BACK, by=village.by("naomi"), at=AT)
    briefing = briefing_of(village, lesson)
    read(village, briefing, "yossi")
    assert fall_due(village.session, at=AT) == 0
    village.avi.closed_at = later = AT + timedelta(hours=4)
    village.session.flush()
    assert fall_due(village.session, at=later) == 1
    assert (briefing.reached_at, briefing.state, briefing.unreached) == (later, BriefingState.ENDED, False)
    assert lesson.state == LessonState.WATCHING
    assert fall_due(village.session, at=later) == 0


def test_where_nobody_counts_it_ends_once_its_day_is_over(village: Village) -> None:
    for who in ("yossi", "avi"):
        away(village, who, TODAY, DUE)
    briefing = briefing_of(village)
    assert fall_due(village.session, at=AT + timedelta(days=2)) == 0
    assert fall_due(village.session, at=AT + timedelta(days=3)) == 1
    assert briefing.state == BriefingState.ENDED


def test_ten_working_days_past_its_date_the_manager_owes_one_decision(village: Village) -> None:
    briefing = briefing_of(village)
    assert fall_due(village.session, at=MONDAY) == 0
    assert owed(village, briefing) == {}
    assert fall_due(village.session, at=LATE) == 1
    assert owed(village, briefing) == {"manager_decision": "manager"}
    assert fall_due(village.session, at=LATE + timedelta(days=1)) == 0


def test_a_new_date_is_a_decision_and_begins_the_wait_anew(village: Village) -> None:
    briefing = briefing_of(village)
    fall_due(village.session, at=LATE)
    do(village, briefing, "set_date", "ilan", LATE, due_on=date(2026, 2, 22), reason=REASON)
    assert owed(village, briefing) == {}
    assert fall_due(village.session, at=LATE + timedelta(days=7)) == 0
    assert fall_due(village.session, at=LATE + timedelta(days=21)) == 1


def test_ending_it_is_a_decision(village: Village) -> None:
    briefing = briefing_of(village)
    fall_due(village.session, at=LATE)
    do(village, briefing, "end", "ilan", LATE, reason=REASON)
    assert (owed(village, briefing), briefing.decision_owed) == ({}, False)
    assert fall_due(village.session, at=LATE) == 0


def test_going_on_with_the_lesson_is_a_decision_and_is_asked_for_once(village: Village) -> None:
    lesson = village.lesson(state=LessonState.IMPLEMENTING)
    plan_preset(village.session, lesson, Preset.DID_NOT_COME_BACK, by=village.by("naomi"), at=AT)
    briefing = briefing_of(village, lesson)
    fall_due(village.session, at=LATE)
    LESSON_VERBS["lessons", "proceed"](village.session, lesson, {"reason": REASON}, by=village.by("ilan"), at=LATE)
    assert (lesson.state, owed(village, briefing)) == (LessonState.WATCHING, {})
    assert fall_due(village.session, at=LATE + timedelta(days=30)) == 0


def test_a_worker_does_as_much_as_it_is_asked_to_and_the_next_one_the_rest(village: Village) -> None:
    for _ in range(3):
        briefing_of(village, lesson_of(village))
    assert [fall_due(village.session, at=LATE, limit=2) for _ in range(3)] == [2, 1, 0]
