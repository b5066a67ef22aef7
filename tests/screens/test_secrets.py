"""Who one is: cookies, passwords and tokens on the pages and in the log."""

from __future__ import annotations

import json
import logging
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from lessons import clock, db
from lessons.access import OPERATOR
from lessons.models import Grant, Person
from lessons.people import keys, passwords
from lessons.web.who import COOKIE
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.filling import here

PASSWORD = "ארבעה סוסים ירוקים"


@pytest.fixture(scope="module")
def kept() -> str:
    """A tenth of a second, once."""
    return passwords.keep(PASSWORD)


@pytest.fixture
def with_password(screens: Screens, kept: str) -> Person:
    with db.transaction() as session:
        person = session.get_one(Person, screens.people["dana"].id)
        person.password_hash = kept
    return person


@here
def test_a_cookie_from_before_the_sign_in_is_worth_nothing_and_one_from_before_the_end_too(
    screens: Screens, with_password: Person
) -> None:
    browser = Browser(screens.app, language="en")
    browser.client.set_cookie(COOKIE, "fixed-by-somebody", secure=True)
    browser.read("/sign-in")
    answer = browser.send("/sign-in", {"who": "dana@village.example", "password": PASSWORD})
    assert browser.secret not in ("", "fixed-by-somebody")
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert cookie.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")), cookie
        assert "Domain=" not in cookie
    before = browser.secret
    browser.read("/")
    browser.send("/sign-out")
    browser.client.set_cookie(COOKIE, before, secure=True)
    assert browser.read("/").location == "/sign-in"


@here
def test_a_right_that_was_taken_away_is_gone_with_the_next_request(screens: Screens) -> None:
    ilan = screens.as_("ilan", "en")
    assert ilan.read("/managers").status_code == 200
    with db.transaction() as session:
        mine = sa.update(Grant).where(Grant.person_id == screens.people["ilan"].id)
        session.execute(mine.values(until_at=screens.at - timedelta(seconds=1)))
    assert ilan.read("/managers").status_code == 403


@here
def test_a_password_that_none_can_be_costs_nothing(screens: Screens, with_password: Person) -> None:
    browser = Browser(screens.app, language="en")
    for who, password, status in (
        ("dana@village.example", "x" * 10_000_000, 413), ("dana@village.example", "x" * 1_000_000, 422),
        ("dana@village.example", "a\0b", 422), ("d\u0430na@village.example", PASSWORD, 422), ("\0", PASSWORD, 422),
    ):  # fmt: skip
        browser.read("/sign-in")
        assert browser.send("/sign-in", {"who": who, "password": password}).status_code == status, who


@here
def test_no_secret_is_written_to_the_log(
    screens: Screens, with_password: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = Browser(screens.app, language="en")
    browser.read("/sign-in")
    browser.send("/sign-in", {"who": "dana@village.example", "password": "a wrong one, typed"})
    browser.read("/sign-in")
    browser.send("/sign-in", {"who": "dana@village.example", "password": PASSWORD})
    browser.read("/account")
    token = re.search(r"lsn_[\w-]{43}", browser.send("/account/tokens", {"name": "crm", "scope": "read"}).text)
    assert token
    with db.transaction() as session:
        invitation = keys.invite(session, session.get_one(Person, with_password.id), by=OPERATOR, at=clock.now())
    browser.read(f"/invitation/{invitation}")
    browser.read("/managers")
    browser.read(f"/nowhere?token={token[0]}\r\nforged: line")
    said = "\n".join(json.dumps(record.__dict__, default=str) for record in caplog.records)
    for secret in (PASSWORD, "a wrong one, typed", token[0], invitation, browser.secret):
        assert secret not in said
        assert json.dumps(secret)[1:-1] not in said
    assert any(record.levelname == "WARNING" and "refused" in record.message for record in caplog.records)
