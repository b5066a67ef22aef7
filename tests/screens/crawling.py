"""Reads every page that one can get to, and tells what on it would run."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from html.parser import HTMLParser
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlmodel import SQLModel
from werkzeug.test import TestResponse

from lessons import db
from tests.browsing import Browser

SCHEMES = ("http", "https", "mailto", "")


class Page(HTMLParser):
    """Where a page leads, and whatever on it would run."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[str] = []
        self.live: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.live += [f"{tag} {name}" for name in given if name.startswith("on") or name in ("style", "srcdoc")]
        if (tag in ("iframe", "object", "embed", "base") and not _enclosed(tag, given)) or (
            tag == "script" and "nonce" not in given
        ):
            self.live.append(tag)
        address = given.get("href") or given.get("src") or given.get("action") or given.get("formaction") or ""
        if urlsplit(address).scheme not in SCHEMES or address == "x":
            self.live.append(address)
        if tag == "a" and address.startswith("/"):
            self.links.append(address.partition("#")[0])
        if tag == "form":
            self.forms.append(address)


def _enclosed(tag: str, given: dict[str, str]) -> bool:
    """A frame of our own in which nothing runs and that has no part in the page."""
    may = given.get("sandbox", "allow-scripts")
    return (
        tag == "iframe" and given["src"].startswith("/") and not {"allow-scripts", "allow-same-origin"} & {*may.split()}
    )


@dataclass
class Crawl:
    """Reads every page that one can get to."""

    browser: Browser
    seen: dict[str, TestResponse] = field(default_factory=dict)
    posts: set[str] = field(default_factory=set)

    def all_from(self, path: str) -> Crawl:
        waiting = [path]
        while waiting:
            here = waiting.pop()
            if here in self.seen or _again(here) in map(_again, self.seen):
                continue
            page = self.seen[here] = self.browser.read(here)
            if page.mimetype == "text/html":
                found = Page(page.text)
                assert not found.live, (here, found.live)
                self.posts.update(found.forms)
                waiting += [*found.links, *(one for one in found.forms if one.startswith("/"))]
        return self


def _again(path: str) -> str:
    """Filters and languages of a page lead to what is read elsewhere."""
    parts = urlsplit(path)
    return parts.path if "lang=" in parts.query or "cursor=" in parts.query else path


def everything() -> dict[str, str]:
    """A hash of all rows of each table; that somebody asked for a print, and that it worked, changes nothing."""
    with db.reading() as session:
        return {
            name: sha256(repr(sorted(map(repr, session.execute(sa.select(table)).all()))).encode()).hexdigest()
            for name, table in SQLModel.metadata.tables.items()
            if name not in ("attempts", "signs")
        }
