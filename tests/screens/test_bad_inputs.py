"""What people mistype and what is sent on purpose: it is told beside its field, nothing is lost, nothing breaks."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select
from werkzeug.test import TestResponse

from lessons import db
from lessons.models import Action, Debrief, Event, Fact, Lesson, Person
from lessons.workflow.states import DebriefState, LessonState
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.village import AT, TODAY

here = pytest.mark.only("sqlite")
"""The other engine can teach nothing about it."""
FAMILY = "👨‍👩‍👧‍👦 🇮🇱 מזינים"


@pytest.fixture
def dana(screens: Screens) -> Browser:
    return screens.as_("dana", "en")


@pytest.fixture
def inquiry(screens: Screens) -> str:
    """The page of a debrief that Dana leads."""
    with screens.records() as village:
        return f"/debriefs/{village.debrief(state=DebriefState.INVESTIGATING).code}"


@pytest.fixture
def lesson(screens: Screens) -> str:
    """The page of a draft of Dana's."""
    with screens.records() as village:
        return f"/lessons/{village.lesson(state=LessonState.DRAFT, accepted_at=None, accepted_by_id=None).code}"


def fill(person: Browser, page: str, **fields: Any) -> TestResponse:
    """Open a page with a form, fill it in, send it: it is taken or refused and never breaks."""
    assert person.read(page).status_code == 200, person.page
    answer = person.send(page.split("?", maxsplit=1)[0], {name.replace("__", "."): one for name, one in fields.items()})
    assert answer.status_code in (303, 409, 422), answer.text
    return answer


def beside(answer: TestResponse, field: str) -> str:
    """What is said of a field that was refused, with the way to it."""
    assert answer.status_code == 422, answer.text
    found = re.search(rf'<a href="#f-{field}">.*?</a><span>(.*?)</span>', answer.text, re.DOTALL)
    assert found, f"nothing is said of {field}: {re.findall('data-refused.*', answer.text)}"
    return unescape(found[1])


def count(model: Any) -> int:
    with db.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def only(model: Any) -> Any:
    with db.reading() as session:
        return session.exec(select(model)).one()


def published(screens: Screens, title: str) -> str:
    """The page of a lesson that everybody finds."""
    fill(screens.as_("dana", "en"), "/lessons/new", title=title, unit="RET", direction="do", topics="חיוב",
         applies_when="בכל שיחה")  # fmt: skip
    page = f"/lessons/{only(Lesson).code}"
    assert fill(screens.as_("dana", "en"), f"{page}/propose").status_code == 303
    accepting = {"owner": "yossi@village.example", "audience.units": "RET"}
    assert fill(screens.as_("naomi", "en"), f"{page}/accept", **accepting).status_code == 303
    return page


# ── texts ────────────────────────────────────────────────────────────────────────────────────────────────────────────
INVISIBLE = ("", "   ", "\u200f", "\u200b\u2060", "\u00ad", "\u202e\u202c", "\u3164\u2800\ufe0f", "\u2066 \u061c")


@here
def test_a_title_that_nobody_can_see_is_missing(dana: Browser) -> None:
    for title in INVISIBLE:
        answer = fill(dana, "/lessons/new", title=title, why="kept as it was typed")
        assert "missing" in beside(answer, "title")
        assert "kept as it was typed" in answer.text
    assert count(Lesson) == 0


@here
def test_a_text_that_is_too_long_is_told_with_how_much_fits_and_comes_back_whole(dana: Browser) -> None:
    answer = fill(dana, "/lessons/new", title="כ" * 10_001)
    assert "300" in beside(answer, "title")
    assert "כ" * 10_001 in answer.text
    assert fill(dana, "/lessons/new", title="כ" * 300).status_code == 303  # letters are counted and not bytes


@pytest.mark.parametrize(("sign", "place"), [("\0", 3), ("\x07", 3), ("\x1b[2J", 3)])
def test_a_sign_that_cannot_be_kept_is_told_with_its_place(dana: Browser, inquiry: str, sign: str, place: int) -> None:
    assert f"Character number {place} " in beside(fill(dana, "/report", what_happened=f"ab{sign}cd"), "what_happened")
    assert f"Character number {place} " in beside(fill(dana, f"{inquiry}/edit", expected=f"ab{sign}cd"), "expected")
    assert f"Character number {place} " in beside(fill(dana, f"{inquiry}/add/facts", text=f"ab{sign}"), "text")
    assert fill(dana, "/lessons/new", title="t", topics=[f"a{sign}"], unit=f"RET{sign}").status_code == 422


def test_half_of_a_letter_is_kept_as_it_was_sent(dana: Browser) -> None:
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', dana.read("/report").text)
    assert csrf
    body = f"csrf_token={csrf[1]}&kind=failure&what_happened=ab%ED%A0%80cd".encode()
    sent = dana.client.post("/report", data=body, content_type="application/x-www-form-urlencoded")
    assert sent.status_code == 303
    assert only(Debrief).what_happened == "ab%ED%A0%80cd"


def test_a_letter_written_in_two_ways_is_one_and_is_found_by_both(screens: Screens, dana: Browser) -> None:
    page = published(screens, "cafe\u0301 שָׁלוֹם")
    assert only(Lesson).title == unicodedata.normalize("NFC", "café שָׁלוֹם")
    for written in ("café", "cafe\u0301", "שלום", "שָׁלוֹם"):
        assert page in dana.read("/search", query_string={"q": written}).text, written


@here
def test_text_pasted_from_a_word_processor_loses_no_letter(dana: Browser, inquiry: str) -> None:
    pasted = "\r\n".join(f"„שורה“ {n} – ח\u00adיוב\vהמשך" for n in range(300))
    assert fill(dana, f"{inquiry}/add/facts", text=pasted).status_code == 303
    kept = only(Fact).text
    assert (kept.count("חיוב"), kept.count("\n"), "\v" in kept) == (300, 599, False)


@here
def test_a_title_that_turns_its_line_round_turns_nothing_else_round(dana: Browser) -> None:
    turned = "abc\u202edef\u2066"
    fill(dana, "/lessons/new", title=turned)
    lesson = only(Lesson)
    assert lesson.title == turned
    for page in (f"/lessons/{lesson.code}", "/lessons?state=draft"):
        for before, after in re.findall(rf"<([a-z]+[^>]*)>\s*{turned}\s*</([a-z0-9]+)", dana.read(page).text):
            alone = after in ("h1", "h2", "h3", "p", "title", "td", "li", "bdi", "option")
            assert alone or "dir=" in before or "bdi" in before, (page, before)


@here
def test_a_family_and_a_flag_are_letters_like_others(screens: Screens, dana: Browser) -> None:
    fill(dana, "/lessons/new", title=FAMILY, unit="RET")
    code = only(Lesson).code
    assert FAMILY in dana.read(f"/lessons/{code}").text
    assert FAMILY in dana.read("/lessons?state=draft").text


# ── days and hours ───────────────────────────────────────────────────────────────────────────────────────────────────
def assign(screens: Screens, **fields: Any) -> TestResponse:
    """Naomi assigns an action of an accepted lesson."""
    with screens.records() as village:
        code = village.lesson().code
    given = {"text": "שדה במסך", "done_when": "השדה מופיע", "owner": "yossi@village.example", "due_on": "2026-02-10"}
    return fill(screens.as_("naomi", "en"), f"/lessons/{code}/assign", **given | fields)


NO_DAYS = ["2026-02-30", "0000-01-01", "99999-1-1", "31/12/26", "tomorrow", "20260210", "2026-W48-2", "٢٠٢٦-٠٢-١٠"]


@here
def test_a_day_that_is_none_is_told_with_how_days_are_written(screens: Screens) -> None:
    for day in NO_DAYS:
        answer = assign(screens, due_on=day)
        assert "year-month-day" in beside(answer, "due_on")
        assert day in answer.text


@here
@pytest.mark.parametrize("day", ["2026-01-31", "2026-02-01", "1970-01-01"])
def test_what_is_due_is_due_after_today_and_working_days_are_offered(screens: Screens, day: str) -> None:
    answer = assign(screens, due_on=day)
    assert answer.status_code == 409
    assert "has to be after today" in answer.text
    assert 'name="due_on__chip" value="2026-02-' in answer.text
    assert count(Action) == 0


@here
def test_a_day_in_forty_years_is_asked_about_once(screens: Screens) -> None:
    asked = assign(screens, due_on="2066-02-10")
    assert "40 years" in beside(asked, "due_on")
    naomi = screens.as_("naomi", "en")
    action = next(path for path in re.findall(r'action="(/lessons/[^"]+/assign)"', asked.text))
    fields = {"text": "שדה", "done_when": "מופיע", "owner": "yossi@village.example", "due_on": "2066-02-10"}
    assert naomi.send(action, fields).status_code == 303
    assert only(Action).due_on == date(2066, 2, 10)


NO_TIMES = ["0001-01-01T00:00", "9999-12-31T23:59", "2026-02-30T10:00", "soon", "--", "1e9"]


@here
def test_a_time_that_is_none_is_told_at_its_field(dana: Browser, inquiry: str) -> None:
    for moment in NO_TIMES:
        assert beside(fill(dana, f"{inquiry}/add/facts", text="t", at=moment), "at"), moment
    assert count(Fact) == 0


@here
@pytest.mark.parametrize(
    ("wall", "kept", "says"),
    [
        ("2025-03-28T02:30", "2025-03-28T00:30", "03:30"),  # summer time began: there was no half past two
        ("2025-10-26T01:30", "2025-10-25T22:30", "+03:00"),  # it ended: half past one came twice
        ("2025-06-01T10:00", "2025-06-01T07:00", ""),
    ],
)
def test_an_hour_that_never_was_or_was_twice_is_said(
    dana: Browser, inquiry: str, wall: str, kept: str, says: str
) -> None:
    assert fill(dana, f"{inquiry}/add/facts", text="t", at=wall).status_code == 303
    assert only(Fact).at.isoformat()[:16] == kept
    toasts = re.findall(r'data-toast="wait".*?</div>', dana.read(inquiry).text, re.DOTALL)
    assert len(toasts) == bool(says)
    assert all(says in toast for toast in toasts)


# ── choices ──────────────────────────────────────────────────────────────────────────────────────────────────────────
NO_OWNERS = ["gone@village.example", "nobody", "0", "-1", "1 OR 1=1", "9" * 40, "\0"]


def test_an_owner_who_left_or_never_was_is_not_there_and_no_more_is_said(screens: Screens) -> None:
    with screens.records() as village:
        gone = {"pid": "gone", "email": "gone@village.example", "name": "רונן", "unit_id": village.dana.unit_id}
        village.session.add(Person(**gone, hired_on=TODAY, closed_at=AT))
    for owner in NO_OWNERS:
        answer = assign(screens, owner=owner)
        assert beside(answer, "owner") == f"“{owner.strip()}” is not there."
    assert count(Action) == 0


@here
def test_an_owner_of_another_unit_is_taken(screens: Screens) -> None:
    assert assign(screens, owner="rana@village.example").status_code == 303


NO_CHOICES: list[tuple[str, Any]] = [
    ("kind", "catastrophe"), ("kind", ["failure", "success"]), ("unit", "NOWHERE"), ("unit", ["RET", "SRV"]),
    ("urgent", "perhaps"), ("happened_on", ["2026-01-01", "2026-01-02"]), ("title", ["one", "two"]),
    ("source_ref", ["1", "2"]), ("confidential", "2"),
]  # fmt: skip


@here
def test_what_is_no_choice_and_two_where_one_belongs_are_refused(dana: Browser) -> None:
    for field, sent in NO_CHOICES:
        given: dict[str, Any] = {"what_happened": "הובטחה הנחה", "kind": "failure", field: sent}
        assert fill(dana, "/report", **given).status_code == 422
    assert count(Debrief) == 0


NO_SEVERITIES = ["--5", "0", "5", "9" * 15, "9" * 400, "NaN", "inf", "1e3", "٣٣", "²", "1.5"]


@here
def test_a_severity_is_one_of_four(screens: Screens) -> None:
    with screens.records() as village:
        code = village.debrief(state=DebriefState.REPORTED, leader_id=None, reviewer_id=None).code
    ilan = screens.as_("ilan", "en")
    for severity in NO_SEVERITIES:
        answer = fill(ilan, f"/debriefs/{code}/open", leader="dana@village.example", severity=severity)
        assert beside(answer, "severity")


# ── sent twice, sent late, sent over ─────────────────────────────────────────────────────────────────────────────────
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


# ── search and lists ─────────────────────────────────────────────────────────────────────────────────────────────────
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
