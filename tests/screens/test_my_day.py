"""The owner's day: done with evidence in two clicks, another date in three, and what each action is for beside it."""

from __future__ import annotations

import re

from lessons import db
from lessons.actions.operations import VERBS
from lessons.models import Action, Evidence, Extension, Lesson
from lessons.workflow.states import ActionState
from tests.screens.conftest import Screens
from tests.screens.filling import count, fill, here, only


def code(action: str) -> str:
    return action.rsplit("/", 1)[1]


@here
def test_an_action_is_started_and_reported_done_from_my_day(screens: Screens, action: str) -> None:
    yossi = screens.as_("yossi", "en")
    page = yossi.read("/").text
    assert f'href="/?do={code(action)}/report_done"' in page
    assert yossi.send(f"{action}/start", {"next": "/"}).headers["Location"] == "/"
    opened = yossi.read(f"/?do={code(action)}/report_done").text
    assert 'enctype="multipart/form-data"' in opened
    answer = yossi.send(f"{action}/report_done", {"evidence.note": "The field stands on the screen since Sunday."})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert only(Action).state == ActionState.DONE
    assert count(Evidence) == 1


@here
def test_a_later_date_is_asked_for_in_place_with_chips_of_working_days(screens: Screens, action: str) -> None:
    yossi = screens.as_("yossi", "en")
    page = yossi.read(f"/?do={code(action)}/ask_extension").text
    chips = re.findall(r'data-fills="[^"]+" value="([\d-]+)"|value="([\d-]+)"[^>]*data-fills', page)
    assert len(chips) == 4
    sent = {"new_due_on": "2026-03-01", "reason": "The supplier delivers a week later."}
    assert yossi.send(f"{action}/ask_extension", sent).headers["Location"] == "/"
    assert count(Extension) == 1
    page = yossi.read("/").text
    assert "Another date was asked for; nobody answered yet." in page
    assert f"do={code(action)}/ask_extension" not in page


@here
def test_a_refusal_of_what_was_asked_in_place_keeps_the_way_back(screens: Screens, action: str) -> None:
    yossi = screens.as_("yossi", "en")
    yossi.read(f"/?do={code(action)}/ask_extension")
    refused = yossi.send(f"{action}/ask_extension", {"new_due_on": "2026-03-01", "reason": "late"})
    assert refused.status_code == 422
    assert 'name="next" value="/"' in refused.text
    sent = {"new_due_on": "2026-03-01", "reason": "The supplier delivers a week later."}
    assert yossi.send(f"{action}/ask_extension", sent).headers["Location"] == "/"


@here
def test_what_an_action_is_for_stands_beneath_it(screens: Screens, action: str) -> None:
    with screens.records() as village:
        aim = village.session.get_one(Action, only(Action).id)
        title = village.session.get_one(type(village.lesson()), aim.lesson_id).title
    assert f'<p class="small quiet"><bdi>{title}</bdi></p>' in screens.as_("yossi").read("/").text


@here
def test_a_step_that_is_not_open_leads_to_the_page_that_says_why(screens: Screens, action: str) -> None:
    yossi = screens.as_("yossi", "en")
    yossi.read("/")
    yossi.send(f"{action}/start", {"next": "/"})
    for wanted in (f"{code(action)}/cancel", "A-2026-9999/block", "x"):
        assert yossi.read(f"/?do={wanted}").status_code == 200
    assert 'enctype="multipart' not in screens.as_("rana", "en").read(f"/?do={code(action)}/report_done").text
    with screens.records() as village:
        row = village.session.get_one(Action, only(Action).id)
        blocked = {"reason": "The supplier has not answered.", "waiting_on": village.dana}
        VERBS["actions", "block"](village.session, row, blocked, by=village.by("yossi"), at=screens.at)
    assert yossi.read(f"/?do={code(action)}/block").headers["Location"] == f"{action}/block"


@here
def test_a_form_leads_to_no_other_site(screens: Screens, action: str) -> None:
    yossi = screens.as_("yossi", "en")
    yossi.read("/")
    answer = yossi.send(f"{action}/start", {"next": "//evil.example/"})
    assert answer.headers["Location"] == action


def test_a_first_visit_shows_three_steps_until_they_are_put_away(screens: Screens) -> None:
    avi = screens.as_("avi", "en")
    assert "Three steps to begin with" in avi.read("/").text
    assert avi.send("/account/welcome").status_code == 303
    assert "Three steps to begin with" not in avi.read("/").text
    assert 'href="/?tour=1"' in avi.read("/help").text
    assert "Three steps to begin with" in avi.read("/?tour=1").text


@here
def test_whoever_is_waited_for_reads_why_and_says_in_one_step_that_it_is_there(screens: Screens, action: str) -> None:
    yossi, avi = screens.as_("yossi", "en"), screens.as_("avi", "en")
    assert avi.read(action).status_code == 404
    fill(yossi, f"{action}/start")
    fill(yossi, f"{action}/block", waiting_on="avi@village.example", reason="Waits for his list of calls")
    day = avi.read("/").text
    for told in ("שדה במסך", "Waits for his list of calls", f'href="{action}/deliver"'):
        assert told in day
    assert "Waits for his list of calls" in avi.read(action).text
    mine = yossi.read("/").text
    assert "Held up, waits for " in mine
    assert mine.count(f'href="{action}"') == 1
    assert fill(avi, f"{action}/deliver", reason="It lies in the folder").headers["Location"] == "/"
    assert only(Action).state == ActionState.IN_PROGRESS
    news = yossi.read("/notices").text
    assert "What you waited for is there" in news
    assert "It lies in the folder" in news


@here
def test_a_day_that_was_moved_stands_beside_the_first_wherever_it_is_told(screens: Screens, action: str) -> None:
    yossi, naomi, ilan = screens.as_("yossi", "he"), screens.as_("naomi", "he"), screens.as_("ilan", "he")
    fill(yossi, f"{action}/start")
    for day in ("2026-02-17", "2026-02-24"):
        fill(yossi, f"{action}/ask_extension", new_due_on=day, reason="הספק צריך עוד שבוע")
        fill(naomi, f"{action}/grant_extension")
    first = "המועד המקורי \u206810.2\u2069, נדחה פעמיים"
    lesson = only(Action).lesson_id
    with db.reading() as session:
        of = f"/lessons/{session.get_one(Lesson, lesson).code}"
    for page in ("/", "/actions", action, "/actions/several"):
        assert first in yossi.read(page).text, page
    assert first in naomi.read(of).text
    assert "נדחה פעמיים" in ilan.read("/managers?show=all").text
    assert "נדחה פעמיים" in ilan.read("/managers/list?show=all").text
