"""The desk: what words find, what lies open, and what took the place of what left use."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from lessons.models import Lesson
from lessons.workflow.states import LessonState
from tests.browsing import Browser
from tests.desk.conftest import on_desk
from tests.screens.conftest import Screens
from tests.screens.test_bench import cost
from tests.walking import Walk

LIVE = {"HX-Request": "true"}
STEPS = ["מזינים את ההטבה", "מקריאים את הסכום הבא"]


@pytest.fixture
def card(screens: Screens) -> str:
    """The code of a card on the desk."""
    with screens.records() as village:
        return str(on_desk(village, "מזינים את ההטבה לפני סיום השיחה", steps=STEPS, say="נזין יחד").code)


def found(avi: Browser, words: str) -> str:
    answer = avi.read("/desk/found", query_string={"q": words}, headers=LIVE)
    assert answer.status_code == 200
    return answer.text


def rows(page: str) -> list[str]:
    return re.findall(r'id="hit-([^"]+)"', page)


def test_words_find_a_card_while_they_are_typed(avi: Browser, card: str) -> None:
    page = found(avi, "ההטב")
    assert rows(page) == [card]
    assert "One result" in page
    assert "<html" not in page


def test_the_first_nine_have_a_key_each_and_no_more_are_shown(screens: Screens, avi: Browser) -> None:
    with screens.records() as village:
        for n in range(12):
            on_desk(village, f"מזינים את ההטבה {n}")
    assert re.findall(r'data-key="(\d)"', found(avi, "ההטבה")) == list("123456789")


def test_without_words_the_front_comes_back(avi: Browser, card: str) -> None:
    assert "New on the desk" in found(avi, " ")
    assert f"/desk?card={card}" in avi.read("/desk").text


def test_signs_that_stand_nowhere_find_nothing_and_a_word_is_asked_for(avi: Browser, card: str) -> None:
    for page in (found(avi, "?"), avi.read("/search?q=%3F").text, avi.read("/desk?q=...").text):
        assert "A search needs at least one word." in page
        assert "There is no card" not in page


def test_sent_without_a_script_the_best_answer_lies_open(avi: Browser, card: str) -> None:
    page = avi.read("/desk?q=ההטבה").text
    assert "מקריאים את הסכום הבא" in page
    assert re.search(r'aria-current="true"><a id="hit-' + card, page)
    assert 'value="ההטבה"' in page


def test_a_code_is_found_as_it_is_typed(avi: Browser, card: str) -> None:
    assert rows(found(avi, f"l{int(card[-4:])}")) == [card]


def test_a_card_that_is_not_there_is_not_there(avi: Browser) -> None:
    assert avi.read("/desk?card=L-2026-0999").status_code == 404


def test_a_merged_card_leads_to_the_one_that_took_its_place(screens: Screens, avi: Browser, card: str) -> None:
    with screens.records() as village:
        old = on_desk(village, "רושמים את ההטבה על דף")
        target = village.session.scalars(sa.select(Lesson).where(Lesson.code == card)).one()
        old.merged_into_id, old.state = target.id, LessonState.MERGED
        code = old.code
    page = avi.read(f"/desk?card={code}").text
    assert "in place of" in page
    assert "רושמים את ההטבה על דף" in page
    assert "מקריאים את הסכום הבא" in page


def test_a_procedure_in_force_opens_in_short(screens: Screens, avi: Browser) -> None:
    with screens.records() as village:
        revision = Walk(village).record("revisions", "effective")
        code, text = f"P-{1:04}", revision.sections[0]["heading"]
    assert rows(found(avi, "p1")) == [code]
    page = avi.read(f"/desk?card={code}").text
    assert text in page
    assert f'href="/procedures/{code}"' in page


def test_one_answer_costs_as_many_queries_as_nine(screens: Screens, avi: Browser, card: str) -> None:
    for path in ("/desk?q=ההטבה", "/desk/found?q=ההטבה", "/desk"):
        one = cost(avi, path)
        with screens.records() as village:
            for n in range(4):
                on_desk(village, f"מזינים את ההטבה {path} {n}")
        assert cost(avi, path) == one <= 18
