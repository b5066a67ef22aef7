"""A lesson's ways to people, its plans and results, its root causes, and who changed its words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from lessons.models import (
    Action,
    ActionCause,
    Briefing,
    Case,
    CaseLink,
    Cause,
    Debrief,
    Finding,
    Lesson,
    LessonTopic,
    Procedure,
    Revision,
    RevisionLesson,
    Topic,
    Verification,
    WordChange,
)
from lessons.models.base import random_id
from lessons.workflow.facts import WayFact
from lessons.workflow.states import ActionState, BriefingState, RevisionState, VerificationState
from tests.access.records import AT, TODAY, known, put
from tests.village import Village


@pytest.fixture
def lesson(village: Village) -> Lesson:
    return put(village, Lesson, cycle=2)


def because_of(village: Village, lesson: Lesson, state: RevisionState, **given: Any) -> Revision:
    revision = put(village, Revision, procedure_id=put(village, Procedure).id, state=state, **given)
    put(village, RevisionLesson, revision_id=revision.id, lesson_id=lesson.id, cycle=lesson.cycle)
    return revision


def test_ways_of_an_earlier_cycle_do_not_count(village: Village, lesson: Lesson) -> None:
    put(village, Action, lesson_id=lesson.id, cycle=1)
    put(village, Briefing, lesson_id=lesson.id, cycle=1)
    put(village, Action, lesson_id=lesson.id, cycle=2, state=ActionState.CONFIRMED, confirmed_at=AT)
    told = known(village, lesson)
    assert told.ways == (WayFact("action", "confirmed", reached=True),)
    assert told.ways_ever == 1


def test_a_way_that_came_to_nothing_is_none_but_it_was_one(village: Village, lesson: Lesson) -> None:
    put(village, Action, lesson_id=lesson.id, cycle=2, state=ActionState.CANCELLED)
    put(village, Briefing, lesson_id=lesson.id, cycle=2, state=BriefingState.ENDED)
    because_of(village, lesson, RevisionState.WITHDRAWN, effective_at=AT)
    because_of(village, lesson, RevisionState.CANCELLED)
    told = known(village, lesson)
    assert (told.ways, told.ways_ever) == ((), 4)


def test_a_revision_reaches_people_when_it_comes_into_force_and_a_briefing_at_its_share(
    village: Village, lesson: Lesson
) -> None:
    because_of(village, lesson, RevisionState.SUPERSEDED, effective_at=AT)
    because_of(village, lesson, RevisionState.DRAFTING)
    put(village, Briefing, lesson_id=lesson.id, cycle=2, state=BriefingState.ENDED, reached_at=AT)
    put(village, Briefing, lesson_id=lesson.id, cycle=2)
    assert {(way.kind, way.state, way.reached) for way in known(village, lesson).ways} == {
        ("revision", "superseded", True),
        ("revision", "drafting", False),
        ("briefing", "ended", True),
        ("briefing", "open", False),
    }


def test_reading_that_a_revision_asks_for_is_a_way_of_its_lesson(village: Village, lesson: Lesson) -> None:
    revision = because_of(village, lesson, RevisionState.EFFECTIVE, effective_at=AT)
    put(village, Briefing, revision_id=revision.id, cycle=None)
    assert [way.kind for way in known(village, lesson).ways] == ["briefing", "revision"]


@pytest.mark.parametrize(("due_on", "late"), [(date(2026, 5, 27), True), (date(2026, 5, 28), False)])
def test_reading_is_late_ten_working_days_past_its_date(
    village: Village, lesson: Lesson, due_on: date, late: bool
) -> None:
    put(village, Briefing, lesson_id=lesson.id, cycle=2, due_on=due_on)
    assert [way.late_reading for way in known(village, lesson).ways] == [late]


def test_plans_and_results_are_those_of_this_cycle(village: Village, lesson: Lesson) -> None:
    past = {"lesson_id": lesson.id, "concluded_at": AT}
    put(village, Verification, cycle=1, state=VerificationState.NOT_EFFECTIVE, **past)
    put(village, Verification, cycle=2, state=VerificationState.INCONCLUSIVE, **past)
    put(village, Verification, cycle=2, attempt=2, lesson_id=lesson.id)
    told = known(village, lesson)
    assert told.plans == ("inconclusive", "planned")
    assert told.results == ("inconclusive",)


def test_a_root_cause_is_covered_by_an_action_or_ticked(village: Village) -> None:
    debrief = put(village, Debrief, severity=3)
    finding = put(village, Finding, debrief_id=debrief.id)
    lesson = put(village, Lesson, debrief_id=debrief.id, finding_id=finding.id)
    causes = [put(village, Cause, finding_id=finding.id) for _ in range(3)]
    put(village, Cause, finding_id=finding.id, root=False)
    put(village, Cause, finding_id=finding.id, no_action_reason="המסך הוחלף כבר")
    assert known(village, lesson).roots_uncovered == 3
    actions = [put(village, Action, lesson_id=lesson.id) for _ in causes]
    actions[2].state = ActionState.CANCELLED
    for action, cause in zip(actions, causes, strict=True):
        put(village, ActionCause, action_id=action.id, cause_id=cause.id)
    told = known(village, lesson)
    assert told.roots_uncovered == 1
    assert (told.severity, told.debrief_state, told.debrief_path) == (3, "investigating", None)
    assert told.people["leader"] == (village.dana.id,)


def test_cases_of_the_last_thirty_days_and_topics_are_counted(village: Village, lesson: Lesson) -> None:
    topic = put(village, Topic, name="חיוב", key="חיוב")
    put(village, LessonTopic, lesson_id=lesson.id, topic_id=topic.id)
    for days in (1, 29, 31):
        opened = AT - timedelta(days=days)
        case = put(village, Case, pid=random_id(), external_id=f"CRM-{days}", text="חויבתי שוב", created_at=opened,
                   unit_id=lesson.unit_id, opened_at=opened)  # fmt: skip
        put(village, CaseLink, case_id=case.id, lesson_id=lesson.id, at=AT)
    told = known(village, lesson)
    assert (told.cases, told.topics) == (2, 1)


def test_only_words_changed_since_it_was_proved_are_remembered(village: Village) -> None:
    lesson = put(village, Lesson, proved_at=AT)
    for person, hours in ((village.dana, -1), (village.yossi, 1), (village.yossi, 2)):
        put(village, WordChange, lesson_id=lesson.id, person_id=person.id, at=AT + timedelta(hours=hours))
    assert known(village, lesson).changed_since_proved == {village.yossi.id}
    assert known(village, lesson).today == TODAY
