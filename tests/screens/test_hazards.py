"""What an attacker tries on the pages: nothing runs, nothing leads away, nothing changes by being read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from sqlmodel import select

from lessons import db
from lessons.models import Lesson, Letter, Person
from lessons.post.looks import TEMPLATES, dressed
from lessons.settings import Settings
from lessons.web.who import COOKIE
from lessons.worker import once
from lessons.workflow.states import DebriefState, Role
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.crawling import Crawl, Page, everything
from tests.screens.filling import CSRF, fill, here, only

HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=alert(1)>{{ 7*191 }}{% raw %}${7*191}%s%n%(x)s</textarea>"""
STYLE = re.compile(r"""\bstyle\s*=\s*("[^"]*"|'[^']*')""")
OUR_STYLES = {one for path in TEMPLATES.rglob("*.html") for one in STYLE.findall(dressed(path.read_text()))}


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


# ── what is read ──────────────────────────────────────────────────────────────────────────────────────────────────────
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
        assert {one for one in Page(letter.html).live if not one.endswith(" style")} == set()
        assert STYLE.findall(letter.html)
        assert set(STYLE.findall(letter.html)) <= OUR_STYLES
    dana = hostile.as_("naomi", "en")
    card = dana.read(f"/lessons/{lesson.code}/card.pdf")
    assert (card.status_code, card.mimetype) in ((200, "application/pdf"), (409, "text/html"))
    assert b"/JavaScript" not in card.data
    assert b"/Launch" not in card.data
    found = dana.read("/search", query_string={"q": HOSTILE})
    assert not Page(found.text).live


# ── what is sent ──────────────────────────────────────────────────────────────────────────────────────────────────────
def targets(screens: Screens, method: str) -> Iterator[str]:
    """Every address of a page that takes this method, filled with names of nothing."""
    for rule in screens.app.url_map.iter_rules():
        if method in (rule.methods or ()) and not rule.rule.startswith(("/api", "/static")):
            path = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", rule.rule)
            yield re.sub(r"<[^>]+>", "x", path)


IN_A_FRAME = ("suggest", "use", "said", "sightings")
BY_ITS_ADDRESS = {"/mail/stop/x": 404, **{f"/embed/{name}": 401 for name in IN_A_FRAME}}
"""What is sent to by mail programs, which never saw a form: the signature in the address is the proof, or there is
nothing here."""


@here
def test_no_form_is_taken_without_its_token_nor_from_nobody(hostile: Screens) -> None:
    before = everything()
    naomi, nobody = hostile.as_("naomi", "en"), Browser(hostile.app, language="en")
    found = set(targets(hostile, "POST"))
    assert len(found) > 30
    for path in found:
        for token in ({}, {"csrf_token": ""}, {"csrf_token": "x"}, {"csrf_token": "\ud7ff\u0000é"}):
            answer = naomi.post(path, {"reason": "long enough a reason", **token})
            assert answer.status_code == BY_ITS_ADDRESS.get(path, 400), path
        answer = nobody.post(path, {"reason": "long enough a reason"})
        assert answer.status_code in (BY_ITS_ADDRESS.get(path, 303), 400, 401), path
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


# ── addresses ─────────────────────────────────────────────────────────────────────────────────────────────────────────
NOWHERE = ("/lesson/٣", "/lessons/٣", "/lessons/007", "/lessons/%00", "/%00", "/lessons/L-2026-0001%00",
           "/" + "a" * 10_000, "/lessons/" + "a" * 10_000, "/lessons/..%2f..%2fetc%2fpasswd",
           "/static/..%2f..%2fapp.py", "/static/%2e%2e/app.py",
           "/fonts/..%2f..%2fpyproject.toml", "/attachments/%00", "/attachments/../x", "/c/%00", "/c/" + "x" * 999,
           "/invitation/%00", "/admin/people/%00", "/admin/units/%00", "/outbox/%00", "/debriefs/D-2026-0001/%00",
           "/facts/%00", "/findings/1/add/causes", "/lessons?q=%00", "/actions?owner=%00", "/outbox?cursor=%00",
           "/jobs/%00", "/report/thanks?code=%00", "/lessons/'%20OR%201=1", "/lessons/1/..%2f..")  # fmt: skip


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
