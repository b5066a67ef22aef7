"""The page of a unit's own numbers: what would change is shown first, and a slip comes back filled."""

from __future__ import annotations

import pytest

from lessons.models import Duty
from lessons.workflow.states import Role
from tests.screens.conftest import Screens
from tests.screens.filling import here, only
from tests.walking import Walk

pytestmark = here
WHERE = "/admin/units/RET/numbers"
WEEK = {"weekdays": ["sun", "mon", "tue", "wed", "thu"], "short_days": "1", "friday_until_noon": "1"}
MAIL = {"mail.opens": "08:00", "mail.closes": "18:00"}
TRIAGE = "duties.triage_debrief.days"


@pytest.fixture(autouse=True)
def _waiting(screens: Screens) -> None:
    with screens.records() as village:
        village.grant(village.michal, Role.ADMIN, "CUS")
        Walk(village, screens.at).record("debriefs", "reported")


def test_the_effect_is_shown_and_nothing_is_kept_until_it_is_said(screens: Screens) -> None:
    michal, before = screens.as_("michal", "en"), only(Duty).due_on
    assert f'href="{WHERE}"' in michal.read("/admin/units/RET").text
    michal.read(WHERE)
    page = michal.send(WHERE, {TRIAGE: "5", "preview": "1"}).text
    assert "One open date would move." in page
    assert f'name="{TRIAGE}" value="5"' in page
    assert only(Duty).due_on == before
    assert michal.send(WHERE, {TRIAGE: "5"}).status_code == 303
    assert only(Duty).due_on > before


def test_a_slip_comes_back_with_what_was_typed(screens: Screens) -> None:
    michal = screens.as_("michal", "en")
    michal.read(WHERE)
    page = michal.send(WHERE, {TRIAGE: "five", "risk.days": "60"})
    assert page.status_code == 422
    assert "A whole number is expected." in page.text
    assert 'value="five"' in page.text
    assert 'value="60"' in page.text


def test_a_unit_says_when_its_people_are_reminded(screens: Screens) -> None:
    michal, after, before = screens.as_("michal", "en"), "ladders.usual.after", "ladders.usual.before"
    assert "else \u20681, 3, 8, 15\u2069" in michal.read(WHERE).text
    wrong = michal.send(WHERE, {after: "1 day", before: "3"})
    assert wrong.status_code == 422
    assert "such as 1, 3, 8" in wrong.text
    assert "such as 3:1, 7:3" in wrong.text
    assert 'value="1 day"' in wrong.text
    backwards = michal.send(WHERE, {after: "3, 1", before: "1:3"}).text
    assert "The days of a ladder rise" in backwards
    assert "at most 1 days early" in backwards
    said = {after: "2 4", before: "5:2", "ladders.usual.on_the_day": "0", "ladders.usual.up_severity1_2": "0"}
    assert michal.send(WHERE, said).status_code == 303
    page = michal.read(WHERE).text
    assert f'name="{after}" value="2, 4"' in page
    assert f'name="{before}" value="5:2"' in page
    told = " ".join(screens.as_("dana", "en").read("/process/reminders?unit=RET").text.split())
    usual = told.partition("Who hears when")[2].partition("</section>")[0]
    assert "4 working days after" in usual
    assert "where more than 5 days were given" in usual
    assert "On the day" not in usual
    assert "Minor, Medium" not in usual


def test_others_do_not_see_the_page(screens: Screens) -> None:
    assert screens.as_("ilan", "en").read(WHERE).status_code == 403


def test_a_day_is_closed_by_hand_and_seen_among_the_days_ahead(screens: Screens) -> None:
    michal, where = screens.as_("michal", "en"), "/admin/units/RET/calendar"
    before = only(Duty).due_on
    assert f'href="{where}"' in michal.read("/admin/units/RET").text
    assert "Pesach" in michal.read(where).text
    week = {**WEEK, **MAIL}
    wrong = michal.send(where, {**week, "closed": "tomorrow"})
    assert wrong.status_code == 422
    assert "is no day" in wrong.text
    assert "tomorrow" in wrong.text
    closed = {**week, "closed": f"{before:%d.%m.%Y}"}
    assert "One open date would move." in michal.send(where, {**closed, "preview": "1"}).text
    assert only(Duty).due_on == before
    assert michal.send(where, closed).status_code == 303
    assert only(Duty).due_on > before
    assert "closed by hand" in michal.read(where).text


def test_a_unit_says_when_its_mail_leaves_and_whether_what_is_critical_waits(screens: Screens) -> None:
    michal, where = screens.as_("michal", "en"), "/admin/units/RET/calendar"
    michal.read(where)
    wrong = michal.send(where, {**WEEK, **MAIL, "mail.opens": "early"})
    assert wrong.status_code == 422
    assert "An hour is expected" in wrong.text
    assert 'value="early"' in wrong.text
    backwards = michal.send(where, {**WEEK, "mail.opens": "19:00", "mail.closes": "18:00"})
    assert "Mail hours have to open before they close" in backwards.text
    said = {"mail.opens": "07:30", "mail.closes": "16:00", "mail.severity4_breaks_quiet_hours": "1"}
    assert michal.send(where, {**WEEK, **said}).status_code == 303
    assert 'value="07:30"' in michal.read(where).text
    told = " ".join(screens.as_("dana", "en").read("/process/reminders?unit=RET").text.split())
    assert "from \u206807:30\u2069 to \u206816:00\u2069" in told
    assert "What is critical is told at any hour." in told
    assert "any hour" not in screens.as_("dana", "en").read("/process/reminders?unit=SRV").text
