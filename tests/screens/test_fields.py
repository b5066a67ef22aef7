"""What a form shows of its fields: which are needed, which have no place here, and how one is emptied."""

from __future__ import annotations

import re
from html import unescape

from sqlmodel import select

from lessons import db
from lessons.debriefs.topics import topics_of
from lessons.models import Debrief, DebriefPerson, Lesson
from lessons.workflow.states import DebriefKind, DebriefState, LessonState
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.filling import beside, fill, here, only


def optional(page: str) -> dict[str, bool]:
    """By field: whether the page says that it can be left out."""
    labels = re.findall(r'<label for="f-([\w.]+)">(.*?)</label>', page, re.DOTALL)
    groups = re.findall(r'<fieldset[^>]*id="f-([\w.]+)"[^>]*><legend>(.*?)</legend>', page, re.DOTALL)
    return {name: "(optional)" in label for name, label in [*labels, *groups]}


def put(screens: Screens, kind: DebriefKind) -> str:
    with screens.records() as village:
        return f"/debriefs/{village.debrief(state=DebriefState.INVESTIGATING, kind=kind).code}"


@here
def test_what_sending_for_review_asks_for_is_not_called_optional(screens: Screens, dana: Browser) -> None:
    failure = optional(dana.read(f"{put(screens, DebriefKind.FAILURE)}/edit").text)
    assert failure["source_ref"]
    assert {failure[name] for name in ("title", "expected", "elsewhere")} == {False}
    assert "why_it_worked" not in failure
    success = optional(dana.read(f"{put(screens, DebriefKind.SUCCESS)}/edit").text)
    assert success["why_it_worked"] is False
    assert "expected" not in success


@here
def test_what_a_later_step_asks_for_is_not_called_optional(screens: Screens, dana: Browser) -> None:
    page = put(screens, DebriefKind.FAILURE)
    lesson = optional(dana.read(f"{page}/write_lesson").text)
    assert {lesson[name] for name in ("direction", "applies_when")} == {False}
    assert lesson["say"]
    fact = dana.read(f"{page}/add/facts").text
    assert optional(fact)["at"] is False
    assert "at least one fact needs a date" in fact


@here
def test_what_stands_in_a_field_that_nothing_asks_for_is_shown(screens: Screens, dana: Browser) -> None:
    page = put(screens, DebriefKind.SUCCESS)
    with db.transaction() as session:
        session.exec(select(Debrief)).one().expected = "Nobody asked"
    assert "Nobody asked" in dana.read(f"{page}/edit").text


@here
def test_what_a_step_refuses_without_is_needed_and_what_hangs_on_a_choice_says_so(screens: Screens) -> None:
    with screens.records() as village:
        lesson = village.lesson(state=LessonState.VERIFIED)
    page = screens.as_("naomi", "en").read(f"/lessons/{lesson.code}/recur").text
    assert optional(page)["account"] is False
    opened = screens.as_("ilan", "en").read(f"{_reported(screens)}/open").text
    assert optional(opened)["reviewer"] is False
    assert optional(opened)["questions"]
    assert "A full debrief needs a reviewer" in opened


@here
def test_whoever_may_open_a_quick_one_alone_is_offered_no_full_one(screens: Screens) -> None:
    opened = screens.as_("dana", "en").read(f"{_reported(screens)}/open").text
    assert "A full one is opened by lessons management" in opened
    assert 'value="quick"' in opened
    for refused in ('value="full"', 'name="reviewer"', 'name="severity" value="3"'):
        assert refused not in opened


def _reported(screens: Screens) -> str:
    with screens.records() as village:
        return f"/debriefs/{village.debrief(state=DebriefState.REPORTED, leader_id=None, reviewer_id=None).code}"


@here
def test_an_edit_unticks_and_empties_what_it_showed(dana: Browser, screens: Screens) -> None:
    page = put(screens, DebriefKind.FAILURE)
    ticked = {"confidential": "1", "participants": ["avi@village.example", "rana@village.example"], "source_ref": "CRM"}
    assert fill(dana, f"{page}/edit", **ticked).status_code == 303
    assert (only(Debrief).confidential, only(Debrief).source_ref, len(_took_part())) == (True, "CRM", 2)
    assert fill(dana, f"{page}/edit", source_ref="").status_code == 303
    assert (only(Debrief).confidential, only(Debrief).source_ref, _took_part()) == (False, "", [])


def _took_part() -> list[DebriefPerson]:
    with db.reading() as session:
        return list(session.exec(select(DebriefPerson).where(DebriefPerson.part == "participant")))


@here
def test_a_program_of_before_that_sends_no_list_of_fields_empties_nothing(dana: Browser, lesson: str) -> None:
    fill(dana, f"{lesson}/edit", topics=["billing", "save"])
    page = dana.read(f"{lesson}/edit").text
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert csrf
    assert dana.post(f"{lesson}/edit", {"csrf_token": csrf[1], "title": "Another title"}).status_code == 303
    with db.reading() as session:
        assert topics_of(session, [only(Lesson).id])[only(Lesson).id] == ["billing", "save"]


@here
def test_an_interviewee_is_asked_for_where_there_was_an_interview(screens: Screens, dana: Browser) -> None:
    assert "interviewee" not in optional(dana.read(f"{put(screens, DebriefKind.FAILURE)}/write_lesson").text)
    assert "interviewee" in optional(dana.read(f"{put(screens, DebriefKind.INTERVIEW)}/write_lesson").text)


@here
def test_a_share_is_written_in_percent(screens: Screens) -> None:
    naomi = screens.as_("naomi", "en")
    with screens.records() as village:
        lesson = village.lesson()
    page = f"/lessons/{lesson.code}/brief"
    refused = fill(naomi, page, share="150", due_on="2026-02-10", audience__units="RET")
    assert beside(refused, "share").startswith("A percentage above 0")
    assert 'value="150"' in refused.text
    assert re.search(r'name="share"[^>]*value="85"', fill(naomi, page, share="85 %", due_on="2025-01-01").text)


@here
def test_one_box_says_what_needs_another_look(dana: Browser, inquiry: str) -> None:
    answer = fill(dana, f"{inquiry}/edit", title=" ")
    assert unescape(answer.text).count("Nothing was lost") == 1
