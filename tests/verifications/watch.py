"""Shorthand of these tests: a lesson that is being watched, and its verification on the day it falls due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lessons.errors import NotAllowed
from lessons.models import Duty, Lesson, Verification
from lessons.repository.cycle import arm_plan
from lessons.verifications.due import fall_due
from lessons.verifications.operations import VERBS, plan
from lessons.workflow.states import LessonState, Preset
from tests.village import AT, Village

LATER = AT + timedelta(days=30)
"""The day on which a watch of 30 days ends; a Tuesday."""
WORDS = "אין פניות נוספות על החיוב"


def planned(village: Village, lesson: Lesson | None = None, who: str = "yossi", **asked: Any) -> Verification:
    """A plan by the preset "did not come back", verified by Ruth where nothing else is asked."""
    of = lesson or village.lesson()
    given = {"preset": Preset.DID_NOT_COME_BACK, "verifier": village.ruth} | asked
    sent = {name: value for name, value in given.items() if value is not None}
    return plan(village.session, of, sent, by=village.by(who), at=AT)


def due(village: Village, **asked: Any) -> Verification:
    """A verification whose watch is over; its lesson is being watched."""
    lesson = village.lesson(state=LessonState.IMPLEMENTING)
    verification = planned(village, lesson, **asked)
    arm_plan(village.session, verification, at=AT)
    watched(village, lesson)
    fall_due(village.session, at=AT + timedelta(days=verification.watch_days + 7))
    return verification


def watched(village: Village, lesson: Lesson) -> None:
    """The lesson has reached people, as far as these tests are concerned."""
    village.session.execute(sa.update(Lesson).where(Lesson.id == lesson.id).values(state=LessonState.WATCHING))
    village.session.refresh(lesson)


def lesson_of(village: Village, verification: Verification) -> Lesson:
    return village.session.get_one(Lesson, verification.lesson_id)


def do(village: Village, row: Verification, trigger: str, who: str, at: datetime = LATER, **asked: Any) -> Any:
    return VERBS["verifications", trigger](village.session, row, asked, by=village.by(who, at), at=at)


def refused(village: Village, row: Verification, trigger: str, who: str, **asked: Any) -> list[str]:
    """The guards that are not met."""
    with pytest.raises(NotAllowed) as refusal:
        do(village, row, trigger, who, **asked)
    return [point.guard for point in refusal.value.unmet]


def owed(village: Village, row: Any) -> dict[str, Any]:
    """Open duties of a record: kind → the person, or the role."""
    rows = village.session.scalars(
        sa.select(Duty).where(Duty.of_noun == row.noun, Duty.of_id == row.id, Duty.closed_at.is_(None))
    )
    return {duty.kind: duty.person_id or str(duty.role) for duty in rows}
