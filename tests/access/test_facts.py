"""What guards are told about records: the same number of queries for one row and for twenty, and true."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from lessons.access import OPERATOR, SYSTEM, facts
from lessons.access.actor import forget_tree
from lessons.models import (
    Absence,
    Action,
    Briefing,
    BriefingMember,
    Cause,
    Debrief,
    DebriefPerson,
    Evidence,
    Extension,
    Finding,
    Hand,
    Lesson,
    News,
    Procedure,
    Question,
    Revision,
    RevisionEditor,
    RevisionLesson,
    Sentence,
    Unit,
    Verification,
)
from lessons.models.base import random_id
from lessons.workflow.lives import LIVES
from lessons.workflow.states import ActionState, EvidenceKind, RevisionState, Role, VerificationState
from tests.access.records import AT, TODAY, Counted, known, owed, put
from tests.village import Village


def a_debrief(village: Village) -> Debrief:
    debrief = put(village, Debrief)
    put(village, DebriefPerson, debrief_id=debrief.id, person_id=village.avi.id, part="participant")
    put(village, Cause, finding_id=put(village, Finding, debrief_id=debrief.id).id)
    put(village, Lesson, debrief_id=debrief.id)
    owed(village, debrief, "lead_debrief", person_id=village.dana.id)
    return debrief


def a_lesson(village: Village) -> Lesson:
    lesson = put(village, Lesson, debrief_id=put(village, Debrief).id)
    put(village, Action, lesson_id=lesson.id)
    put(village, Briefing, lesson_id=lesson.id, cycle=1)
    put(village, Verification, lesson_id=lesson.id)
    return lesson


def an_action(village: Village) -> Action:
    action = put(village, Action, lesson_id=a_lesson(village).id)
    put(village, Hand, noun="actions", record_id=action.id, relation="owner", person_id=village.ruth.id)
    put(village, Evidence, action_id=action.id)
    return action


def a_revision(village: Village) -> Revision:
    revision = put(village, Revision, procedure_id=put(village, Procedure).id, state=RevisionState.APPROVED)
    put(village, RevisionLesson, revision_id=revision.id, lesson_id=put(village, Lesson).id, cycle=1)
    put(village, RevisionEditor, revision_id=revision.id, person_id=village.avi.id)
    return revision


def a_verification(village: Village) -> Verification:
    return put(village, Verification, lesson_id=put(village, Lesson).id)


def a_briefing(village: Village) -> Briefing:
    briefing = put(village, Briefing, lesson_id=put(village, Lesson).id, cycle=1)
    for person in (village.avi, village.yossi):
        put(village, BriefingMember, briefing_id=briefing.id, person_id=person.id)
    return briefing


MAKERS: dict[str, Callable[[Village], Any]] = {
    "debriefs": a_debrief,
    "lessons": a_lesson,
    "actions": an_action,
    "procedures": lambda village: put(village, Procedure),
    "revisions": a_revision,
    "verifications": a_verification,
    "briefings": a_briefing,
    "news": lambda village: put(village, News),
    "questions": lambda village: put(village, Question),
    "sentences": lambda village: put(village, Sentence),
}
MOST = {"actions": 4, "procedures": 4, "verifications": 4}


@pytest.mark.parametrize("noun", list(LIVES))
def test_twenty_rows_cost_as_many_queries_as_one_and_keep_their_order(village: Village, noun: str) -> None:
    rows = [MAKERS[noun](village) for _ in range(20)]
    by = village.by("dana", AT)
    with Counted(village.session) as for_one:
        alone = facts(village.session, rows[7:8], by=by, at=AT)
    with Counted(village.session) as for_twenty:
        together = facts(village.session, rows[::-1], by=by, at=AT)
    assert len(for_twenty) == len(for_one) <= MOST.get(noun, 8)
    assert together[12] == alone[0]


@pytest.mark.parametrize("noun", list(LIVES))
def test_system_and_operator_hold_nothing_but_their_own_name(village: Village, noun: str) -> None:
    row = MAKERS[noun](village)
    assert known(village, row, SYSTEM).relations == {"system"}
    assert known(village, row, OPERATOR).relations == {"operator"}


def test_no_rows_have_no_facts(village: Village) -> None:
    assert facts(village.session, [], by=village.by("dana"), at=AT) == []


# ── who ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_action_knows_its_lessons_owner_verifier_and_leader(village: Village) -> None:
    action = an_action(village)
    told = known(village, action)
    assert told.people == {
        "owner": (village.avi.id,),
        "assigner": (village.yossi.id,),
        "verifier": (village.ruth.id,),
        "lesson_owner": (village.yossi.id,),
        "leader": (village.dana.id,),
        "reviewer": (village.naomi.id,),
        "waiting_on": (),
    }
    assert known(village, action, "ruth").relations >= {"anyone", "verifier"}
    assert known(village, action, "yossi").relations >= {"lesson_owner", "assigner"}
    assert "manager" in known(village, action, "michal").relations
    assert "manager" not in known(village, action, "alexei").relations


def test_whoever_stands_in_holds_what_the_absent_hold(village: Village) -> None:
    action = an_action(village)
    put(village, Absence, pid=random_id(), person_id=village.avi.id, delegate_id=village.rana.id, from_on=TODAY,
        until_on=TODAY)  # fmt: skip
    told = known(village, action, "rana")
    assert "owner" in told.relations
    assert told.acting == {village.rana.id, village.avi.id}
    assert told.stands_in_for_owner == {village.rana.id}
    assert known(village, action, "dana").stands_in_for_owner == {village.rana.id}


def test_an_action_remembers_every_owner(village: Village) -> None:
    assert known(village, an_action(village)).ever("owner") == {village.avi.id, village.ruth.id}


def test_whoever_owes_a_duty_may_fire_what_fulfils_it(village: Village) -> None:
    action = an_action(village)
    action.state = ActionState.DONE
    owed(village, action, "confirm_action", person_id=village.rana.id)
    assert {"duty:confirm", "duty:send_back"} <= known(village, action, "rana").relations
    assert not any(name.startswith("duty:") for name in known(village, action, "hila").relations)


def test_a_duty_of_a_role_is_held_at_its_unit_and_above_but_not_by_whom_it_leaves_out(village: Village) -> None:
    debrief = put(village, Debrief)
    owed(village, debrief, "lead_debrief", role=Role.MANAGER, excluding=[village.michal.id])
    assert "duty:submit" in known(village, debrief, "ilan").relations
    assert "duty:submit" not in known(village, debrief, "michal").relations
    assert "duty:submit" not in known(village, debrief, "alexei").relations


def test_a_duty_of_another_state_or_one_that_is_closed_opens_nothing(village: Village) -> None:
    action = an_action(village)
    owed(village, action, "confirm_action", person_id=village.rana.id)
    owed(village, action, "start_action", person_id=village.rana.id, closed_at=AT)
    assert known(village, action, "rana").relations == {"anyone"}


def test_the_day_is_the_one_of_the_units_zone(village: Village) -> None:
    village.units["RET"].zone = "Pacific/Auckland"
    evening = AT.replace(hour=20)
    assert known(village, put(village, Lesson), at=evening).today == date(2026, 6, 11)


def test_a_unit_is_small_while_it_is_marked_and_has_few_people(village: Village) -> None:
    lesson = put(village, Lesson)
    assert not known(village, lesson).small
    village.units["RET"].small = True
    village.session.flush()
    forget_tree(village.session)
    assert known(village, lesson).small
    team = put(village, Unit, code="EVE", name="ערב", from_on=TODAY, parent_id=village.units["RET"].id)
    forget_tree(village.session)
    for n in range(11):  # with four at the centre itself it has fifteen
        village.units[f"EVE{n}"] = team
        village._add_person(f"eve{n}", f"נציג {n}", f"EVE{n}", None)
    assert not known(village, lesson).small
    village.avi.closed_at = AT
    village.session.flush()
    assert known(village, lesson).small


# ── actions ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_evidence_is_what_can_be_looked_at_and_a_note_counts_by_its_length(village: Village) -> None:
    action = put(village, Action, lesson_id=put(village, Lesson, severity=4).id)
    assert (known(village, action).evidence, known(village, action).long_note) == (0, False)
    put(village, Evidence, action_id=action.id, kind=EvidenceKind.NOTE, note="בוצע".ljust(30))
    assert (known(village, action).evidence, known(village, action).long_note) == (0, False)
    put(village, Evidence, action_id=action.id, kind=EvidenceKind.NOTE, note="הבדיקה נוספה והופעלה במוקד")
    put(village, Evidence, action_id=action.id)
    told = known(village, action)
    assert (told.evidence, told.long_note, told.severity) == (1, True, 4)


def test_an_open_request_for_another_date_is_known(village: Village) -> None:
    action, debrief = an_action(village), put(village, Debrief)
    assert not known(village, action).open_extension
    for row in (action, debrief):
        put(village, Extension, of_noun=row.noun, of_id=row.id)
        assert known(village, row).open_extension


def test_an_action_of_a_debrief_has_the_debriefs_severity_and_leader(village: Village) -> None:
    action = put(village, Action, debrief_id=put(village, Debrief, severity=3).id)
    told = known(village, action)
    assert told.severity == 3
    assert told.people["leader"] == (village.dana.id,)
    assert told.people["lesson_owner"] == told.people["verifier"] == ()


# ── verifications ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_whoever_had_a_hand_in_the_lesson_is_barred_from_verifying_it(village: Village) -> None:
    lesson = put(village, Lesson, severity=3)
    action = put(village, Action, lesson_id=lesson.id, state=ActionState.CANCELLED)
    put(village, Hand, noun="actions", record_id=action.id, relation="owner", person_id=village.rana.id)
    put(village, Hand, noun="lessons", record_id=lesson.id, relation="owner", person_id=village.omer.id)
    revision = put(village, Revision, procedure_id=put(village, Procedure).id, editor_id=village.hila.id)
    put(village, RevisionLesson, revision_id=revision.id, lesson_id=lesson.id, cycle=1)
    put(village, RevisionEditor, revision_id=revision.id, person_id=village.alexei.id)
    told = known(village, put(village, Verification, lesson_id=lesson.id), "ruth")
    hands = (village.yossi, village.avi, village.rana, village.omer, village.hila, village.alexei)
    assert told.barred == {person.id for person in hands}
    assert (told.author, told.severity) == (village.dana.id, 3)
    assert "verifier" in told.relations


def test_the_last_verification_that_was_not_void_names_the_verifier(village: Village) -> None:
    lesson = put(village, Lesson, cycle=2)
    action = put(village, Action, lesson_id=lesson.id)
    assert known(village, action).people["verifier"] == ()
    put(village, Verification, lesson_id=lesson.id, state=VerificationState.NOT_EFFECTIVE, concluded_at=AT)
    put(village, Verification, lesson_id=lesson.id, cycle=2, state=VerificationState.VOID, verifier_id=village.omer.id)
    assert known(village, action).people["verifier"] == (village.ruth.id,)
    assert known(village, lesson).people["verifier"] == (village.ruth.id,)
