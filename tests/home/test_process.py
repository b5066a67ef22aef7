"""The page on which the process draws itself."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from lessons import db
from lessons.app import create_app
from lessons.i18n import LOCALES, word
from lessons.settings import Settings
from lessons.workflow.lives import LIVES
from tests.browsing import Browser
from tests.village import Village

pytestmark = pytest.mark.only("sqlite")  # the page reads tables of the code, not of the database


@pytest.fixture
def app(settings: Settings) -> Flask:
    return create_app(settings)


@pytest.fixture
def village(app: Flask) -> Village:
    with db.transaction() as session:
        return Village(session)


@pytest.mark.parametrize("language", LOCALES)
def test_an_agent_sees_every_life_drawn_and_the_table_behind_it(app: Flask, village: Village, language: str) -> None:
    page = unescape(Browser(app, language=language).sign_in(village.avi).read("/process").text)
    assert page.count("life-line") == len(LIVES)
    for noun, life in LIVES.items():
        section = page.split(f'id="{noun}"')[1].split("</section>")[0]
        assert "<svg" in section
        assert "<table" in section
        assert [t for t in life.triggers if word(f"{noun}.trigger", t, language) not in section] == []
        assert [s for s in life.states if word(f"{noun}.state", s.value, language) not in section] == []


def test_the_table_says_who_what_is_missing_and_what_is_asked(app: Flask, village: Village) -> None:
    page = unescape(Browser(app).sign_in(village.avi).read("/process").text)
    rows = re.findall(r"<tr.*?</tr>", page.split('id="actions"')[1], flags=re.DOTALL)
    confirm = next(row for row in rows if "Confirm it was done" in row)
    assert "from: Done, waits for confirmation" in confirm
    assert "Verifier, Owner of the lesson, Lessons management, Unit management" in confirm
    assert "The action is in your care, so confirming it belongs to someone else." in confirm
    block = next(row for row in rows if "Report a hold-up" in row)
    assert "Reason" in block
    assert "possible: Waiting for" in block


def test_every_page_leads_to_it_and_whoever_is_not_signed_in_is_asked_to(app: Flask, village: Village) -> None:
    assert 'href="/process"' in Browser(app).sign_in(village.avi).read("/").text
    assert Browser(app).read("/process").status_code in (302, 303, 401)


def test_the_page_of_looks_shows_a_life(app: Flask, village: Village) -> None:
    assert "life-line" in Browser(app).sign_in(village.avi).read("/admin/style").text


def test_the_table_of_rights_marks_ones_own_role_and_narrows_to_what_it_may(app: Flask, village: Village) -> None:
    naomi = Browser(app).sign_in(village.naomi)
    whole = unescape(naomi.read("/process/rights").text)
    assert whole.count("<section") > len(LIVES)
    assert re.search(r'class="mine">Lessons management<small>my role</small>', whole)
    mine = unescape(naomi.read("/process/rights?role=mine").text)
    assert "Merge with another debrief" in mine
    assert "Grant the later date" not in mine.split('id="debriefs"')[1].split("</section>")[0]
    agent = unescape(naomi.read("/process/rights?role=agent").text)
    assert "Report an event" in agent
    assert "Merge with another debrief" not in agent
    assert naomi.read("/process/rights?role=nonsense").status_code == 200
