"""Our frame inside a CRM: the walk of a case on the mock CRM, and a stranger beside it whom nobody listens to."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, FrameLocator, Page, expect

from lessons import clock, db
from lessons.models import Case, CaseLink, Feedback, Person, Sighting
from lessons.repository import found
from lessons.web import framed
from lessons.workflow.states import Verdict
from tests.browser import site
from tests.browser.place import Place, settings

pytestmark = pytest.mark.browser
SAID = "הטכנאי לא הגיע בחלון הזמן, ואף אחד לא הודיע"
HOST = """<!doctype html><title>CRM</title><iframe name="ours" src="{frame}"></iframe>
<iframe name="stranger" src="{stranger}/stranger"></iframe><script>
window.got = [];
addEventListener("message", (e) => got.push([e.origin, e.data.type, e.data]));
window.send = (message) => frames[0].postMessage(message, "{site}");</script>"""
STRANGER = """<!doctype html><title>Stranger</title><script>
window.got = [];
addEventListener("message", (e) => got.push(e.data));
window.push = (message) => parent.frames[0].postMessage(message, "*");</script>"""
FRAMES_US = '<!doctype html><title>Framing</title><iframe src="{frame}"></iframe>'


@contextmanager
def a_site(pages: dict[str, str], host: str) -> Iterator[str]:
    """A small site of its own, for as long as the block runs; pages may be put in later."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def lesson(place: Place) -> str:
    """About what no other card of the village speaks of."""
    with place.records() as walk:
        made = walk.village.lesson(title="מודיעים ללקוח כשהטכנאי לא הגיע בחלון הזמן", context="ביקור טכנאי שנדחה")
        found.keep(walk.session, made)
        return str(made.code)


def test_a_case_is_written_answered_and_documented_on_the_mock_crm(
    place: Place, lesson: str, chromium: Browser, address: str
) -> None:
    page = site.opened(chromium, address, language="he")
    site.sign_in(page, "אבי")
    page.goto("/demo/crm")
    ours = page.frame_locator("iframe")
    expect(ours.locator("[data-status]")).to_contain_text("הכרטיסים יופיעו כאן")
    page.locator("[name=text]").press_sequentially(SAID, delay=5)
    _take(page, ours, lesson)
    assert f"לפי כרטיס \u2068{lesson}\u2069" in page.locator("[name=documentation]").input_value()
    number = page.locator("#ticket").get_attribute("data-number")
    _say(page, ours)
    with place.records() as walk:
        voice = walk.session.scalars(sa.select(Feedback)).one()
        assert (voice.verdict, voice.person_id) == (Verdict.OUTDATED, place.village.avi.id)
        kept, link = walk.session.execute(
            sa.select(Case, CaseLink).join(CaseLink, CaseLink.case_id == Case.id).where(Case.external_id == number)
        ).one()
        assert (kept.text, link.person_id) == (SAID, place.village.avi.id)
        kinds = set(walk.session.scalars(sa.select(Sighting.kind)))
    assert kinds == {"first_card", "documented"}


def _take(page: Page, ours: FrameLocator, lesson: str) -> None:
    """With the keyboard alone, from the suggestion to the documented case."""
    suggestion = ours.locator(f'[data-open="{lesson}"]')
    suggestion.focus()
    page.keyboard.press("Enter")
    expect(ours.locator("article.card h2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(suggestion).to_be_focused()
    page.keyboard.press("Enter")
    ours.locator("[data-use]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name=documentation]")).not_to_have_value("")


def _say(page: Page, ours: FrameLocator) -> None:
    """What is wrong with the card, in two presses."""
    place = ours.locator("[data-says]")
    place.locator("summary", has_text="לא מעודכן").focus()
    page.keyboard.press("Enter")
    place.locator('[data-verdict="outdated"][data-reason]:visible').first.focus()
    page.keyboard.press("Enter")
    expect(place).to_contain_text("המשוב שלך:")


def test_a_stranger_is_neither_heard_nor_told_nor_lets_ours_be_framed(
    place: Place, lesson: str, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = {"/stranger": STRANGER}
    with a_site(pages, "localhost") as crm, a_site(pages, "127.0.0.1") as stranger:
        monkeypatch.setenv("LESSONS_EMBED_ORIGINS", crm)
        with site.served(place.folder) as address:
            frame = f"{address}/embed/suggest?lang=en"
            pages |= {"/case": HOST.format(frame=frame, stranger=stranger, site=address),
                      "/framing": FRAMES_US.format(frame=frame)}  # fmt: skip
            page = chromium.new_page(locale="en")
            page.goto(f"{crm}/case")
            ours, other = page.frame(name="ours"), page.frame(name="stranger")
            page.wait_for_function("got.some(([, type]) => type === 'lessons:ready')")
            case = {"type": "lessons:case", "external_id": "X-1", "text": SAID}
            start = {"type": "lessons:start", "token": _token(place, crm)}
            other.evaluate("([start, said]) => { push(start); push(said); }", [start, case])
            page.wait_for_timeout(700)
            assert ours.locator("[data-open]").count() == 0
            assert page.evaluate("got.filter(([, type]) => type !== 'lessons:ready')") == []
            page.evaluate("(start) => send(start)", start)
            page.wait_for_function("got.some(([, type]) => type === 'lessons:started')")
            page.evaluate("(said) => send(said)", case)
            expect(ours.locator(f'[data-open="{lesson}"]')).to_be_visible()
            assert other.evaluate("got") == []
            page.goto(f"{stranger}/framing")
            page.wait_for_timeout(500)
            assert all(one.locator("[data-status]").count() == 0 for one in page.frames)
            page.close()


def _token(place: Place, crm: str) -> str:
    db.start(settings(place.folder))
    with db.reading() as session:
        pid = session.scalar(sa.select(Person.pid).where(Person.id == place.village.avi.id))
    told, _ = framed.token(str(pid), crm, at=clock.now())
    db.engine().dispose()
    return told
