"""Words that mean the same here: kept on a page, known to every search, suggested by what was not found."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.errors import Forbidden
from lessons.models import Missed
from lessons.people import synonyms
from lessons.repository import found, queries
from lessons.workflow.states import Role
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.village import AT


def _found(screens: Screens, q: str) -> list[int]:
    with screens.records() as village:
        return [one.record_id for one in queries.search(village.session, q, by=village.by("avi"))]


@pytest.fixture
def michal(screens: Screens) -> Browser:
    with screens.records() as village:
        village.grant(village.michal, Role.ADMIN, "CUS")
    return screens.as_("michal", "en")


def test_whoever_asks_by_one_word_finds_what_is_called_by_the_other(screens: Screens, michal: Browser) -> None:
    with screens.records() as village:
        lesson = village.lesson(title="ביטול שירות בשיחה אחת")
        found.keep(village.session, lesson)
    assert _found(screens, "התנתקות") == []
    with screens.records() as village:
        village.grant(village.ilan, Role.LESSONS_MANAGER, "RET")
        by = village.by("ilan")
    with screens.records() as village, pytest.raises(Forbidden):
        synonyms.put(village.session, "ביטול, התנתקות", by=by)
    michal.read("/admin/synonyms")
    assert michal.send("/admin/synonyms", {"words": "ביטול, התנתקות"}).status_code == 303
    assert _found(screens, "התנתקות") == [lesson.id]
    page = michal.read("/admin/synonyms/1")
    assert "ביטול, התנתקות" in page.text
    assert michal.send("/admin/synonyms/1/remove").status_code == 303
    assert _found(screens, "התנתקות") == []


def test_what_is_found_so_says_which_word_stands_for_which(screens: Screens, michal: Browser) -> None:
    with screens.records() as village:
        found.keep(village.session, village.lesson(title="ביטול שירות בשיחה אחת"))
        found.keep(village.session, village.lesson(title="התנתקות ביוזמתנו"))
    michal.read("/admin/synonyms")
    michal.send("/admin/synonyms", {"words": "ביטול, הפסקת מנוי, התנתקות"})
    page = michal.read("/search", query_string={"q": "התנתקות"}).text
    assert "<mark>ביטול</mark> שירות בשיחה אחת" in page
    assert "<span>התנתקות = ביטול</span>" in page


def test_one_word_alone_means_nothing_else(michal: Browser) -> None:
    michal.read("/admin/synonyms")
    answer = michal.send("/admin/synonyms", {"words": "ביטול"})
    assert answer.status_code == 422
    assert "Two words or more are needed" in answer.text
    assert michal.read("/admin/synonyms/77").status_code == 404


def test_what_was_missed_is_offered_until_it_is_given_a_meaning(screens: Screens, michal: Browser) -> None:
    with screens.records() as village:
        synonyms.note_missed(village.session, "התנתקות", on=AT.date())
    assert "התנתקות" in michal.read("/admin/synonyms").text
    michal.send("/admin/synonyms", {"words": "התנתקות = ביטול"})
    with db.reading() as session:
        assert synonyms.missed(session) == []


def test_what_was_not_found_is_counted_without_numbers_or_names(screens: Screens) -> None:
    with db.transaction() as session:
        for q in ("ניתוק קווים", "ניתוּק קווים", "לקוח 054-1234567"):
            synonyms.note_missed(session, q, on=AT.date())
    with db.reading() as session:
        rows = session.scalars(sa.select(Missed)).all()
    assert [(row.words, row.times) for row in rows] == [("ניתוק קוים", 2)]
