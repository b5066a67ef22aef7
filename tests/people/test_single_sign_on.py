"""Single sign-on: with a real provider in a process of its own, and with tokens that others forged."""

from __future__ import annotations

import hmac
import json
import socket
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.error import URLError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

import pytest
import sqlalchemy as sa
from flask import Flask
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from lessons import clock, db
from lessons.access import OPERATOR
from lessons.models import Grant, HalfSignIn, Notice, Person, ProviderAccount
from lessons.people import keys, operations, provider
from lessons.post.channels import fetching
from lessons.post.channels.fetching import Unanswered
from lessons.settings import Settings, SettingsError, load
from lessons.workflow.states import Role
from tests.browsing import Browser, Forms
from tests.village import AT, Village

pytestmark = pytest.mark.only("sqlite")
ISSUER, US, NONCE = "https://login.example", "lessons", "a-nonce"
LOCAL = "127.0.0.0/8"


# ── a real one ───────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """Its address; it warns of what it is made of, so it runs beside us."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--require-nonce",
        "true",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/jwks")
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(url: str) -> None:
    for _ in range(200):
        try:
            urlopen(url, timeout=5).close()  # noqa: S310 - our own address
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the provider did not come up")


@pytest.fixture
def single(app: Flask, issuer: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Sets the installation up with the provider, and more settings."""

    def set_up(**more: str) -> None:
        given = {"oidc_issuer": issuer, "oidc_client_id": US, "oidc_client_secret": "s", "oidc_allow": LOCAL, **more}
        monkeypatch.setattr(db, "_started", (replace(db.settings(), **given), db.engine()))

    provider.forget()
    set_up()
    yield set_up
    provider.forget()


class Stays(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def known_there(issuer: str, sub: str, **claims: Any) -> None:
    asked = Request(  # noqa: S310 - our own address
        f"{issuer}/users/{sub}", json.dumps(claims).encode(), {"Content-Type": "application/json"}, method="PUT"
    )  # fmt: skip
    urlopen(asked, timeout=5).close()  # noqa: S310


def agreed(browser: Browser, sub: str, **args: str) -> str:
    """Begin here, agree there; where the provider sends the browser back to."""
    there = browser.read("/sign-in/provider", query_string=args).location
    try:
        build_opener(Stays).open(there, urlencode({"sub": sub}).encode(), timeout=5)
    except OSError as redirected:
        back = urlsplit(redirected.headers["Location"])
        return f"{back.path}?{back.query}"
    raise AssertionError("the provider sent nobody back")


def come_in(browser: Browser, sub: str, **args: str) -> str:
    return browser.read(agreed(browser, sub, **args)).location


def test_an_invitation_connects_an_account_and_from_then_on_it_is_known(
    app: Flask, single: Callable[..., None], issuer: str, dana: Person
) -> None:
    known_there(issuer, "s-1", email="someone@else.example", email_verified=True)
    stranger = Browser(app)
    assert come_in(stranger, "s-1") == "/sign-in"
    assert "connected with this account" in stranger.read("/sign-in").text
    with db.transaction() as session:
        link = keys.invite(session, session.get_one(Person, dana.id), by=OPERATOR, at=clock.now())
    assert "account of the organisation" in stranger.read(f"/invitation/{link}").text
    assert come_in(stranger, "s-1", invitation=link) == "/"
    assert stranger.read("/account").status_code == 200
    again = Browser(app)
    assert come_in(again, "s-1", next="/account") == "/account"
    assert come_in(Browser(app), "s-2", invitation=link) == "/sign-in"
    with db.reading() as session:
        assert [(one.issuer, one.sub, one.person_id) for one in session.scalars(sa.select(ProviderAccount))] == [
            (issuer, "s-1", dana.id)
        ]
        assert [one.person_id for one in session.scalars(sa.select(Notice).filter_by(kind="account_connected"))] == [
            dana.id
        ]
    begun = Browser(app)
    back = agreed(begun, "s-1")
    with db.transaction() as session:
        half = session.scalars(sa.select(HalfSignIn)).one()
        half.said = {name: one for name, one in half.said.items() if name != "since"}  # as an older version began it
        session.add(half)
    assert begun.read(back).location == "/sign-in"
    assert "Please begin again" in begun.read("/sign-in").text


def test_where_another_site_leads_to_an_invitation_it_is_first_seen_whose_it_is(
    app: Flask, single: Callable[..., None], dana: Person
) -> None:
    with db.transaction() as session:
        link = keys.invite(session, session.get_one(Person, dana.id), by=OPERATOR, at=clock.now())
    for led in ("cross-site", "same-site", "none"):
        asked = {"query_string": {"invitation": link}, "headers": {"Sec-Fetch-Site": led}}
        assert Browser(app).read("/sign-in/provider", **asked).location == f"/invitation/{link}"


def test_an_answer_counts_once_and_in_the_browser_that_asked(
    app: Flask, single: Callable[..., None], issuer: str, dana: Person
) -> None:
    single(oidc_link="email")
    known_there(issuer, "s-3", email="dana@village.example", email_verified=True)
    browser = Browser(app)
    back = agreed(browser, "s-3")
    assert Browser(app).read(back).location == "/sign-in"
    other = Browser(app)
    agreed(other, "s-3")
    assert other.read(back).location == "/sign-in"
    assert browser.read(back).location == "/"
    browser.client.delete_cookie("__Host-lessons")
    assert browser.read(back).location == "/sign-in"


def test_an_address_connects_only_where_it_was_verified_and_the_installation_trusts_that(
    app: Flask, single: Callable[..., None], issuer: str, dana: Person
) -> None:
    hers, known = "Dana@village.example", {"email": "Dana@village.example", "email_verified": True}
    refused: list[tuple[str, dict[str, Any]]] = [
        ("invitation", known),
        ("email", {"email": hers, "email_verified": False}),
        ("email", {"email": hers, "email_verified": "true"}),
        ("email", {"email": hers}),
        ("email", {"email": "nobody@village.example", "email_verified": True}),
    ]
    for link, claims in [*refused, ("email", known)]:
        single(oidc_link=link)
        known_there(issuer, "s-4", **claims)
        assert come_in(Browser(app), "s-4") == ("/" if claims is known and link == "email" else "/sign-in"), claims
    known_there(issuer, "s-44", **known)
    assert come_in(Browser(app), "s-44") == "/sign-in"


def test_groups_bring_roles_and_take_back_only_what_they_brought(
    app: Flask, single: Callable[..., None], issuer: str, dana: Person, village: Village
) -> None:
    single(oidc_link="email", oidc_roles="CN=Editors, OU=x=editor@RET; leads=manager@RET; ghosts=editor@NOWHERE")
    mine = {"email": "dana@village.example", "email_verified": True}
    before = held(dana)
    with db.transaction() as session:
        unit = operations.root_unit(session, by=OPERATOR, at=clock.now())
        operations.grant(session, session.get_one(Person, dana.id), Role.AUDITOR, unit, by=OPERATOR, at=clock.now())
    for groups, brought in (
        (["CN=Editors, OU=x", "leads", "ghosts", 7], {"editor", "manager"}),
        (["leads"], {"manager"}),
        (None, set()),
    ):
        known_there(issuer, "s-5", **mine, **({"groups": groups} if groups else {}))
        assert come_in(Browser(app), "s-5") == "/"
        assert held(dana) == before | {"auditor"} | brought


def held(person: Person) -> set[str]:
    with db.reading() as session:
        rows = sa.select(Grant.role).where(Grant.person_id == person.id, Grant.until_at.is_(None))
        return {role.value for role in session.scalars(rows)}


def test_who_left_is_not_let_in_by_the_provider_and_a_silent_one_closes_no_other_door(
    app: Flask, single: Callable[..., None], issuer: str, dana: Person
) -> None:
    single(oidc_link="email")
    known_there(issuer, "s-6", email="dana@village.example", email_verified=True)
    assert come_in(Browser(app), "s-6") == "/"
    with db.transaction() as session:
        operations.leave(session, session.get_one(Person, dana.id), by=OPERATOR, at=clock.now())
    assert come_in(Browser(app), "s-6") == "/sign-in"
    single(oidc_issuer="http://127.0.0.1:9")
    browser = Browser(app)
    assert browser.read("/sign-in/provider").location == "/sign-in"
    assert "a password works at any time" in browser.read("/sign-in").text


def test_an_inner_provider_is_called_only_where_the_operator_opens_its_network(
    app: Flask, single: Callable[..., None]
) -> None:
    single(oidc_allow="")
    assert Browser(app).read("/sign-in/provider").location == "/sign-in"


def test_whoever_has_no_password_sets_one_only_just_after_they_were_asked_anew(
    app: Flask, single: Callable[..., None], issuer: str, dana: Person
) -> None:
    single(oidc_link="email")
    known_there(issuer, "s-8", email="dana@village.example", email_verified=True)
    browser = Browser(app)
    come_in(browser, "s-8")
    page = browser.read("/account").text
    assert "/sign-in/provider?again=1" in page
    assert 'action="/account/password"' not in page
    form = Forms(browser.read("/account/second").text).hidden["/sign-out"]
    assert "again=1&amp;next=%2Faccount%2Fsecond" in browser.page.text
    chosen = {**form, "password": "a few words of mine", "again": "a few words of mine"}
    for path in ("/account/password", "/account/passkeys", "/account/second"):
        assert browser.post(path, chosen).status_code == 409
    assert come_in(browser, "s-8", again="1", next="/account") == "/account"
    browser.read("/account")
    del chosen["csrf_token"]
    assert browser.send("/account/password", chosen).status_code == 303


def test_signing_out_leads_on_to_the_providers_own(
    app: Flask, single: Callable[..., None], issuer: str, dana: Person
) -> None:
    single(oidc_link="email")
    known_there(issuer, "s-9", email="dana@village.example", email_verified=True)
    browser = Browser(app)
    come_in(browser, "s-9")
    browser.read("/account")
    browser.send("/sign-out")
    assert 'href="/sign-out/provider"' in browser.read("/sign-in").text
    to = urlsplit(browser.read("/sign-out/provider").location)
    assert f"{to.scheme}://{to.netloc}" == issuer
    assert parse_qs(to.query) == {"client_id": [US], "post_logout_redirect_uri": [f"{db.settings().base_url}/sign-in"]}


# ── forged tokens ────────────────────────────────────────────────────────────────────────────────────────────────────
KEY = RSAKey.generate_key(2048, {"kid": "k1", "alg": "RS256", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "k1"})
UNKNOWN = RSAKey.generate_key(2048, {"kid": "k9"})
NOW = int(AT.timestamp())
GOOD = {"iss": ISSUER, "sub": "s", "aud": US, "exp": NOW + 300, "iat": NOW, "nonce": NONCE}
ABOUT = {"issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/a", "token_endpoint": f"{ISSUER}/t",
         "jwks_uri": f"{ISSUER}/k"}  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that were asked of a provider with one key."""
    found: list[str] = []

    def answer(request: fetching.Request, *, allow: str = "") -> bytes:
        assert allow == ""
        found.append(request.url)
        public = KeySet([KEY]).as_dict(private=False)
        return json.dumps(public if request.url == ABOUT["jwks_uri"] else ABOUT).encode()

    monkeypatch.setattr(provider, "fetch", answer)
    provider.forget()
    return found


@pytest.fixture
def of(tmp_path: Any) -> Settings:
    return Settings(database_url="", data_dir=tmp_path, oidc_issuer=ISSUER, oidc_client_id=US)


def signed(claims: dict[str, Any], key: Any = KEY, **head: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": "k1", **head}, claims, key)


def raw(part: bytes) -> str:
    return urlsafe_b64encode(part).rstrip(b"=").decode()


def by_hand(alg: str, sign: Callable[[bytes], bytes]) -> str:
    """What no library makes."""
    both = f"{raw(json.dumps({'alg': alg, 'kid': 'k1'}).encode())}.{raw(json.dumps(GOOD).encode())}"
    return f"{both}.{raw(sign(both.encode()))}"


def without(name: str) -> dict[str, Any]:
    return {one: value for one, value in GOOD.items() if one != name}


def forged() -> dict[str, str]:
    head, _, signature = signed(GOOD).split(".")
    public = KEY.as_pem(private=False)
    return {
        "alg none": by_hand("none", lambda _: b""),
        "the public key as a shared secret": by_hand("HS256", lambda both: hmac.digest(public, both, "sha256")),
        "another key of the same name": signed(GOOD, OTHER),
        "a key nobody knows": signed(GOOD, UNKNOWN, kid="k9"),
        "a cut signature": f"{head}.{raw(json.dumps(GOOD).encode())}.{signature[:-20]}",
        "other claims under the signature": f"{head}.{raw(json.dumps({**GOOD, 'sub': 'boss'}).encode())}.{signature}",
        "another issuer": signed({**GOOD, "iss": "https://login.example.evil"}),
        "another audience": signed({**GOOD, "aud": ["others"]}),
        "made for another by us": signed({**GOOD, "aud": [US, "others"], "azp": "others"}),
        "two audiences and nobody named": signed({**GOOD, "aud": [US, "others"]}),
        "another nonce": signed({**GOOD, "nonce": "b-nonce"}),
        "no nonce": signed(without("nonce")),
        "over": signed({**GOOD, "exp": NOW - 61}),
        "never over": signed(without("exp")),
        "of tomorrow": signed({**GOOD, "iat": NOW + 61}),
        "of nobody": signed(without("sub")),
        "of a number": signed({**GOOD, "sub": 7}),
        "no token at all": "a.b.c",
    }


def test_a_good_token_is_believed_within_a_minute_of_its_time(of: Settings, asked: list[str]) -> None:
    for claims in ({}, {"exp": NOW - 59}, {"iat": NOW + 59}, {"aud": [US]}, {"aud": [US, "x"], "azp": US}):
        assert provider.believed(of, signed({**GOOD, **claims}), nonce=NONCE, at=AT).sub == "s"
    assert len(asked) == 2


def test_no_forged_token_is_believed(of: Settings, asked: list[str]) -> None:
    for name, token in forged().items():
        with pytest.raises(provider.NotBelieved):
            pytest.fail(f"{name}: {provider.believed(of, token, nonce=NONCE, at=AT)}")


def test_whoever_was_asked_anew_signed_in_since(of: Settings, asked: list[str]) -> None:
    def said(**claims: Any) -> str:
        return provider.believed(of, signed({**GOOD, **claims}), nonce=NONCE, since=NOW, at=AT).sub

    assert said(auth_time=NOW - 59) == "s"
    for claims in ({}, {"auth_time": NOW - 61}, {"auth_time": True}, {"auth_time": str(NOW)}):
        with pytest.raises(provider.NotBelieved, match="auth_time"):
            said(**claims)
    to = provider.address(of, back="https://x.example/back", state="s", nonce=NONCE, verifier="v", again=True)
    assert "prompt=login&max_age=0" in to


def test_a_new_key_is_asked_for_once_and_not_at_every_forged_token(
    of: Settings, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.believed(of, signed(GOOD), nonce=NONCE, at=AT)
    later = time.monotonic() + provider.AGAIN + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    for _ in range(5):
        with pytest.raises(provider.NotBelieved, match="key"):
            provider.believed(of, signed(GOOD, UNKNOWN, kid="k9"), nonce=NONCE, at=AT)
    assert len(asked) == 4


def test_the_browser_is_sent_with_a_challenge_and_never_with_the_verifier(of: Settings, asked: list[str]) -> None:
    to = provider.address(of, back="https://x.example/back", state="st", nonce=NONCE, verifier="v" * 64)
    given = {name: value for name, (value,) in parse_qs(urlsplit(to).query).items()}
    assert given["code_challenge_method"] == "S256"
    assert (
        given["code_challenge"] == "hF1pz8t1ZyMpbcMZStGrDkOkJQGg9T2h8k-sNk-zvVk" or len(given["code_challenge"]) == 43
    )
    assert "v" * 64 not in to


def test_a_provider_that_calls_itself_something_else_is_not_asked(
    of: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.forget()
    monkeypatch.setattr(provider, "fetch", lambda *_, **__: json.dumps({**ABOUT, "issuer": "https://x"}).encode())
    with pytest.raises(Unanswered):
        provider.address(of, back="https://x.example/back", state="st", nonce=NONCE, verifier="v")


def test_settings_of_single_sign_on_say_what_is_wrong_with_them_and_keep_their_secret() -> None:
    with pytest.raises(SettingsError) as told:
        load({"LESSONS_OIDC_ISSUER": "login.example", "LESSONS_OIDC_ROLES": "leads", "LESSONS_OIDC_LINK": "name"})
    for name in ("ISSUER", "CLIENT_ID", "ROLES", "LINK"):
        assert f"LESSONS_OIDC_{name}" in str(told.value)
    told_to_others = load({"LESSONS_OIDC_CLIENT_SECRET": "a very secret one"}).told()
    assert "very" not in str(told_to_others)
