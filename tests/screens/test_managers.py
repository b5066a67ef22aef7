"""The managers' page: what waits and for whom, views that can be passed on, a list to paste into a meeting."""

from __future__ import annotations

from html import unescape

import pytest

from exports.month import MonthSheet
from exports.press import Press
from lessons.access import OPERATOR
from lessons.models import Action, DueChange, SavedView, Verification
from lessons.steps import make
from lessons.workflow.states import ActionState, DebriefState, LessonState, VerificationState
from tests.browsing import Forms
from tests.screens.conftest import Screens
from tests.screens.filling import fill, here, only
from tests.village import AT

FSI, PDI, RLM = "\u2068", "\u2069", "\u200f"


def test_a_view_is_kept_under_a_name_and_can_be_passed_on(screens: Screens) -> None:
    ilan = screens.as_("ilan", "en")
    page = ilan.read("/managers?unit=RET&months=6&show=all").text
    assert 'name="unit" value="RET"' in page
    for _ in range(2):  # the same name again takes its place
        ilan.read("/managers?unit=RET&months=6")
        asked = {"name": "  Retention,  half a year", "unit": "RET", "months": "6", "other": "x"}
        answer = ilan.send("/managers/views", asked)
        assert answer.status_code == 303
    view = only(SavedView)
    assert (view.name, view.query) == ("Retention, half a year", "unit=RET&months=6")
    assert "Retention, half a year" in ilan.read("/managers").text
    naomi = screens.as_("naomi", "en")
    assert naomi.read(f"/managers/views/{view.pid}").headers["Location"] == "/managers?unit=RET&months=6"
    assert "Retention, half a year" not in naomi.read("/managers").text
    hers = Forms(naomi.read("/managers").text).hidden["/managers/views"]
    assert naomi.post(f"/managers/views/{view.pid}/forget", hers).status_code == 404
    assert screens.as_("avi").read(f"/managers/views/{view.pid}").status_code == 403
    ilan.read("/managers")
    assert ilan.send(f"/managers/views/{view.pid}/forget", {}).status_code == 303
    assert "Retention, half a year" not in ilan.read("/managers").text


@here
def test_a_view_needs_a_name(screens: Screens) -> None:
    ilan = screens.as_("ilan", "en")
    ilan.read("/managers")
    answer = ilan.send("/managers/views", {"name": " "})
    assert answer.status_code == 422
    assert "A view is kept under a name." in answer.text


def test_whoever_is_waited_for_carries_what_is_held_up(screens: Screens, action: str) -> None:
    yossi, ilan = screens.as_("yossi", "en"), screens.as_("ilan", "en")
    fill(yossi, f"{action}/start")
    assert "Ruth" not in ilan.read("/managers?show=all").text
    fill(yossi, f"{action}/block", waiting_on="ruth@village.example", reason="Waits for her list of calls")
    assert only(Action).state == ActionState.BLOCKED
    ruth = screens.people["ruth"]
    assert ilan.read(f"/managers?show=all&who={ruth.pid}").text.split("<tbody")[-1].count(f'href="{action}"') == 2
    assert action not in ilan.read(f"/managers?show=all&who={screens.people['yossi'].pid}").text.split("<tbody")[-1]


def test_beside_each_stands_why_it_waits(screens: Screens, action: str) -> None:
    yossi, ilan, ruth = (screens.as_(who, "en") for who in ("yossi", "ilan", "ruth"))
    ruth.read("/account")
    days = {"from_on": "2026-02-01", "until_on": "2026-02-05"}
    assert ruth.send("/account/away", {**days, "delegate": "avi@village.example"}).status_code == 303
    fill(yossi, f"{action}/start")
    fill(yossi, f"{action}/ask_extension", new_due_on="2026-02-17", reason="The supplier needs a week")
    fill(yossi, f"{action}/block", waiting_on="ruth@village.example", reason="Waits for her list of calls")
    page = unescape(ilan.read("/managers?show=all").text)
    waits = page.partition("<tbody")[2]
    assert "Held up, waits for" in waits
    assert "Waits for her list of calls" in waits
    assert "Another date was asked for; nobody answered yet." in waits
    assert f"is away until {FSI}5.2{PDI}" in waits
    assert "Held up, waits for" in ilan.read("/managers/list?show=all").text


def test_a_date_that_was_moved_is_told_beside_the_first_one(screens: Screens, action: str) -> None:
    assert only(DueChange).new_due_on.isoformat() == "2026-02-10"
    naomi, yossi = screens.as_("naomi", "en"), screens.as_("yossi", "en")
    fill(yossi, f"{action}/start")
    fill(
        yossi,
        f"{action}/ask_extension",
        new_due_on="2026-02-17",
        reason="The supplier needs a week",
    )
    fill(naomi, f"{action}/grant_extension", reason="A week more is all right")
    page = screens.as_("ilan", "en").read("/managers/list?show=all").text
    assert f"until {FSI}17.2.2026{PDI} · at first {FSI}10.2.2026{PDI}" in page


@here
def test_a_debrief_that_may_not_be_named_is_called_confidential(screens: Screens) -> None:
    with screens.records() as village:
        state = DebriefState.INVESTIGATING
        village.debrief(state=state, confidential=True, title="Billed twice", due_on=AT.date())
    ilan = screens.as_("ilan", "en")
    for page in ("/managers?show=all", "/managers/list?show=all"):
        text = ilan.read(page).text
        assert "Confidential debrief" in text
        assert "Billed twice" not in text


@here
def test_the_list_for_a_meeting_reads_right_wherever_it_is_pasted(screens: Screens, action: str) -> None:
    answer = screens.as_("ilan").read("/managers/list?show=all")
    assert answer.mimetype == "text/plain"
    lines = [line for line in answer.text.splitlines() if line]
    assert all(line.startswith(RLM) for line in lines)
    assert f"({FSI}{action.removeprefix('/actions/')}{PDI})" in answer.text
    assert f"{FSI}שדה במסך{PDI} · " in answer.text
    assert screens.as_("avi").read("/managers/list").status_code == 403


def test_what_was_learned_in_a_month_is_printed_on_one_page(screens: Screens, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[MonthSheet] = []

    def printed(_: Press, sheet: MonthSheet) -> bytes:
        given.append(sheet)
        return b"%PDF-"

    monkeypatch.setattr(Press, "month", printed)
    with screens.records() as village:
        shown = village.lesson(state=LessonState.WATCHING, title="Repeat the sum aloud", lang="en")
        hidden = village.lesson(state=LessonState.DRAFT, accepted_at=None, accepted_by_id=None)
        check = Verification(
            code="", lesson_id=shown.id or 0, unit_id=shown.unit_id, state=VerificationState.EFFECTIVE, baseline=9,
            measured=2, measure="Calls a month about it", verifier_id=village.ruth.id, concluded_at=AT,
        )  # fmt: skip
        make(village.session, check, by=OPERATOR, at=AT, trigger="import")
    answer = screens.as_("ilan", "en").read("/managers/month.pdf?month=2026-02&unit=RET")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    sheet = given[0]
    assert (sheet.lang, sheet.month) == ("en", "February 2026")
    codes = [line.code for part in sheet.parts for line in part.lines]
    assert shown.code in codes
    assert hidden.code not in codes
    assert sheet.parts[0].lines[0].note == f"{FSI}Calls a month about it{PDI}. Before: 9. After: 2"
    assert {"working days" in sheet.measures[0].note, "working days" in sheet.measures[0].aim_word} == {True}
    assert screens.as_("ilan").read("/managers/month.pdf?month=0001-01").status_code == 200
    assert (given[1].lang, given[1].month) == ("he", "פברואר 2026")
    assert screens.as_("avi").read("/managers/month.pdf").status_code == 403
