"""A page in Hebrew holds no English: every record of the village in every state, and every form on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from flask import Flask

from lessons import db
from lessons.app import create_app
from lessons.settings import Settings
from lessons.workflow.lives import LIVES
from lessons.workflow.states import Role
from tests.browsing import Browser
from tests.screens.filling import here
from tests.village import Village
from tests.walking import Walk

PLACES = (
    "/", "/debriefs", "/lessons", "/actions", "/procedures", "/revisions", "/verifications", "/briefings", "/news",
    "/desk", "/sentences", "/sentences/new", "/jobs", "/lessons/deck",
    "/managers", "/managers/ahead", "/outbox", "/report", "/debriefs/quick", "/account", "/account/second",
    "/admin/people",
    "/admin/units", "/admin/absences", "/admin/roles", "/admin/units/RET/numbers", "/admin/units/RET/calendar",
    "/lessons/new", "/procedures/new", "/search?q=ציוד", "/admin/style", "/sign-in", "/track",
    "/process", "/process/reminders", "/process/rights", "/nowhere", "/bench", "/bench/many", "/bench/imports",
    "/admin/topics", "/admin/health", "/admin/health/seals", "/admin/security", "/admin/privacy", "/accessibility",
)  # fmt: skip
# Said the same in every language: the other language's own name, file formats, what programs write.
KEPT = {"English", "JSON", "Markdown", "LESSONS_ALLOW_CLOCK", "CRM", "Alt", "Excel", "CSV", "Word", "markdown", "zip",
        "WCAG", "PDF", "axe", "argon"}  # fmt: skip


class Read(HTMLParser):
    """What a page says in its own direction: without styles, drawings and runs that are marked as another's words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self._within: list[tuple[str, bool]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if not self._hidden():
            self.said += [given[name] for name in ("aria-label", "title", "placeholder", "alt") if name in given]
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag not in ("input", "br", "hr", "img", "meta", "link", "use", "wbr"):
            foreign = given.get("dir") in ("ltr", "auto") or given.get("lang") == "en"
            self._within.append((tag, foreign or tag in ("style", "script", "svg", "code", "pre", "bdi")))

    def handle_endtag(self, tag: str) -> None:
        while self._within and self._within.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._hidden():
            self.said.append(data)

    def _hidden(self) -> bool:
        return any(hidden for _, hidden in self._within)

    @property
    def english(self) -> set[str]:
        return {word for text in self.said for word in re.findall(r"[A-Za-z_]{3,}", text)} - KEPT


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    made = create_app(settings)
    yield made
    if "lessons.press" in made.extensions:
        made.extensions["lessons.press"].close()


@pytest.fixture
def village(app: Flask) -> Village:
    with db.transaction() as session:
        return Village(session)


def _english_on(browser: Browser, path: str) -> tuple[set[str], list[str]]:
    page = browser.read(path)
    assert page.status_code < 500, path
    found = Read(page.text) if page.mimetype == "text/html" else None
    return (found.english, found.links) if found else (set(), [])


@here
@pytest.mark.parametrize("path", PLACES)
def test_a_place_in_hebrew_holds_no_english(app: Flask, village: Village, path: str) -> None:
    with db.transaction() as session:
        village.session = session
        village.grant(village.naomi, Role.ADMIN, "CUS")
    for who in ("naomi", "avi"):
        browser = Browser(app, language="he").sign_in(getattr(village, who))
        assert _english_on(browser, path)[0] == set(), f"{path} as {who}"


@here
@pytest.mark.parametrize("noun", LIVES)
def test_a_record_and_its_forms_hold_no_english(app: Flask, village: Village, noun: str) -> None:
    with db.transaction() as session:
        village.session = session
        rows = [Walk(village).record(noun, state.value) for state in LIVES[noun].states]
        paths = [f"/{noun}/{row.code}" for row in rows]
    wrong: dict[str, set[str]] = {}
    seen: set[str] = set()
    for who in ("naomi", "dana", "yossi", "hila", "ilan", "ruth"):
        browser = Browser(app, language="he").sign_in(getattr(village, who))
        for path in (*paths, "/", "/managers", "/desk"):
            english, links = _english_on(browser, path)
            for form in (link for link in links if link.startswith(f"{path}/") and link.count("/") == 3):
                if (step := form.partition(path)[2]) not in seen:
                    seen.add(step)
                    english |= _english_on(browser, form)[0]
            wrong |= {f"{who} {path}": english} if english else {}
    assert wrong == {}
