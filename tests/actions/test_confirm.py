"""Whoever confirms an action never owned it and stands in for no owner; many are confirmed at once or none at all."""

from __future__ import annotations

from datetime import date

import pytest

from lessons.actions.operations import confirm_all
from lessons.errors import Forbidden, NotAllowed
from lessons.models import Absence
from lessons.models.base import random_id
from lessons.verifications.operations import plan
from lessons.workflow.states import ActionState, DebriefState, LessonState, Preset
from tests.actions.work import LINK, REASON, action_for, do, done_by, owed, refused, told
from tests.village import AT, Village


@pytest.mark.parametrize("who", ["yossi", "naomi", "ilan"])
def test_the_lessons_owner_and_management_confirm_what_avi_did(village: Village, who: str) -> None:
    action = done_by(village)
    do(village, action, "confirm", who)
    assert (action.state, action.confirmed_at) == (ActionState.CONFIRMED, AT)
    assert action.confirmed_by_id == village.by(who).id
    assert owed(village, action) == {}
    assert told(village, "confirmed") == [village.avi.id]


def test_avi_does_not_confirm_his_own(village: Village) -> None:
    with pytest.raises(Forbidden):
        do(village, done_by(village), "confirm", "avi")


def test_naomi_does_not_confirm_what_she_did_and_is_told_who_could(village: Village) -> None:
    action = done_by(village, "naomi", by="ilan")
    with pytest.raises(NotAllowed) as refusal:
        do(village, action, "confirm", "naomi")
    assert [point.guard for point in refusal.value.unmet] == ["never_owned_it"]
    could = [one.name.name for one in refusal.value.who_could]
    assert village.ilan.name in could
    assert village.naomi.name not in could


def test_a_former_owner_does_not_confirm_it_either(village: Village) -> None:
    action = action_for(village, "naomi", by="ilan")
    do(village, action, "reassign", "ilan", owner=village.avi, reason=REASON)
    do(village, action, "report_done", "avi", evidence=LINK)
    assert refused(village, action, "confirm", "naomi") == ["never_owned_it"]


def test_whoever_stands_in_for_the_owner_does_not_confirm_it(village: Village) -> None:
    action = done_by(village)
    village.session.add(
        Absence(
            pid=random_id(), person_id=village.avi.id or 0, delegate_id=village.yossi.id or 0,
            from_on=date(2026, 1, 25), until_on=date(2026, 2, 20),
        )
    )  # fmt: skip
    village.session.flush()
    assert refused(village, action, "confirm", "yossi") == ["never_owned_it"]


def test_what_is_not_yet_done_is_not_confirmed(village: Village) -> None:
    with pytest.raises(NotAllowed, match="does not fit"):
        do(village, action_for(village), "confirm", "naomi")


def test_sent_back_it_is_in_progress_and_owed_again(village: Village) -> None:
    action = done_by(village)
    do(village, action, "send_back", "naomi", reason=REASON)
    assert (action.state, action.done_at) == (ActionState.IN_PROGRESS, None)
    assert owed(village, action) == {"do_action": village.avi.id}
    assert told(village, "sent_back") == [village.avi.id]


def test_naomi_confirms_many_at_once(village: Village) -> None:
    rows = [done_by(village), done_by(village, "rana")]
    confirm_all(village.session, [*rows, rows[0]], by=village.by("naomi"), at=AT)
    assert [row.state for row in rows] == ["confirmed", "confirmed"]


def test_one_that_cannot_be_confirmed_keeps_all_of_them_and_is_named(village: Village) -> None:
    fine, own, early = done_by(village), done_by(village, "naomi", by="ilan"), action_for(village)
    with pytest.raises(NotAllowed) as refusal:
        confirm_all(village.session, [fine, own, early], by=village.by("naomi"), at=AT)
    assert [(point.guard, str(point.message)[:11]) for point in refusal.value.unmet] == [
        ("never_owned_it", own.code),
        ("state", early.code),
    ]
    assert fine.state == ActionState.DONE


def test_many_are_not_confirmed_by_somebody_who_may_not(village: Village) -> None:
    with pytest.raises(Forbidden):
        confirm_all(village.session, [done_by(village)], by=village.by("rana"), at=AT)


def test_the_last_confirmation_closes_an_issued_debrief(village: Village) -> None:
    debrief = village.debrief()
    action = done_by(village, parent=debrief)
    do(village, action, "confirm", "naomi")
    assert debrief.state == DebriefState.CLOSED


def test_the_last_confirmation_brings_a_planned_lesson_to_the_watch(village: Village) -> None:
    lesson = village.lesson(state=LessonState.IMPLEMENTING)
    action = done_by(village, parent=lesson)
    plan(village.session, lesson, {"preset": Preset.DID_NOT_COME_BACK, "verifier": village.ruth},
         by=village.by("yossi"), at=AT)  # fmt: skip
    do(village, action, "confirm", "naomi")
    assert lesson.state == LessonState.WATCHING
