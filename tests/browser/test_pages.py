"""What a browser shows: readable by everyone, whole on a narrow phone, without a script or a word out of place."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser import site

pytestmark = pytest.mark.browser
NAOMI = "נעמי"
PAGES = (
    "/", "/report", "/debriefs", "/debriefs/quick", "/debriefs/D-2026-0001", "/lessons", "/lessons/new",
    "/lessons/L-2026-0001", "/lessons/L-2026-0001/card", "/lessons/L-2026-0001/assign", "/actions",
    "/actions/A-2026-0001", "/verifications",
    "/verifications/V-2026-0001", "/briefings", "/briefings/B-2026-0001", "/procedures", "/managers",
    "/search?q=הטבה", "/desk", "/account", "/outbox", "/bench", "/bench/stuck", "/bench/ages", "/notices", "/help",
)  # fmt: skip
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture(params=["he", "en"])
def window(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Page:
    page = site.opened(chromium, address, language=request.param)
    site.sign_in(page, NAOMI)
    return page


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options={**RULES, "resultTypes": ["violations"]}).response["violations"]
    return [f"{page.url} {one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


def test_everyone_can_read_every_page(window: Page) -> None:
    said: list[str] = []
    window.on(
        "console", lambda message: said.append(f"{window.url} {message.text}") if message.type == "error" else None
    )
    found: list[str] = []
    for path in PAGES:
        answer = window.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        found += faults(window)
    assert found == []
    assert said == []


def test_every_page_is_light(chromium: Browser, address: str) -> None:
    """As it comes over the wire with nothing kept: the page, what dresses and moves it, and the faces."""
    page = site.opened(chromium, address, language="he")
    site.sign_in(page, NAOMI)
    wire = page.context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    sizes: list[tuple[str, int]] = []
    wire.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["type"]}))
    wire.on("Network.loadingFinished", lambda e: sizes.append((kinds.get(e["requestId"], ""), e["encodedDataLength"])))
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    heavy = []
    for path in PAGES:
        sizes.clear()
        page.goto(path, wait_until="networkidle")
        html = sum(n for kind, n in sizes if kind == "Document")
        faces = sum(n for kind, n in sizes if kind == "Font")
        sheets = [n for kind, n in sizes if kind == "Stylesheet"]
        rest = sum(n for kind, n in sizes) - html - faces
        if html > 60_000 or rest > 150_000 or faces > 120_000 or len(sheets) != 1:
            heavy.append((path, html, rest, faces, len(sheets)))
    assert heavy == []


@pytest.mark.parametrize("dark", [False, True])
def test_the_sign_in_page_can_be_read(chromium: Browser, address: str, dark: bool) -> None:
    assert faults(site.opened(chromium, address, language="he", dark=dark)) == []


@pytest.mark.parametrize(("width", "language"), [(320, "he"), (1040, "en"), (1280, "en")])
def test_nothing_runs_out_of_the_screen(chromium: Browser, address: str, width: int, language: str) -> None:
    page = site.opened(chromium, address, language=language, width=width)
    site.sign_in(page, NAOMI)
    wide = []
    for path in PAGES:
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(path)
    assert wide == []


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
