"""What people mistype and what is sent on purpose: it is told beside its field, nothing is lost, nothing breaks."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from werkzeug.test import TestResponse

from lessons.models import Action, Debrief, Fact, Lesson, Person
from lessons.workflow.states import DebriefState
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.filling import beside, count, fill, here, only
from tests.village import AT, TODAY

FAMILY = "👨‍👩‍👧‍👦 🇮🇱 מזינים"


# ── texts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
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


# ── days and hours ────────────────────────────────────────────────────────────────────────────────────────────────────
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
@pytest.mark.parametrize(("day", "says"), [("2066-02-10", "40 years"), ("2026-02-07", "is a day off there")])
def test_a_day_in_forty_years_or_off_work_is_asked_about_once(screens: Screens, day: str, says: str) -> None:
    asked = assign(screens, due_on=day)
    assert says in beside(asked, "due_on")
    naomi = screens.as_("naomi", "en")
    action = next(path for path in re.findall(r'action="(/lessons/[^"]+/assign)"', asked.text))
    fields = {"text": "שדה", "done_when": "מופיע", "owner": "yossi@village.example", "due_on": day}
    assert naomi.send(action, fields).status_code == 303
    assert only(Action).due_on == date.fromisoformat(day)


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


# ── choices ───────────────────────────────────────────────────────────────────────────────────────────────────────────
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
def test_half_a_name_leads_to_whoever_may_be_meant(screens: Screens) -> None:
    with screens.records() as village:
        name = village.avi.name
    first, last = name.split(maxsplit=1)
    for given in (first, last):
        assert name in beside(assign(screens, owner=given), "owner").partition("Perhaps: ")[2]


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
