"""On its day a verification is due; its verifier says what was measured, and the lesson goes where the result leads."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lessons.errors import Forbidden, NotAllowed
from lessons.models import Verification
from lessons.repository.cycle import arm_plan
from lessons.repository.shown import meanwhile
from lessons.steps.history import history
from lessons.verifications.due import fall_due
from lessons.workflow.states import LessonState, Preset, VerificationState
from tests.verifications.watch import LATER, WORDS, do, due, lesson_of, owed, planned, refused
from tests.village import AT, Village


def others(village: Village, row: Verification) -> list[Verification]:
    """The lesson's other verifications."""
    return list(
        village.session.scalars(
            sa.select(Verification).where(
                Verification.lesson_id == row.lesson_id,
                Verification.id != row.id,
            )
        )
    )


# ── the day comes ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_armed_it_falls_due_so_many_days_on_moved_to_a_working_day(village: Village) -> None:
    row = planned(village, watch_days=12)  # a Friday
    arm_plan(village.session, row, at=AT)
    assert (row.state, row.from_on, row.due_on) == ("scheduled", date(2026, 2, 1), date(2026, 2, 15))


def test_it_is_due_from_the_first_moment_of_its_day_in_its_unit(village: Village) -> None:
    row = planned(village)
    arm_plan(village.session, row, at=AT)
    assert row.due_on == date(2026, 3, 3)
    midnight = LATER.replace(day=2, hour=22)
    assert fall_due(village.session, at=midnight - timedelta(seconds=1)) == 0
    assert fall_due(village.session, at=midnight) == 1
    assert row.state == VerificationState.DUE
    assert owed(village, row) == {"verify": village.ruth.id}
    assert fall_due(village.session, at=midnight) == 0


def test_a_day_that_was_missed_is_caught_up(village: Village) -> None:
    rows = [planned(village, village.lesson()) for _ in range(3)]
    for row in rows:
        arm_plan(village.session, row, at=AT)
    late = LATER + timedelta(days=9)
    assert [fall_due(village.session, at=late, limit=2) for _ in range(3)] == [2, 1, 0]


def test_nobody_concludes_before_the_day(village: Village) -> None:
    row = planned(village)
    with pytest.raises(NotAllowed, match="does not fit"):
        do(village, row, "conclude", "ruth", result="effective")


# ── the result ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_effective_proves_the_lesson_and_sets_its_review(village: Village) -> None:
    row = due(village)
    do(village, row, "conclude", "ruth", result="effective", measured=0, words=WORDS, evidence="דוח CRM 14")
    lesson = lesson_of(village, row)
    assert (row.state, row.result, row.measured, row.words) == ("effective", "effective", 0, WORDS)
    assert (row.concluded_by_id, row.concluded_at) == (village.ruth.id, LATER)
    assert (lesson.state, lesson.proved_at, lesson.review_on) == ("verified", LATER, date(2027, 3, 3))
    assert owed(village, row) == {}


def test_not_effective_begins_a_new_cycle(village: Village) -> None:
    row = due(village)
    do(village, row, "conclude", "ruth", result="not_effective", measured=9)
    lesson = lesson_of(village, row)
    assert (row.state, lesson.state, lesson.cycle) == ("not_effective", LessonState.IMPLEMENTING, 2)
    assert "replan_lesson" in owed(village, lesson)


def test_where_it_did_not_work_agents_get_a_line_for_the_meantime_until_there_is_an_answer(village: Village) -> None:
    row = due(village)
    line = "עד להודעה: כל פניית החזרה עוברת לראש הצוות"
    before = lesson_of(village, row).edition
    do(village, row, "conclude", "ruth", result="not_effective", meanwhile=line)
    lesson = lesson_of(village, row)
    assert (meanwhile(lesson), lesson.edition) == (line, before + 1)
    lesson.state = LessonState.WATCHING
    assert meanwhile(lesson) == ""


def test_a_line_for_the_meantime_belongs_to_no_other_result(village: Village) -> None:
    row = due(village)
    assert refused(village, row, "conclude", "ruth", result="effective", meanwhile="x") == ["meanwhile_where_it_failed"]


def test_not_clear_plans_and_arms_the_same_again_once(village: Village) -> None:
    row = due(village)
    do(village, row, "conclude", "ruth", result="inconclusive")
    (again,) = others(village, row)
    assert (again.state, again.attempt, again.preset, again.verifier_id) == (
        VerificationState.SCHEDULED, 2, row.preset, village.ruth.id
    )  # fmt: skip
    assert again.from_on == date(2026, 3, 3)
    assert lesson_of(village, row).state == LessonState.WATCHING


def test_not_clear_twice_is_the_managers_to_decide(village: Village) -> None:
    row = due(village)
    do(village, row, "conclude", "ruth", result="inconclusive")
    (again,) = others(village, row)
    second = LATER + timedelta(days=40)
    fall_due(village.session, at=second)
    do(village, again, "conclude", "ruth", at=second, result="inconclusive")
    assert len(others(village, row)) == 1
    assert owed(village, lesson_of(village, row)) == {"manager_decision": "manager"}


def test_the_cases_of_the_watch_are_attached(village: Village) -> None:
    row = due(village)
    lesson = lesson_of(village, row)
    days = (-1, 0, 29, 31)
    _, first, last, _ = (village.case(lesson, AT + timedelta(days=day)) for day in days)
    do(village, row, "conclude", "ruth", result="not_effective")
    assert row.attached["cases"] == [first.pid, last.pid]
    assert (row.attached["since"], row.attached["until"]) == ("2026-02-01", "2026-03-03")
    assert history(village.session, row)[-1].facts["cases"] == 2


@pytest.mark.parametrize("who", ["yossi", "dana", "avi", "naomi"])
def test_only_its_verifier_concludes(village: Village, who: str) -> None:
    with pytest.raises(Forbidden):
        do(village, due(village), "conclude", who, result="effective")


def test_a_verifier_who_took_the_lesson_over_concludes_no_more(village: Village) -> None:
    row = due(village)
    lesson = lesson_of(village, row)
    lesson.owner_id = village.ruth.id
    village.session.flush()
    assert refused(village, row, "conclude", "ruth", result="effective") == ["had_no_hand_in_it"]


@pytest.mark.parametrize(
    ("preset", "asked", "clear"),
    [
        (Preset.SAMPLE, {"sample": 19}, False),
        (Preset.SAMPLE, {}, False),
        (Preset.SAMPLE, {"sample": 20}, True),
        (Preset.DID_NOT_COME_BACK, {}, True),
        (Preset.BEFORE_AFTER, {"sample": 3}, False),
    ],
)
def test_below_twenty_a_sample_is_not_clear(
    village: Village, preset: Preset, asked: dict[str, Any], clear: bool
) -> None:
    row = due(village, preset=preset, baseline=4)
    if clear:
        do(village, row, "conclude", "ruth", result="effective", **asked)
        assert row.state == VerificationState.EFFECTIVE
        return
    assert refused(village, row, "conclude", "ruth", result="effective", **asked) == ["sample_is_large_enough"]
    do(village, row, "conclude", "ruth", result="inconclusive", **asked)
    assert row.state == VerificationState.INCONCLUSIVE


def test_what_was_said_stands_in_the_history_by_its_digest_alone(village: Village) -> None:
    row = due(village)
    do(village, row, "conclude", "ruth", result="effective", measured=0, words=WORDS)
    last = history(village.session, row)[-1]
    assert last.facts == {"result": "effective", "measured": 0, "sample": None, "cases": 0}
    assert last.private["words"] == WORDS
    assert WORDS not in last.event.body
