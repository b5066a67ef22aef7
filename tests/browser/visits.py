"""Every page visited once in a language, and all that is asked of pages noted on the way: loading takes the time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
    "preload": False,
}
AXE = """rules => axe.run(rules).then(found =>
    found.violations.map(one => `${one.id}: ${one.nodes[0].html.slice(0, 160)}`))"""
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
Colours = Literal["light", "dark"]
LOOKS: tuple[tuple[Colours, int], ...] = (("light", 1280), ("dark", 390))
"""Between the two languages each page is read by day and by night, at a desk and on a phone; of two neighbours each in
the look that the other had. To look takes longer than to load."""
WIDTHS = (1040, 640, 320)
"""Where the bar begins to be short of room; a laptop at 200 %; a narrow phone, or a laptop at 400 %."""


@dataclass
class Seen:
    """What is wrong, each with where it is. `weights` are bytes by the page and by what the browser calls them."""

    answers: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    wide: list[tuple[str, int]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    weights: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


def visited(page: Page, paths: Iterable[str], seen: Seen) -> None:
    """What one person meets, added to what others met."""
    page.on("console", lambda one: seen.said.append(f"{page.url} {one.text}") if one.type == "error" else None)
    weighed = _scales(page)
    first = ("he", "en").index(page.evaluate("document.documentElement.lang"))
    for n, path in enumerate(paths, first):
        colours, width = LOOKS[n % 2]
        look(page, colours, width)
        weighed.clear()
        answer = page.goto(path)
        page.evaluate("document.fonts.ready.then(() => true)")
        seen.answers[path] = answer.status if answer else 0
        seen.weights[path] = list(weighed)
        seen.faults += [f"{path} {colours} {width} {fault}" for fault in faults(page)]
        for wide in (width, *WIDTHS):
            page.set_viewport_size({"width": wide, "height": 900})
            seen.wide += [(path, wide)] if page.evaluate(SIDEWAYS) else []


def look(page: Page, colours: Colours, width: int) -> None:
    page.emulate_media(color_scheme=colours)
    page.set_viewport_size({"width": width, "height": 900})


def faults(page: Page) -> list[str]:
    """What the open page, as it looks now, keeps from somebody."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(AXE, RULES)
    return found


def _scales(page: Page) -> list[tuple[str, int]]:
    """Of each thing that comes over the wire, with nothing kept: its kind and its bytes."""
    wire = page.context.new_cdp_session(page)
    kinds: dict[str, str] = {}
    weighed: list[tuple[str, int]] = []

    def finished(told: dict[str, Any]) -> None:
        weighed.append((kinds.get(told["requestId"], ""), told["encodedDataLength"]))

    wire.on("Network.responseReceived", lambda told: kinds.update({told["requestId"]: told["type"]}))
    wire.on("Network.loadingFinished", finished)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    return weighed
