"""The demo behind a server of its own, a window of whoever is wanted, and pictures of it that are small."""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import site

ROWS = "main .work h3 a, main .hits > li > a, main .tb th a, main .spoken .meta a"
COLOURS = 64
LANGUAGES = ("he", "en")


@dataclass(frozen=True)
class Look:
    """How a page is looked at. Paper is as wide as A4 without its margins."""

    width: int = 1280
    colours: Literal["light", "dark"] = "light"
    media: Literal["screen", "print"] = "screen"


@contextmanager
def studio() -> Iterator[tuple[Browser, str, Path]]:
    """A browser, the address of the demo and its folder, for as long as the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "lessons.cli"]
        surroundings = site.environment(Path(folder), 8000)
        for words in (["db", "upgrade"], ["demo"]):
            subprocess.run([*command, *words], env=surroundings, check=True, stdout=subprocess.DEVNULL)
        with site.served(Path(folder)) as address, sync_playwright() as playwright:
            chromium = site.browser(playwright)
            yield chromium, address, Path(folder)
            chromium.close()


def window(chromium: Browser, address: str, who: str, language: str) -> Page:
    """Of this person of the demo, of nobody where it is empty."""
    page = site.opened(chromium, address, language="he")
    if who:
        site.sign_in(page, who)
        if page.locator(".tour button").count():  # theirs is not the first visit
            page.locator(".tour button").click()
            page.wait_for_load_state()
    page.goto(f"/healthz?lang={language}")
    return page


def open_page(page: Page, path: str) -> None:
    """`path>` opens the first record of that list, `path>part` a page of it; `path@link` follows a link on the page."""
    path, _, link = path.partition("@")
    where, first, part = path.partition(">")
    page.goto(where)
    if first:
        row = page.locator(ROWS).first.get_attribute("href")
        page.goto(f"{row}/{part}" if part else str(row))
    if link:
        page.locator(link).first.click()
        page.wait_for_load_state()


def take(page: Page, look: Look, place: Path, *, small: bool = False) -> None:
    """The whole page as it is open, in this look; small where it is to be kept."""
    page.emulate_media(media=look.media, color_scheme=look.colours)
    page.set_viewport_size({"width": look.width, "height": 900})
    page.evaluate("document.fonts.ready.then(() => document.activeElement.blur())")
    png = page.screenshot(full_page=True)
    place.write_bytes(_small(png) if small else png)
    print(place.name)  # noqa: T201 - a tool tells what it made


def raster(pdf: bytes, place: Path) -> None:
    """The first page of a print."""
    import pypdfium2

    drawn = io.BytesIO()
    pypdfium2.PdfDocument(pdf)[0].render(scale=1.5).to_pil().save(drawn, "PNG")
    place.write_bytes(_small(drawn.getvalue()))
    print(place.name)  # noqa: T201 - a tool tells what it made


def _small(png: bytes) -> bytes:
    """A third of the bytes: ink, paper and one pen need few colours."""
    from PIL import Image

    picture: Any = Image.open(io.BytesIO(png)).convert("RGB")
    kept = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(kept, "PNG", optimize=True)
    return kept.getvalue()
