"""`make screenshots`: the pictures that documents show; with ARGS="--all FOLDER", every page in every look."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser import every
from tests.browser.camera import LANGUAGES, Look, open_page, raster, studio, take, window

PLACE = Path(__file__).parents[2] / "docs" / "screenshots"
PHONE = 390
PICTURES = (
    # name, who, path, width, colours
    ("my-day", "יוסי", "/", 1280, "light"),
    ("my-day-phone", "יוסי", "/", PHONE, "light"),
    ("my-day-dark", "יוסי", "/", 1280, "dark"),
    ("done-phone", "יוסי", "/@main a[href*='report_done']", PHONE, "light"),
    ("report-phone", "ליאור", "/report", PHONE, "light"),
    ("desk", "אבי", "/desk?q=החזר ממיר", 1280, "light"),
    ("card", "אבי", "/lessons?state=verified>card", 1280, "light"),
    ("quick-phone", "דנה", "/debriefs/quick", PHONE, "light"),
    ("debrief", "דנה", "/debriefs?state=investigating>", 1280, "light"),
    ("bench", "נעמי", "/bench", 1280, "light"),
    ("lesson", "נעמי", "/lessons?state=implementing>", 1280, "light"),
    ("managers", "אילן", "/managers", 1280, "light"),
)
PRINTS = (
    # name, who, the list whose first record it is of, or its own address
    ("card-paper", "נעמי", "/lessons?state=verified>card.pdf"),
    ("month-paper", "אילן", "/managers/month.pdf"),
)


def main(words: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    asked.add_argument(
        "--all", type=Path, metavar="FOLDER", dest="folder", help="every page, in every look, into FOLDER"
    )
    folder = asked.parse_args(words).folder
    (folder or PLACE).mkdir(parents=True, exist_ok=True)
    with studio() as (chromium, address):
        if folder:
            every.taken(chromium, address, folder)
        else:
            _for_documents(chromium, address)
    return 0


def _for_documents(chromium: Browser, address: str) -> None:
    for language in LANGUAGES:
        for name, who, path, width, colours in PICTURES:
            page = window(chromium, address, who, language)
            open_page(page, path)
            look = Look(width, "dark" if colours == "dark" else "light")
            take(page, look, PLACE / f"{name}-{language}.png", small=True)
            page.context.close()
        for name, who, path in PRINTS:
            page = window(chromium, address, who, language)
            raster(_printed(page, path), PLACE / f"{name}-{language}.png")
            page.context.close()


def _printed(page: Page, path: str) -> bytes:
    where, first, part = path.partition(">")
    if first:
        open_page(page, f"{where}>")
        where = f"{page.url}/{part}"
    return page.request.get(where).body()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
