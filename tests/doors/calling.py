"""Programs of the village: each calls in one person's name, at the hour that the test's clock shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from lessons import db
from tests.village import AT, Village

KEYS = ("michal", "ilan", "alexei", "naomi", "dana", "yossi", "ruth", "hila", "omer", "avi", "rana", "gideon")


class Clock:
    """Shows the village's hour until it is put forward."""

    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **given: float) -> None:
        self.at += timedelta(**given)


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: Mapping[str, str]

    def __getitem__(self, name: str) -> Any:
        return self.body[name]


@dataclass
class Programs:
    """`programs.dana.get("/lessons")`."""

    app: Flask
    clock: Clock
    village: Village
    tokens: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, key: str) -> Program:
        if key not in self.tokens:
            raise AttributeError(key)
        return Program(self.app, self.tokens[key])

    def nobody(self, secret: str = "") -> Program:
        return Program(self.app, secret)


@dataclass(frozen=True)
class Program:
    app: Flask
    token: str

    def get(self, path: str, **given: Any) -> Answer:
        return self.call("GET", path, **given)

    def post(self, path: str, body: Any = None, **given: Any) -> Answer:
        return self.call("POST", path, body, **given)

    def patch(self, path: str, body: Any, **given: Any) -> Answer:
        return self.call("PATCH", path, body, **given)

    def delete(self, path: str, **given: Any) -> Answer:
        return self.call("DELETE", path, **given)

    def call(self, method: str, path: str, body: Any = None, *, headers: Any = None, **given: Any) -> Answer:
        told = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if body is not None and "data" not in given:
            given |= {"data": json.dumps(body), "content_type": "application/json"}
        answer: TestResponse = self.app.test_client(use_cookies=False).open(
            f"/api/v1{path}", method=method, headers=told | dict(headers or {}), **given
        )
        text = answer.get_data()
        is_json = "json" in (answer.mimetype or "")
        return Answer(answer.status_code, json.loads(text) if is_json and text else text, answer.headers)


def settled() -> tuple[Village, dict[str, str]]:
    """The village, committed, and a token of each of its people."""
    with db.transaction() as session:
        village = Village(session)
        tokens = {key: village.token(key) for key in KEYS}
        session.flush()
        session.expunge_all()
    return village, tokens


@contextmanager
def at_work(village: Village) -> Iterator[Village]:
    """One transaction in which the village's builders work."""
    with db.transaction() as session:
        village.session = session
        yield village
