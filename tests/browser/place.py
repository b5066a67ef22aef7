"""The village behind a real server: tests bring records into it as people would, and sit down as one of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from lessons import clock, db
from lessons.people import keys
from lessons.settings import Settings
from lessons.web.who import COOKIE
from tests.browser import site
from tests.browser.hand import Hand, Keyboard
from tests.village import Village
from tests.walking import Walk


def settings(folder: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{folder / 'lessons.db'}", data_dir=folder, synchronous="OFF",
                    page_forms=10**6, page_reads=10**6)  # fmt: skip


class Place:
    """`records()` is one transaction beside the running server, with the village and whoever walks records in it."""

    def __init__(self, folder: Path, address: str, village: Village) -> None:
        self.folder, self.address, self.village = folder, address, village

    @contextmanager
    def records(self) -> Iterator[Walk]:
        db.start(settings(self.folder))
        try:
            with db.transaction() as session:
                self.village.session = session
                yield Walk(self.village)
        finally:
            db.engine().dispose()

    def sat_down(self, chromium: Browser, who: str, *, language: str, width: int = 1280) -> Hand:
        """Their hand on their own day, just signed in."""
        with self.records() as walk:
            secret = keys.sign_in(walk.session, getattr(self.village, who), at=clock.now())
        page = site.opened(chromium, self.address, language=language, width=width, path="")
        # Chromium sends a cookie that is kept for https to this machine's own servers too
        page.context.add_cookies([{"name": COOKIE, "value": secret, "url": self.address.replace("http", "https")}])
        page.goto(f"/?lang={language}")
        return (Hand if language == "he" else Keyboard)(page, language)
