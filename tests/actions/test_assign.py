"""An action has one owner, a date after today and a sentence of "done when"; it hangs on a lesson or on a debrief."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lessons.actions.operations import import_action
from lessons.actions.queries import covers
from lessons.errors import Forbidden, Invalid, NotAllowed
from lessons.models import Action
from lessons.steps.history import history
from lessons.workflow.states import ActionState, DebriefState, LessonState
from tests.actions.work import DUE, action_for, dates, owed, told
from tests.village import AT, TODAY, Village


def test_naomi_assigns_an_action_of_a_lesson_and_avi_owes_its_start(village: Village) -> None:
    lesson = village.lesson(cycle=2)
    action = action_for(village, parent=lesson)
    assert (action.code, action.state, action.lesson_id, action.cycle) == ("A-2026-0001", "assigned", lesson.id, 2)
    assert (action.unit_id, action.assigner_id) == (lesson.unit_id, village.naomi.id)
    assert owed(village, action) == {"start_action": village.avi.id}
    assert told(village, "assigned").count(village.avi.id) == 1


def test_the_first_date_opens_the_history_of_dates_and_stays(village: Village) -> None:
    action = action_for(village)
    assert (action.due_on, action.first_due_on) == (DUE, DUE)
    assert dates(village, action) == [("assigned", DUE)]


def test_the_lesson_and_the_action_both_remember_who_assigned_it(village: Village) -> None:
    lesson = village.lesson()
    action = action_for(village, parent=lesson)
    last, first = history(village.session, lesson)[-1], history(village.session, action)[0]
    assert (last.event.trigger, last.facts, last.actor) == ("assign", {"action": action.code}, village.naomi)
    assert (first.event.trigger, first.facts["of"]) == ("assign", lesson.code)
    assert first.private["owner"] == {"person": village.avi.pid}
    assert village.avi.name not in first.event.body


def test_dana_assigns_a_first_containment_directly_on_the_debrief_she_leads(village: Village) -> None:
    debrief = village.debrief(state=DebriefState.INVESTIGATING)
    action = action_for(village, parent=debrief, by="dana")
    assert (action.debrief_id, action.lesson_id) == (debrief.id, None)


def test_an_action_covers_the_causes_it_was_assigned_for(village: Village) -> None:
    debrief = village.debrief()
    cause = village.cause(debrief)
    action = action_for(village, parent=village.lesson(debrief_id=debrief.id), covers=[cause, cause])
    assert covers(village.session, action) == [cause]


def test_a_cause_of_another_debrief_is_refused_by_its_place_in_the_form(village: Village) -> None:
    lesson = village.lesson(debrief_id=village.debrief().id)
    foreign = village.cause(village.debrief())
    with pytest.raises(Invalid) as refusal:
        action_for(village, parent=lesson, covers=[foreign])
    assert [error.pointer for error in refusal.value.errors] == ["/covers/0"]


@pytest.mark.parametrize("who", ["avi", "hila", "gideon"])
def test_only_the_lessons_people_and_management_assign(village: Village, who: str) -> None:
    with pytest.raises(Forbidden):
        action_for(village, by=who)


@pytest.mark.parametrize("state", [LessonState.DRAFT, LessonState.WATCHING, LessonState.VERIFIED])
def test_a_lesson_takes_actions_while_it_is_proposed_accepted_or_implementing(
    village: Village, state: LessonState
) -> None:
    with pytest.raises(NotAllowed, match="does not fit the state"):
        action_for(village, parent=village.lesson(state=state))


@pytest.mark.parametrize("due_on", [TODAY, TODAY - timedelta(days=1)])
def test_a_date_that_is_not_after_today_is_refused(village: Village, due_on: date) -> None:
    with pytest.raises(NotAllowed) as refusal:
        action_for(village, due_on=due_on)
    assert [point.guard for point in refusal.value.unmet] == ["due_after_today"]


def test_somebody_who_left_owns_no_new_action(village: Village) -> None:
    village.avi.closed_at = AT - timedelta(days=1)
    with pytest.raises(NotAllowed) as refusal:
        action_for(village)
    assert [str(point.message) for point in refusal.value.unmet] == [
        "אבי כהן does not work here any more. The action needs someone who does."
    ]


def entered(village: Village, **given: Any) -> Action:
    asked = {"text": "לעדכן את נוסח ההודעה", "source": "register.xlsx"}
    return import_action(village.session, village.lesson(), asked | given, by=village.by("naomi"), at=AT)


def test_an_imported_action_may_lack_owner_and_date_and_then_the_manager_owes_them(village: Village) -> None:
    action = entered(village)
    assert (action.owner_id, action.due_on, action.imported_from) == (None, None, "register.xlsx")
    assert owed(village, action) == {"give_owner_and_date": "manager"}
    assert [past.event.trigger for past in history(village.session, action)] == ["import"]


def test_an_imported_date_may_be_past(village: Village) -> None:
    past = TODAY - timedelta(days=400)
    action = entered(village, owner=village.avi, due_on=past)
    assert (action.due_on, dates(village, action)) == (past, [("imported", past)])


def test_an_imported_done_action_is_confirmed_already(village: Village) -> None:
    action = entered(village, owner=village.avi, state="done")
    assert (action.state, action.confirmed_at) == (ActionState.CONFIRMED, AT)
    assert owed(village, action) == {}


def test_nothing_of_a_refused_assignment_stays(village: Village) -> None:
    lesson = village.lesson()
    with pytest.raises(NotAllowed), village.session.begin_nested():
        action_for(village, parent=lesson, due_on=TODAY)
    assert village.session.scalar(sa.select(sa.func.count()).select_from(Action)) == 0
