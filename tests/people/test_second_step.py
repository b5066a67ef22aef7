"""A code of an authenticator after the password: nobody is in before it, and each is good once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from html import unescape

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from lessons import clock, db
from lessons.models import Authenticator, Event, Notice, Person, RecoveryCode
from lessons.people import keys, passwords, second
from lessons.people.entering import HALF
from lessons.web.who import COOKIE
from tests.browsing import Browser, Forms
from tests.village import AT, Village

PASSWORD = "ארבעה סוסים ירוקים"
SECOND = "/account/second"
Tick = Callable[[int], datetime]
pytestmark = pytest.mark.only("sqlite")


@pytest.fixture(scope="module")
def kept() -> str:
    return passwords.keep(PASSWORD)


@pytest.fixture
def tick(monkeypatch: pytest.MonkeyPatch) -> Tick:
    """A clock that stands still, and goes on by seconds when told."""
    now = [AT]

    def go_on(seconds: int) -> datetime:
        now[0] += timedelta(seconds=seconds)
        return now[0]

    monkeypatch.setattr(clock, "now", lambda: now[0])
    return go_on


@pytest.fixture
def browser(app: Flask, dana: Person, kept: str, tick: Tick) -> Browser:
    """Dana's, signed in; she has a password."""
    return at_home(app, dana, kept)


def at_home(app: Flask, person: Person, kept: str) -> Browser:
    with db.transaction() as session:
        session.get_one(Person, person.id).password_hash = kept
    return Browser(app).sign_in(person)


def switched_on(browser: Browser, tick: Tick) -> tuple[pyotp.TOTP, list[str]]:
    """Whatever the app makes codes of, and the recovery codes, as the pages show them."""
    browser.read(SECOND)
    browser.send(SECOND, {"present": PASSWORD})
    page = browser.read(SECOND).text
    app = pyotp.TOTP(re.findall(r'id="secret">([A-Z2-7 ]+)<', page)[0].replace(" ", ""))
    assert '<svg class="qr"' in page
    shown = browser.send(f"{SECOND}/confirm", {"one_time": app.at(clock.now())})
    tick(60)
    return app, re.findall(r"<code>([a-z0-9-]+)</code>", shown.text)


def half_way(app: Flask) -> Browser:
    """Another browser, after the right password."""
    browser = Browser(app)
    browser.read("/sign-in?next=/account")
    answer = browser.send("/sign-in", {"who": "dana@village.example", "password": PASSWORD})
    assert answer.location == "/sign-in/code"
    browser.read("/sign-in/code")
    return browser


def answer(browser: Browser, code: str) -> int:
    return browser.send("/sign-in/code", {"one_time": code}).status_code


@pytest.mark.only("sqlite", "postgresql")
def test_nobody_is_in_before_the_code_and_a_code_opens_once(app: Flask, browser: Browser, tick: Tick) -> None:
    made, _ = switched_on(browser, tick)
    first, second = half_way(app), half_way(app)
    assert first.secret == ""
    assert first.client.get("/account").status_code == 303
    assert answer(first, "000000") == 422
    assert answer(first, made.at(clock.now())) == 303
    assert first.client.get("/account").status_code == 200
    assert answer(second, made.at(clock.now())) == 422
    assert answer(second, made.at(clock.now() - timedelta(seconds=30))) == 422
    tick(30)
    assert answer(second, made.at(clock.now())) == 303


@pytest.mark.parametrize(("off", "status"), [(-60, 422), (-30, 303), (30, 303), (60, 422)])
def test_a_clock_may_be_off_by_half_a_minute(app: Flask, browser: Browser, tick: Tick, off: int, status: int) -> None:
    made, _ = switched_on(browser, tick)
    tick(300)
    assert answer(half_way(app), made.at(clock.now() + timedelta(seconds=off))) == status


def test_each_recovery_code_stands_in_once_however_it_is_typed(app: Flask, browser: Browser, tick: Tick) -> None:
    _, codes = switched_on(browser, tick)
    assert len(set(codes)) == 10
    assert answer(half_way(app), codes[0].upper().replace("-", " ")) == 303
    assert answer(half_way(app), codes[0]) == 422
    with db.reading() as session:
        hashes = session.scalars(sa.select(RecoveryCode.code_hash)).all()
    assert not set(hashes) & {one.replace("-", "") for one in codes}


def test_the_secret_is_kept_sealed_and_for_one_person(browser: Browser, tick: Tick, dana: Person) -> None:
    from lessons.people import sealed

    made, _ = switched_on(browser, tick)
    with db.reading() as session:
        (row,) = session.scalars(sa.select(Authenticator))
    assert made.secret not in row.sealed
    assert sealed.unseal(row.sealed, of=dana.pid) == made.secret
    assert sealed.unseal(row.sealed, of="another") is None


def test_the_sixth_code_of_a_minute_waits_even_if_it_is_right(app: Flask, browser: Browser, tick: Tick) -> None:
    made, _ = switched_on(browser, tick)
    guesser = half_way(app)
    assert [answer(guesser, f"{n:06}") for n in range(5)] == [422] * 5
    guesser.read("/sign-in/code")
    assert answer(guesser, made.at(clock.now())) == 429


def test_no_more_than_twenty_codes_are_tried_within_an_hour(app: Flask, browser: Browser, tick: Tick) -> None:
    made, _ = switched_on(browser, tick)  # by the first of them
    guesser = half_way(app)
    for n in range(1, second.TRIED):
        tick(60 if n % 5 == 0 else 0)
        assert answer(guesser, f"{n:06}") == 422
    tick(60)
    guesser.read("/sign-in/code")
    assert answer(guesser, made.at(clock.now())) == 429
    tick(3600)
    assert answer(half_way(app), made.at(clock.now())) == 303


def test_a_new_password_ends_what_was_begun_with_the_old_one(
    app: Flask, browser: Browser, tick: Tick, dana: Person, kept: str
) -> None:
    made, _ = switched_on(browser, tick)
    began = half_way(app)
    with db.transaction() as session:
        keys.set_password(session, session.get_one(Person, dana.id), kept, at=clock.now())
    assert began.send("/sign-in/code", {"one_time": made.at(clock.now())}).location == "/sign-in"


def test_half_a_sign_in_is_over_in_ten_minutes_and_is_of_one_browser(app: Flask, browser: Browser, tick: Tick) -> None:
    made, _ = switched_on(browser, tick)
    slow, other = half_way(app), Browser(app)
    assert other.read("/sign-in/code").location == "/sign-in"
    other.read("/sign-in")
    stranger = other.client.post("/sign-in/code", data={"one_time": made.at(clock.now())})
    assert stranger.status_code == 400
    cookie = slow.client.get_cookie(HALF)
    assert cookie is not None
    browser.client.set_cookie(COOKIE, cookie.value, secure=True)
    assert browser.client.get("/account").status_code == 303
    tick(601)
    assert slow.send("/sign-in/code", {"one_time": made.at(clock.now())}).location == "/sign-in"


def test_a_link_that_sets_a_password_does_not_go_round_the_code(
    app: Flask, browser: Browser, tick: Tick, dana: Person
) -> None:
    from lessons.access import OPERATOR

    switched_on(browser, tick)
    with db.transaction() as session:
        link = keys.invite(session, session.get_one(Person, dana.id), by=OPERATOR, at=clock.now())
    fresh = Browser(app)
    fresh.read(f"/invitation/{link}")
    new = {"password": PASSWORD + "!", "again": PASSWORD + "!"}
    assert fresh.send(f"/invitation/{link}", new).location == "/sign-in/code"
    assert fresh.secret == ""


def test_switching_it_on_and_off_wants_the_password_and_a_code(app: Flask, browser: Browser, tick: Tick) -> None:
    browser.read(SECOND)
    assert browser.send(SECOND, {"present": "another one"}).status_code == 422
    made, _ = switched_on(browser, tick)
    change = f"{SECOND}/change"
    browser.read(change)
    for given in ({"present": "another one", "one_time": made.at(clock.now())}, {"present": PASSWORD, "one_time": "1"}):
        assert browser.send(change, {**given, "end": "1"}).status_code == 422
    assert browser.send(change, {"present": PASSWORD, "one_time": made.at(clock.now()), "end": "1"}).status_code == 303
    tick(60)
    fresh = Browser(app)
    fresh.read("/sign-in")
    assert fresh.send("/sign-in", {"who": "dana@village.example", "password": PASSWORD}).location == "/"


def test_new_recovery_codes_end_the_old_ones(app: Flask, browser: Browser, tick: Tick) -> None:
    made, old = switched_on(browser, tick)
    browser.read(f"{SECOND}/change")
    page = browser.send(f"{SECOND}/change", {"present": PASSWORD, "one_time": made.at(clock.now())})
    new = re.findall(r"<code>([a-z0-9-]+)</code>", page.text)
    assert len(new) == 10
    assert answer(half_way(app), old[0]) == 422
    assert answer(half_way(app), new[0]) == 303


def test_an_administrator_takes_it_away_by_name_and_the_person_is_told(
    app: Flask, browser: Browser, tick: Tick, dana: Person, village: Village
) -> None:
    switched_on(browser, tick)
    page = f"/admin/people/{dana.pid}"
    assert Browser(app).sign_in(village.ilan).read(page).status_code == 403
    michal = Browser(app).sign_in(village.michal)
    assert "Take the second step away" in michal.read(page).text
    assert michal.send(f"{page}/second/end").status_code == 303
    after = michal.read(page).text
    assert "Take the second step away" not in after
    assert "taken away" in after
    assert unescape(village.michal.name) in unescape(after)
    with db.reading() as session:
        (told,) = session.scalars(sa.select(Notice))
        assert (told.person_id, told.kind, told.urgent) == (dana.id, "second_step_taken", True)
        assert session.scalars(sa.select(Event.trigger).where(Event.noun == "people")).all() == ["take_second_step"]
        assert [row.sealed for row in session.scalars(sa.select(Authenticator))] == [""]
    assert browser.read(f"/people/{told.of_code}").location == "/account"


def test_an_installation_may_open_administration_to_a_second_step_alone(
    app: Flask, tick: Tick, village: Village, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "_started", (replace(db.settings(), admin_second_step=True), db.engine()))
    browser = at_home(app, village.michal, kept)
    for path in ("/admin/people", f"/admin/people/{village.dana.pid}"):
        refused = browser.read(path)
        assert refused.status_code == 403
        assert "second step" in refused.text
    browser.read("/account")
    assert browser.send("/account/tokens", {"name": "x", "scope": "write"}).status_code == 409
    switched_on(browser, tick)
    assert browser.read("/admin/people").status_code == 200


def test_another_app_takes_the_place_of_the_one_that_is_on_by_its_code_alone(
    app: Flask, browser: Browser, tick: Tick
) -> None:
    made, _ = switched_on(browser, tick)
    form = Forms(browser.read(f"{SECOND}/change").text).hidden[f"{SECOND}/change"]
    assert browser.post(SECOND, {**form, "present": PASSWORD}).status_code == 409
    assert browser.post(f"{SECOND}/confirm", {**form, "one_time": "123456"}).status_code == 409
    assert browser.read(SECOND).location == f"{SECOND}/change"
    assert answer(half_way(app), made.at(clock.now())) == 303
