"""A village with one record of each kind behind a real server, and one Chromium for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from lessons import db
from lessons.actions import operations as actions
from lessons.migrations import upgrade
from lessons.repository import briefed, plans
from lessons.workflow.states import DebriefState, Preset, Role
from tests.browser import site
from tests.browser.place import Place, settings
from tests.village import AT, Village

DUE = AT.date().replace(day=20)


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("site")
    db.start(settings(folder))
    upgrade(db.engine())
    with db.transaction() as session:
        village = Village(session)
        village.grant(village.michal, Role.ADMIN, "CUS")
        debrief = village.debrief()
        village.debrief(state=DebriefState.INVESTIGATING)
        lesson = village.lesson(debrief_id=debrief.id, steps=["מזינים", "מקריאים"], say="נזין יחד", limits="עד 40 ₪")
        asked = {"text": "תזכורת במסך", "done_when": "מופיעה", "owner": village.yossi, "due_on": DUE}
        actions.assign(session, lesson, asked, by=village.by("naomi"), at=AT)
        plans.plan_preset(session, lesson, Preset.DID_NOT_COME_BACK, by=village.by("naomi"), at=AT)
        briefed.open_about(session, subject=lesson, by=village.by("naomi"), at=AT)
    db.engine().dispose()
    with site.served(folder) as served:
        yield Place(folder, served, village)


@pytest.fixture(scope="session")
def address(place: Place) -> str:
    return place.address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        made = site.browser(playwright)
        yield made
        made.close()
