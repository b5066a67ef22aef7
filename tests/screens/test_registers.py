"""What a list shows can be taken out whole, with its filters and for the eyes of whoever asks."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from lessons.doors.register import REGISTERS
from lessons.models import Action
from lessons.workflow.states import ActionKind, ActionState, DebriefState
from tests.screens.conftest import Screens
from tests.village import AT

FORMS = ("xlsx", "csv", "json")


@pytest.fixture
def kept(screens: Screens) -> Screens:
    """Two actions, one of them done, and a debrief whose words are confidential."""
    with screens.records() as village:
        lesson = village.lesson()
        village.session.flush()
        for text, state in (("=לעדכן את התסריט", ActionState.ASSIGNED), ("Call back", ActionState.CANCELLED)):
            plain: dict[str, Any] = {"unit_id": lesson.unit_id, "lesson_id": lesson.id}
            plain |= dict.fromkeys(("created_at", "changed_at", "entered_at"), AT)
            code = f"A-2026-900{len(text)}"
            village.session.add(
                Action(text=text, state=state, code=code, done_when="בוצע", kind=ActionKind.CORRECTIVE,
                       owner_id=village.dana.id, due_on=date(2026, 2, 5), first_due_on=date(2026, 2, 5), **plain)
            )  # fmt: skip
        village.debrief(title="סודי", state=DebriefState.INVESTIGATING, confidential=True, reporter_id=None)
    return screens


def table(screens: Screens, path: str, who: str = "dana") -> list[dict[str, str]]:
    text = screens.as_(who).read(path).data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def sheet(screens: Screens, path: str, language: str) -> list[list[Any]]:
    data = screens.as_("dana", language).read(path).data
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


@pytest.mark.only("sqlite")
def test_a_list_gives_what_it_shows_with_its_filters(kept: Screens) -> None:
    page = kept.as_("dana", "en").read("/actions?state=all&q=Call")
    assert 'href="/actions.xlsx?state=all&amp;q=Call"' in page.text
    assert [row["text"] for row in table(kept, "/actions.csv?state=all&q=Call")] == ["Call back"]
    assert [row["text"] for row in table(kept, "/actions.csv")] == ["'=לעדכן את התסריט"], "the list shows open ones"
    told = kept.as_("dana").read("/actions.json?state=cancelled").json
    assert [(one["text"], one["state"]) for one in told["items"]] == [("Call back", "cancelled")]


@pytest.mark.only("sqlite")
def test_a_workbook_speaks_the_language_of_whoever_takes_it(kept: Screens) -> None:
    heads, row = sheet(kept, "/actions.xlsx", "he")
    shown = dict(zip(heads, row, strict=True))
    assert (shown["נוסח"], shown["מצב"], shown["מועד"]) == ("=לעדכן את התסריט", "טרם התחילה", date(2026, 2, 5))
    assert isinstance(shown["נוצר"], datetime)
    heads, row = sheet(kept, "/actions.xlsx", "en")
    assert dict(zip(heads, row, strict=True))["State"] == "Not started"


def test_everything_that_is_listed_can_be_taken_out_and_hides_what_the_list_hides(kept: Screens) -> None:
    for noun in REGISTERS:
        for form in FORMS:
            answer = kept.as_("ilan").read(f"/{noun}.{form}?state=all")
            assert answer.status_code == 200, (noun, form)
            assert f"{noun}-{AT:%Y-%m-%d}.{form}" in answer.headers["Content-Disposition"]
            assert "סודי".encode() not in answer.data
    assert json.loads(kept.as_("ilan").read("/debriefs.json").data)["items"][0]["view"] == "header"
    assert table(kept, "/debriefs.csv", "avi") == []
