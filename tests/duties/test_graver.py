"""What turns out graver than it was thought is owed sooner, and told at once; what hangs on it follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from lessons.duties.holders import forget_holders
from lessons.models import Duty, Lesson, Notice
from lessons.workflow.states import Role
from tests.village import Village
from tests.walking import Walk

DAY = timedelta(days=1)


@pytest.fixture
def walk(session: Session) -> Walk:
    return Walk(Village(session))


def open_duty(walk: Walk, row: Any) -> Duty:
    open_ = sa.select(Duty).where(Duty.of_noun == row.noun, Duty.of_id == row.id, Duty.closed_at.is_(None))
    return walk.session.scalars(open_.execution_options(populate_existing=True)).one()


def at_once(walk: Walk, duty: Duty) -> list[int]:
    """Who is told of it at once."""
    rows = sa.select(Notice.person_id).where(Notice.duty_id == duty.id, Notice.kind == "assigned", Notice.urgent)
    return list(walk.session.scalars(rows))


def test_what_turns_out_grave_is_owed_sooner(walk: Walk) -> None:
    lesson = walk.record("lessons", "proposed")
    before = open_duty(walk, lesson).due_on
    walk.village.grant(walk.village.ruth, Role.LESSONS_MANAGER, "CUS")
    forget_holders(walk.session)
    walk.do(lesson, "edit", "naomi", severity=4)
    duty = open_duty(walk, lesson)
    assert (duty.kind, duty.severity, duty.due_on) == ("decide_lesson", 4, before - 2 * DAY)
    assert at_once(walk, duty) == [walk.village.ruth.id]  # who said so knows


def test_what_hangs_on_a_grave_lesson_is_as_grave(walk: Walk) -> None:
    action = walk.record("actions", "in_progress")
    lesson = walk.session.get_one(Lesson, action.lesson_id)
    walk.do(lesson, "edit", "naomi", severity=4)
    duty = open_duty(walk, action)
    assert (duty.kind, duty.severity, duty.due_on) == ("do_action", 4, action.due_on)
    assert at_once(walk, duty) == [walk.village.avi.id]


def test_what_is_late_stays_late_and_is_told_anew_from_the_day_it_turned_out_grave(walk: Walk) -> None:
    lesson = walk.record("lessons", "proposed")
    before = open_duty(walk, lesson).due_on
    walk.at += 40 * DAY
    walk.do(lesson, "edit", "naomi", severity=4)
    duty = open_duty(walk, lesson)
    assert duty.due_on == before
    assert duty.next_at is not None
    assert walk.at < duty.next_at < walk.at + 4 * DAY


def test_what_turns_out_milder_has_the_time_that_this_takes(walk: Walk) -> None:
    lesson = walk.record("lessons", "proposed")
    before = open_duty(walk, lesson)
    walk.do(lesson, "edit", "naomi", severity=4)
    walk.do(lesson, "edit", "naomi", severity=2)
    duty = open_duty(walk, lesson)
    assert (duty.severity, duty.due_on) == (2, before.due_on)
