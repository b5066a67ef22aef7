"""Who else has a record open: told to those who have it open too, and to nobody else."""

from __future__ import annotations

from datetime import timedelta

from lessons.workflow.states import DebriefState
from tests.browsing import Browser, Forms
from tests.screens.conftest import Screens


def here(who: Browser, where: str, **fields: str) -> tuple[int, str]:
    """What the open page asks by itself."""
    token = Forms(who.read("/").text).hidden["/account/theme"]["csrf_token"]
    answer = who.post(f"{where}/here", {"csrf_token": token, **fields})
    return answer.status_code, " ".join(answer.text.split())


def test_two_who_read_a_debrief_are_told_of_each_other(screens: Screens, inquiry: str) -> None:
    dana, naomi = screens.as_("dana", "en"), screens.as_("naomi", "en")
    assert f'hx-post="{inquiry}/here"' in dana.read(inquiry).text
    assert here(dana, inquiry) == (200, "")
    status, told = here(naomi, inquiry)
    assert status == 200
    assert told.startswith("Also here now:")
    assert screens.people["dana"].name in told or (screens.people["dana"].name_en or "-") in told
    assert "(writing)" in here(naomi, inquiry, writing="1")[1] or "(writing)" in here(dana, inquiry)[1]
    assert "(writing)" not in here(naomi, inquiry)[1]


def test_whoever_closed_the_page_is_soon_gone(screens: Screens, inquiry: str) -> None:
    here(screens.as_("dana", "en"), inquiry)
    screens.at += timedelta(minutes=3)
    assert here(screens.as_("naomi", "en"), inquiry) == (200, "")


def test_whoever_may_not_read_the_whole_of_it_is_told_nothing(screens: Screens, inquiry: str) -> None:
    here(screens.as_("dana", "en"), inquiry)
    assert here(screens.as_("avi", "en"), inquiry)[0] == 404
    with screens.records() as village:
        row = village.debrief(state=DebriefState.INVESTIGATING, confidential=True)
        hidden = f"/debriefs/{row.code}"
    assert here(screens.as_("dana", "en"), hidden)[0] == 200
    assert here(screens.as_("ilan", "en"), hidden)[0] == 404


def test_a_part_of_a_page_asks_nobody_to_sign_in(screens: Screens, inquiry: str) -> None:
    stranger = Browser(screens.app)
    stranger.headers = {**stranger.headers, "HX-Request": "true"}
    answer = stranger.post(f"{inquiry}/here", {})
    assert answer.status_code == 401
    assert "<form" not in answer.text
