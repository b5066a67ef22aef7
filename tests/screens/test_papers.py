"""Records on paper, and everything that a person may see in one archive."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
from pypdf import PdfReader

from exports.paper import Paper
from exports.press import Press
from lessons import db
from lessons.access import actor_of
from lessons.doors import papers
from lessons.doors.bundle import bundle
from lessons.models import Person
from lessons.workflow.states import DebriefState
from tests.screens.conftest import Screens
from tests.village import AT

Codes = tuple[str, str, str]


@pytest.fixture
def codes(screens: Screens) -> Codes:
    """An open debrief with its lesson, and a confidential one."""
    with screens.records() as village:
        debrief = village.debrief(title="חיוב כפול", expected="חיוב אחד", state=DebriefState.INVESTIGATING)
        village.cause(debrief).text = "אין שדה במסך"
        lesson = village.lesson(title="מזינים את ההטבה", debrief_id=debrief.id)
        secret = village.debrief(title="סודי", expected="סוד", confidential=True, reporter_id=None)
        return debrief.code, lesson.code, secret.code


def written(screens: Screens, noun: str, code: str, who: str, locale: str = "he") -> Paper:
    with db.reading() as session:
        by = actor_of(session, session.get_one(Person, screens.people[who].id), at=AT)
        return papers.paper(session, noun, code, by=by, at=AT, locale=locale)


def text_of(paper: Paper) -> str:
    cells = (text for part in paper.parts for block in part.blocks for row in block.rows for text, _ in row)
    return "\n".join([paper.title[0], *(part.title[0] for part in paper.parts), *cells])


def test_a_report_tells_all_of_it_to_whoever_may_read_it_and_its_header_to_others(
    screens: Screens, codes: Codes
) -> None:
    told = text_of(written(screens, "debriefs", codes[0], "dana"))
    for words in ("חיוב כפול", "חיוב אחד", "אין שדה במסך", "סיבת שורש", codes[1], "דנה אוחיון"):
        assert words in told
    told = text_of(written(screens, "debriefs", codes[2], "ilan"))
    assert codes[2] in told
    assert "סוד" not in told


def test_a_life_story_tells_every_event_with_its_hash_in_both_times(screens: Screens, codes: Codes) -> None:
    paper = written(screens, "lessons", codes[1], "gideon", "en")
    (events,) = (block for part in paper.parts for block in part.blocks if block.kind == "events")
    utc, here, head = (events.rows[-1][n][0] for n in (1, 2, 5))
    assert datetime.fromisoformat(utc).day == AT.day
    assert here == f"{AT.day}.{AT.month}.{AT.year}, 10:00"
    assert len(head) == 64
    assert head in text_of(paper).split("\n")[:-1]


@pytest.mark.only("sqlite")
def test_a_paper_is_a_button_on_its_page_and_hidden_with_its_record(screens: Screens, codes: Codes) -> None:
    debrief, lesson, secret = codes
    dana = screens.as_("dana", "en")
    assert f'href="/debriefs/{debrief}/report.pdf"' in dana.read(f"/debriefs/{debrief}").text
    assert f'href="/lessons/{lesson}/life.pdf"' in dana.read(f"/lessons/{lesson}").text
    answer = dana.read(f"/debriefs/{debrief}/report.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert debrief in PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()
    assert screens.as_("avi").read(f"/debriefs/{secret}/report.pdf").status_code == 404


@pytest.mark.only("sqlite")
def test_an_archive_holds_what_its_person_may_see_and_a_page_that_leads_to_it(screens: Screens, codes: Codes) -> None:
    _, lesson, secret = codes
    into, told = io.BytesIO(), []
    with db.reading() as session, Press(workers=1) as press:
        by = actor_of(session, session.get_one(Person, screens.people["avi"].id), at=AT)
        bundle(session, into, by=by, at=AT, locale="he", press=press, progress=lambda *one: told.append(one))
    archive = zipfile.ZipFile(into)
    assert archive.testzip() is None
    names = set(archive.namelist())
    assert {"index.html", "registers/lessons.xlsx", "registers/actions.csv", f"cards/{lesson}.pdf"} <= names
    assert f"debriefs/{secret}.pdf" not in names
    index = archive.read("index.html").decode()
    assert 'dir="rtl"' in index
    for name in names - {"index.html"}:
        assert f'href="{name}"' in index
    assert told[-1][0] == told[-1][1]
    assert "סודי".encode() not in b"".join(map(archive.read, names))
