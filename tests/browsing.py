"""A person at a browser: reads pages, fills in the forms that are on them, and follows where they lead."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from lessons import clock, db
from lessons.models import Person
from lessons.people import keys
from lessons.web.who import COOKIE


class Forms(HTMLParser):
    """The hidden fields of every form of a page, by the form's action."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.hidden: dict[str, dict[str, str]] = {}
        self._action = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._action = given.get("action", "")
            self.hidden.setdefault(self._action, {})
        if tag == "input" and given.get("type") == "hidden" and self._action:
            self.hidden[self._action][given["name"]] = given.get("value", "")


class Browser:
    """Keeps cookies, speaks English unless told otherwise, and comes from this machine."""

    def __init__(self, app: Flask, *, language: str = "en", address: str = "127.0.0.1") -> None:
        self.client = app.test_client()
        self.headers = {"Accept-Language": language}
        self.environ = {"REMOTE_ADDR": address}
        self.page: TestResponse | None = None

    def sign_in(self, person: Person) -> Browser:
        """As if they had just signed in."""
        with db.transaction() as session:
            secret = keys.sign_in(session, person, at=clock.now())
        self.client.set_cookie(COOKIE, secret, secure=True)
        self.read("/healthz", query_string={"lang": self.headers["Accept-Language"]})
        return self

    def read(self, path: str, **more: Any) -> TestResponse:
        headers = {**self.headers, **more.pop("headers", {})}
        self.page = self.client.get(path, headers=headers, environ_overrides=self.environ, buffered=True, **more)
        return self.page

    def send(self, action: str, fields: dict[str, Any] | None = None, *, follow: bool = False) -> TestResponse:
        """Fill in the form of the page that is open and send it."""
        assert self.page is not None, "no page is open"
        hidden = Forms(self.page.text).hidden[action]
        return self.post(action, {**hidden, **(fields or {})}, follow=follow)

    def post(self, path: str, fields: dict[str, Any], *, follow: bool = False) -> TestResponse:
        """Send these fields and no other."""
        answer = self.client.post(
            path, data=fields, headers=self.headers, environ_overrides=self.environ, buffered=True,
            follow_redirects=follow,
        )  # fmt: skip
        if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400:
            self.page = answer
        return answer

    @property
    def secret(self) -> str:
        """What the sign-in's cookie holds, "" where there is none."""
        cookie = self.client.get_cookie(COOKIE)
        return cookie.value if cookie else ""
