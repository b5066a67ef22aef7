"""How it will be known that a lesson worked: a preset or a method, a number from before, a verifier without a hand."""

from __future__ import annotations

from typing import Any

import pytest

from lessons.actions.operations import assign
from lessons.errors import Forbidden, Invalid, NotAllowed
from lessons.steps.history import history
from lessons.verifications.operations import plan, void
from lessons.workflow.states import LessonState, Preset, VerificationState
from tests.verifications.watch import do, planned, refused
from tests.village import AT, Village

METHOD = {"preset": None, "method": "מדגם שיחות", "measure": "שיחות עם סכום מוקרא", "baseline": 0.4}
REASON = "עוברת לצוות אחר החודש"


def test_a_preset_fills_what_was_not_sent(village: Village) -> None:
    row = planned(village)
    assert (row.code, row.state, row.preset) == ("V-2026-0001", "planned", Preset.DID_NOT_COME_BACK)
    assert (row.watch_days, row.target, row.verifier_id) == (30, 0, village.ruth.id)
    assert planned(village, village.lesson(), preset=Preset.FLOOR_SAYS).watch_days == 14


def test_what_was_sent_goes_before_the_preset(village: Village) -> None:
    row = planned(village, watch_days=65, target=2, baseline=11)
    assert (row.watch_days, row.target, row.baseline) == (65, 2, 11)


def test_without_a_verifier_it_is_whoever_accepted_the_lesson(village: Village) -> None:
    assert planned(village, verifier=None).verifier_id == village.naomi.id


def test_whoever_accepted_and_owns_it_is_passed_over_upwards(village: Village) -> None:
    lesson = village.lesson(owner_id=village.naomi.id)
    assert planned(village, lesson, who="naomi", verifier=None).verifier_id == village.ilan.id


@pytest.mark.parametrize("who", ["yossi", "dana", "avi"])
def test_a_verifier_is_neither_owner_nor_author_nor_owner_of_an_action(village: Village, who: str) -> None:
    lesson = village.lesson()
    asked = {"text": "לעדכן תסריט", "done_when": "עודכן", "owner": village.avi, "due_on": AT.date().replace(day=9)}
    assign(village.session, lesson, asked, by=village.by("naomi"), at=AT)
    with pytest.raises(NotAllowed) as refusal:
        planned(village, lesson, verifier=getattr(village, who))
    assert [point.guard for point in refusal.value.unmet] == ["verifier_had_no_hand"]
    assert getattr(village, who).name in str(refusal.value.unmet[0].message)


def test_in_a_small_unit_the_author_may_verify(village: Village) -> None:
    village.units["RET"].small = True
    assert planned(village, verifier=village.dana).verifier_id == village.dana.id


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"preset": None}, "/preset"),
        (METHOD | {"measure": None}, "/measure"),
        ({"baseline": 3, "baseline_unknown": {"reason": "לא נספרו פניות"}}, "/baseline_unknown"),
    ],
)
def test_a_plan_is_a_preset_or_a_method_with_its_measure(village: Village, asked: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as refusal:
        planned(village, **asked)
    assert [error.pointer for error in refusal.value.errors] == [pointer]


def test_a_method_needs_a_number_from_before_and_offers_the_linked_cases(village: Village) -> None:
    lesson = village.lesson()
    village.case(lesson)
    with pytest.raises(NotAllowed) as refusal:
        planned(village, lesson, **METHOD | {"baseline": None})
    assert str(refusal.value.unmet[0].message).endswith("Linked cases of the last 30 days: 1.")
    row = planned(village, lesson, **METHOD | {"baseline": None, "baseline_unknown": {"reason": "לא נספר עד היום"}})
    assert (row.baseline, row.baseline_unknown) == (None, "לא נספר עד היום")


def test_there_is_one_plan_at_a_time(village: Village) -> None:
    lesson = village.lesson()
    planned(village, lesson)
    with pytest.raises(NotAllowed) as refusal:
        planned(village, lesson)
    assert [point.guard for point in refusal.value.unmet] == ["no_plan_yet"]


@pytest.mark.parametrize("who", ["avi", "ruth", "gideon"])
def test_the_owner_and_lessons_management_plan(village: Village, who: str) -> None:
    with pytest.raises(Forbidden):
        planned(village, who=who)


def test_a_lesson_that_is_not_accepted_is_not_planned(village: Village) -> None:
    with pytest.raises(NotAllowed, match="does not fit"):
        planned(village, village.lesson(state=LessonState.PROPOSED), who="naomi")


def test_the_plan_changes_while_it_is_planned(village: Village) -> None:
    row = planned(village)
    do(village, row, "edit", "yossi", preset=Preset.FLOOR_SAYS, verifier=village.rana, baseline=7)
    assert (row.preset, row.watch_days, row.verifier_id, row.baseline) == ("floor_says", 14, village.rana.id, 7)
    do(village, row, "edit", "naomi", baseline_unknown={"reason": "המספר לא היה נכון"}, watch_days=20)
    assert (row.baseline, row.baseline_unknown, row.watch_days) == (None, "המספר לא היה נכון", 20)
    assert history(village.session, row)[-1].facts == {"fields": ["baseline_unknown", "watch_days"]}
    assert refused(village, row, "edit", "yossi", verifier=village.yossi) == ["verifier_had_no_hand"]
    with pytest.raises(Forbidden):
        do(village, row, "edit", "ruth", watch_days=1)
    with pytest.raises(Invalid):
        do(village, row, "edit", "yossi", baseline=1, baseline_unknown={"reason": "לא ידוע לאיש"})


def test_the_verifier_hands_over_to_somebody_without_a_hand_in_it(village: Village) -> None:
    row = planned(village)
    assert refused(village, row, "hand_over", "ruth", relation="verifier", to=village.dana, reason=REASON) == [
        "verifier_had_no_hand"
    ]
    do(village, row, "hand_over", "ruth", relation="verifier", to=village.rana, reason=REASON)
    assert row.verifier_id == village.rana.id
    with pytest.raises(Forbidden):
        do(village, row, "hand_over", "avi", relation="verifier", to=village.ruth, reason=REASON)


def test_a_void_plan_makes_room_for_another(village: Village) -> None:
    lesson = village.lesson()
    row = planned(village, lesson)
    void(village.session, row, at=AT, because="L-2026-0009")
    assert row.state == VerificationState.VOID
    assert history(village.session, row)[-1].facts == {"because": "L-2026-0009"}
    assert planned(village, lesson).state == VerificationState.PLANNED


def test_the_lesson_remembers_its_plan(village: Village) -> None:
    lesson = village.lesson()
    row = plan(village.session, lesson, {"preset": Preset.SAMPLE, "baseline": 3}, by=village.by("naomi"), at=AT)
    assert history(village.session, lesson)[-1].facts == {"preset": "sample"}
    assert history(village.session, row)[0].facts["lesson"] == lesson.code
