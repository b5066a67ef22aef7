"""Passkeys, by a device made of software that can also lie."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import cbor2
import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from lessons import clock, db
from lessons.access import OPERATOR
from lessons.models import Notice, Passkey, Person, SignIn, Unit
from lessons.people import operations
from lessons.workflow.states import Role
from tests.browsing import Browser
from tests.village import Village

pytestmark = pytest.mark.only("sqlite")
HOST, ORIGIN = "lessons.example", "https://lessons.example"
HERE, THERE = "/account/passkeys", "/sign-in/passkey"


def raw(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


@dataclass
class Device:
    """Makes one key. `count`: how often it says it was used; `flags`: present (1) and verified (4)."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = b"an id of this device"
    host: str = HOST
    origin: str = ORIGIN
    count: int = 0
    flags: int = 5
    owner: str = ""

    def make(self, options: dict[str, Any]) -> str:
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        made = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        self.owner = options["user"]["id"]
        about = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": self._data(64) + made})
        return self._answer(attestationObject=raw(about), clientDataJSON=self._client("create", options))

    def prove(self, options: dict[str, Any]) -> str:
        self.count += 1
        data, client = self._data(), self._client("get", options)
        signed = data + sha256(_bytes(client)).digest()
        signature = raw(self.key.sign(signed, ec.ECDSA(hashes.SHA256())))
        return self._answer(authenticatorData=raw(data), clientDataJSON=client, signature=signature,
                            userHandle=self.owner)  # fmt: skip

    def _data(self, more: int = 0) -> bytes:
        return sha256(self.host.encode()).digest() + bytes([self.flags | more]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any]) -> str:
        said = {"type": f"webauthn.{kind}", "challenge": options["challenge"], "origin": self.origin}
        return raw(json.dumps(said).encode())

    def _answer(self, **response: str) -> str:
        return json.dumps({"id": raw(self.id), "rawId": raw(self.id), "type": "public-key", "response": response})


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture(autouse=True)
def _at_its_address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "_started", (replace(db.settings(), base_url=ORIGIN), db.engine()))


@pytest.fixture
def hers(app: Flask, dana: Person) -> Browser:
    return Browser(app).sign_in(dana)


def asked(browser: Browser, action: str) -> dict[str, Any]:
    """What the browser's script would be told."""
    assert browser.page is not None
    token = re.findall(r'name="csrf_token" value="([^"]+)"', browser.page.text)[0]
    answer = browser.client.post(f"{action}/options", headers={"X-CSRF-Token": token})
    assert answer.status_code == 200
    return dict(answer.get_json())


def added(browser: Browser, device: Device, name: str = "my phone") -> int:
    browser.read("/account")
    answer = device.make(asked(browser, HERE))
    return browser.send(HERE, {"name": name, "answer": answer}).status_code


def come_in(app: Flask, device: Device, onward: str = "/account") -> Browser:
    browser = Browser(app)
    browser.read(f"/sign-in?next={onward}")
    browser.send(THERE, {"answer": device.prove(asked(browser, THERE))})
    return browser


def test_a_passkey_opens_without_name_and_password_and_says_how(app: Flask, hers: Browser, dana: Person) -> None:
    device = Device()
    assert added(hers, device) == 303
    assert "my phone" in hers.read("/account").text
    browser = come_in(app, device)
    assert browser.client.get("/account").status_code == 200
    with db.reading() as session:
        assert session.scalars(sa.select(SignIn.how).order_by(SignIn.id.desc())).first() == "passkey"
        assert session.scalars(sa.select(Notice.kind)).all() == ["passkey_added"]
        key = session.scalars(sa.select(Passkey)).one()
    assert (key.sign_count, key.seen_at is not None) == (1, True)
    hers.read("/account")
    assert hers.send(f"{HERE}/{key.id}/remove").status_code == 303
    assert come_in(app, device).secret == ""


def test_an_administrator_takes_one_away_that_was_lost_and_the_person_is_told(
    app: Flask, hers: Browser, dana: Person, village: Village
) -> None:
    device = Device()
    added(hers, device)
    with db.transaction() as session:
        operations.grant(session, session.get_one(Person, village.michal.id), Role.ADMIN,
                         session.get_one(Unit, dana.unit_id), by=OPERATOR, at=clock.now())  # fmt: skip
    michal, page = Browser(app).sign_in(village.michal), f"/admin/people/{dana.pid}"
    assert "my phone" in michal.read(page).text
    assert michal.send(f"{page}/passkeys/1/end").status_code == 303
    after = michal.read(page).text
    assert "my phone" not in after
    assert "A passkey was taken away" in after
    assert come_in(app, device).secret == ""
    with db.reading() as session:
        assert session.scalars(sa.select(Notice.kind).order_by(Notice.id)).all() == ["passkey_added", "passkey_taken"]


def test_no_answer_that_lies_opens(app: Flask, hers: Browser, dana: Person) -> None:
    device = Device()
    added(hers, device)
    lies = {
        "another site": {"host": "lessons.example.evil"},
        "another origin": {"origin": "https://lessons.example.evil"},
        "nobody verified": {"flags": 1},
        "nobody present": {"flags": 4},
        "another key": {"key": ec.generate_private_key(ec.SECP256R1())},
        "another device": {"id": b"nobody knows it"},
        "another owner": {"owner": raw(b"somebody else")},
    }
    for name, lie in lies.items():
        assert come_in(app, replace(device, **lie)).secret == "", name
    assert come_in(app, device).secret


def test_a_device_that_was_copied_is_noticed_by_its_count(app: Flask, hers: Browser) -> None:
    device = Device(count=7)
    added(hers, device)
    assert come_in(app, replace(device)).secret
    assert come_in(app, replace(device, count=3)).secret == ""


def test_a_challenge_counts_once_in_its_browser_and_for_ten_minutes(
    app: Flask, hers: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = Device()
    added(hers, device)
    browser, other = Browser(app), Browser(app)
    for one in (browser, other):
        one.read("/sign-in")
    options = asked(browser, THERE)
    asked(other, THERE)
    answer = device.prove(options)
    other.send(THERE, {"answer": answer})
    assert other.secret == ""
    browser.send(THERE, {"answer": answer})
    assert browser.secret
    late = Browser(app)
    late.read("/sign-in")
    proved, now = device.prove(asked(late, THERE)), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now.replace(year=now.year + 1))
    late.send(THERE, {"answer": proved})
    assert late.secret == ""


def test_what_is_no_answer_is_refused_in_words(app: Flask, hers: Browser) -> None:
    for answer in ("", "{", "[]", '{"id": 7, "response": {}}', "x" * 30_000, '{"id": "a", "response": {"a": 1}}'):
        hers.read("/account")
        asked(hers, HERE)
        assert hers.send(HERE, {"name": "x", "answer": answer}).status_code == 422, answer
        browser = Browser(app)
        browser.read("/sign-in")
        asked(browser, THERE)
        assert browser.send(THERE, {"answer": answer}).location == "/sign-in", answer
    assert added(hers, Device(), name=" ") == 422
    assert added(hers, Device(flags=1)) == 422
    assert added(hers, Device(origin="https://evil.example")) == 422


def test_one_device_opens_for_one_person_and_for_nobody_who_left(
    app: Flask, hers: Browser, dana: Person, village: Any
) -> None:
    device = Device()
    assert added(hers, device) == 303
    assert added(Browser(app).sign_in(village.avi), replace(device)) == 422
    with db.transaction() as session:
        operations.leave(session, session.get_one(Person, dana.id), by=OPERATOR, at=clock.now())
    assert come_in(app, device).secret == ""
