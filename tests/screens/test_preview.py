"""The card while a lesson is being written, and the lessons that are already like it."""

from __future__ import annotations

import pytest

from lessons.models import Lesson
from lessons.repository import found
from tests.browsing import Browser, Forms
from tests.screens.conftest import Screens
from tests.screens.filling import count, here, only

pytestmark = here
TYPED = {"title": "Enter the discount before the call ends", "direction": "do", "steps": "Open the screen\nEnter it",
         "applies_when": "Every call that ends with a discount"}  # fmt: skip


def test_what_is_typed_is_seen_as_a_card_and_nothing_is_kept(dana: Browser, inquiry: str) -> None:
    dana.read(f"{inquiry}/write_lesson")
    answer = dana.send(f"{inquiry}/write_lesson", {**TYPED, "preview": "1"})
    assert answer.status_code == 200
    assert '<article class="card' in answer.text
    assert "<li>Enter it</li>" in answer.text
    assert count(Lesson) == 0
    assert dana.send(f"{inquiry}/write_lesson", TYPED).status_code == 303
    assert only(Lesson).title == TYPED["title"]


def test_an_edited_lesson_is_seen_before_it_is_saved(dana: Browser, lesson: str) -> None:
    dana.read(f"{lesson}/edit")
    answer = dana.send(f"{lesson}/edit", {**TYPED, "preview": "1"})
    assert '<article class="card' in answer.text
    assert "Enter it" in answer.text
    assert only(Lesson).title != TYPED["title"]


def test_lessons_that_are_already_like_it_are_told(screens: Screens, dana: Browser, inquiry: str) -> None:
    with screens.records() as village:
        there = village.lesson(title="Enter every discount before the call ends", lang="en")
        found.keep(village.session, there)
        code = there.code
    dana.read(f"{inquiry}/write_lesson")
    answer = dana.send(f"{inquiry}/write_lesson", {**TYPED, "preview": "1"})
    assert f'href="/lessons/{code}"' in answer.text


def test_a_preview_without_a_sentence_says_what_is_missing(dana: Browser, inquiry: str) -> None:
    dana.read(f"{inquiry}/write_lesson")
    assert dana.send(f"{inquiry}/write_lesson", {**TYPED, "title": "", "preview": "1"}).status_code == 422


def test_a_lesson_without_a_debrief_is_seen_before_it_is_kept(dana: Browser) -> None:
    dana.read("/lessons/new")
    answer = dana.send("/lessons/new", {**TYPED, "preview": "1"})
    assert "<li>Enter it</li>" in answer.text
    assert f'value="{TYPED["title"]}"' in answer.text
    assert count(Lesson) == 0


@pytest.mark.parametrize("where", ["/lessons/new", "inquiry"])
def test_while_one_writes_the_card_alone_is_answered_however_little_is_there(
    dana: Browser, inquiry: str, where: str
) -> None:
    where = f"{inquiry}/write_lesson" if where == "inquiry" else where
    dana.read(where)
    dana.headers = {**dana.headers, "HX-Request": "true"}
    answer = dana.send(where, {"title": "Enter the discount", "direction": "nonsense", "preview": "1"})
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert '<article class="card' in answer.text
    nothing = dana.post(where, {**Forms(dana.read(where).text).hidden[where], "preview": "1"})
    assert "With the first words" in nothing.text
    assert count(Lesson) == 0
