"""A revision comes into force, on its day, and leaves; people are asked to read it, and its lessons hear."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lessons.briefings.operations import acknowledge
from lessons.errors import Forbidden, Invalid, NotAllowed
from lessons.models import Briefing, BriefingMember, Lesson, Procedure, Revision, Verification
from lessons.procedures.due import fall_due
from lessons.procedures.queries import in_force
from lessons.repository.plans import plan_preset
from lessons.steps.history import history
from lessons.workflow.states import BriefingState, LessonState, PolicyKind, Preset, RevisionState
from tests.procedures.writing import (
    HOW,
    NEW_HOW,
    REASON,
    SUMS,
    approved,
    do,
    draft,
    owed,
    procedure_of,
    published,
    refused,
    told,
)
from tests.village import AT, TODAY, Village

TUESDAY = date(2026, 2, 3)
MIDNIGHT = datetime(2026, 2, 2, 22, tzinfo=UTC)
"""When that Tuesday begins in Jerusalem."""


def briefings_about(village: Village, revision: Revision) -> list[Briefing]:
    rows = village.session.scalars(sa.select(Briefing).where(Briefing.revision_id == revision.id).order_by(Briefing.id))
    return list(rows)


def readers(village: Village, briefing: Briefing) -> set[int]:
    mine = sa.select(BriefingMember.person_id).where(BriefingMember.briefing_id == briefing.id)
    return set(village.session.scalars(mine))


def another(village: Village, procedure: Procedure, **asked: Any) -> Revision:
    """A second edition, in force."""
    revision = draft(village, procedure, **asked)
    do(village, revision, "submit", "hila", summary="שונה")
    do(village, revision, "approve", "ilan")
    do(village, revision, "publish", "hila")
    return revision


def proved(village: Village, lesson: Lesson) -> None:
    """The lesson proved itself, as far as these tests are concerned."""
    village.session.execute(sa.update(Lesson).where(Lesson.id == lesson.id).values(state=LessonState.VERIFIED))
    village.session.refresh(lesson)


# ── publish ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_revision_in_force_asks_its_audience_to_read_it(village: Village) -> None:
    revision = published(village)
    assert (revision.state, revision.effective_on, revision.effective_at) == (RevisionState.EFFECTIVE, TODAY, AT)
    (briefing,) = briefings_about(village, revision)
    assert readers(village, briefing) == {village.yossi.id, village.avi.id}
    assert (briefing.share, briefing.due_on, briefing.opener_id) == (0.9, TUESDAY, village.hila.id)
    assert briefing.subject_edition == 1
    assert owed(village, revision) == {}


def test_without_a_word_about_the_audience_it_is_the_whole_unit(village: Village) -> None:
    revision = approved(village)
    do(village, revision, "publish", "hila")
    assert revision.audience == {"units": ["RET"], "roles": []}
    (briefing,) = briefings_about(village, revision)
    assert len(readers(village, briefing)) == 4


@pytest.mark.parametrize("given", [{"regulated": True}, {"policy_kind": PolicyKind.COMPENSATION}])
def test_money_and_regulation_are_read_by_everyone(village: Village, given: dict[str, Any]) -> None:
    revision = draft(village, procedure_of(village, **given), sections=[SUMS])
    do(village, revision, "submit", "hila", summary="סכומים")
    if "policy_kind" in given:
        do(village, revision, "approve_money", "omer")
    do(village, revision, "approve", "ilan")
    do(village, revision, "publish", "hila")
    assert briefings_about(village, revision)[0].share == 1.0


def test_share_and_date_are_those_that_are_asked_for(village: Village) -> None:
    revision = approved(village)
    do(village, revision, "publish", "hila", share=0.5, due_on=date(2026, 2, 9))
    (briefing,) = briefings_about(village, revision)
    assert (briefing.share, briefing.due_on) == (0.5, date(2026, 2, 9))


def test_only_the_owner_publishes(village: Village) -> None:
    revision = approved(village)
    with pytest.raises(Forbidden):
        do(village, revision, "publish", "ilan")


def test_a_day_that_is_over_and_reading_before_the_day_are_refused(village: Village) -> None:
    revision = approved(village)
    for asked, place in (
        ({"effective_on": date(2026, 1, 31)}, "/effective_on"),
        ({"effective_on": TUESDAY, "due_on": date(2026, 2, 2)}, "/due_on"),
    ):
        with pytest.raises(Invalid) as refusal:
            do(village, revision, "publish", "hila", **asked)
        assert [fault.pointer for fault in refusal.value.errors] == [place]


def test_a_new_edition_replaces_the_one_before_and_ends_asking_about_it(village: Village) -> None:
    procedure = procedure_of(village)
    first = published(village, procedure)
    second = another(village, procedure, sections=[HOW])
    assert (first.state, first.ended_at, second.state) == (RevisionState.SUPERSEDED, AT, RevisionState.EFFECTIVE)
    assert in_force(village.session, procedure.id or 0) is second
    assert history(village.session, first)[-1].facts == {"by": second.code}
    assert [one.state for one in briefings_about(village, first)] == [BriefingState.ENDED]
    assert [one.subject_edition for one in briefings_about(village, second)] == [2]


def test_people_around_it_hear_that_it_is_in_force(village: Village) -> None:
    lesson = village.lesson()
    revision = approved(village, because_of=[lesson])
    do(village, revision, "publish", "hila")
    assert told(village, "in_force") == {village.yossi.id}


def test_nobody_to_read_it_refuses_and_leaves_the_one_before_in_force(village: Village) -> None:
    procedure = procedure_of(village)
    first = published(village, procedure)
    revision = draft(village, procedure, sections=[HOW])
    do(village, revision, "submit", "hila", summary="שונה")
    do(village, revision, "approve", "ilan")
    nobody = {"units": [village.units["SRV"]], "roles": ["debrief_leader"]}
    assert refused(village, revision, "publish", "hila", audience=nobody) == ["somebody_in_audience"]
    assert (first.state, revision.state) == (RevisionState.EFFECTIVE, RevisionState.APPROVED)


# ── on its day ───────────────────────────────────────────────────────────────────────────────────────────────────────
def waiting(village: Village, **asked: Any) -> Revision:
    revision = approved(village)
    do(village, revision, "publish", "hila", effective_on=TUESDAY, **asked)
    return revision


def test_with_a_later_day_it_stays_approved_until_that_day_begins_in_the_unit(village: Village) -> None:
    revision = waiting(village, share=0.8)
    assert (revision.state, revision.effective_on, owed(village, revision)) == (RevisionState.APPROVED, TUESDAY, {})
    assert fall_due(village.session, at=MIDNIGHT - timedelta(seconds=1)) == 0
    assert fall_due(village.session, at=MIDNIGHT) == 1
    assert (revision.state, revision.effective_at) == (RevisionState.EFFECTIVE, MIDNIGHT)
    (briefing,) = briefings_about(village, revision)
    assert (briefing.share, briefing.due_on, briefing.opener_id) == (0.8, date(2026, 2, 5), village.hila.id)
    assert history(village.session, revision)[-1].event.actor_kind == "system"
    assert fall_due(village.session, at=MIDNIGHT) == 0


def test_after_a_day_without_a_worker_the_chosen_day_stays_on_the_record(village: Village) -> None:
    revision = waiting(village, due_on=TUESDAY)
    late = MIDNIGHT + timedelta(days=2)
    assert fall_due(village.session, at=late) == 1
    assert (revision.effective_on, revision.effective_at) == (TUESDAY, late)
    assert briefings_about(village, revision)[0].due_on == date(2026, 2, 9)


def test_the_day_can_be_moved_and_brought_forward(village: Village) -> None:
    revision = waiting(village)
    do(village, revision, "publish", "hila", effective_on=date(2026, 2, 5))
    assert fall_due(village.session, at=MIDNIGHT) == 0
    do(village, revision, "publish", "hila")
    assert (revision.state, revision.effective_on) == (RevisionState.EFFECTIVE, TODAY)


def test_where_nobody_is_left_on_that_day_its_owner_owes_another_audience(village: Village) -> None:
    revision = waiting(village, audience={"units": [village.units["RET"]], "roles": ["debrief_leader"]})
    village.dana.closed_at = AT + timedelta(hours=1)
    village.session.flush()
    assert fall_due(village.session, at=MIDNIGHT) == 0
    assert owed(village, revision) == {"publish_revision": village.hila.id}
    do(village, revision, "publish", "hila", MIDNIGHT, audience={"units": [village.units["RET"]]})
    assert (revision.state, owed(village, revision)) == (RevisionState.EFFECTIVE, {})


# ── what lessons hear ────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_lesson_is_watched_once_its_revision_is_in_force_and_was_read(village: Village) -> None:
    lesson = village.lesson(state=LessonState.IMPLEMENTING)
    plan_preset(village.session, lesson, Preset.DID_NOT_COME_BACK, by=village.by("naomi"), at=AT)
    (briefing,) = briefings_about(village, published(village, because_of=[lesson]))
    acknowledge(village.session, briefing, {}, by=village.by("avi"), at=AT)
    assert lesson.state == LessonState.IMPLEMENTING
    acknowledge(village.session, briefing, {}, by=village.by("yossi"), at=AT)
    assert (lesson.state, briefing.state) == (LessonState.WATCHING, BriefingState.ENDED)


def test_a_proved_lesson_is_reviewed_when_its_section_is_changed_for_another_reason(village: Village) -> None:
    procedure, lesson = procedure_of(village), village.lesson()
    published(village, procedure, sections=[NEW_HOW, SUMS], because_of=[lesson])
    proved(village, lesson)
    another(village, procedure, sections=[SUMS, NEW_HOW])
    after_moving = lesson.state.value
    third = another(village, procedure, sections=[SUMS, HOW])
    assert (after_moving, lesson.state.value) == ("verified", "due_for_review")
    assert history(village.session, lesson)[-1].facts == {"because": third.code}


def test_a_proved_lesson_stays_so_when_its_own_revision_changes_the_section(village: Village) -> None:
    procedure, lesson = procedure_of(village), village.lesson()
    published(village, procedure, sections=[HOW], because_of=[lesson])
    proved(village, lesson)
    another(village, procedure, sections=[NEW_HOW], because_of=[lesson])
    assert lesson.state == LessonState.VERIFIED


# ── leave ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_manager_who_did_not_edit_withdraws_it(village: Village) -> None:
    revision, other = published(village, because_of=[village.lesson()]), procedure_of(village)
    do(village, revision, "withdraw", "ilan", reason=REASON, requested_by="הלשכה המשפטית", successor=other)
    assert (revision.state, revision.successor_id, revision.ended_at) == (RevisionState.WITHDRAWN, other.id, AT)
    last = history(village.session, revision)[-1]
    assert last.facts == {"successor": other.code}
    assert last.private["requested_by"] == "הלשכה המשפטית"
    assert [one.state for one in briefings_about(village, revision)] == [BriefingState.ENDED]
    assert told(village, "withdrawn") == {village.hila.id, village.yossi.id}


def test_whoever_edited_it_does_not_withdraw_it(village: Village) -> None:
    lesson = village.lesson(owner_id=village.michal.id)
    procedure = procedure_of(village)
    revision = draft(village, procedure, "michal", because_of=[lesson], sections=[HOW])
    do(village, revision, "submit", "hila", summary="מזינים")
    do(village, revision, "approve", "ilan")
    do(village, revision, "publish", "hila")
    assert refused(village, revision, "withdraw", "michal", reason=REASON) == ["did_not_edit"]
    with pytest.raises(Forbidden):
        do(village, revision, "withdraw", "hila", reason=REASON)


def test_a_proved_lesson_is_reviewed_when_its_revision_is_withdrawn(village: Village) -> None:
    lesson = village.lesson()
    revision = published(village, because_of=[lesson])
    proved(village, lesson)
    do(village, revision, "withdraw", "ilan", reason=REASON)
    assert lesson.state == LessonState.DUE_FOR_REVIEW


def test_while_a_lesson_is_watched_its_verification_learns_of_the_withdrawal(village: Village) -> None:
    lesson = village.lesson(state=LessonState.IMPLEMENTING)
    plan = plan_preset(village.session, lesson, Preset.DID_NOT_COME_BACK, by=village.by("naomi"), at=AT)
    revision = published(village, because_of=[lesson])
    village.session.execute(sa.update(Lesson).where(Lesson.id == lesson.id).values(state=LessonState.WATCHING))
    village.session.refresh(lesson)
    do(village, revision, "withdraw", "ilan", reason=REASON)
    assert village.session.get_one(Verification, plan.id).attached["withdrawn"] == revision.code


def test_after_a_withdrawal_a_draft_starts_from_the_last_text(village: Village) -> None:
    procedure = procedure_of(village)
    revision = published(village, procedure)
    do(village, revision, "withdraw", "ilan", reason=REASON)
    again = draft(village, procedure)
    assert (again.sections, again.base_id, again.number) == (revision.sections, None, 2)


def test_what_is_out_of_force_takes_no_step_any_more(village: Village) -> None:
    revision = published(village)
    do(village, revision, "withdraw", "ilan", reason=REASON)
    with pytest.raises(NotAllowed):
        do(village, revision, "publish", "hila")
