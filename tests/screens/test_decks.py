"""A deck of what the list shows: few cards at once, many as a job, and never a card that its reader may not see."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest

from lessons import clock, long_work
from lessons.models import Job, Lesson
from lessons.repository import deck
from lessons.workflow.states import JobState, LessonState
from tests.screens.conftest import Screens
from tests.screens.filling import beside, here, only

PAGE = "/lessons/deck"


@pytest.fixture
def lessons(screens: Screens) -> list[Any]:
    """Two cards that everybody reads, one adopted long ago, and a draft of Dana's."""
    with screens.records() as village:
        old = village.lesson(title="ישן", accepted_at=clock.now().replace(year=2025))
        draft = village.lesson(title="טיוטה", state=LessonState.DRAFT, accepted_at=None, accepted_by_id=None)
        return [village.lesson(title="אחד"), village.lesson(title="שניים"), old, draft]


def titles(pdf: bytes) -> int:
    """Pages of cards: all but the cover and the contents."""
    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages) - 2


@here
def test_few_cards_are_printed_at_once_as_the_list_shows_them(screens: Screens, lessons: list[Any]) -> None:
    dana, avi = screens.as_("dana", "en"), screens.as_("avi", "en")
    assert f'href="{PAGE}?state=all"' in dana.read("/lessons?state=all").text
    for person, query, cards in ((dana, "state=all", 4), (avi, "state=all", 3), (dana, "new=1", 2)):
        page = person.read(f"{PAGE}?{query}")
        assert f"{cards} cards" in page.text
        made = person.send(f"{PAGE}?{query}", {"title": "חוברת", "size": "a5", "labels": "he"})
        assert made.status_code == 303
        got = person.read(made.location)
        assert got.mimetype == "application/pdf"
        assert titles(got.data) == cards


@here
def test_many_are_made_in_the_background_by_the_rights_of_then_and_of_whoever_fetches(
    screens: Screens, lessons: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deck, "AT_ONCE", 1)
    monkeypatch.setattr(deck, "A_PART", 2)
    dana, page = screens.as_("dana", "en"), f"{PAGE}?state=all"
    dana.read(page)
    job = dana.send(page, {"title": "Cards", "size": "a4", "labels": "en"}).location
    assert dana.read(f"{PAGE}.pdf?state=all&title=x&size=a4&labels=en").status_code == 409
    _hide(screens, lessons[0])
    assert long_work.long_work(lambda: screens.at) == 1
    assert only(Job).state == JobState.DONE
    assert "3 cards." in dana.read(job).text
    got = dana.read(f"{job}/file")
    assert got.mimetype == "application/zip", "more than one document"
    _hide(screens, lessons[1])
    assert dana.read(f"{job}/file").status_code == 403


def _hide(screens: Screens, lesson: Any) -> None:
    with screens.records() as village:
        row = village.session.get_one(Lesson, lesson.id)
        row.state, row.unit_id = LessonState.DRAFT, village.units["SRV"].id or 0
        row.author_id = row.owner_id = village.rana.id


@here
def test_what_cannot_be_taken_is_said_beside_it_and_the_form_stays_filled(screens: Screens, lessons: list[Any]) -> None:
    dana = screens.as_("dana", "en")
    dana.read(f"{PAGE}?state=all")
    refused = dana.send(f"{PAGE}?state=all", {"title": " ", "size": "a9", "labels": "en"})
    assert "stands on the cover" in beside(refused, "title")
    assert "no card here" in dana.read(f"{PAGE}?topic=nothing").text
    assert dana.read(f"{PAGE}.pdf?topic=nothing&title=x&size=a4&labels=en").status_code == 422


@here
def test_a_card_alone_is_printed_on_a5_too(screens: Screens, lessons: list[Any]) -> None:
    got = screens.as_("dana").read(f"/lessons/{lessons[0].code}/card.pdf?size=a5")
    [page] = pypdf.PdfReader(io.BytesIO(got.data)).pages
    assert [round(side) for side in page.mediabox[2:]] == [420, 595]
