"""One click in a mail reader: the daily mail comes once a week. Nobody signs in for it, and it opens nothing else."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from lessons import db, logs
from lessons.home import less_mail
from lessons.models import Person
from lessons.post import stopping
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.filling import here

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def where(screens: Screens) -> str:
    dana = screens.people["dana"]
    return stopping.PATH + stopping.token(db.settings(), dana.id or 0, dana.email or "")


def pressed(screens: Screens, where: str) -> TestResponse:
    """As a mail provider does: a form that no page of ours showed, without a cookie."""
    return screens.app.test_client().post(where, data=ONE_CLICK, content_type="multipart/form-data")


def looked_at(screens: Screens, where: str) -> TestResponse:
    return screens.app.test_client().get(where, headers={"Accept-Language": "en"})


def often(screens: Screens, name: str = "dana") -> str:
    with db.reading() as session:
        return session.get_one(Person, screens.people[name].id).digest_every


def change(screens: Screens, **values: Any) -> None:
    with db.transaction() as session:
        session.execute(sa.update(Person).where(Person.id == screens.people["dana"].id).values(**values))


@here
def test_looking_changes_nothing_and_one_press_makes_it_one_mail_a_week(screens: Screens, where: str) -> None:
    page = looked_at(screens, where)
    assert (page.status_code, often(screens)) == (200, "day")
    assert page.text.count("Once a week</button>") == 1
    assert "it cannot be stopped" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert (pressed(screens, where).status_code, often(screens)) == (200, "week")
    again = looked_at(screens, where).text
    assert "This mail comes once a week" in again
    assert 'href="/account"' in again
    assert "Once a week</button>" not in again
    assert (pressed(screens, where).status_code, often(screens)) == (200, "week")
    assert {often(screens, name) for name in screens.people if name != "dana"} == {"day"}


@here
def test_the_pages_own_button_does_it_without_signing_in(screens: Screens, where: str) -> None:
    browser = Browser(screens.app, language="en")
    browser.read(where)
    assert "This mail comes once a week" in browser.send(where).text
    assert often(screens) == "week"


@here
def test_an_address_ends_with_the_person_their_mailbox_and_any_change_of_it(screens: Screens, where: str) -> None:
    ruth = screens.people["ruth"].id
    forged = [
        where[:-1] + ("0" if where[-1] != "0" else "1"),
        where.replace("lsnstop_", f"lsnstop_{ruth}"),
        where[:-70],
    ]
    for address in forged:
        assert pressed(screens, address).status_code == 404, address
    change(screens, email="dana.cohen@village.test")
    assert pressed(screens, where).status_code == 404
    change(screens, email=screens.people["dana"].email, closed_at=screens.at)
    assert (pressed(screens, where).status_code, looked_at(screens, where).status_code) == (404, 404)
    assert often(screens) == "day"


@here
def test_it_lets_nobody_in_and_is_counted(screens: Screens, where: str) -> None:
    client = screens.app.test_client()
    client.post(where, data=ONE_CLICK)
    assert client.get("/").status_code == 303
    answers = [pressed(screens, where).status_code for _ in range(less_mail.A_MINUTE)]
    assert set(answers) == {200, 429}


@here
def test_the_log_tells_of_no_such_address(where: str) -> None:
    record = logging.LogRecord("lessons", logging.INFO, "", 0, "POST %s", (where,), None)
    assert json.loads(logs.Lines().format(record))["says"] == "POST /mail/stop/lsnstop_..."
