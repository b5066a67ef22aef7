"""What an attacker tries on the pages: nothing runs, nothing leads away, nothing changes by being read."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from html.parser import HTMLParser
from urllib.parse import quote, urlsplit

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, select
from werkzeug.test import TestResponse

from lessons import clock, db
from lessons.models import Action, Attachment, Evidence, Grant, Lesson, Letter, Person
from lessons.people import keys, passwords
from lessons.settings import Settings
from lessons.web.who import COOKIE
from lessons.worker import once
from lessons.workflow.states import ActionState, DebriefState, Role
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.test_bad_inputs import fill, only

here = pytest.mark.only("sqlite")
"""The other engine can teach nothing about it."""
HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=alert(1)>{{ 7*191 }}{% raw %}${7*191}%s%n%(x)s</textarea>"""
SCHEMES = ("http", "https", "mailto", "")
PASSWORD = "ארבעה סוסים ירוקים"
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


class Page(HTMLParser):
    """Where a page leads, and whatever on it would run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[str] = []
        self.live: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.live += [f"{tag} {name}" for name in given if name.startswith("on") or name in ("style", "srcdoc")]
        if tag in ("iframe", "object", "embed", "base") or (tag == "script" and "nonce" not in given):
            self.live.append(tag)
        address = given.get("href") or given.get("src") or given.get("action") or given.get("formaction") or ""
        if urlsplit(address).scheme not in SCHEMES or address == "x":
            self.live.append(address)
        if tag == "a" and address.startswith("/"):
            self.links.append(address.partition("#")[0])
        if tag == "form":
            self.forms.append(address)


@dataclass
class Crawl:
    """Reads every page that one can get to."""

    browser: Browser
    seen: dict[str, TestResponse] = field(default_factory=dict)
    posts: set[str] = field(default_factory=set)

    def all_from(self, path: str) -> Crawl:
        waiting = [path]
        while waiting:
            here = waiting.pop()
            if here in self.seen or _again(here) in map(_again, self.seen):
                continue
            page = self.seen[here] = self.browser.read(here)
            if page.mimetype == "text/html":
                found = Page(page.text)
                assert not found.live, (here, found.live)
                self.posts.update(found.forms)
                waiting += [*found.links, *(one for one in found.forms if one.startswith("/"))]
        return self


def _again(path: str) -> str:
    """Filters and languages of a page lead to what is read elsewhere."""
    parts = urlsplit(path)
    return parts.path if "lang=" in parts.query or "cursor=" in parts.query else path


def everything() -> dict[str, str]:
    """A hash of all rows of each table; how often somebody asked for a print is no change of anything."""
    with db.reading() as session:
        return {
            name: sha256(repr(sorted(map(repr, session.execute(sa.select(table)).all()))).encode()).hexdigest()
            for name, table in SQLModel.metadata.tables.items()
            if name != "attempts"
        }


@pytest.fixture
def hostile(screens: Screens, settings: Settings) -> Screens:
    """The village keeps records whose every text is an attack; Naomi administers it too."""
    with screens.records() as village:
        village.grant(village.naomi, Role.ADMIN, "CUS")
        debrief = village.debrief(title=HOSTILE, state=DebriefState.INVESTIGATING, expected=HOSTILE, actual=HOSTILE)
        village.cause(debrief).text = HOSTILE
        lesson = village.lesson(title=HOSTILE, why=HOSTILE, say=HOSTILE, steps=[HOSTILE], limits=HOSTILE,
                                exceptions=HOSTILE, background=HOSTILE, debrief_id=debrief.id)  # fmt: skip
        for person in (village.dana, village.naomi):
            one = village.session.get_one(Person, person.id)
            one.name = one.name_en = one.function = one.function_en = HOSTILE
        code = lesson.code
    for fields in ({"text": HOSTILE, "done_when": HOSTILE, "owner": "naomi@village.example", "due_on": "2026-02-10"},):
        assert fill(screens.as_("naomi", "en"), f"/lessons/{code}/assign", **fields).status_code == 303
    procedure = {"title": HOSTILE, "owner": "hila@village.example", "approver": "ilan@village.example", "unit": "CUS"}
    assert fill(screens.as_("hila", "en"), "/procedures/new", **procedure, policy_kind="procedure").status_code == 303
    once(settings, at=None)
    return screens


# ── what is read ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_reading_every_page_changes_nothing_runs_nothing_and_is_dressed(hostile: Screens) -> None:
    before = everything()
    crawl = Crawl(hostile.as_("naomi", "en")).all_from("/")
    assert everything() == before
    assert len(crawl.seen) > 60
    for path, page in crawl.seen.items():
        assert page.status_code < 500, path
        assert page.status_code in (200, 303, 404, 405, 409, 422), (path, page.status_code)
        policy = page.headers["Content-Security-Policy"]
        assert {"default-src 'none'", "frame-ancestors 'none'"} <= set(policy.split("; ")), path
        assert "unsafe" not in policy
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["Cache-Control"] == "no-store", path
        assert "1337" not in page.text if page.mimetype.startswith("text/") else True, path
    assert sum(b"&lt;script&gt;alert(1)" in page.data for page in crawl.seen.values()) > 10


@here
def test_words_of_an_attack_stand_literally_in_letters_and_tables_and_on_the_card(hostile: Screens) -> None:
    with db.reading() as session:
        letters = session.exec(select(Letter)).all()
        lesson = session.exec(select(Lesson)).one()
    assert letters
    for letter in letters:
        assert "\n" not in letter.subject
        assert "1337" not in letter.text + letter.html + letter.subject
        assert not Page(letter.html).live
    dana = hostile.as_("naomi", "en")
    card = dana.read(f"/lessons/{lesson.code}/card.pdf")
    assert (card.status_code, card.mimetype) in ((200, "application/pdf"), (409, "text/html"))
    assert b"/JavaScript" not in card.data
    assert b"/Launch" not in card.data
    found = dana.read("/search", query_string={"q": HOSTILE})
    assert not Page(found.text).live


# ── what is sent ─────────────────────────────────────────────────────────────────────────────────────────────────────
def targets(screens: Screens, method: str) -> Iterator[str]:
    """Every address of a page that takes this method, filled with names of nothing."""
    for rule in screens.app.url_map.iter_rules():
        if method in (rule.methods or ()) and not rule.rule.startswith(("/api", "/static")):
            path = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", rule.rule)
            yield re.sub(r"<[^>]+>", "x", path)


@here
def test_no_form_is_taken_without_its_token_nor_from_nobody(hostile: Screens) -> None:
    before = everything()
    naomi, nobody = hostile.as_("naomi", "en"), Browser(hostile.app, language="en")
    found = set(targets(hostile, "POST"))
    assert len(found) > 30
    for path in found:
        for token in ({}, {"csrf_token": ""}, {"csrf_token": "x"}, {"csrf_token": "\ud7ff\u0000é"}):
            assert naomi.post(path, {"reason": "long enough a reason", **token}).status_code == 400, path
        answer = nobody.post(path, {"reason": "long enough a reason"})
        assert answer.status_code in (303, 400, 401), path
        assert answer.status_code != 303 or answer.location.startswith("/sign-in"), path
    assert everything() == before


@here
def test_an_unknown_method_is_refused_everywhere(hostile: Screens) -> None:
    naomi = hostile.as_("naomi", "en")
    token = CSRF.search(naomi.read("/").text)
    assert token
    for path in set(targets(hostile, "GET")):
        for method in ("PUT", "DELETE", "PATCH"):
            answer = naomi.client.open(path, method=method, headers={"X-CSRF-Token": token[1]})
            assert answer.status_code in (404, 405), (method, path)
    assert naomi.client.open("/", method="TRACE").status_code in (400, 405)
    assert naomi.client.head("/").data == b""


@here
def test_fields_that_no_form_has_change_nothing(screens: Screens) -> None:
    dana = screens.as_("dana", "en")
    more = {
        "state": "accepted",
        "author_id": "1",
        "unit_id": "1",
        "is_admin": "1",
        "created_at": "2020-01-01",
        "id": "7",
    }
    assert fill(dana, "/lessons/new", title="מזינים", unit="RET", **more).status_code == 303
    lesson = only(Lesson)
    assert (lesson.state, lesson.author_id, lesson.accepted_at) == ("draft", screens.people["dana"].id, None)


# ── addresses ────────────────────────────────────────────────────────────────────────────────────────────────────────
NOWHERE = ("/lesson/٣", "/lessons/٣", "/lessons/007", "/lessons/%00", "/%00", "/lessons/L-2026-0001%00",
           "/" + "a" * 10_000, "/lessons/" + "a" * 10_000, "/lessons/..%2f..%2fetc%2fpasswd",
           "/static/..%2f..%2fapp.py", "/static/%2e%2e/app.py",
           "/fonts/..%2f..%2fpyproject.toml", "/attachments/%00", "/attachments/../x", "/c/%00", "/c/" + "x" * 999,
           "/invitation/%00", "/admin/people/%00", "/admin/units/%00", "/outbox/%00", "/debriefs/D-2026-0001/%00",
           "/facts/%00", "/findings/1/add/causes", "/lessons?q=%00", "/actions?owner=%00", "/outbox?cursor=%00",
           "/report/thanks?code=%00", "/lessons/'%20OR%201=1", "/lessons/1/..%2f..")  # fmt: skip


def test_an_address_that_leads_nowhere_says_so(screens: Screens) -> None:
    with screens.records() as village:
        village.grant(village.naomi, Role.ADMIN, "CUS")
    naomi = screens.as_("naomi", "en")
    for path in NOWHERE:
        answer = naomi.read(path)
        assert (answer.status_code, "Traceback" in answer.text) == (404, False), path[:60]
    for key in ("²", "x|²", "x|" + "9" * 40, "|", "x|-1"):
        assert naomi.read("/admin/people", query_string={"after": key}).status_code == 200, key
    for state in ("x", "', 1", "\u0661"):
        for page in ("lessons", "debriefs", "actions", "revisions", "verifications", "briefings"):
            assert naomi.read(f"/{page}", query_string={"state": state}).status_code == 200, (page, state)


AWAY = ("//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https:evil.example",
        "https://evil.example", "%2f%2fevil.example", "/%2f/evil.example", "\t//evil.example", "/\t/evil.example",
        " //evil.example", "javascript:alert(1)", "data:text/html,x", "/%5cevil.example", "evil.example",
        "http:///evil.example", "/\n/evil.example", "//evil.example/%2f..", "/.//evil.example/..", "")  # fmt: skip


@here
def test_no_form_leads_away_from_this_site(screens: Screens) -> None:
    dana = screens.as_("dana", "en")
    for onward in AWAY:
        at_door = dana.read("/sign-in", query_string={"next": onward})
        dana.read("/")
        after = dana.send("/account/theme", {"theme": "dark", "next": onward})
        for answer in (at_door, after):
            assert answer.status_code == 303
            leads = urlsplit(answer.location)
            assert (leads.scheme, leads.netloc, answer.location[:1]) == ("", "", "/"), onward
            assert answer.location[1:2] not in ("/", "\\"), onward
    for path in ("//evil.example/", "//evil.example/lessons", "/\\evil.example"):
        leads = urlsplit(dana.read(path).headers.get("Location", "/"))
        assert leads.netloc in ("", "localhost"), path


@here
def test_another_host_in_the_request_is_in_no_link(screens: Screens) -> None:
    with screens.records() as village:
        village.grant(village.naomi, Role.ADMIN, "CUS")
    naomi = screens.as_("naomi", "en")
    naomi.headers |= {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Forwarded-Proto": "http"}
    people = f"/admin/people/{screens.people['dana'].pid}"
    naomi.read(people)
    naomi.headers["Host"] = "evil.example"
    token = CSRF.search(naomi.page.text) if naomi.page else None
    assert token
    secret = naomi.secret
    with screens.app.test_client() as client:
        client.set_cookie(COOKIE, secret, domain="evil.example", secure=True)
        headers = {**naomi.headers, "Host": "evil.example"}
        asked = client.post(f"{people}/invite", data={"csrf_token": token[1]}, headers=headers,
                            base_url="https://evil.example")  # fmt: skip
        assert "http://127.0.0.1:8000/invitation/" in asked.text
        assert "evil.example" not in asked.text
        for path in ("/sign-in", "/lessons", "/nowhere"):
            answer = client.get(path, headers=headers, base_url="https://evil.example")
            assert "evil.example" not in answer.text + answer.headers.get("Location", "")
    for host in ("a b", "evil.example:99999", "[::1", "", "é"):
        assert Browser(screens.app).read("/sign-in", headers={"Host": host}).status_code < 500, host


@here
def test_whoever_pretends_to_come_from_elsewhere_waits_all_the_same(screens: Screens) -> None:
    answers = []
    for n in range(7):
        browser = Browser(screens.app, address="192.0.2.7")
        browser.read("/sign-in")
        browser.headers |= {"X-Forwarded-For": f"198.51.100.{n}", "Forwarded": f"for=198.51.100.{n}"}
        answers.append(browser.send("/sign-in", {"who": "nobody", "password": "not a password"}).status_code)
    assert answers == [422] * 5 + [429] * 2


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def action(screens: Screens) -> str:
    """The page of an action that Yossi works on."""
    with screens.records() as village:
        lesson = village.lesson()
    given = {"text": "שדה במסך", "done_when": "השדה מופיע", "owner": "yossi@village.example", "due_on": "2026-02-10"}
    fill(screens.as_("naomi", "en"), f"/lessons/{lesson.code}/assign", **given)
    return f"/actions/{only(Action).code}"


def attach(person: Browser, action: str, name: str, data: bytes) -> TestResponse:
    person.read(f"{action}/report_done")
    return person.send(f"{action}/report_done", {"evidence.file": (io.BytesIO(data), name), "evidence.note": "x"})


def attach_large(person: Browser, action: str, data: bytes) -> TestResponse:
    """The same, put together by hand: the library that plays the browser leaves large files open."""
    token = CSRF.search(person.read(f"{action}/report_done").text)
    assert token
    body = b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + token[1].encode() + b"\r\n"
    body += b'--x\r\nContent-Disposition: form-data; name="evidence.file"; filename="x.png"\r\n\r\n' + data
    kind = "multipart/form-data; boundary=x"
    return person.client.post(f"{action}/report_done", data=body + b"\r\n--x--\r\n", content_type=kind, buffered=True)


PNG = b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>"
FILES = (
    ("../../etc/passwd", b"<html>", "passwd"), ("C:\\x\\y.png", b"<html><script>", "C:xy.png"),
    ("good\u202egnp.exe", b"MZ", "goodgnp.exe"), ('a"b\r\nSet-Cookie: x=1.txt', b"x", "a"),
    ("CON.txt", b"x", "CON.txt"), ("קבלה.pdf", b"%PDF-1.4 /JavaScript", "קבלה.pdf"), ("...", b"x", "file"),
    ("x.svg", b"<svg onload=alert(1)>", "x.svg"), ("pic.png", PNG, "pic.png"),
    ("noending", b"GIF89a/*js*/", "noending"),
)  # fmt: skip


@here
def test_a_file_is_handed_back_to_be_kept_and_never_to_be_opened(screens: Screens, action: str) -> None:
    yossi = screens.as_("yossi", "en")
    for name, data, shown in FILES:
        with db.transaction() as session:
            session.execute(sa.update(Action).values(state=ActionState.IN_PROGRESS))
        assert attach(yossi, action, name, data).status_code == 303, name
        with db.reading() as session:
            kept = session.exec(select(Attachment).order_by(sa.desc(Attachment.id)).limit(1)).one()
        assert kept.name == shown
        answer = yossi.read(f"/attachments/{kept.pid}")
        assert answer.data == data
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.mimetype not in ("text/html", "image/svg+xml", "application/javascript")
        assert "Set-Cookie" not in answer.headers
        assert quote(shown, safe="") in answer.headers["Content-Disposition"]
    assert not Page(yossi.read(action).text).live


@here
def test_an_empty_file_and_one_too_large_are_told_at_the_field_and_leave_nothing(
    screens: Screens, action: str, settings: Settings
) -> None:
    yossi = screens.as_("yossi", "en")
    for data, says in ((b"", "The file is empty"), (b"x" * 20_000_001, "20 MB")):
        answer = attach_large(yossi, action, data)
        assert (answer.status_code, says in answer.text) == (422, True)
    assert attach_large(yossi, action, b"x" * 25_000_001).status_code == 413
    with db.reading() as session:
        assert session.exec(select(Attachment)).all() == []
    assert not [one for one in (settings.data_dir / "attachments").rglob("*") if one.is_file()]


@here
def test_a_file_for_a_step_that_is_another_ones_is_not_kept(screens: Screens, action: str, settings: Settings) -> None:
    omer = screens.as_("omer", "en")
    token = CSRF.search(omer.read("/").text)
    assert token
    sent = {"csrf_token": token[1], "evidence.file": (io.BytesIO(PNG), "x.png")}
    assert omer.post(f"{action}/report_done", sent).status_code in (403, 404)
    assert not [one for one in (settings.data_dir / "attachments").rglob("*") if one.is_file()]


@here
def test_the_same_file_twice_is_kept_once_and_shown_twice(screens: Screens, action: str, settings: Settings) -> None:
    yossi = screens.as_("yossi", "en")
    for _ in range(2):
        with db.transaction() as session:
            session.execute(sa.update(Action).values(state=ActionState.IN_PROGRESS))
        assert attach(yossi, action, "x.png", PNG).status_code == 303
    with db.reading() as session:
        assert len(session.exec(select(Evidence)).all()) == 2
    assert len([one for one in (settings.data_dir / "attachments").rglob("*") if one.is_file()]) == 1


@here
def test_a_link_of_evidence_is_one_of_the_web(screens: Screens, action: str) -> None:
    yossi = screens.as_("yossi", "en")
    for url in ("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "java\tscript:alert(1)",
                "java\nscript:x", " javascript:x", "file:///etc/passwd", "//evil.example", "\x01javascript:x",
                "https://a b", "&#106;avascript:x"):  # fmt: skip
        yossi.read(f"{action}/report_done")
        answer = yossi.send(f"{action}/report_done", {"evidence.url": url})
        assert answer.status_code == 422, url
        assert "starts with https://" in answer.text or "cannot be kept" in answer.text, url
    with db.reading() as session:
        assert session.exec(select(Evidence)).all() == []


# ── who one is ───────────────────────────────────────────────────────────────────────────────────────────────────────
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
        from lessons.access import OPERATOR

        invitation = keys.invite(session, session.get_one(Person, with_password.id), by=OPERATOR, at=clock.now())
    browser.read(f"/invitation/{invitation}")
    browser.read("/managers")
    browser.read(f"/nowhere?token={token[0]}\r\nforged: line")
    said = "\n".join(json.dumps(record.__dict__, default=str) for record in caplog.records)
    for secret in (PASSWORD, "a wrong one, typed", token[0], invitation, browser.secret):
        assert secret not in said
        assert json.dumps(secret)[1:-1] not in said
    assert any(record.levelname == "WARNING" and "refused" in record.message for record in caplog.records)
