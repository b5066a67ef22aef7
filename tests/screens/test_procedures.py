"""The text of a procedure on its page: as it is written, and as it stood on a day that is asked about."""

from __future__ import annotations

import re
from datetime import timedelta

from lessons.models import Revision
from lessons.workflow.states import PolicyKind
from tests.procedures.writing import HOW, SUMS, do, draft, procedure_of, published, refused
from tests.screens.conftest import Screens
from tests.screens.filling import here, only
from tests.village import AT


@here
def test_the_text_that_was_in_force_on_a_day_is_shown_for_that_day(screens: Screens) -> None:
    with screens.records() as village:
        procedure = procedure_of(village)
        published(village, procedure, sections=[{**HOW, "body": "At the **end** of the call"}, SUMS])
        published(village, procedure, at=AT + timedelta(days=10), sections=[{**HOW, "body": "Before the end"}, SUMS])
        page, day = f"/procedures/{procedure.code}", AT.date() + timedelta(days=5)
    screens.days_later(20)
    hila = screens.as_("hila", "en")
    assert "Before the end" in hila.read(page).text
    then = hila.read(f"{page}?on={day}").text
    assert "At the <strong>end</strong> of the call" in then
    assert "This is how it stood on" in then
    assert "Nothing was in force on that day" in hila.read(f"{page}?on={AT.date() - timedelta(days=3)}").text
    for where in (f"{page}?on={AT.date() + timedelta(days=400)}", f"{page}?on=yesterday"):
        assert "Before the end" in hila.read(where).text


LIMITS = [
    {"situation": "ללא שירות יום", "agent": "40 ₪", "debrief_leader": "80 ₪", "manager": "150 ₪"},
    {"situation": "חיוב שגוי", "tier": "ותק מעל 4 שנים", "agent": "20 ₪", "manager": "60 ₪"},
]


def headings(page: str) -> list[str]:
    table = page.partition('<table class="tb limits">')[2].partition("</thead>")[0]
    return [re.sub(r"<[^>]+>", " ", cell).strip() for cell in re.findall(r"<th.*?</th>", table)]


def test_each_reads_their_own_limit_first(screens: Screens) -> None:
    with screens.records() as village:
        procedure = procedure_of(village)
        published(village, procedure, sections=[HOW, {**SUMS, "limits": LIMITS}])
        page = f"/procedures/{procedure.code}"
    avi = screens.as_("avi", "en").read(page).text
    assert headings(avi)[:2] == ["Situation", "Agents my authority"]
    ilan = screens.as_("ilan", "en").read(page).text
    assert headings(ilan)[:2] == ["Situation", "Centre managers my authority"]
    assert "ותק מעל 4 שנים" in ilan
    assert "Finance" not in ilan, "no row speaks of it"


@here
def test_the_table_is_written_in_a_grid_and_comes_back_filled(screens: Screens) -> None:
    with screens.records() as village:
        procedure = procedure_of(village, policy_kind=PolicyKind.COMPENSATION)
        draft(village, procedure, sections=[{**SUMS, "limits": LIMITS}])
    revision = only(Revision)
    hila, page = screens.as_("hila", "en"), f"/revisions/{revision.code}"
    assert hila.read(f"{page}/edit").text.count('name="limits-1"') == (len(LIMITS) + 2) * 6
    first, second, third = ("ללא שירות יום", "", "45 ₪", "", "", ""), ("", "", "", "", "", ""), ("איחור", *[""] * 5)
    typed = {"id": "sums", "heading": "סכומים", "body": "", "limits-1": [*first, *second, *third], "summary": ""}
    hila.send(f"{page}/edit", typed)
    assert only(Revision).sections == [
        {"id": "sums", "heading": "סכומים", "body": "", "limits": [
            {"situation": "ללא שירות יום", "agent": "45 ₪"}, {"situation": "איחור"},
        ]},
    ]  # fmt: skip
    nameless = {**typed, "limits-1": ["", "", "50 ₪", "", "", ""]}
    hila.read(f"{page}/edit")
    back = hila.send(f"{page}/edit", nameless)
    assert back.status_code == 422
    assert 'value="50 ₪"' in back.text


def test_another_limit_is_another_text(screens: Screens) -> None:
    with screens.records() as village:
        procedure = procedure_of(village)
        published(village, procedure, sections=[{**SUMS, "limits": LIMITS}])
        do(village, procedure, "edit", "hila", policy_kind=PolicyKind.COMPENSATION)
        raised = [{**LIMITS[0], "agent": "50 ₪"}, LIMITS[1]]
        revision = draft(village, procedure, at=AT + timedelta(days=1), sections=[{**SUMS, "limits": raised}])
        do(village, revision, "submit", "hila", at=AT + timedelta(days=1), summary="עד 50 ₪")
        assert refused(village, revision, "approve", "ilan") == ["money_is_approved"]
        address = f"/revisions/{revision.code}"
    screens.days_later(2)
    page = screens.as_("hila", "en").read(address).text
    assert "<del>40</del>" in page
    assert "<ins>50</ins>" in page
