"""`process check --staffing`: where separation of duties leaves nobody, and where it hangs on one person."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from lessons.access.actor import forget_tree
from lessons.duties.holders import forget_holders
from lessons.models import Grant, Person
from lessons.steps.staffing import Gap, gaps
from lessons.workflow.states import LessonState, Role
from tests.village import AT, Village


@pytest.fixture
def village(session: Session) -> Village:
    return Village(session)


def told(village: Village) -> set[tuple[str, str, str]]:
    """(place, trigger, the only one who could)."""
    forget_holders(village.session)
    return {(gap.place, gap.trigger, gap.only) for gap in gaps(village.session, at=AT)}


def leave(village: Village, *people: Person) -> None:
    for person in people:
        person.closed_at = AT - timedelta(days=1)
    village.session.flush()


def test_a_lesson_whose_author_alone_manages_lessons_and_the_unit_stands_still(village: Village) -> None:
    village.session.execute(sa.delete(Grant).where(Grant.role.in_([Role.MANAGER, Role.LESSONS_MANAGER])))
    village.grant(village.naomi, Role.MANAGER, "CUS")
    village.grant(village.naomi, Role.LESSONS_MANAGER, "CUS")
    lesson = village.lesson(state=LessonState.PROPOSED, author_id=village.naomi.id, owner_id=None)
    found = told(village)
    assert (lesson.code, "accept", "") in found
    assert {(unit, "accept", "נעמי זילבר") for unit in ("CUS", "RET", "SRV")} <= found


def test_a_person_named_for_the_unit_is_enough(village: Village) -> None:
    village.session.execute(sa.delete(Grant).where(Grant.role.in_([Role.MANAGER, Role.LESSONS_MANAGER])))
    village.grant(village.naomi, Role.LESSONS_MANAGER, "CUS")
    lesson = village.lesson(state=LessonState.PROPOSED, author_id=village.naomi.id, owner_id=None)
    village.units["RET"].fallback_person_id = village.ruth.id
    village.session.flush()
    forget_tree(village.session)
    assert not {(lesson.code, "accept", ""), ("RET", "accept", "נעמי זילבר")} & told(village)
    assert ("SRV", "accept", "נעמי זילבר") in told(village)


def test_where_nobody_has_the_role_the_unit_is_told_of(village: Village) -> None:
    leave(village, village.omer)
    assert {place for place, trigger, only in told(village) if trigger == "approve_money" and not only} == {
        "CUS", "RET", "SRV",
    }  # fmt: skip


def test_a_village_with_enough_people_has_no_record_that_stands_still(village: Village) -> None:
    village.lesson(state=LessonState.PROPOSED, owner_id=None)
    assert [place for place, _, _ in told(village) if place not in village.units] == []


def test_a_gap_says_where_which_step_and_what_would_help() -> None:
    alone = Gap("RET", "lessons", "accept", ("not_its_author",), only="Naomi")
    assert str(alone) == (
        "RET: lessons “accept” (not_its_author) – only Naomi could, and nobody where it is their own. "
        "One more person is needed."
    )
    assert "nobody could today" in str(Gap("L-2026-0001", "lessons", "accept", ("not_its_author",)))
