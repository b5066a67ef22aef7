from __future__ import annotations

import pytest
from flask import Flask

from lessons import app as wiring
from lessons import db
from lessons.models import Person
from lessons.settings import Settings
from lessons.workflow.states import Role
from tests.village import Village

FRAME = (
    "lessons.people.pages", "lessons.people.account", "lessons.people.admin", "lessons.people.units",
    "lessons.people.roles", "lessons.people.many_pages", "lessons.people.second_pages",
    "lessons.people.provider_pages", "lessons.people.passkey_pages", "lessons.people.erasing_pages",
)  # fmt: skip


@pytest.fixture
def app(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The frame with the door of the house and no other room."""
    monkeypatch.setattr(wiring, "ROOMS", FRAME)
    return wiring.create_app(settings)


@pytest.fixture
def village(app: Flask) -> Village:
    """Committed, so that pages see it; Michal administers everything."""
    with db.transaction() as session:
        made = Village(session)
        made.grant(made.michal, Role.ADMIN, "CUS")
    return made


@pytest.fixture
def dana(village: Village) -> Person:
    return village.dana
