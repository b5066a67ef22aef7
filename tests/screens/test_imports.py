"""The review bench: files are given, looked at, put right, taken, and taken back, by whoever manages lessons."""

from __future__ import annotations

import io
import re

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.home import imports as pages
from lessons.long_work import long_work
from lessons.models import Action, Cause, Debrief, Lesson
from lessons.workflow.states import DebriefState
from tests.browsing import Browser
from tests.intake import papers
from tests.intake.test_imports import HEADER, ROWS
from tests.screens.conftest import Screens
from tests.screens.filling import here
from tests.screens.test_bench import cost


@pytest.fixture
def naomi(screens: Screens) -> Browser:
    return screens.as_("naomi", "en")


def given(naomi: Browser, *rows: tuple[str, ...], name: str = "register.xlsx") -> str:
    """The address of an import that was read."""
    naomi.read("/bench/imports")
    content = io.BytesIO(papers.xlsx([HEADER, *(rows or ROWS)]))
    answer = naomi.send("/bench/imports", {"file": (content, name), "text": ""})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].split("?")[0]


def count(model: type) -> int:
    with db.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@here
def test_files_are_looked_at_then_taken_as_a_whole_then_taken_back(naomi: Browser) -> None:
    at = given(naomi)
    page = naomi.read(at).text
    assert "register.xlsx · Sheet1 · row 2" in page
    assert "בודקים חיוב כפול לפני סיום" in page
    assert count(Debrief) == 0
    assert naomi.send(f"{at}/take").status_code == 303
    page = naomi.read(at).text
    assert "Brought in: 4 debriefs, 3 lessons, 3 actions." in page
    assert (count(Debrief), count(Lesson), count(Action)) == (4, 3, 3)
    with db.reading() as session:
        closed = session.scalars(sa.select(Debrief.code).where(Debrief.state == DebriefState.CLOSED)).one()
    page = naomi.read(f"/debriefs/{closed}").text
    assert ("No facts have been written." in page, "to begin" in page) == (True, False)
    naomi.read(at)
    assert naomi.send(f"{at}/undo").status_code == 303
    assert "taken back" in naomi.read(at).text


@here
def test_nothing_given_and_what_cannot_be_read_are_told_beside_the_field(naomi: Browser) -> None:
    naomi.read("/bench/imports")
    empty = naomi.send("/bench/imports", {"text": ""})
    assert (empty.status_code, "A file is needed here" in empty.text) == (422, True)
    refused = naomi.send("/bench/imports", {"file": (io.BytesIO(b"%PDF-1.7"), "a.docx"), "text": "", "unit": "RET"})
    assert (refused.status_code, "This is a PDF" in refused.text) == (422, True)
    assert '<option value="RET" selected>' in refused.text


@here
def test_pasted_text_is_read_too(naomi: Browser) -> None:
    naomi.read("/bench/imports")
    text = "# It broke\n\nUnit: Nowhere\n\nSeverity: ??\n\n## What happened\n\nIt did.\n\n## Actions\n\n- [ ] Mend it\n"
    at = naomi.send("/bench/imports", {"text": text}).headers["Location"]
    page = naomi.read(at.split("?")[0]).text
    assert "Mend it" in page
    assert ("“Nowhere” is neither the unit" in page, "The severity “??” is not known" in page) == (True, True)


@here
def test_people_and_columns_are_answered_and_choices_kept(naomi: Browser, screens: Screens) -> None:
    at = given(naomi)
    page = naomi.read(at).text
    name = re.search(r'name="name-(\d+)" value="מישהו אחר"', page)
    assert name, page
    columns = re.findall(r'name="heading" value="([^"]*)"><input type="hidden" name="was" value="([^"]*)"', page)
    fields = ["title" if heading == "הערה" else was for heading, was in columns]
    sent = {f"name-{name[1]}": "מישהו אחר", f"p-{name[1]}": "רות פרידמן", "heading": [one for one, _ in columns],
            "was": [was for _, was in columns], "field": fields}  # fmt: skip
    assert naomi.send(f"{at}/answers", sent).status_code == 303
    page = naomi.read(at).text
    assert 'value="ruth@' in page
    assert "הגיע מהמוקד</bdi></h3>" in page
    naomi.send(f"{at}/choices", {"n-2": "leave"})
    naomi.read(at)
    naomi.send(f"{at}/take")
    assert count(Debrief) == 3
    with db.reading() as session:
        assert screens.people["ruth"].id in session.scalars(sa.select(Action.owner_id)).all()


@here
def test_only_whoever_manages_lessons_sees_it(naomi: Browser, screens: Screens) -> None:
    at = given(naomi)
    for who in ("dana", "ilan"):
        assert screens.as_(who, "en").read(at).status_code == 403
        assert screens.as_(who, "en").read(f"{at}/report.csv").status_code == 403


@here
def test_what_is_long_is_a_job_and_says_so(naomi: Browser, screens: Screens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "AT_ONCE", 2)
    monkeypatch.setattr(pages, "READ_AT_ONCE", 10)
    naomi.read("/bench/imports")
    content = io.BytesIO(papers.xlsx([HEADER, *ROWS]))
    job = naomi.send("/bench/imports", {"file": (content, "register.xlsx"), "text": ""}).headers["Location"]
    assert job.startswith("/jobs/")
    while long_work(lambda: screens.at):
        pass
    assert "What was understood can be looked at now" in naomi.read(job.split("?")[0]).text
    at = re.search(r'href="(/bench/imports/\w+)"', naomi.read("/bench/imports").text)
    assert at
    naomi.read(at[1])
    answered = {"heading": "הערה", "was": "", "field": "cause"}
    assert "/jobs/" in naomi.send(f"{at[1]}/answers", answered).headers["Location"], (
        "read anew, but not while one waits"
    )
    while long_work(lambda: screens.at):
        pass
    naomi.read(at[1])
    naomi.send(f"{at[1]}/take")
    while long_work(lambda: screens.at):
        pass
    assert count(Debrief) == 4
    with db.reading() as session:
        assert "הגיע מהמוקד" in session.scalars(sa.select(Cause.text)).all()


@here
def test_the_report_and_the_source_are_taken_out(naomi: Browser) -> None:
    at = given(naomi)
    naomi.read(at)
    naomi.send(f"{at}/take")
    report = naomi.read(f"{at}/report.csv").text.removeprefix("\ufeff").splitlines()
    assert report[0].startswith("file,sheet,row,digest,how,debrief")
    assert report[1].startswith("register.xlsx,Sheet1,2,")
    source = re.search(rf'href="{at}/(files/\d+)"', naomi.read(at).text)
    assert source
    assert naomi.read(f"{at}/{source[1]}").data.startswith(b"PK")


@here
def test_a_page_of_it_costs_the_same_however_long_it_is(naomi: Browser) -> None:
    short = given(naomi, ROWS[0])
    long = given(naomi, *((str(n), *ROWS[0][1:]) for n in range(40)))
    assert cost(naomi, short) == cost(naomi, long)
