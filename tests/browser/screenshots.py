"""`make screenshots`: the pictures that documents show; with ARGS="--all FOLDER", every page in every look."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser import every
from tests.browser.camera import LANGUAGES, Look, open_page, raster, studio, take, window
from tests.browser.mailed import mailed

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

MAILS = (
    # name, whose mail of the day, width
    ("mail", "אילן", 640),
)


def main(words: list[str]) -> int:
    asked = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    asked.add_argument(
        "--all", type=Path, metavar="FOLDER", dest="folder", help="every page, in every look, into FOLDER"
    )
    asked.add_argument("--only", default="", metavar="NAME", help="one picture of those that documents show")
    given = asked.parse_args(words)
    (given.folder or PLACE).mkdir(parents=True, exist_ok=True)
    with studio() as (chromium, address, data):
        if given.folder:
            every.taken(chromium, address, given.folder)
        else:
            _for_documents(chromium, address, data, given.only)
    return 0


def _for_documents(chromium: Browser, address: str, data: Path, only: str) -> None:
    for language in LANGUAGES:
        for name, who, path, width, colours in PICTURES:
            if only not in ("", name):
                continue
            page = window(chromium, address, who, language)
            open_page(page, path)
            look = Look(width, "dark" if colours == "dark" else "light")
            take(page, look, PLACE / f"{name}-{language}.png", small=True)
            page.context.close()
        for name, who, path in PRINTS:
            if only not in ("", name):
                continue
            page = window(chromium, address, who, language)
            raster(_printed(page, path), PLACE / f"{name}-{language}.png")
            page.context.close()
        for name, who, width in MAILS:
            if only in ("", name):
                page = chromium.new_page()
                page.set_content(mailed(data, who, language))
                take(page, Look(width), PLACE / f"{name}-{language}.png", small=True)
                page.close()


def _printed(page: Page, path: str) -> bytes:
    where, first, part = path.partition(">")
    if first:
        open_page(page, f"{where}>")
        where = f"{page.url}/{part}"
    return page.request.get(where).body()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
