"""Every address of the product, asked in every way by everyone there is; who gets what is written out by hand in
`rights.txt`. An address without a row there fails, and so does a row without an address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from lessons import db
from lessons.app import create_app
from lessons.settings import Settings
from tests.doors.asking import ASKERS, FORMS, Asked, NoPress, undone
from tests.doors.calling import Clock
from tests.screens.crawling import everything
from tests.village import Village

TABLE = Path(__file__).with_name("rights.txt")
COLUMNS = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("# columns:")]
ROWS = {
    tuple(line.split()[:2]): line.split()[2]
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
}


@pytest.fixture
def asked(settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Nothing is drawn and nothing printed: whether it may be is decided before. What is done is taken back."""
    app = create_app(replace(settings, api_writes=100_000, api_reads=100_000))
    app.extensions["lessons.press"] = NoPress()
    monkeypatch.setattr("lessons.web.answers.render_template", lambda *_, **__: "")
    with db.transaction() as session:
        made = Asked(app, Village(session))
    made.settle()
    monkeypatch.setattr(db, "transaction", undone(db.transaction))
    return made


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, rule.rule


def found(asked: Asked, method: str, rule: str) -> str:
    path, given = asked.address(rule), FORMS.get(f"{method} {rule}", {})
    who_asks = ASKERS if rule.startswith("/api") else ASKERS[:-1]
    return "".join(asked.ask(who, method, path, given) for who in who_asks)


@pytest.mark.only("sqlite")
def test_every_address_has_a_row_and_every_row_an_address(settings: Settings) -> None:
    there = set(routes(create_app(settings)))
    assert there - set(ROWS) == set(), "who may ask this is not written in rights.txt"
    assert set(ROWS) - there == set()
    assert [" ".join(["# columns:", *ASKERS])] == COLUMNS


@pytest.mark.only("sqlite")  # the rights are the same on both, and each step is asked on both by the matrix
def test_everyone_gets_from_every_address_what_is_theirs_and_no_more(asked: Asked) -> None:
    before = everything()
    wrong = [
        f"{method} {rule}: {now}, expected {right}"
        for (method, rule), right in ROWS.items()
        if (now := found(asked, method, rule)) != right
    ]
    assert wrong == []
    assert everything() == before
