"""Nobody owes a decision that they may not take: as who stands in today, or took a hand in it since, may not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import OPERATOR
from lessons.duties.queries import owed_by as owed_to
from lessons.duties.sweep import sweep
from lessons.models import Duty, Lesson, Notice, Person
from lessons.people import due, operations
from tests.village import AT, Village
from tests.walking import LINK, REASON, Walk, mail

DAY = timedelta(days=1)


@pytest.fixture
def walk(session: Session) -> Walk:
    return Walk(Village(session))


def away(walk: Walk, person: Person, delegate: Person) -> None:
    day = AT.date()
    operations.add_absence(
        walk.session, person, delegate=delegate, from_on=day, until_on=day + 3 * DAY, by=OPERATOR, at=AT
    )


def owed_by(walk: Walk, row: Any, kind: str) -> int | None:
    duty = sa.select(Duty).where(Duty.of_noun == row.noun, Duty.of_id == row.id, Duty.kind == kind)
    return walk.session.scalars(duty.where(Duty.closed_at.is_(None))).one().person_id


def test_whoever_begins_to_stand_in_for_its_owner_no_longer_owes_the_confirmation(walk: Walk) -> None:
    action = walk.record("actions", "done")
    assert owed_by(walk, action, "confirm_action") == walk.village.ruth.id
    away(walk, walk.village.avi, walk.village.ruth)
    assert due.fall_due(walk.session, at=AT) == 1
    assert owed_by(walk, action, "confirm_action") == walk.village.yossi.id
    assert due.fall_due(walk.session, at=AT) == 0


def test_a_revision_is_not_reviewed_by_whoever_stands_in_for_its_editor(walk: Walk) -> None:
    away(walk, walk.village.hila, walk.village.ilan)
    revision = walk.record("revisions", "in_review")
    duty = walk.session.scalars(sa.select(Duty).where(Duty.kind == "review_revision", Duty.of_id == revision.id)).one()
    assert (duty.person_id, duty.role) == (None, "manager")
    assert walk.village.ilan.id in duty.excluding


def test_after_those_days_they_owe_again_what_comes_to_them(walk: Walk) -> None:
    away(walk, walk.village.avi, walk.village.ruth)
    walk.at += 5 * DAY
    action = walk.record("actions", "in_progress")
    walk.do(action, "report_done", "avi", evidence=LINK)
    assert owed_by(walk, action, "confirm_action") == walk.village.ruth.id


def told(walk: Walk, kind: str, duty: str) -> list[tuple[int, bool]]:
    """(who, whether at once) of the notices of a kind about a kind of duty."""
    rows = walk.session.scalars(sa.select(Notice).where(Notice.kind == kind).order_by(Notice.id))
    return [(row.person_id, row.urgent) for row in rows if row.facts.get("duty") == duty]


def test_whoever_stands_in_hears_of_what_is_new(walk: Walk) -> None:
    away(walk, walk.village.dana, walk.village.yossi)
    debrief = walk.record("debriefs", "reported")
    walk.do(debrief, "open", "naomi", leader=mail("dana"), reviewer=mail("ruth"), path="full", severity=4)
    at_once = [(walk.village.dana.id, True), (walk.village.yossi.id, True)]
    assert told(walk, "assigned", "lead_debrief") == at_once


def test_whoever_did_it_does_not_hear_it_as_a_stand_in(walk: Walk) -> None:
    action = walk.record("actions", "in_progress")
    away(walk, walk.village.ruth, walk.village.avi)
    walk.do(action, "report_done", "avi", evidence=LINK)
    assert told(walk, "assigned", "confirm_action") == [(walk.village.ruth.id, False)]
    assert [duty.kind for duty in owed_to(walk.session, walk.by("avi"))] == []
    assert [duty.kind for duty in owed_to(walk.session, walk.by("ruth"))] == ["confirm_action"]
    sweep(walk.session, at=AT + 3 * DAY)
    assert told(walk, "reminder", "confirm_action") == [(walk.village.ruth.id, False)]


def test_who_may_not_is_known_anew_with_every_step(walk: Walk) -> None:
    action = walk.record("actions", "done")
    away(walk, walk.village.avi, walk.village.yossi)
    walk.add(action, "evidence", "avi", **LINK)
    duty = walk.session.scalars(sa.select(Duty).where(Duty.kind == "confirm_action", Duty.of_id == action.id)).one()
    walk.session.refresh(duty)
    assert duty.person_id == walk.village.ruth.id
    assert set(duty.excluding) == {walk.village.avi.id, walk.village.yossi.id}


def test_whoever_takes_a_lesson_over_no_longer_owes_its_check(walk: Walk) -> None:
    plan = walk.record("verifications", "due")
    lesson = walk.session.get_one(Lesson, plan.lesson_id)
    assert owed_by(walk, plan, "verify") == walk.village.ruth.id
    walk.do(lesson, "hand_over", "yossi", relation="owner", to=mail("ruth"), reason=REASON)
    assert owed_by(walk, plan, "verify") is None
