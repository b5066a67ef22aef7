"""What an inquiry asks: as shipped, as an administrator rewrote it, and as it stands in the form when one is opened."""

from __future__ import annotations

from lessons.models import QuestionSet
from lessons.workflow.states import DebriefKind, DebriefState, Role
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.filling import count


def reported(screens: Screens) -> str:
    with screens.records() as village:
        row = village.debrief(state=DebriefState.REPORTED, kind=DebriefKind.FAILURE, leader_id=None, reviewer_id=None)
        return f"/debriefs/{row.code}/open"


def administrator(screens: Screens) -> Browser:
    with screens.records() as village:
        village.grant(village.michal, Role.ADMIN, "CUS")
    return screens.as_("michal", "en")


def test_an_inquiry_opens_with_the_questions_of_its_kind(screens: Screens) -> None:
    assert "מה היה יכול לעצור את זה בדרך?" in screens.as_("ilan").read(reported(screens)).text


def test_the_organisations_own_questions_take_their_place_and_the_former_stay_readable(screens: Screens) -> None:
    michal, page = administrator(screens), "/admin/questions"
    michal.read(page)
    for text in ("מה ראית?\nמה הפתיע?", "מה ראית?"):
        sent = michal.send(f"{page}/failure", {"he": text, "en": "What did you see?"})
        assert sent.status_code == 303
        michal.read(page)
    assert count(QuestionSet) == 3  # the English words were the same the second time
    opened = screens.as_("ilan").read(reported(screens)).text
    assert "מה ראית?" in opened
    assert "מה היה יכול לעצור את זה בדרך?" not in opened
    assert "מה הפתיע?" in michal.read(page).text


def test_a_kind_without_a_question_is_refused_with_what_was_typed(screens: Screens) -> None:
    michal, page = administrator(screens), "/admin/questions"
    michal.read(page)
    answer = michal.send(f"{page}/success", {"he": " ", "en": "What worked?"})
    assert answer.status_code == 422
    assert "What worked?" in answer.text
    assert count(QuestionSet) == 0
    michal.read(page)
    assert michal.send(f"{page}/success", {"he": "ש" * 301, "en": "What worked?"}).status_code == 422


def test_questions_are_kept_by_administrators(screens: Screens) -> None:
    assert screens.as_("dana", "en").read("/admin/questions").status_code == 403
