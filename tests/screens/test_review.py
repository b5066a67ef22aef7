"""A debrief in review: decided on its own page, similar lessons side by side, what changed since it was sent back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.walking import REASON, Walk


@pytest.fixture
def debrief(screens: Screens) -> str:
    """The page of a debrief that Dana sent and Naomi reviews."""
    with screens.records() as village:
        return f"/debriefs/{Walk(village, screens.at).debriefs('in_review').code}"


@pytest.fixture
def alike(screens: Screens) -> str:
    """The code of an adopted lesson that says much the same."""
    with screens.records() as village:
        walk = Walk(village, screens.at)
        lesson = walk.record("lessons", "accepted")
        walk.do(lesson, "edit", "naomi", steps=["פותחים את המסך"])
        return str(lesson.code)


def change(who: Browser, where: str, **fields: str) -> None:
    """Fill in the form of that page."""
    who.read(where)
    assert who.send(where, fields).status_code == 303


def test_whoever_reviews_decides_on_the_page_of_the_debrief(screens: Screens, debrief: str) -> None:
    page = screens.as_("naomi", "en").read(debrief)
    assert 'href="#issue"' in page.text
    assert 'id="issue"' in page.text
    assert f'action="{debrief}/issue"' in page.text
    assert f'action="{debrief}/send_back"' in page.text
    for other in ("dana", "ilan", "avi"):
        assert f'action="{debrief}/issue"' not in screens.as_(other, "en").read(debrief).text


def test_a_similar_lesson_stands_beside_the_draft_it_resembles(screens: Screens, alike: str, debrief: str) -> None:
    page = screens.as_("naomi", "en").read(debrief).text
    assert f'name="similar.{alike}"' in page
    assert "In the repository" in page
    assert "The draft here" in page
    assert "פותחים את המסך" in page, "the steps of the one in the repository"
    assert "בסוף שיחת שימור" in page, "when the draft applies"


def test_what_changed_since_it_was_sent_back_is_shown_word_by_word(screens: Screens, debrief: str) -> None:
    naomi, dana = screens.as_("naomi", "en"), screens.as_("dana", "en")
    naomi.read(debrief)
    naomi.send(f"{debrief}/send_back", {"reason": REASON})
    waiting = dana.read(debrief).text
    assert REASON in waiting
    assert "Nothing has changed since then." in waiting
    screens.at += timedelta(hours=1)
    change(dana, f"{debrief}/edit", actual="שלושה חיובים", expected="חיוב אחד", elsewhere="גם במוקד השירות")
    change(dana, f"{debrief}/add/facts", text="הוגשה תלונה")
    change(dana, f"{debrief}/submit")
    page = naomi.read(debrief).text
    assert "2 texts have changed since" in page
    assert "<del>שני</del>" in page
    assert "<ins>שלושה</ins>" in page
    assert "<ins>הוגשה תלונה</ins>" in page
    assert "Nothing has changed" not in page


def test_what_was_there_before_is_shown_to_its_leader_and_reviewer_alone(screens: Screens, debrief: str) -> None:
    naomi = screens.as_("naomi", "en")
    naomi.read(debrief)
    naomi.send(f"{debrief}/send_back", {"reason": REASON})
    change(screens.as_("dana", "en"), f"{debrief}/edit", actual="שלושה חיובים", elsewhere="גם במוקד השירות")
    assert 'id="since"' in screens.as_("dana", "en").read(debrief).text
    manager = screens.as_("ilan", "en").read(debrief).text
    assert 'id="since"' not in manager
    assert "<del>" not in manager
