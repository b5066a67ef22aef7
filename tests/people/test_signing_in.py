from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from lessons import clock, db
from lessons.access import OPERATOR, actor_of
from lessons.models import Invitation, Notice, Passkey, Person, SignIn, Token
from lessons.people import feeds, keys, operations, passwords
from lessons.steps.history import history
from lessons.web.who import COOKIE
from tests.browsing import Browser
from tests.village import AT, Village

PASSWORD = "ארבעה סוסים ירוקים"


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture(scope="module")
def kept() -> str:
    """A tenth of a second, once."""
    return passwords.keep(PASSWORD)


@pytest.fixture
def with_password(dana: Person, kept: str) -> Person:
    with db.transaction() as session:
        person = session.get_one(Person, dana.id)
        person.password_hash = kept
        person.number = "E-101"
    return person


def come_in(browser: Browser, who: str, password: str = PASSWORD, onward: str = "") -> int:
    browser.read(f"/sign-in?next={onward}" if onward else "/sign-in")
    return browser.send("/sign-in", {"who": who, "password": password}).status_code


def invited(person: Person) -> str:
    with db.transaction() as session:
        return keys.invite(session, session.get_one(Person, person.id), by=OPERATOR, at=clock.now())


@pytest.mark.parametrize("who", ["dana@village.example", " DANA@Village.example ", "e-101", "E-101"])
def test_dana_comes_in_by_number_or_address_however_she_writes_it(
    browser: Browser, with_password: Person, who: str
) -> None:
    assert come_in(browser, who) == 303
    assert browser.read("/account").status_code == 200


def test_who_is_not_there_and_a_wrong_password_are_told_the_same(browser: Browser, with_password: Person) -> None:
    pages = []
    for who, password in (("dana@village.example", "another one"), ("nobody@village.example", PASSWORD)):
        assert come_in(browser, who, password) == 422
        assert browser.page is not None
        pages.append(browser.page.text.replace(who, ""))
    plain = [re.sub(r'nonce="[^"]*"', "", page) for page in pages]
    assert plain[0] == plain[1]
    assert "do not go together" in plain[0]


@pytest.mark.only("sqlite")
def test_an_unknown_name_a_wrong_password_and_none_yet_cost_the_same_one_hash(
    browser: Browser, with_password: Person, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What takes the time is the hash: each of the three checks one of the same parameters."""
    checked: list[str] = []

    class Counting:
        def verify(self, kept: str, _: str) -> bool:
            checked.append(kept.rpartition("$")[0].rpartition("$")[0])
            return False

    told = passwords._dummy()
    monkeypatch.setattr(passwords, "_hasher", Counting)
    for who in ("nobody@village.example", "dana@village.example", "avi@village.example"):
        assert come_in(browser, who, "another one") == 422
    assert checked == [told.rpartition("$")[0].rpartition("$")[0]] * 3


@pytest.mark.only("sqlite")
def test_a_token_says_when_it_was_last_used_and_notes_it_now_and_then(
    app: Flask, browser: Browser, dana: Person
) -> None:
    with db.transaction() as session:
        mine = session.get_one(Person, dana.id)
        secret = keys.create_token(session, mine, name="nightly", scope="read", by=OPERATOR, at=clock.now())
    browser.sign_in(dana)
    assert "not used yet" in browser.read("/account").text
    for _ in range(2):
        Browser(app).read("/account", headers={"Authorization": f"Bearer {secret}"})
    with db.reading() as session:
        first = session.scalars(sa.select(Token.seen_at)).one()
    assert first is not None
    assert "last used" in browser.read("/account").text


@pytest.mark.parametrize("password", ["a" * 10_000_000, "with\0nul in it", ""])
def test_a_password_that_none_can_be_is_refused_before_it_is_hashed(
    browser: Browser, with_password: Person, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", None)
    assert come_in(browser, "dana@village.example", password) in (413, 422)


@pytest.fixture
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The minute does not end meanwhile."""
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.mark.usefixtures("one_minute")
def test_the_sixth_attempt_of_a_minute_waits_and_whoever_is_in_stays_in(
    app: Flask, browser: Browser, with_password: Person
) -> None:
    inside = Browser(app).sign_in(with_password)
    told = [come_in(browser, "dana@village.example", "wrong one") for _ in range(6)]
    assert told == [422] * 5 + [429]
    assert browser.page is not None
    assert 1 <= int(browser.page.headers["Retry-After"]) <= 60
    assert inside.read("/account").status_code == 200


@pytest.mark.usefixtures("one_minute")
def test_attempts_of_many_names_from_one_address_wait_too(app: Flask, village: Village) -> None:
    with db.transaction() as session:
        for n in range(keys.PER_ADDRESS):
            keys.count_attempts(session, f"person{n}", "192.0.2.7", at=clock.now())
    assert come_in(Browser(app, address="192.0.2.7"), "another") == 429
    assert come_in(Browser(app, address="192.0.2.8"), "yet another") == 422


def test_the_cookie_is_kept_from_scripts_and_other_sites_and_is_new_each_time(
    browser: Browser, with_password: Person
) -> None:
    come_in(browser, "E-101")
    first = browser.secret
    browser.client.get("/account")
    browser.read("/account")
    browser.send("/sign-out")
    assert come_in(browser, "E-101") == 303
    assert browser.secret not in ("", first)
    answer = Browser(browser.client.application).read("/sign-in")
    for line in answer.headers.getlist("Set-Cookie"):
        assert line.startswith("__Host-")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; "))


def test_a_sign_in_is_kept_on_the_server_so_that_signing_out_ends_it(browser: Browser, with_password: Person) -> None:
    come_in(browser, "E-101")
    stolen = browser.secret
    browser.read("/account")
    browser.send("/sign-out")
    browser.client.set_cookie(COOKIE, stolen, secure=True)
    assert browser.read("/account").location.startswith("/sign-in")
    with db.reading() as session:
        kept = session.scalars(sa.select(SignIn.token_hash)).all()
    assert stolen not in kept


def test_whoever_left_is_out_with_the_next_request(app: Flask, village: Village, with_password: Person) -> None:
    browser = Browser(app).sign_in(with_password)
    assert browser.read("/account").status_code == 200
    with db.transaction() as session:
        operations.leave(session, session.get_one(Person, with_password.id), by=OPERATOR, at=clock.now())
    assert browser.read("/account").status_code == 303
    assert come_in(Browser(app), "E-101") == 422


def test_an_old_sign_in_ends_by_itself(app: Flask, dana: Person) -> None:
    browser = Browser(app).sign_in(dana)
    with db.transaction() as session:
        session.execute(sa.update(SignIn).values(seen_at=clock.now() - timedelta(hours=17)))
    assert browser.read("/account").status_code == 303


@pytest.mark.parametrize(
    "onward",
    ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example", "\\\\evil",
     "/%2f/evil.example", "/%5cevil.example", "javascript:alert(1)", "\t//evil.example", "/\t/evil.example", "///evil",
     "%2f%2fevil.example", "evil.example", " /x", "/\n/evil.example"],
)  # fmt: skip
def test_after_signing_in_one_goes_nowhere_but_on_this_site(
    browser: Browser, with_password: Person, onward: str
) -> None:
    browser.read("/sign-in")
    answer = browser.send("/sign-in", {"who": "E-101", "password": PASSWORD, "next": onward})
    assert answer.location == "/"


def test_the_page_one_came_for_follows_the_sign_in(browser: Browser, with_password: Person) -> None:
    asked = browser.read("/account?x=1")
    assert asked.location == "/sign-in?next=%2Faccount%3Fx%3D1"
    browser.read(asked.location)
    assert browser.send("/sign-in", {"who": "E-101", "password": PASSWORD}).location == "/account?x=1"


def test_an_invitation_sets_a_password_once(browser: Browser, dana: Person) -> None:
    path = f"/invitation/{invited(dana)}"
    assert "דנה אוחיון" in browser.read(path).text
    assert browser.send(path, {"password": PASSWORD, "again": PASSWORD}).status_code == 303
    assert browser.read("/account").status_code == 200
    assert browser.read(path).status_code == 404


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("קצר", "קצר", "at least 8"),
        ("a" * 129, "a" * 129, "at most 128"),
        ("Password123!", "Password123!", "first that are tried"),
        ("12345678", "12345678", "first that are tried"),
        ("qwertyuiop", "qwertyuiop", "first that are tried"),
        ("P4ssw0rd1999", "P4ssw0rd1999", "first that are tried"),
        ("dana@village.example", "dana@village.example", "your own name"),
        (PASSWORD, PASSWORD + "!", "not the same"),
    ],
)
def test_a_password_that_is_not_taken_says_why(
    browser: Browser, dana: Person, password: str, again: str, says: str
) -> None:
    path = f"/invitation/{invited(dana)}"
    browser.read(path)
    answer = browser.send(path, {"password": password, "again": again})
    assert answer.status_code == 422
    assert says in answer.text
    assert password not in answer.text.replace("dana@village.example", "") or password == "קצר"


def test_a_link_that_replaces_a_password_is_good_for_an_hour_and_ends_what_was_open(
    app: Flask, with_password: Person
) -> None:
    elsewhere = Browser(app).sign_in(with_password)
    others = _other_ways_in(with_password)
    link = f"/invitation/{invited(with_password)}"
    with db.reading() as session:
        (found,) = session.scalars(sa.select(Invitation))
        assert found.expires_at - found.created_at == timedelta(hours=1)
    browser = Browser(app)
    browser.read(link)
    browser.send(link, {"password": PASSWORD + "!", "again": PASSWORD + "!"})
    assert elsewhere.read("/account").status_code == 303
    assert others() == {"tokens": 0, "passkeys": 0, "calendars": 0}
    with db.reading() as session:
        (told,) = session.scalars(sa.select(Notice))
        assert (told.person_id, told.kind, told.urgent) == (with_password.id, "password_by_link", True)
        made, set_ = history(session, session.get_one(Person, with_password.id))
        assert (made.event.trigger, made.event.actor_kind) == ("invite", "operator")
        assert set_.facts == {"by_link": True, "tokens": 1, "passkeys": 1, "calendars": 1}


def _other_ways_in(person: Person) -> Callable[[], dict[str, int]]:
    """Makes one of each; how many of each there are."""
    with db.transaction() as session:
        dana, at = session.get_one(Person, person.id), clock.now()
        by = actor_of(session, dana, at=at)
        keys.create_token(session, dana, name="crm", scope="read", by=by, at=at)
        feeds.make_feed(session, None, by=by, at=at)
        session.add(Passkey(person_id=dana.id or 0, credential="c", public_key="k", name="phone", made_at=at))

    def count() -> dict[str, int]:
        with db.reading() as session:
            return keys.others(session, session.get_one(Person, person.id))

    return count


def test_with_an_ordinary_change_tokens_passkeys_and_calendars_end_where_that_is_asked(
    app: Flask, with_password: Person
) -> None:
    browser = Browser(app).sign_in(with_password)
    assert "calendar addresses end too" not in browser.read("/account").text
    others = _other_ways_in(with_password)
    assert "calendar addresses end too" in browser.read("/account").text
    new = PASSWORD + "!"
    browser.send("/account/password", {"present": PASSWORD, "password": new, "again": new})
    assert others() == {"tokens": 1, "passkeys": 1, "calendars": 1}
    browser.read("/account")
    browser.send("/account/password", {"present": new, "password": PASSWORD, "again": PASSWORD, "all_ends": "true"})
    assert others() == {"tokens": 0, "passkeys": 0, "calendars": 0}
    with db.reading() as session:
        assert session.scalars(sa.select(Notice.kind)).all() == ["password_changed"] * 2
    assert browser.read("/account").status_code == 200


def test_a_new_link_ends_the_one_before(browser: Browser, dana: Person) -> None:
    first, second = invited(dana), invited(dana)
    assert browser.read(f"/invitation/{first}").status_code == 404
    assert browser.read(f"/invitation/{second}").status_code == 200


def test_an_outdated_hash_is_renewed_when_its_password_comes_by(browser: Browser, dana: Person) -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with db.transaction() as session:
        session.get_one(Person, dana.id).password_hash = old
    assert come_in(browser, "dana@village.example") == 303
    with db.reading() as session:
        kept = session.get_one(Person, dana.id).password_hash
    assert kept is not None
    assert kept.startswith("$argon2id$")
    assert kept != old
