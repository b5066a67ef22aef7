"""The page of what will be told: by whom it may be read, what it names, and that looking sends nothing."""

from __future__ import annotations

import sqlalchemy as sa

from lessons import db
from lessons.models import Action, Letter, Notice, Unit
from lessons.workflow.states import Role
from tests.screens.conftest import Screens
from tests.screens.filling import fill, here, only


def test_a_manager_reads_who_will_hear_what_and_nothing_is_sent(screens: Screens, action: str) -> None:
    fill(screens.as_("yossi", "en"), f"{action}/start")
    with db.reading() as session:
        before = session.scalar(sa.select(sa.func.count()).select_from(Notice))
    ilan = screens.as_("ilan", "en")
    assert "/managers/ahead" in ilan.read("/managers").text
    page = ilan.read("/managers/ahead?unit=RET&days=30").text
    assert "יוסי" in page
    assert only(Action).code in page
    assert "A decision is needed" in page
    with db.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Notice)) == before
        assert session.scalar(sa.select(sa.func.count()).select_from(Letter)) == 0


@here
def test_what_one_may_not_see_is_not_rehearsed_either(screens: Screens, action: str) -> None:
    fill(screens.as_("yossi", "en"), f"{action}/start")
    assert screens.as_("avi").read("/managers/ahead").status_code == 403
    with screens.records() as village:
        village.grant(village.avi, Role.MANAGER, "SRV")
    page = screens.as_("avi", "en").read("/managers/ahead?unit=RET&days=30").text
    assert only(Action).code not in page
    assert 'value="RET"' not in page
    assert 'value="SRV"' in page
    assert "The units in your charge" in page


@here
def test_a_day_without_mail_is_named(screens: Screens) -> None:
    with screens.records() as village:
        village.session.execute(sa.update(Unit).values(calendar={"closed": ["2026-02-04"]}, version=Unit.version + 1))
    page = screens.as_("ilan", "en").read("/managers/ahead").text
    assert "no mail leaves" in page
