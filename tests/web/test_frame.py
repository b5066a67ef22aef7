from __future__ import annotations

import json
import logging
import re
import time
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
import sqlalchemy as sa
from flask import Flask

from lessons import app as wiring
from lessons import clock, db, logs
from lessons.access import OPERATOR
from lessons.models import Unit
from lessons.models.base import hashed
from lessons.people import keys
from lessons.settings import Settings
from lessons.web import bodies, counted, speech
from tests.browsing import Browser, Forms
from tests.people.conftest import FRAME
from tests.village import AT, Village

STATUS = {
    "not_found": 404, "forbidden": 403, "not_allowed": 409, "invalid": 422, "stale": 409, "too_many": 429,
    "unavailable": 503, "broken": 500,
}  # fmt: skip


@pytest.fixture
def dana(app: Flask, village: Village) -> Browser:
    return Browser(app).sign_in(village.dana)


def token(village: Village, scope: str = "write") -> dict[str, str]:
    with db.transaction() as session:
        secret = keys.create_token(session, village.dana, name="crm", scope=scope, by=OPERATOR, at=clock.now())
    return {"Authorization": f"Bearer {secret}"}


def units_called_new() -> int:
    with db.reading() as session:
        return len(session.scalars(sa.select(Unit.id).where(Unit.code.startswith("NEW"))).all())


# ── what every answer carries ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere", "/healthz", "/static/app.js", "/refusals/broken"])
def test_every_answer_forbids_foreign_scripts_frames_and_guesses(dana: Browser, path: str) -> None:
    headers = dana.read(path).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy.split("; "))
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_only_scripts_with_the_number_of_this_answer_run(dana: Browser) -> None:
    first, second = dana.read("/"), dana.read("/")
    numbers = [re.findall(r'nonce="([^"]+)"', page.text) for page in (first, second)]
    assert numbers[0] != numbers[1]
    for page, (number,) in zip((first, second), numbers, strict=True):
        assert f"script-src 'nonce-{number}'" in page.headers["Content-Security-Policy"]


def test_signed_in_pages_are_kept_nowhere_and_style_sheets_are(dana: Browser) -> None:
    assert dana.read("/").headers["Cache-Control"] == "no-store"
    found = re.findall(r'<link rel="stylesheet" href="([^"]+)">', dana.read("/").text)
    assert len(found) == 1
    assert "immutable" in dana.read(found[0]).headers["Cache-Control"]
    yesterdays = dana.read("/kit-0123456789abcdef.css")
    assert yesterdays.headers["Cache-Control"] == "no-cache"
    assert yesterdays.text == dana.read(found[0]).text


def test_over_https_browsers_are_told_to_stay_there(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "ROOMS", FRAME)
    app = wiring.create_app(replace(settings, base_url="https://lessons.example"))
    assert "max-age" in Browser(app).read("/sign-in").headers["Strict-Transport-Security"]


def test_a_service_that_lives_says_so_and_counts_for_this_machine_alone(app: Flask) -> None:
    here = Browser(app)
    assert [here.read(path).status_code for path in ("/healthz", "/readyz", "/metrics")] == [200, 200, 200]
    assert Browser(app, address="192.0.2.7").read("/metrics").status_code == 404


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("sent", [{}, {"csrf_token": ""}, {"csrf_token": "x" * 43}, {"csrf_token": "é"}])
def test_a_form_that_is_not_ours_changes_nothing(dana: Browser, sent: dict[str, str]) -> None:
    answer = dana.post("/units", sent)
    assert answer.status_code == 400
    assert "open for too long" in answer.text
    assert units_called_new() == 0


def test_a_form_of_somebody_elses_page_changes_nothing(app: Flask, village: Village, dana: Browser) -> None:
    other = Browser(app).sign_in(village.avi)
    theirs = re.search(r'name="csrf_token" value="([^"]+)"', other.read("/").text)
    assert theirs is not None
    assert dana.post("/units", {"csrf_token": theirs[1]}).status_code == 400


def form(browser: Browser, **fields: str) -> dict[str, str]:
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.read("/").text)
    assert found is not None
    return {"csrf_token": found[1], **fields}


def test_a_form_sent_twice_is_done_once_and_leads_to_the_same_place(dana: Browser) -> None:
    sent = form(dana, form_key="k1", title="one")
    first, second = dana.post("/units", sent), dana.post("/units", sent)
    assert [first.status_code, second.status_code] == [303, 303]
    assert first.location == second.location
    assert units_called_new() == 1


def test_a_form_that_was_changed_before_it_is_sent_again_is_another(dana: Browser) -> None:
    dana.post("/units", form(dana, form_key="k1", title="one"))
    dana.post("/units", form(dana, form_key="k1", title="two"))
    assert units_called_new() == 2


def test_what_was_done_is_said_once_on_the_next_page(dana: Browser) -> None:
    dana.post("/units", form(dana))
    assert "It is there." in dana.read("/").text
    assert "It is there." not in dana.read("/").text


def test_a_form_of_five_thousand_fields_or_fifty_megabytes_is_too_much(dana: Browser) -> None:
    assert dana.post("/units", {f"f{n}": "1" for n in range(5_000)}).status_code == 413
    began = time.perf_counter()
    answer = dana.client.post("/units", data=b"x" * 50_000_000, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert time.perf_counter() - began < 2


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", STATUS)
def test_a_refusal_is_a_page_that_says_what_to_do(dana: Browser, kind: str) -> None:
    answer = dana.read(f"/refusals/{kind}")
    assert answer.status_code == STATUS[kind]
    assert "<h1" in answer.text
    assert "a secret of the house" not in answer.text


def test_what_is_missing_stands_on_the_page_with_who_could(dana: Browser) -> None:
    page = dana.read("/refusals/not_allowed").text
    assert "A fact with a date is missing." in page
    assert 'href="mailto:ruth@village.example?subject=LSN-2026-0042"' in page
    assert "<bdi>Ruth</bdi>" in page


@pytest.mark.parametrize("kind", STATUS)
def test_a_program_is_refused_in_the_shape_of_rfc_9457(app: Flask, village: Village, kind: str) -> None:
    answer = Browser(app).read(f"/api/v1/refusals/{kind}", headers=token(village))
    assert answer.status_code == (412 if kind == "stale" else STATUS[kind])
    assert answer.mimetype == "application/problem+json"
    told = json.loads(answer.text)
    assert told["status"] == answer.status_code
    assert {"type", "title", "detail"} <= set(told)
    assert "a secret of the house" not in answer.text


def test_a_program_reads_what_is_unmet_and_which_field_is_wrong(app: Flask, village: Village) -> None:
    browser, headers = Browser(app), token(village)
    unmet = json.loads(browser.read("/api/v1/refusals/not_allowed", headers=headers).text)
    assert unmet["unmet"] == [{"guard": "a_fact", "message": "A fact with a date is missing."}]
    assert (unmet["state"], unmet["trigger"], unmet["open"]) == ("draft", "propose", ["edit"])
    read = {"self": "/api/v1/people/ruth@village.example"}
    assert unmet["who_could"] == [{"name": "Ruth", "person": "ruth@village.example", "links": read}]
    wrong = json.loads(browser.read("/api/v1/refusals/invalid", headers=headers).text)
    assert wrong["errors"] == [{"pointer": "/title", "code": "missing", "message": "This is still missing."}]


def test_who_sends_more_forms_than_anybody_who_works_waits_and_keeps_what_was_written(
    app: Flask, settings: Settings, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted in bundles, by all processes together."""
    monkeypatch.setattr("lessons.web.counted.BUNDLES", {})
    monkeypatch.setattr(db, "_started", (replace(settings, page_forms=3, page_reads=9), db.engine()))
    monkeypatch.setattr(clock, "now", lambda: AT)
    dana = Browser(app).sign_in(village.dana)
    form = Forms(dana.read("/").text).hidden["/sign-out"]
    assert [dana.post("/units", form).status_code for _ in range(2)] == [303, 303]
    app.extensions["lessons.calls"] = counted.Counts()  # as another process
    told = {**form, "reason": "what took an hour to write"}
    assert [dana.post("/units", told).status_code for _ in range(2)] == [303, 429]
    assert dana.page is not None
    assert "what took an hour to write" in dana.page.text
    assert 0 < int(dana.page.headers["Retry-After"]) <= 60
    ruth = Browser(app).sign_in(village.ruth)
    assert ruth.post("/units", Forms(ruth.read("/").text).hidden["/sign-out"]).status_code == 303
    assert {ruth.read("/").status_code for _ in range(12)} == {200, 429}


@pytest.mark.parametrize("path", ["/lesson/٣", "/%00", "/" + "a" * 10_000, "/static/../app.py", "/fonts/..%2fapp.py"])
def test_an_address_that_leads_nowhere_is_404(dana: Browser, path: str) -> None:
    assert dana.read(path).status_code == 404


def test_an_unknown_method_is_405(dana: Browser) -> None:
    assert dana.client.delete("/healthz", headers={"X-CSRF-Token": form(dana)["csrf_token"]}).status_code == 405


# ── programs ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "given", [{}, {"Authorization": "Bearer lsn_wrong"}, {"Authorization": "Basic ZGFuYQ=="}, {"Authorization": ""}]
)
def test_a_program_without_a_token_that_holds_is_401(app: Flask, village: Village, given: dict[str, str]) -> None:
    answer = Browser(app).client.post("/api/v1/units", json={"name": "x"}, headers=given)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_in_the_address_counts_for_nothing(app: Flask, village: Village) -> None:
    secret = token(village)["Authorization"].split()[1]
    assert Browser(app).read(f"/api/v1/refusals/not_found?token={secret}").status_code == 401


def test_a_token_acts_as_its_person_and_one_that_reads_does_not_write(app: Flask, village: Village) -> None:
    client = Browser(app).client
    wrote = client.post("/api/v1/units", json={"name": "x"}, headers=token(village))
    assert wrote.json == {"name": "x", "by": "דנה אוחיון"}
    assert client.post("/api/v1/units", json={"name": "x"}, headers=token(village, "read")).status_code == 403


def test_a_token_that_was_ended_or_is_over_opens_nothing(app: Flask, village: Village) -> None:
    at = clock.now()
    with db.transaction() as session:
        over = keys.create_token(
            session, village.dana, name="o", scope="read", expires_at=at - timedelta(1), by=OPERATOR, at=at
        )
        ended = keys.create_token(session, village.dana, name="e", scope="read", by=OPERATOR, at=at)
        keys.end_token(session, village.dana, hashed(ended)[: keys.HANDLE], at=at)
    for secret in (over, ended):
        headers = {"Authorization": f"Bearer {secret}"}
        assert Browser(app).read("/api/v1/refusals/not_found", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"", b"no json", b"[1]", b'"a"', b"\xef\xbb\xbf{}", '{"a": 1}'.encode("utf-16"), b'{"a": 1, "a": 2}',
        b'{"a": NaN}', b'{"a": Infinity}', b'{"a": 1e400}', b'{"a": ' + b"1" * 10_000 + b"}",
        b'{"a": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", b'{"a": 1,}', b"{'a': 1}", b'{"a": 0.' + b"1" * 100 + b"}",
    ],
)  # fmt: skip
def test_what_is_not_strict_json_is_400_and_says_where(app: Flask, village: Village, body: bytes) -> None:
    headers = {**token(village), "Content-Type": "application/json"}
    answer = Browser(app).client.post("/api/v1/units", data=body, headers=headers)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("kind", ["text/plain", "", "application/x-www-form-urlencoded"])
def test_another_content_type_is_415(app: Flask, village: Village, kind: str) -> None:
    headers = {**token(village), "Content-Type": kind}
    assert Browser(app).client.post("/api/v1/units", data=b"{}", headers=headers).status_code == 415


@pytest.mark.parametrize(
    ("given", "leads"),
    [("/lessons?q=1", "/lessons?q=1"), ("/", "/"), ("", "/"), (None, "/"), ("/a//b", "/a//b"), ("/" + "a" * 3000, "/")],
)
def test_only_addresses_of_this_site_are_gone_on_to(given: str | None, leads: str) -> None:
    assert bodies.local_path(given) == leads


# ── speech ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("asked", "header", "language"),
    [
        ("", "", "he"), ("", "en-GB,he;q=0.5", "en"), ("", "fr", "he"), ("?lang=en", "he", "en"),
        ("?lang=xx", "en", "en"), ("", "x" * 100_000, "he"),
    ],
)  # fmt: skip
def test_the_language_is_the_one_that_was_asked_for(app: Flask, asked: str, header: str, language: str) -> None:
    page = Browser(app, language=header).read(f"/sign-in{asked}").text
    direction = {"he": "rtl", "en": "ltr"}[language]
    assert f'<html lang="{language}" dir="{direction}">' in page


def test_a_language_that_was_chosen_once_stays_and_is_no_row(app: Flask, village: Village, dana: Browser) -> None:
    assert '<html lang="he"' in dana.read("/?lang=he").text
    assert '<html lang="he"' in dana.read("/").text
    dana.read("/?lang=en")
    assert '<html lang="en"' in dana.read("/").text
    with db.reading() as session:
        assert session.get_one(type(village.dana), village.dana.id).locale == "he"


TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("day", "he", "en"),
    [
        (TODAY, ("today", ""), ("today", "")),
        (TODAY + timedelta(1), ("tomorrow", ""), ("tomorrow", "")),
        (TODAY - timedelta(1), ("yesterday", ""), ("yesterday", "")),
        (date(2026, 11, 26), ("יום חמישי", "26.11"), ("Thursday", "26.11")),
        (date(2026, 12, 24), ("", "24.12"), ("", "24.12")),
        (date(2027, 1, 3), ("", "3.1.2027"), ("", "3.1.2027")),
    ],
)
def test_days_are_said_as_people_say_them(day: date, he: tuple[str, str], en: tuple[str, str]) -> None:
    assert speech.said(day, TODAY, "en") == en
    words, figures = speech.said(day, TODAY, "he")
    assert figures == he[1]
    assert bool(words) == bool(he[0])
    if figures and words:
        assert words == he[0]


def test_a_line_of_the_log_stays_one_line() -> None:
    record = logging.LogRecord("lessons", logging.INFO, "", 0, "said \r\n \u2028 %s", ("\x1b[2J",), None)
    line = logs.Lines().format(record)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["says"] == "said \r\n \u2028 \x1b[2J"


def test_what_broke_is_found_in_the_log_by_the_number_of_its_answer(dana: Browser) -> None:
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.Lines())
    logging.getLogger("lessons.web").addHandler(handler)
    page = dana.read("/refusals/broken", headers={"X-Request-Id": "chosen-by-somebody"})
    logging.getLogger("lessons.web").removeHandler(handler)
    number = page.headers["X-Request-Id"]
    assert json.loads(written.getvalue())["request"] == number != "chosen-by-somebody"
    assert number in page.text
    assert dana.read("/").headers["X-Request-Id"] != number
