"""What a manager is to decide: a line of their day and a place on the record, each button leading to a form."""

from __future__ import annotations

import pytest
from sqlmodel import select

from lessons import db
from lessons.duties.sweep import sweep
from lessons.models import Action, Duty, Lesson
from lessons.steps import take
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.filling import fill, here, only


@pytest.fixture
def ilan(screens: Screens, action: str) -> Browser:
    """Ilan manages the unit in which Yossi's action is late by more than three weeks."""
    with screens.records() as village:
        row = village.session.get_one(Action, only(Action).id)
        take(village.session, row, "start", by=village.by("yossi"), at=screens.at)
    screens.days_later(40)
    with db.transaction() as session:
        while sweep(session, at=screens.at):
            pass
    return screens.as_("ilan", "en")


@here
def test_it_is_a_line_of_their_day_with_a_button_for_each_step(ilan: Browser, action: str) -> None:
    page = ilan.read("/").text
    assert "Do an action, with יוסי מלכה. It was due on" in page.replace("\u2068", "").replace("\u2069", "")
    for step in ("set_date?duty=do_action&amp;next=/", "reassign?next=/", "cancel?next=/"):
        assert f'href="{action}/{step}"' in page
    assert "/accept_risk?next=/" in page


@here
def test_it_stands_on_the_record_for_whoever_decides_and_for_nobody_else(
    screens: Screens, ilan: Browser, action: str
) -> None:
    assert f'href="{action}/set_date?duty=do_action"' in ilan.read(action).text
    for name in ("yossi", "naomi"):
        page = screens.as_(name, "en").read(action).text
        assert "Yours to decide" not in page
        assert "set_date" not in page


@here
def test_whoever_may_give_it_anew_needs_no_second_button_to_hand_it_over(
    screens: Screens, ilan: Browser, action: str
) -> None:
    for who, there, missing in (("ilan", "reassign", "hand_over"), ("yossi", "hand_over", "reassign")):
        page = (ilan if who == "ilan" else screens.as_(who, "en")).read(action).text
        assert f'href="{action}/{there}' in page
        assert f'href="{action}/{missing}' not in page


@here
def test_a_new_date_is_given_from_there_and_the_line_is_gone(screens: Screens, ilan: Browser, action: str) -> None:
    answer = fill(ilan, f"{action}/set_date?duty=do_action&next=/", due_on="2026-04-20",
                  reason="The supplier delivers in April.")  # fmt: skip
    assert answer.headers["Location"] == "/"
    assert f"{action}/set_date" not in ilan.read("/").text
    assert "The supplier delivers in April." in ilan.read(action).text.split("Its dates")[1]
    yossi = screens.as_("yossi", "en")
    assert "A new date was decided" in yossi.read("/notices").text
    with db.reading() as session:
        assert session.get_one(Action, only(Action).id).due_on.isoformat() == "2026-04-20"
        assert [one.closed_how for one in session.exec(select(Duty).where(Duty.about == "do_action"))] == ["fulfilled"]


@here
def test_to_accept_the_risk_is_the_decision_though_the_action_stays(
    screens: Screens, ilan: Browser, action: str
) -> None:
    lesson = only(Lesson).code
    answer = fill(ilan, f"/lessons/{lesson}/accept_risk?next=/", reason="The form is replaced in spring anyway.")
    assert answer.headers["Location"] == "/"
    assert "Yours to decide" not in ilan.read("/").text
    screens.days_later(30)
    with db.transaction() as session:
        while sweep(session, at=screens.at):
            pass
    with db.reading() as session:
        about = session.exec(select(Duty).where(Duty.about == "do_action")).all()
        assert [one.closed_how for one in about] == ["fulfilled"]
        assert session.get_one(Action, only(Action).id).state == "in_progress"
