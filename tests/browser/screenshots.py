"""`make screenshots`: the demo's pages in both languages, on a phone, in the dark, and a card on paper."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import site

PLACE = Path(__file__).parents[2] / "docs" / "screenshots"
LESSON = "main a[href^='/lessons/L-']"
PICTURES = (
    # name, who, path, width, dark
    ("my-day", "יוסי", "/", 1280, False),
    ("my-day-phone", "יוסי", "/", 390, False),
    ("my-day-dark", "יוסי", "/", 1280, True),
    ("report-phone", "ליאור", "/report", 390, False),
    ("debriefs", "נעמי", "/debriefs", 1280, False),
    ("debrief", "דנה", "/debriefs?state=investigating>", 1280, False),
    ("lessons", "נעמי", "/lessons", 1280, False),
    ("lesson", "נעמי", "/lessons?state=implementing>", 1280, False),
    ("card", "אבי", "/lessons?state=verified>card", 1280, False),
    ("desk", "אבי", "/desk?q=החזר ממיר", 1280, False),
    ("procedures", "הילה", "/procedures>", 1280, False),
    ("managers", "אילן", "/managers", 1280, False),
)


def main() -> int:
    PLACE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "lessons.cli"]
        surroundings = site.environment(Path(folder), 8000)
        for words in (["db", "upgrade"], ["demo"]):
            subprocess.run([*command, *words], env=surroundings, check=True, stdout=subprocess.DEVNULL)
        with site.served(Path(folder)) as address, sync_playwright() as playwright:
            chromium = site.browser(playwright)
            for language in ("he", "en"):
                for name, who, path, width, dark in PICTURES:
                    _picture(
                        chromium, address, f"{name}-{language}", who, path, language=language, width=width, dark=dark
                    )
            _paper(chromium, address)
            chromium.close()
    return 0


def _picture(
    chromium: Browser, address: str, name: str, who: str, path: str, *, language: str, width: int, dark: bool
) -> None:
    """`path>` opens the first record of that list; `path>card` its card."""
    page = site.opened(chromium, address, language="he", width=width, dark=dark)
    site.sign_in(page, who)
    page.goto(f"/healthz?lang={language}")
    where, first, part = path.partition(">")
    page.goto(where)
    if first:
        row = page.locator("main .work h3 a").first.get_attribute("href")
        page.goto(f"{row}/{part}" if part else str(row))
    page.screenshot(path=PLACE / f"{name}.png", full_page=True)
    page.context.close()
    print(f"{name}.png")  # noqa: T201 - a tool tells what it made


def _paper(chromium: Browser, address: str) -> None:
    """The printed card of the first proved lesson, in both languages."""
    page = site.opened(chromium, address, language="he")
    site.sign_in(page, "נעמי")
    page.goto("/lessons?state=verified")
    row = page.locator("main .work h3 a").first.get_attribute("href")
    for language in ("he", "en"):
        answer = page.request.get(f"{address}{row}/card.pdf?lang={language}")
        _raster(answer.body(), PLACE / f"card-paper-{language}.png")


def _raster(pdf: bytes, place: Path) -> None:
    import pypdfium2

    pypdfium2.PdfDocument(pdf)[0].render(scale=1.5).to_pil().save(place)
    print(place.name)  # noqa: T201 - a tool tells what it made


if __name__ == "__main__":
    sys.exit(main())
