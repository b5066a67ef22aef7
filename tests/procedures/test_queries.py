"""Lists of procedures and revisions, and what a page of one of them shows to whom."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lessons.errors import NotFound
from lessons.models import Procedure
from lessons.procedures.queries import (
    Wanted,
    WantedProcedures,
    changes,
    editions,
    one,
    one_revision,
    procedures,
    revisions,
)
from lessons.workflow.states import PolicyKind
from tests.access.records import Counted
from tests.procedures.writing import HOW, NEW_HOW, REASON, SUMS, approved, do, draft, procedure_of, published
from tests.village import AT, Village


def codes(village: Village, wanted: WantedProcedures | None = None, who: str = "hila") -> list[str]:
    return [line.procedure.code for line in procedures(village.session, wanted, by=village.by(who)).items]


def revision_codes(village: Village, wanted: Wanted | None = None, who: str = "hila") -> list[str]:
    return [line.revision.code for line in revisions(village.session, wanted, by=village.by(who), at=AT).items]


def test_agents_see_what_is_in_force_and_its_people_see_drafts_too(village: Village) -> None:
    kept, new = procedure_of(village), procedure_of(village)
    revision = published(village, kept)
    started = draft(village, new, sections=[HOW])
    assert (codes(village), codes(village, who="avi")) == ([kept.code, new.code], [kept.code])
    assert revision_codes(village) == [started.code, revision.code]
    assert revision_codes(village, who="avi") == [revision.code]


def test_a_line_names_the_owner_the_text_in_force_and_the_draft_for_those_who_may_know(village: Village) -> None:
    procedure = procedure_of(village)
    revision = published(village, procedure)
    started = draft(village, procedure)
    (line,) = procedures(village.session, by=village.by("hila")).items
    assert (line.owner, line.in_force, line.draft) == (village.hila, revision, started)
    (seen,) = procedures(village.session, by=village.by("avi")).items
    assert (seen.in_force, seen.draft) == (revision, None)


def test_procedures_are_narrowed_by_unit_owner_kind_lesson_and_words(village: Village) -> None:
    lesson = village.lesson()
    mine = procedure_of(village, policy_kind=PolicyKind.SERVICE)
    published(village, mine, because_of=[lesson])
    other = procedure_of(village, title="נוהל ביטול", owner=village.naomi, unit=village.units["CUS"])
    for wanted, found in (
        (WantedProcedures(unit=village.units["RET"]), mine),
        (WantedProcedures(owner=village.naomi), other),
        (WantedProcedures(kind="service"), mine),
        (WantedProcedures(lesson=lesson), mine),
        (WantedProcedures(q="ביטול"), other),
    ):
        assert codes(village, wanted) == [found.code], wanted


def test_revisions_are_narrowed_by_state_unit_owner_procedure_lesson_debrief_kind_and_words(village: Village) -> None:
    lesson = village.lesson(debrief_id=village.debrief().id)
    procedure = procedure_of(village, policy_kind=PolicyKind.SERVICE)
    mine = published(village, procedure, because_of=[lesson])
    elsewhere = procedure_of(village, title="נוהל ביטול", owner=village.naomi, unit=village.units["CUS"])
    other = draft(village, elsewhere, sections=[SUMS])
    for wanted, found in (
        (Wanted(states=["drafting"]), other),
        (Wanted(unit=village.units["RET"]), mine),
        (Wanted(owner=village.naomi), other),
        (Wanted(procedure=procedure), mine),
        (Wanted(lesson=lesson), mine),
        (Wanted(debrief=village.session.get_one(type(village.debrief()), lesson.debrief_id)), mine),
        (Wanted(kind="service"), mine),
        (Wanted(q="ביטול"), other),
    ):
        assert revision_codes(village, wanted) == [found.code], wanted


def test_late_is_a_revision_on_which_something_is_owed_since_longer_than_was_promised(village: Village) -> None:
    revision = approved(village)
    late = AT + timedelta(days=10)
    for at, found in ((AT, []), (late, [revision])):
        lines = revisions(village.session, Wanted(overdue=True), by=village.by("hila"), at=at).items
        assert [line.revision for line in lines] == found
    assert [line.overdue for line in revisions(village.session, by=village.by("hila"), at=late).items] == [True]


def test_pages_follow_each_other_without_gap_or_repeat(village: Village) -> None:
    for _ in range(3):
        published(village)
    by = village.by("avi")
    first = revisions(village.session, by=by, at=AT, limit=2)
    rest = revisions(village.session, by=by, at=AT, limit=2, cursor=first.next)
    assert [line.revision.code for line in (*first.items, *rest.items)] == revision_codes(village)
    assert rest.next is None
    some = procedures(village.session, by=by, limit=2)
    assert len(procedures(village.session, by=by, cursor=some.next).items) == 1


def test_a_list_of_twenty_costs_what_a_list_of_one_does(village: Village) -> None:
    cost = []
    for more in (1, 6):
        for _ in range(more):
            published(village)
        village.session.flush()
        with Counted(village.session) as counted:
            procedures(village.session, by=village.by("hila"))
            revisions(village.session, by=village.by("hila"), at=AT)
        cost.append(len(counted))
    assert cost[0] == cost[1]


def test_one_is_found_by_its_code_where_it_may_be_seen(village: Village) -> None:
    procedure = procedure_of(village)
    revision = draft(village, procedure, sections=[HOW])
    assert one(village.session, procedure.code.lower(), village.by("hila")) is procedure
    assert one_revision(village.session, revision.code, village.by("ilan")) is revision
    for read, code in ((one, procedure.code), (one_revision, revision.code), (one, "P-9999")):
        with pytest.raises(NotFound):
            read(village.session, code, village.by("avi"))


def test_its_editions_are_shown_to_whom_they_concern(village: Village) -> None:
    procedure = procedure_of(village)
    first = published(village, procedure)
    do(village, first, "withdraw", "ilan", reason=REASON)
    second = published(village, procedure, sections=[HOW])
    assert editions(village.session, procedure, village.by("hila")) == [second, first]
    assert editions(village.session, procedure, village.by("avi")) == [second]
    assert village.session.get(Procedure, procedure.id) is procedure


def test_what_a_revision_changed_is_told_against_the_text_it_started_from(village: Village) -> None:
    procedure = procedure_of(village)
    published(village, procedure, sections=[HOW, SUMS])
    second = draft(village, procedure)
    do(village, second, "edit", "hila", sections=[NEW_HOW, SUMS])
    assert [(one.id, one.kind) for one in changes(village.session, second)] == [("how", "changed"), ("sums", "same")]
