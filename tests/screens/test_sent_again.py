"""What is sent twice, too late, from an old page or too much at once: done once, and nothing written is lost."""

from __future__ import annotations

import re

import pytest

from lessons.models import Debrief, Event, Lesson
from lessons.workflow.states import DebriefState
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.filling import count, fill, here, only


def test_a_double_click_writes_one_lesson_and_leads_to_it(dana: Browser) -> None:
    dana.read("/lessons/new")
    answers = [dana.send("/lessons/new", {"title": "פעם אחת"}) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {303}
    assert {answer.location for answer in answers} == {f"/lessons/{only(Lesson).code}"}


def test_an_old_page_shows_both_texts_and_who_was_there_meanwhile(dana: Browser, lesson: str) -> None:
    dana.read(f"{lesson}/edit")
    opened = dana.page
    assert dana.send(f"{lesson}/edit", {"title": "Theirs", "why": "because of them"}).status_code == 303
    dana.page = opened
    answer = dana.send(f"{lesson}/edit", {"title": "Mine", "why": "because of me"})
    assert answer.status_code == 409
    assert {"Mine", "because of me"} <= set(re.findall(r"Mine|because of me", answer.text))
    assert "Meanwhile it says here: \u2068Theirs\u2069" in answer.text
    assert "Meanwhile it says here: \u2068because of them\u2069" in answer.text
    assert "דנה אוחיון" in answer.text.partition("data-refused")[2].partition("</div>")[0]
    assert only(Lesson).title == "Theirs"
    assert dana.send(f"{lesson}/edit", {"title": "Mine", "why": "because of both"}).status_code == 303
    assert only(Lesson).why == "because of both"


@here
def test_a_version_that_no_page_showed_is_an_old_one(dana: Browser, lesson: str) -> None:
    for version in ("", "x", "-1", "9" * 30, "1 OR 1=1", "1.0"):
        assert fill(dana, f"{lesson}/edit", title="Mine", version=version).status_code == 409
    assert only(Lesson).title != "Mine"


def test_a_step_that_was_taken_meanwhile_is_told_with_the_new_state(screens: Screens) -> None:
    with screens.records() as village:
        path = f"/debriefs/{village.debrief(state=DebriefState.REPORTED, leader_id=None, reviewer_id=None).code}"
    ilan = screens.as_("ilan", "en")
    ilan.read(f"{path}/decline")
    opened = ilan.page
    leading = {"leader": "dana@village.example", "severity": "2", "path": "quick"}
    assert fill(ilan, f"{path}/open", **leading).status_code == 303
    ilan.page = opened
    answer = ilan.send(f"{path}/decline", {"reason": "כבר נבדק במקום אחר"})
    assert answer.status_code == 409
    assert "אילן ברדוגו" in answer.text.partition("data-refused")[2].partition("</div>")[0]
    assert "כבר נבדק במקום אחר" in answer.text
    assert only(Debrief).state is DebriefState.INVESTIGATING


def test_a_step_that_the_state_does_not_allow_changes_nothing(screens: Screens, dana: Browser, inquiry: str) -> None:
    before = count(Event)
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', dana.read(inquiry).text)
    assert csrf
    for trigger in ("merge", "issue", "close", "reopen", "submit", "send_back", "decline"):
        answer = dana.post(f"{inquiry}/{trigger}", {"csrf_token": csrf[1], "reason": "because I want to"})
        assert answer.status_code in (403, 409, 422, 404), trigger
    assert dana.post(f"{inquiry}/destroy", {"csrf_token": csrf[1]}).status_code == 404
    assert (count(Event), only(Debrief).state) == (before, DebriefState.INVESTIGATING)


def test_what_was_written_is_still_there_when_the_sign_in_was_over(screens: Screens, dana: Browser) -> None:
    dana.read("/report")
    written = "הובטחה הנחה בשיחת שימור ולא הוזנה"
    old, fresh = dana.page, Browser(screens.app, language="en")
    fresh.page = old
    away = fresh.send("/report", {"what_happened": written, "kind": "failure"})
    assert away.status_code == 401
    assert written in away.text
    fresh.sign_in(screens.people["dana"])
    fresh.page = away
    again = fresh.send("/report", {"what_happened": written, "kind": "failure"})
    assert again.status_code == 400
    assert written in again.text
    assert count(Debrief) == 0
    assert fresh.send("/report", {"what_happened": written}).status_code == 303
    assert only(Debrief).kind == "failure"


@here
def test_what_another_site_sends_is_shown_to_nobody_and_no_password_comes_back(screens: Screens, dana: Browser) -> None:
    dana.headers["Sec-Fetch-Site"] = "cross-site"
    answer = dana.post("/report", {"what_happened": "sent from elsewhere, to be clicked here"})
    assert answer.status_code == 400
    assert "sent from elsewhere" not in answer.text
    del dana.headers["Sec-Fetch-Site"]
    answer = dana.post("/account/password", {"present": "a secret of mine", "password": "another secret", "again": "x"})
    assert (answer.status_code, "secret" in answer.text) == (400, False)


@here
@pytest.mark.parametrize("path", ["/sign-out", "/account/theme", "/report"])
def test_an_empty_form_of_nobody_leads_to_the_sign_in(screens: Screens, path: str) -> None:
    answer = Browser(screens.app).post(path, {})
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in")
    onward = "/report" if path == "/report" else "/"
    assert screens.as_("dana").read(answer.location).location == onward


@here
def test_a_form_of_more_fields_or_letters_than_any_page_has_is_too_much(dana: Browser) -> None:
    for fields in ({f"f{n}": "1" for n in range(5_000)}, {"what_happened": [str(n) for n in range(1_001)]}):
        dana.read("/report")
        assert dana.send("/report", fields).status_code == 413
    kinds = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "application/json")
    for kind in kinds:
        assert dana.client.post("/report", data=b"x" * 50_000_000, content_type=kind).status_code == 413
    for kind in kinds:
        answer = dana.client.post("/report", data=b"--x\r\n" * 9, content_type=kind)
        assert answer.status_code == 400
    assert count(Debrief) == 0
