"""What a browser shows: readable by everyone, whole on a narrow phone, without a script or a word out of place."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser import site
from tests.browser.visits import Seen, faults, visited

pytestmark = pytest.mark.browser
NAOMI, MICHAL, YOSSI = "נעמי", "מיכל", "יוסי"
PAGES = (
    "/", "/report", "/debriefs", "/debriefs/quick", "/debriefs/D-2026-0001", "/lessons", "/lessons/new",
    "/lessons/L-2026-0001", "/lessons/L-2026-0001/card", "/lessons/L-2026-0001/assign", "/actions",
    "/actions/A-2026-0001", "/verifications",
    "/verifications/V-2026-0001", "/briefings", "/briefings/B-2026-0001", "/procedures", "/managers", "/managers/ahead",
    "/search?q=הטבה", "/desk", "/account", "/outbox", "/bench", "/bench/stuck", "/bench/ages", "/notices", "/help",
    "/jobs", "/lessons/deck?state=all", "/accessibility",
)  # fmt: skip
KEPT = (
    "/admin/people", "/admin/units", "/admin/units/RET/numbers", "/admin/units/RET/calendar", "/admin/roles",
    "/admin/topics", "/admin/words", "/admin/words/one?word=My+day", "/admin/health", "/admin/health/seals",
    "/admin/security", "/admin/privacy",
)  # fmt: skip
VISITS = ((NAOMI, PAGES), (MICHAL, KEPT), (YOSSI, ("/actions/several",)))
SHIFTS = """() => new Promise(done => {
    let moved = 0;
    const seen = list => list.forEach(one => { moved += one.hadRecentInput ? 0 : one.value; });
    const watch = new PerformanceObserver(list => seen(list.getEntries()));
    watch.observe({ type: "layout-shift", buffered: true });
    const drawn = then => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(then)));
    document.fonts.ready.then(() => drawn(() => { seen(watch.takeRecords()); done(moved); }));
})"""
CALM = 0.02


@pytest.fixture(scope="module", params=["he", "en"])
def seen(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Seen:
    """What lessons management, an administrator and an owner met on their pages."""
    found = Seen()
    for who, paths in VISITS:
        page = site.opened(chromium, address, language=request.param)
        site.sign_in(page, who)
        visited(page, paths, found)
        page.context.close()
    return found


def test_every_page_answers_and_no_script_or_policy_complains(seen: Seen) -> None:
    assert seen.answers == dict.fromkeys((path for _, paths in VISITS for path in paths), 200)
    assert seen.said == []


def test_everyone_can_read_every_page(seen: Seen) -> None:
    """By day and by night, at a desk and on a phone."""
    assert seen.faults == []


def test_nothing_runs_out_of_the_screen(seen: Seen) -> None:
    """Nor where it is enlarged to twice or four times its size."""
    assert seen.wide == []


def test_every_page_is_light(seen: Seen) -> None:
    """As it comes over the wire with nothing kept: the page, what dresses and moves it, and the faces."""
    heavy = []
    for path, weighed in seen.weights.items():
        html = sum(n for kind, n in weighed if kind == "Document")
        faces = sum(n for kind, n in weighed if kind == "Font")
        sheets = [n for kind, n in weighed if kind == "Stylesheet"]
        rest = sum(n for _, n in weighed) - html - faces
        if not 0 < html <= 60_000 or rest > 150_000 or not 0 < faces <= 120_000 or len(sheets) != 1:
            heavy.append((path, html, rest, faces, len(sheets)))
    assert heavy == []


@pytest.mark.parametrize("dark", [False, True])
def test_the_sign_in_page_can_be_read(chromium: Browser, address: str, dark: bool) -> None:
    assert faults(site.opened(chromium, address, language="he", dark=dark)) == []


@pytest.mark.parametrize(("width", "language"), [(390, "he"), (1280, "en")])
def test_nothing_moves_under_the_finger_while_a_page_comes(
    chromium: Browser, address: str, width: int, language: str
) -> None:
    """Also where nothing is kept yet and the faces come last."""
    page = site.opened(chromium, address, language=language, width=width)
    site.sign_in(page, NAOMI)
    page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    moved = {}
    for path in ("/", "/lessons", "/lessons/L-2026-0001/card"):
        page.goto(path)
        moved[path] = page.evaluate(SHIFTS)
    assert {path: by for path, by in moved.items() if by >= CALM} == {}


def test_an_event_is_reported_with_the_keyboard_alone(chromium: Browser, address: str) -> None:
    page = site.opened(chromium, address, language="en")
    site.sign_in(page, "אבי")
    page.goto("/report")
    page.keyboard.type("The number was read out twice, and nobody wrote it down.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/report/thanks**")
    assert "Thank you" in page.inner_text("h1")


def test_a_page_works_where_no_script_runs(chromium: Browser, address: str) -> None:
    page = site.opened(chromium, address, language="he", scripts=False)
    site.sign_in(page, "אבי")
    page.goto("/report")
    page.fill("#f-what_happened", "המסך נסגר לפני שמירה")
    page.click("button[value=success]")
    assert "/report/thanks" in page.url


def test_what_was_typed_is_there_after_the_window_was_closed(chromium: Browser, address: str) -> None:
    page = site.opened(chromium, address, language="he")
    site.sign_in(page, "אבי")
    page.goto("/report")
    page.fill("#f-what_happened", "טיוטה שלא נשלחה")
    again = page.context.new_page()
    page.close()
    again.goto("/report")
    assert again.input_value("#f-what_happened") == "טיוטה שלא נשלחה"


def test_the_keys_move_between_pages_and_rows(chromium: Browser, address: str) -> None:
    page = site.opened(chromium, address, language="en")
    site.sign_in(page, NAOMI)
    for key in "gl":
        page.keyboard.press(key)
    page.wait_for_url("**/lessons")
    page.keyboard.press("j")
    assert page.locator("main .work h3 a").first.evaluate("row => row === document.activeElement")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lessons/L-*")


def test_the_keys_are_listed_and_can_be_switched_off(chromium: Browser, address: str) -> None:
    page = site.opened(chromium, address, language="en", width=1500)
    site.sign_in(page, NAOMI)
    page.keyboard.press("?")
    assert page.locator("#keys[open]").is_visible()
    assert faults(page) == []
    page.click("[data-keys-off]")
    page.wait_for_load_state()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "q"
    page.click(".menu.me > summary")
    page.click("[data-keys]")
    page.click("[data-keys-off]")
    page.wait_for_load_state()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"


LENGTHS = {
    "both ways": b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "both, the other way round": b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n1\r\nx\r\n0\r\n\r\n",
    "twice": b"Content-Length: 6\r\nContent-Length: 5\r\n\r\nabcdef",
    "in a way that nobody knows": b"Transfer-Encoding: xchunked\r\nContent-Length: 4\r\n\r\nabcd",
    "with a space": b"Content-Length : 4\r\n\r\nabcd",
}


@pytest.mark.parametrize("length", LENGTHS.values(), ids=LENGTHS)
def test_behind_a_length_that_two_readers_could_read_in_two_ways_no_second_request_hides(
    address: str, length: bytes
) -> None:
    where = urlsplit(address)
    hidden = f"GET /healthz HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n".encode()
    with socket.create_connection((where.hostname, where.port), timeout=20) as asked:
        asked.sendall(f"POST /sign-in HTTP/1.1\r\nHost: {where.netloc}\r\n".encode() + length + hidden)
        with asked.makefile("rb") as said:
            answers = [line for line in said.read().splitlines() if line.startswith(b"HTTP/1.1 ")]
    assert answers == [b"HTTP/1.1 400 Bad Request"]
