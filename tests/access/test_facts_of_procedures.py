"""What revisions, procedures and briefings tell: what changed, who edited, who will know and who has read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from lessons.models import (
    Absence,
    Briefing,
    BriefingMember,
    Lesson,
    Procedure,
    Revision,
    RevisionEditor,
    RevisionLesson,
)
from lessons.models.base import random_id
from lessons.workflow.states import BriefingState, RevisionState
from tests.access.records import AT, TODAY, known, put
from tests.village import Village


def a_revision(village: Village) -> Revision:
    """Yossi's lesson asked for it; Dana writes, Avi wrote too."""
    revision = put(village, Revision, procedure_id=put(village, Procedure).id)
    put(village, RevisionLesson, revision_id=revision.id, lesson_id=put(village, Lesson).id, cycle=1)
    put(village, RevisionEditor, revision_id=revision.id, person_id=village.avi.id)
    return revision


def text_of(*bodies: str) -> list[dict[str, str]]:
    return [{"id": random_id(6), "heading": "זיכוי", "body": body} for body in bodies]


def test_a_revision_knows_whether_its_words_differ_from_the_text_in_force(village: Village) -> None:
    procedure = put(village, Procedure, policy_kind="compensation")
    old = put(village, Revision, procedure_id=procedure.id, state=RevisionState.EFFECTIVE, sections=text_of("40 ₪"))
    new = put(village, Revision, procedure_id=procedure.id, base_id=old.id, sections=text_of("40 ₪ "))
    assert (known(village, new).text_changed, known(village, new).money_changed) == (False, False)
    new.sections = text_of("50 ₪")
    village.session.flush()
    assert (known(village, new).text_changed, known(village, new).money_changed) == (True, True)


def test_a_first_edition_is_a_change_as_soon_as_it_says_anything(village: Village) -> None:
    revision = put(village, Revision, procedure_id=put(village, Procedure).id)
    assert not known(village, revision).text_changed
    revision.sections = text_of("שואלים מתי ההתקנה")
    village.session.flush()
    told = known(village, revision)
    assert (told.text_changed, told.money_changed) == (True, False)


def test_a_revision_knows_its_people(village: Village) -> None:
    told = known(village, a_revision(village), "hila")
    assert told.editors == {village.dana.id, village.avi.id}
    assert told.people == {
        "editor": (village.dana.id,),
        "procedure_owner": (village.hila.id,),
        "approver": (village.ilan.id,),
        "lesson_owner": (village.yossi.id,),
    }
    assert told.relations >= {"procedure_owner", "editor_role"}
    assert "editor" not in told.relations


def test_the_audience_is_counted_on_the_day_it_comes_into_force(village: Village) -> None:
    tomorrow = TODAY + timedelta(days=1)
    revision = put(village, Revision, procedure_id=put(village, Procedure).id, state=RevisionState.APPROVED,
                   effective_on=tomorrow, audience={"units": ["ret"], "roles": ["agent"]})  # fmt: skip
    assert known(village, revision).audience_size == 2
    village.avi.closed_at = AT + timedelta(hours=5)
    village.session.flush()
    assert known(village, revision).audience_size == 1


def test_a_procedure_knows_of_its_open_draft_and_of_whoever_owns_a_lesson(village: Village) -> None:
    procedure, _ = put(village, Procedure), put(village, Lesson)
    assert "lesson_owner" in known(village, procedure, "yossi").relations
    assert "lesson_owner" not in known(village, procedure, "rana").relations
    assert not known(village, procedure).other_draft
    draft = put(village, Revision, procedure_id=procedure.id)
    assert known(village, procedure).other_draft
    assert not known(village, draft).other_draft


# ── briefings ────────────────────────────────────────────────────────────────────────────────────────────────────────
def away(village: Village, person: Any, first: date, last: date) -> None:
    put(village, Absence, pid=random_id(), person_id=person.id, delegate_id=village.dana.id, from_on=first,
        until_on=last)  # fmt: skip


def test_people_who_left_come_later_or_are_away_throughout_do_not_count(village: Village) -> None:
    briefing = put(village, Briefing, lesson_id=put(village, Lesson, severity=3).id, due_on=date(2026, 6, 14))
    for person in (village.avi, village.yossi, village.rana, village.dana, village.omer, village.hila):
        read = AT if person is village.yossi else None
        put(village, BriefingMember, briefing_id=briefing.id, person_id=person.id, acknowledged_at=read)
    village.rana.closed_at, village.omer.hired_on = AT, date(2026, 6, 15)
    away(village, village.avi, TODAY, date(2026, 6, 14))
    away(village, village.hila, TODAY + timedelta(days=1), date(2026, 6, 20))
    told = known(village, briefing, "yossi")
    assert (told.counted, told.acknowledged, told.severity) == (3, 1, 3)
    assert told.members == {village.yossi.id}
    assert told.relations >= {"member", "opener", "lesson_owner"}
    assert not told.decision_owed


def test_a_briefing_about_a_revision_weighs_as_much_as_the_lessons_behind_it(village: Village) -> None:
    revision = a_revision(village)
    weighty = put(village, Lesson, severity=4)
    put(village, RevisionLesson, revision_id=revision.id, lesson_id=weighty.id, cycle=1)
    briefing = put(village, Briefing, revision_id=revision.id, state=BriefingState.ENDED)
    assert known(village, briefing).severity == 4
    assert known(village, revision).severity == 4
