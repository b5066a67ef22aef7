from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from lessons import app as wiring
from lessons import db
from lessons.models import Person
from lessons.settings import Settings
from tests.browsing import Browser
from tests.people.conftest import FRAME
from tests.village import Village


@pytest.fixture
def app(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(wiring, "ROOMS", FRAME)
    return wiring.create_app(replace(settings, demo=True))


def test_in_the_demo_one_comes_in_as_anybody_of_the_village(app: Flask, village: Village) -> None:
    browser = Browser(app)
    page = browser.read("/sign-in").text
    assert page.count("דנה אוחיון") == 1
    groups = [page.index(f">{name}</h3>") for name in ("Lessons management", "Debrief leading", "Agents")]
    assert groups == sorted(groups)
    assert groups[1] < page.index("דנה אוחיון") < groups[2]
    assert browser.send("/sign-in/demo", {"person": village.dana.pid}).status_code == 303
    assert "דנה אוחיון" in browser.read("/account").text


def test_whoever_has_a_password_is_not_one_of_the_village(app: Flask, village: Village) -> None:
    with db.transaction() as session:
        session.get_one(Person, village.dana.id).password_hash = "kept"
    browser = Browser(app)
    assert "דנה אוחיון" not in browser.read("/sign-in").text
    assert browser.send("/sign-in/demo", {"person": village.dana.pid}).status_code == 404


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("192.0.2.7", {}),
        ("127.0.0.1", {"Host": "lessons.example"}),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}),
    ],
)
def test_from_elsewhere_the_demo_has_no_open_door(
    app: Flask, village: Village, address: str, headers: dict[str, str]
) -> None:
    browser = Browser(app, address=address)
    browser.headers |= headers
    assert "דנה אוחיון" not in browser.read("/sign-in").text
    token = browser.page.text.split('name="csrf_token" value="')[1].split('"')[0] if browser.page else ""
    sent = browser.post("/sign-in/demo", {"csrf_token": token, "person": village.dana.pid})
    assert sent.status_code == 404


def test_a_real_installation_has_no_open_door(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "ROOMS", FRAME)
    browser = Browser(wiring.create_app(settings))
    with db.transaction() as session:
        dana = Village(session).dana
    assert "דנה אוחיון" not in browser.read("/sign-in").text
    token = browser.page.text.split('name="csrf_token" value="')[1].split('"')[0] if browser.page else ""
    assert browser.post("/sign-in/demo", {"csrf_token": token, "person": dana.pid}).status_code == 404
