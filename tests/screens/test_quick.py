"""The quick debrief on one page: four lines around one phone, and at the end the card as agents will see it."""

from __future__ import annotations

from lessons.models import Debrief, Lesson
from lessons.workflow.states import DebriefKind, DebriefState, LessonState
from tests.screens.conftest import Screens
from tests.screens.filling import beside, count, fill, here, only

FOUR = {
    "what_happened": "The discount was promised and nobody entered it.",
    "kind": "near_miss",
    "expected": "It is entered during the call.",
    "why": "The screen closes without asking.",
    "differently": "Enter the discount before the call ends",
    "direction": "do",
}


@here
def test_four_lines_end_with_the_card_as_agents_will_see_it(screens: Screens) -> None:
    dana = screens.as_("dana", "en")
    assert "(optional)" not in dana.read("/debriefs/quick").text.split("applies_when")[0]
    answer = fill(dana, "/debriefs/quick", **FOUR, applies_when="A discount was promised")
    assert (only(Debrief).state, only(Debrief).kind) == (DebriefState.ISSUED, DebriefKind.NEAR_MISS)
    assert (only(Lesson).state, only(Lesson).applies_when) == (LessonState.PROPOSED, "A discount was promised")
    assert answer.headers["Location"] == f"/debriefs/{only(Debrief).code}/recorded"
    page = dana.read(answer.headers["Location"]).text
    assert "Enter the discount before the call ends" in page
    assert "Decision" in page


@here
def test_one_line_is_kept_in_the_form_and_each_of_the_others_is_asked_for(screens: Screens) -> None:
    dana = screens.as_("dana", "en")
    answer = fill(dana, "/debriefs/quick", what_happened="", expected=FOUR["expected"])
    for name in FOUR.keys() - {"expected"}:
        assert beside(answer, name) == "This is still missing."
    assert FOUR["expected"] in answer.text
    assert count(Debrief) == 0


@here
def test_whoever_may_not_see_the_debrief_does_not_see_how_it_ended(screens: Screens) -> None:
    dana = screens.as_("dana", "en")
    fill(dana, "/debriefs/quick", **FOUR)
    with screens.records() as village:
        village.session.get_one(Debrief, only(Debrief).id).confidential = True
    assert screens.as_("rana", "en").read(f"/debriefs/{only(Debrief).code}/recorded").status_code == 404
