"""Whatever is typed into a search or a list's address is answered."""

from __future__ import annotations

import unicodedata
from html import unescape

from lessons.models import Lesson
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.filling import fill, here, only


def published(screens: Screens, title: str) -> str:
    """The page of a lesson that everybody finds."""
    fill(screens.as_("dana", "en"), "/lessons/new", title=title, unit="RET", direction="do", topics="חיוב",
         applies_when="בכל שיחה")  # fmt: skip
    page = f"/lessons/{only(Lesson).code}"
    assert fill(screens.as_("dana", "en"), f"{page}/propose").status_code == 303
    accepting = {"owner": "yossi@village.example", "audience.units": "RET"}
    assert fill(screens.as_("naomi", "en"), f"{page}/accept", **accepting).status_code == 303
    return page


ASKED = ('"', '"a', "*", "a*", "NEAR(", "NEAR(a b", "a AND", "OR", "NOT", "-", ":", "a:b", "title:x", "(", "a & | !b",
         "<->", "של", "ה", "וה", "50%", "_", "\\", "%", "'; DROP TABLE lessons; --", "ש" * 10_000, "א " * 5_000,
         "\u202e", "\u05b0", 'צה"ל', "צה״ל", "🇮🇱")  # fmt: skip


def test_no_words_break_the_search(screens: Screens, dana: Browser) -> None:
    with screens.records() as village:
        village.lesson()
    for asked in ASKED:
        for page in ("/search", "/lessons", "/desk"):
            assert dana.read(page, query_string={"q": asked}).status_code == 200, (page, asked)
    for page in ("/debriefs", "/actions", "/procedures"):
        for asked in ASKED[:12] + ASKED[18:24]:
            assert dana.read(page, query_string={"q": asked}).status_code == 200, (page, asked)


PATTERNS = ("הנחה של 50%", "הנחה של 50 שקלים", "snake_case", "snakeXcase", "back\\slash", "backslash")


def test_signs_of_a_pattern_mean_themselves(screens: Screens, dana: Browser) -> None:
    with screens.records() as village:
        for text in PATTERNS:
            village.debrief(title=text)
    titles = {"50%": {"הנחה של 50%"}, "snake_case": {"snake_case"}, "back\\slash": {"back\\slash"}}
    for asked, found in titles.items():
        page = unescape(dana.read("/debriefs", query_string={"q": asked}).text)
        assert {text for text in PATTERNS if f">{text}<" in page} == found


def test_inflected_words_and_initials_are_found(screens: Screens, dana: Browser) -> None:
    page = published(screens, 'ובתדריכים של צה"ל מקריאים את הכללים')
    for asked in ("תדריך", "בתדריך", "צה״ל", "צהל", 'צה"ל', "כלל"):
        assert page in dana.read("/search", query_string={"q": asked}).text, asked


@here
def test_a_page_that_cannot_be_meant_is_told_or_the_first(dana: Browser) -> None:
    for given in ("page=0", "page=-1", "page=1e9", "per_page=1000000", "limit=0", "sort=id;drop", "state=x", "unit=x"):
        assert dana.read(f"/lessons?{given}").status_code == 200, given
    for cursor in ("x", "0", "9" * 999, "MjAyNi0wMS0wMSBEAA", "é", "../.."):
        assert dana.read("/lessons", query_string={"cursor": cursor}).status_code in (200, 422), cursor


def test_a_letter_written_in_two_ways_is_one_and_is_found_by_both(screens: Screens, dana: Browser) -> None:
    page = published(screens, "cafe\u0301 שָׁלוֹם")
    assert only(Lesson).title == unicodedata.normalize("NFC", "café שָׁלוֹם")
    for written in ("café", "cafe\u0301", "שלום", "שָׁלוֹם"):
        assert page in dana.read("/search", query_string={"q": written}).text, written
