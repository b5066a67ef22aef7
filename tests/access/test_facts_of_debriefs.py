"""What an inquiry holds so far, what its lessons lack, and names of participants that should be roles."""

from __future__ import annotations

from typing import Any

import pytest

from lessons.access.names import names_in
from lessons.models import Action, Cause, Debrief, DebriefPerson, Fact, Finding, Lesson
from lessons.workflow.facts import DraftFact, FindingFact, NameHit
from lessons.workflow.states import ActionState, DebriefState, Direction, FindingDirection, LessonState
from tests.access.records import AT, known, put
from tests.village import Village


@pytest.fixture
def debrief(village: Village) -> Debrief:
    """Avi took part; Omer is named as a reader."""
    debrief = put(village, Debrief)
    for person, part in ((village.avi, "participant"), (village.omer, "named")):
        put(village, DebriefPerson, debrief_id=debrief.id, person_id=person.id, part=part)
    return debrief


def test_people_of_the_event_are_known_by_their_part(village: Village, debrief: Debrief) -> None:
    told = known(village, debrief, "avi")
    assert told.participants == {village.avi.id}
    assert told.people["participant"] == (village.avi.id,)
    assert "participant" in told.relations
    assert "named" in known(village, debrief, "omer").relations


def test_findings_tell_their_causes_and_lessons(village: Village, debrief: Debrief) -> None:
    first = put(village, Finding, debrief_id=debrief.id)
    put(village, Finding, debrief_id=debrief.id, n=2, direction=FindingDirection.SUSTAIN, no_lesson_because="ידוע כבר")
    put(village, Cause, finding_id=first.id)
    put(village, Lesson, debrief_id=debrief.id, finding_id=first.id, state=LessonState.DRAFT)
    put(village, Lesson, debrief_id=debrief.id, finding_id=first.id, state=LessonState.REJECTED)
    put(village, Fact, debrief_id=debrief.id)
    put(village, Fact, debrief_id=debrief.id, at=AT)
    told = known(village, debrief)
    assert told.findings == (
        FindingFact(1, causes=1, lessons=1, no_lesson=False, sustain=False),
        FindingFact(2, causes=0, lessons=0, no_lesson=True, sustain=True),
    )
    assert told.dated_facts == 1


def test_drafts_tell_what_they_lack_and_whether_they_keep_something(village: Village, debrief: Debrief) -> None:
    draft = put(village, Lesson, debrief_id=debrief.id, state=LessonState.DRAFT, direction=Direction.KEEP, consent=True)
    told = known(village, debrief)
    lacking = ("applies_when", "topics")
    assert told.drafts == (DraftFact(draft.code, "draft", draft.title, lacking, keep=True),)
    assert told.consent
    put(village, Lesson, debrief_id=debrief.id)
    assert not known(village, debrief).consent


def test_it_is_settled_when_its_lessons_and_its_own_actions_are(village: Village, debrief: Debrief) -> None:
    for state in (LessonState.VERIFIED, LessonState.REJECTED, LessonState.WATCHING):
        put(village, Lesson, debrief_id=debrief.id, state=state)
    put(village, Action, debrief_id=debrief.id, state=ActionState.CANCELLED)
    put(village, Action, debrief_id=debrief.id, state=ActionState.DECLINED)
    assert known(village, debrief).unsettled == 2


def test_severity_counts_as_two_until_it_is_known_and_as_four_where_it_is_urgent(village: Village) -> None:
    assert known(village, put(village, Debrief)).severity == 2
    assert known(village, put(village, Debrief, urgent=True)).severity == 4
    assert known(village, put(village, Debrief, urgent=True, severity=1)).severity == 1


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def write(village: Village, debrief: Debrief, part: str, text: str) -> None:
    """Put the text where a person would have written it."""
    finding = put(village, Finding, debrief_id=debrief.id, n=7)
    made: dict[str, Any] = {
        "fact": lambda: put(village, Fact, debrief_id=debrief.id, text=text),
        "finding": lambda: setattr(finding, "text", text),
        "cause": lambda: put(village, Cause, finding_id=finding.id, text=text),
        "lesson": lambda: put(village, Lesson, debrief_id=debrief.id, state=LessonState.DRAFT, steps=["", text]),
    }
    made.get(part, lambda: setattr(debrief, part, text))()
    village.session.flush()


@pytest.mark.parametrize(
    ("part", "n"),
    [("title", 0), ("expected", 0), ("elsewhere", 0), ("fact", 1), ("finding", 7), ("cause", 7), ("lesson", 1)],
)
def test_a_participants_full_name_is_found_wherever_it_was_written(
    village: Village, debrief: Debrief, part: str, n: int
) -> None:
    write(village, debrief, part, "ולאבי כהן נאמר שהזיכוי הוזן")
    debrief.names_answered = [{"text": "אבי כהן", "choice": "not_a_name"}]
    assert known(village, debrief).names == (NameHit("אבי כהן", part, n),)


def test_the_reports_own_words_are_left_alone_and_so_is_a_fact_that_repeats_them(
    village: Village, debrief: Debrief
) -> None:
    debrief.what_happened = "אבי כהן זיכה את הלקוחה פעמיים"
    write(village, debrief, "fact", debrief.what_happened)
    assert known(village, debrief).names == ()


def test_names_of_readers_and_of_an_inquiry_that_is_over_do_not_matter(village: Village, debrief: Debrief) -> None:
    write(village, debrief, "actual", "עומר שקד בדק")
    assert known(village, debrief).names == ()
    write(village, put(village, Debrief), "actual", "אבי כהן בדק")
    debrief.actual, debrief.state = "אבי כהן בדק", DebriefState.ISSUED
    village.session.flush()
    assert known(village, debrief).names == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ושלאבי כהן נאמר", "אבי כהן"),
        ("כהן, אבי, ענה", "אבי כהן"),
        ("אָבִי  כֹּהֵן ענה", "אבי כהן"),
        ("גב' ג׳ני בן־דוד", "ג'ני בן-דוד"),
        ("DANA OHAYON's call", "Dana Ohayon"),
        ("של בן דוד יוסי", "יוסי בן דוד"),
    ],
)
def test_a_full_name_is_met_with_glued_letters_in_any_spelling_and_order(text: str, name: str) -> None:
    assert names_in(text, [name]) == [name]


@pytest.mark.parametrize(("text", "name"), [("אבי כהנים", "אבי כהן"), ("סאבי כהן", "אבי כהן"), ("שיר", "שיר")])
def test_a_part_of_a_word_or_a_single_word_is_no_full_name(text: str, name: str) -> None:
    assert names_in(text, [name]) == []
