"""Many people from a table: looked at first, then all of them or none."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa
from flask import Flask

from lessons import db
from lessons.errors import Invalid
from lessons.models import Grant, Person
from lessons.people import many
from lessons.workflow.states import Role
from tests.browsing import Browser
from tests.village import Village

PAGE = "/admin/people/many"
TABLE = (
    "דוא״ל,שם,יחידה,תפקיד במערכת,ניהול ישיר,שפה\n"
    "noa@village.example,נועה ברק,RET,נציגים,lev@village.example,אנגלית\n"
    "lev@village.example,לב אורן,RET,manager,,\n"
)


@pytest.fixture
def michal(app: Flask, village: Village) -> Browser:
    browser = Browser(app).sign_in(village.michal)
    browser.read(PAGE)
    return browser


def people() -> dict[str, Person]:
    with db.reading() as session:
        return {one.email or one.number or "": one for one in session.scalars(sa.select(Person))}


def test_nothing_is_added_before_it_was_looked_at(michal: Browser) -> None:
    before = people().keys()
    page = michal.send(PAGE, {"table": TABLE}).text
    assert "Add 2 people" in page
    assert people().keys() == before
    assert michal.send(PAGE, {"sure": "1", "table": TABLE}).status_code == 303
    here = people()
    noa, lev = here["noa@village.example"], here["lev@village.example"]
    assert (noa.name, noa.locale, noa.manager_id) == ("נועה ברק", "en", lev.id)
    with db.reading() as session:
        held = session.execute(
            sa.select(Grant.person_id, Grant.role).where(Grant.person_id.in_([noa.id, lev.id]))
        ).all()
    assert set(held) == {(noa.id, Role.AGENT), (lev.id, Role.MANAGER)}


def test_the_same_table_again_changes_nothing(michal: Browser) -> None:
    michal.send(PAGE, {"sure": "1", "table": TABLE})
    before = {name: one.version for name, one in people().items()}
    michal.read(PAGE)
    assert "Everybody in the table is here already" in michal.send(PAGE, {"table": TABLE}).text
    assert {name: one.version for name, one in people().items()} == before


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("not an address,נועה,RET,agent,,", "E-mail or employee number", ""),
        ("noa@village.example,נועה,XXX,agent,,", "Unit", "XXX"),
        ("noa@village.example,נועה,RET,captain,,", "Role", "captain"),
        ("noa@village.example,נועה,RET,agent,nobody@village.example,", "Manager", "nobody@village.example"),
        ("noa@village.example,,RET,agent,,", "Name", ""),
        ("noa@village.example,נועה,RET,agent,,klingon", "Language", ""),
    ],
)
def test_one_wrong_row_and_nobody_is_added(michal: Browser, row: str, column: str, said: str) -> None:
    before = people().keys()
    table = f"{TABLE}{row}".replace("noa@village.example,נועה ברק", "ada@village.example,עדה")
    answer = michal.send(PAGE, {"sure": "1", "table": table})
    assert answer.status_code == 422
    assert "One row needs another look" in answer.text
    assert said in answer.text
    assert "עדה" in answer.text  # what was pasted stands there again
    assert people().keys() == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name,unit\nנועה,RET",
        "who,name",
        "who,name,name\n1,a,b",
        'who,name\n"1,a',
        "who,name\n" + "1,a\n" * 2001,
        "\0,\0\n1,2",
    ],
)
def test_what_is_no_table_of_people_is_told_at_the_field(michal: Browser, text: str) -> None:
    answer = michal.send(PAGE, {"table": text})
    assert answer.status_code == 422
    assert 'id="table-error"' in answer.text


def test_whoever_administers_one_unit_adds_nobody_elsewhere(app: Flask, village: Village) -> None:
    with db.transaction() as session:
        village.session = session
        village.grant(village.ilan, Role.ADMIN, "RET")
    ilan = Browser(app).sign_in(village.ilan)
    ilan.read(PAGE)
    assert ilan.send(PAGE, {"sure": "1", "table": "who,name,unit\nx@village.example,X,SRV"}).status_code == 422
    ilan.read(PAGE)
    assert ilan.send(PAGE, {"sure": "1", "table": "who,name,unit\nx@village.example,X,RET"}).status_code == 303


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1255"])
def test_a_file_is_read_as_spreadsheets_write_it(michal: Browser, encoding: str) -> None:
    table = TABLE.replace("דוא״ל", "מייל").replace(",", ";" if encoding == "cp1255" else "\t")
    sent = {"file": (io.BytesIO(table.encode(encoding)), "people.csv")}
    assert "נועה ברק" in michal.send(PAGE, sent).text


def test_rows_are_numbered_as_in_the_file() -> None:
    lines = many.table('who,name\n\n"1","two\nlines"\n2,b\n')
    assert [(line.number, line.raw["who"]) for line in lines] == [(4, "1"), (5, "2")]
    with pytest.raises(Invalid):
        many.table("who\n1")
