"""A procedure is kept, a revision of it is written, handed in and looked at by people who did not write it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from lessons.errors import Forbidden, Invalid, NotAllowed
from lessons.models import Duty, Revision, RevisionEditor, RevisionLesson
from lessons.procedures.operations import create, import_procedure
from lessons.procedures.queries import because_of, editors, in_force
from lessons.steps.history import history
from lessons.workflow.states import LessonState, PolicyKind, RevisionState, Role
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
    submitted,
    told,
)
from tests.village import AT, Village


# ── a procedure ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_editor_enters_a_procedure_and_it_is_numbered_without_a_year(village: Village) -> None:
    procedure = procedure_of(village)
    assert (procedure.code, procedure.lang, procedure.unit_id) == ("P-0001", "he", village.units["RET"].id)
    assert history(village.session, procedure)[0].private["approver"] == {"person": village.ilan.pid}
    assert procedure_of(village).code == "P-0002"


def test_the_units_manager_enters_one_too_for_their_own_unit_if_none_is_said(village: Village) -> None:
    asked = {"title": "נוהל", "owner": village.hila, "approver": village.ilan}
    assert create(village.session, asked, by=village.by("ilan"), at=AT).unit_id == village.units["RET"].id
    elsewhere = {**asked, "unit": village.units["SRV"]}
    for who, given in (("ilan", elsewhere), ("avi", asked), ("naomi", asked)):
        with pytest.raises(Forbidden):
            create(village.session, given, by=village.by(who), at=AT)


def test_whoever_owns_a_procedure_does_not_approve_it(village: Village) -> None:
    with pytest.raises(Invalid) as refusal:
        procedure_of(village, approver=village.hila)
    assert [fault.pointer for fault in refusal.value.errors] == ["/approver"]
    handed = {"relation": "approver", "to": village.hila, "reason": REASON}
    assert refused(village, procedure_of(village), "hand_over", "ilan", **handed) == ["approver_is_not_owner"]


def test_a_procedure_is_renamed_by_its_owner_the_manager_or_an_editor(village: Village) -> None:
    procedure = procedure_of(village)
    do(village, procedure, "edit", "ilan", title="Credit notes", regulated=True)
    assert (procedure.title, procedure.lang, procedure.regulated) == ("Credit notes", "en", True)
    assert history(village.session, procedure)[-1].facts == {"fields": ["regulated", "title"]}
    with pytest.raises(Forbidden):
        do(village, procedure, "edit", "avi", title="נוהל אחר")


def test_an_approver_who_hands_over_hands_the_waiting_revision_over_too(village: Village) -> None:
    procedure = procedure_of(village)
    revision = submitted(village, procedure)
    assert owed(village, revision) == {"review_revision": village.ilan.id}
    do(village, procedure, "hand_over", "ilan", relation="approver", to=village.michal, reason=REASON)
    assert owed(village, revision) == {"review_revision": village.michal.id}


def test_a_procedure_from_another_place_enters_with_its_text_in_force_and_asks_nobody(village: Village) -> None:
    asked = {"title": "נוהל ישן", "unit": village.units["RET"], "source": "old.docx", "sections": [HOW]}
    procedure = import_procedure(village.session, asked, by=village.by("naomi"), at=AT)
    text = in_force(village.session, procedure.id or 0)
    assert text is not None
    assert (text.number, text.sections, text.imported_from) == (1, [HOW], "old.docx")


# ── drafting ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_draft_starts_from_the_text_in_force_with_the_ids_of_its_sections(village: Village) -> None:
    procedure = procedure_of(village)
    first = published(village, procedure, sections=[HOW, SUMS])
    second = draft(village, procedure)
    assert (second.sections, second.base_id, second.number) == ([HOW, SUMS], first.id, 2)
    assert second.code.startswith("R-2026-")
    assert owed(village, second) == {"write_revision": village.hila.id}


def test_a_new_section_gets_an_id_that_it_keeps(village: Village) -> None:
    revision = draft(village, procedure_of(village), sections=[{"heading": "איך", "body": "כך"}])
    name = revision.sections[0]["id"]
    assert len(name) == 8
    do(village, revision, "edit", "hila", sections=[{"id": name, "heading": "איך", "body": "אחרת"}, {"heading": "מתי"}])
    first, second = revision.sections
    assert (first["id"], second["body"]) == (name, "")


def test_two_sections_of_one_id_are_refused_with_the_place(village: Village) -> None:
    with pytest.raises(Invalid) as refusal:
        draft(village, procedure_of(village), sections=[HOW, SUMS, {**SUMS, "id": "how"}])
    assert [fault.pointer for fault in refusal.value.errors] == ["/sections/2/id"]


def test_a_procedure_has_one_open_draft_and_a_cancelled_one_leaves_no_gap(village: Village) -> None:
    procedure = procedure_of(village)
    first = draft(village, procedure)
    assert refused(village, procedure, "draft", "hila") == ["no_other_draft"]
    do(village, first, "cancel", "hila", reason=REASON)
    assert (first.state, draft(village, procedure).number) == (RevisionState.CANCELLED, 1)


def test_whoever_owns_a_lesson_drafts_because_of_it_and_of_no_other(village: Village) -> None:
    procedure, lesson = procedure_of(village), village.lesson()
    assert refused(village, procedure, "draft", "yossi") == ["lesson_is_theirs"]
    revision = draft(village, procedure, "yossi", because_of=[lesson])
    assert because_of(village.session, revision, village.by("yossi")) == [(lesson, 1)]
    assert owed(village, revision) == {"write_revision": village.yossi.id}
    with pytest.raises(Forbidden):
        draft(village, procedure_of(village), "avi", because_of=[lesson])


def test_a_draft_is_owed_as_soon_as_its_gravest_lesson_says(village: Village) -> None:
    revision = draft(village, procedure_of(village), because_of=[village.lesson(severity=4), village.lesson()])
    duty = village.session.scalars(sa.select(Duty).where(Duty.of_noun == "revisions", Duty.of_id == revision.id)).one()
    assert (duty.severity, duty.due_on.isoformat()) == (4, "2026-02-02")


def test_lessons_that_left_use_are_no_cause(village: Village) -> None:
    with pytest.raises(Invalid) as refusal:
        draft(village, procedure_of(village), because_of=[village.lesson(), village.lesson(state=LessonState.REJECTED)])
    assert [fault.pointer for fault in refusal.value.errors] == ["/because_of/1"]


def test_the_cycle_of_a_lesson_is_the_one_in_which_it_was_named(village: Village) -> None:
    again = village.lesson(cycle=2)
    revision = draft(village, procedure_of(village))
    do(village, revision, "edit", "hila", because_of=[again])
    link = village.session.get(RevisionLesson, (revision.id, again.id))
    assert link is not None
    assert link.cycle == 2
    do(village, revision, "edit", "hila", because_of=[])
    assert because_of(village.session, revision, village.by("hila")) == []


def test_everyone_who_edits_is_remembered(village: Village) -> None:
    lesson = village.lesson()
    revision = draft(village, procedure_of(village), because_of=[lesson])
    do(village, revision, "edit", "yossi", sections=[HOW])
    assert {person.id for person in editors(village.session, revision)} == {village.hila.id, village.yossi.id}
    assert history(village.session, revision)[-1].facts == {"fields": ["sections"]}
    with pytest.raises(Forbidden):
        do(village, revision, "edit", "avi", sections=[SUMS])


# ── handing in ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_nothing_is_handed_in_without_a_change_and_a_few_words_for_agents(village: Village) -> None:
    procedure = procedure_of(village)
    published(village, procedure, sections=[HOW])
    revision = draft(village, procedure)
    assert refused(village, revision, "submit", "hila") == ["text_changed", "a_summary"]
    do(village, revision, "edit", "hila", sections=[NEW_HOW])
    assert refused(village, revision, "submit", "hila", summary="א" * 281) == ["a_summary"]
    do(village, revision, "submit", "hila", summary="א" * 280)
    assert (revision.state, len(revision.summary)) == (RevisionState.IN_REVIEW, 280)
    assert owed(village, revision) == {"review_revision": village.ilan.id}


def test_a_text_that_was_handed_in_is_not_edited(village: Village) -> None:
    with pytest.raises(NotAllowed):
        do(village, submitted(village), "edit", "hila", sections=[HOW])


def test_it_is_sent_back_with_a_reason_and_its_editor_hears(village: Village) -> None:
    revision = submitted(village)
    do(village, revision, "send_back", "ilan", reason=REASON)
    assert (revision.state, told(village, "sent_back")) == (RevisionState.DRAFTING, {village.hila.id})
    assert owed(village, revision) == {"write_revision": village.hila.id}


def test_who_edited_does_not_approve_whatever_became_of_their_words(village: Village) -> None:
    theirs = village.lesson(owner_id=village.ilan.id)
    revision = draft(village, procedure_of(village), sections=[HOW], because_of=[theirs])
    do(village, revision, "edit", "ilan", sections=[SUMS])
    do(village, revision, "edit", "hila", sections=[HOW])
    do(village, revision, "submit", "hila", summary="מזינים")
    assert refused(village, revision, "approve", "ilan") == ["did_not_edit"]
    assert owed(village, revision) == {"review_revision": "manager"}
    do(village, revision, "approve", "michal")
    assert (revision.state, revision.approved_by_id) == (RevisionState.APPROVED, village.michal.id)


def test_only_the_procedures_approver_approves(village: Village) -> None:
    revision = submitted(village)
    with pytest.raises(Forbidden):
        do(village, revision, "approve", "michal")
    do(village, revision, "approve", "ilan")
    assert (revision.approved_at, owed(village, revision)) == (AT, {"publish_revision": village.hila.id})


# ── sums ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_compensation_table_needs_finance_first(village: Village) -> None:
    revision = submitted(village, procedure_of(village, policy_kind=PolicyKind.COMPENSATION))
    assert owed(village, revision) == {"approve_money": "finance"}
    assert refused(village, revision, "approve", "ilan") == ["money_is_approved"]
    do(village, revision, "approve_money", "omer")
    assert (revision.state, revision.money_approved_by_id) == (RevisionState.IN_REVIEW, village.omer.id)
    assert owed(village, revision) == {"review_revision": village.ilan.id}
    assert refused(village, revision, "approve_money", "omer") == ["money_not_yet_approved"]
    do(village, revision, "approve", "ilan")


def test_a_text_that_is_sent_back_needs_finance_again(village: Village) -> None:
    revision = submitted(village, procedure_of(village, policy_kind=PolicyKind.COMPENSATION))
    do(village, revision, "approve_money", "omer")
    do(village, revision, "send_back", "omer", reason=REASON)
    assert (revision.money_approved_at, revision.money_approved_by_id) == (None, None)
    do(village, revision, "edit", "hila", sections=[HOW, {**SUMS, "body": "עד 50 ₪"}])
    do(village, revision, "submit", "hila")
    assert refused(village, revision, "approve", "ilan") == ["money_is_approved"]


def test_finance_has_nothing_to_approve_where_no_sums_changed(village: Village) -> None:
    assert refused(village, submitted(village), "approve_money", "omer") == ["money_changed"]


def test_finance_who_edited_does_not_approve_the_sums(village: Village) -> None:
    village.grant(village.omer, Role.EDITOR, "CUS")
    revision = draft(village, procedure_of(village, policy_kind=PolicyKind.COMPENSATION), "omer", sections=[SUMS])
    do(village, revision, "submit", "hila", summary="סכומים")
    assert refused(village, revision, "approve_money", "omer") == ["did_not_edit"]


def test_editing_goes_to_another_and_both_count_as_editors(village: Village) -> None:
    revision = draft(village, procedure_of(village), sections=[HOW])
    do(village, revision, "hand_over", "hila", relation="editor", to=village.ilan, reason=REASON)
    assert (revision.editor_id, owed(village, revision)) == (village.ilan.id, {"write_revision": village.ilan.id})
    do(village, revision, "submit", "hila", summary="מזינים")
    assert refused(village, revision, "approve", "ilan") == ["did_not_edit"]


def test_a_cancelled_draft_is_told_and_takes_a_way_from_its_lesson(village: Village) -> None:
    lesson = village.lesson(state=LessonState.IMPLEMENTING)
    revision = draft(village, procedure_of(village), "yossi", because_of=[lesson])
    with pytest.raises(Forbidden):
        do(village, revision, "cancel", "avi", reason=REASON)
    do(village, revision, "cancel", "hila", reason=REASON)
    assert lesson.state == LessonState.ACCEPTED
    assert told(village, "cancelled") == {village.yossi.id}
    assert owed(village, revision) == {}


def test_an_approved_revision_can_still_be_given_up(village: Village) -> None:
    revision = approved(village)
    do(village, revision, "cancel", "hila", reason=REASON)
    assert revision.state == RevisionState.CANCELLED
    assert village.session.scalars(sa.select(Revision).where(Revision.state == RevisionState.EFFECTIVE)).all() == []
    assert village.session.get(RevisionEditor, (revision.id, village.hila.id)) is not None
