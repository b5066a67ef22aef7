"""What is due, in a calendar program: at a secret address that stands for its owner and what they may see now."""

from __future__ import annotations

import json
import logging
import re
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from icalendar import Calendar
from sqlmodel import Session
from werkzeug.test import TestResponse

from lessons import db, logs
from lessons.duties.queries import TABLE
from lessons.home import dated
from lessons.models import Absence, Debrief, Duty, Feed, Grant, Person
from lessons.models.base import random_id
from lessons.people import feeds
from lessons.workflow.states import DebriefState
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.filling import fill, here, only
from tests.web.test_queries import statements

ADDRESS = re.compile(r'<code dir="ltr" id="address">http://127.0.0.1:8000(/calendar/lsncal_[\w-]{43}\.ics)</code>')


ON_ACTION = sa.and_(TABLE.c.closed_at.is_(None), TABLE.c.of_noun == "actions")


def made(browser: Browser, page: str, action: str, **fields: str) -> str:
    """The address that the page shows, once."""
    browser.read(page)
    answer = browser.send(action, fields)
    assert answer.status_code == 200
    found = ADDRESS.search(answer.text)
    assert found, "no address is shown"
    assert f"webcal://127.0.0.1:8000{found[1]}" in answer.text
    assert found[1] not in browser.read(page).text
    return found[1]


def of_account(browser: Browser) -> str:
    return made(browser, "/account", "/account/calendar")


def of_unit(browser: Browser, unit: str) -> str:
    return made(browser, "/managers/calendars", "/managers/calendars", unit=unit)


def read(screens: Screens, address: str, **headers: str) -> TestResponse:
    """As a program does: it knows the address and nothing else."""
    return Browser(screens.app).read(address, headers=headers)


def titles(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200
    return [str(event["SUMMARY"]) for event in events(answer)]


def events(answer: TestResponse) -> list[Any]:
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def actions(answer: TestResponse) -> list[Any]:
    """Those of the action alone: its lesson owes something too."""
    return [event for event in events(answer) if "/actions/" in event["URL"]]


def change(table: Any, where: Any, **values: Any) -> None:
    with db.transaction() as session:
        session.execute(sa.update(table).where(where).values(**values))


def test_yossi_reads_what_he_owes_under_the_same_uid_until_it_is_done(screens: Screens, action: str) -> None:
    yossi, naomi = screens.as_("yossi", "en"), screens.as_("naomi", "en")
    address = of_account(yossi)
    answer = read(screens, address)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    calendar = Calendar.from_ical(answer.data)
    assert (calendar["X-WR-CALNAME"], calendar["X-WR-TIMEZONE"]) == ("לטיפול: יוסי מלכה", "Asia/Jerusalem")
    fill(yossi, f"{action}/start")
    [event] = actions(read(screens, address))
    assert str(event["SUMMARY"]).startswith("שדה במסך · ")
    assert event["DTSTART"].dt == date(2026, 2, 10)
    assert event["URL"] == f"http://127.0.0.1:8000{action}"
    fill(yossi, f"{action}/ask_extension", new_due_on="2026-02-17", reason="The supplier needs a week")
    fill(naomi, f"{action}/grant_extension", reason="A week more is all right")
    [later] = actions(read(screens, address))
    assert (later["UID"], later["DTSTART"].dt) == (event["UID"], date(2026, 2, 17))
    assert later["SEQUENCE"] > event["SEQUENCE"]
    assert "נדחה פעם אחת" in str(later["DESCRIPTION"])
    fill(yossi, f"{action}/report_done", **{"evidence.kind": "link", "evidence.url": "https://village.example/s"})
    assert actions(read(screens, address)) == []


@here
def test_whoever_has_it_already_is_told_so_and_nothing_more(screens: Screens, action: str) -> None:
    address = of_account(screens.as_("yossi", "en"))
    first = read(screens, address)
    again = read(screens, address, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    fill(screens.as_("yossi", "en"), f"{action}/start")
    assert read(screens, address, **{"If-None-Match": first.headers["ETag"]}).status_code == 200


@here
def test_a_new_address_takes_the_place_of_the_old_one_and_an_ended_one_is_read_no_more(screens: Screens) -> None:
    yossi = screens.as_("yossi", "en")
    first = of_account(yossi)
    second = of_account(yossi)
    assert [read(screens, one).status_code for one in (first, second)] == [404, 200]
    yossi.read("/account")
    assert yossi.send("/account/calendar/end").status_code == 303
    assert read(screens, second).status_code == 404
    assert "Make an address" in yossi.read("/account").text
    with db.reading() as session:
        kept = session.scalars(sa.select(Feed.token_hash)).all()
    assert len(kept) == 2
    assert not any(hashed in first + second for hashed in kept)


def test_a_right_taken_away_is_gone_from_the_calendar_at_once(screens: Screens, action: str) -> None:
    ilan, michal = of_unit(screens.as_("ilan", "en"), "RET"), of_unit(screens.as_("michal", "en"), "CUS")
    assert [len(actions(read(screens, one))) for one in (ilan, michal)] == [1, 1]
    change(Grant, Grant.person_id == screens.people["ilan"].id, until_at=screens.at - timedelta(seconds=1))
    assert [read(screens, one).status_code for one in (ilan, michal)] == [404, 200]
    change(Person, Person.id == screens.people["michal"].id, closed_at=screens.at)
    assert read(screens, michal).status_code == 404


def test_a_role_lost_takes_its_rows_and_those_of_whoever_one_stands_in_for_come_and_go(screens: Screens) -> None:
    with screens.records() as village:
        village.debrief(state=DebriefState.REPORTED, leader_id=None, reviewer_id=None)
        ruth, naomi = village.ruth.id or 0, village.naomi.id or 0
    hers, his = of_account(screens.as_("naomi", "en")), of_account(screens.as_("ruth", "en"))
    assert (len(titles(read(screens, hers))), titles(read(screens, his))) == (1, [])
    with db.transaction() as session:
        day = screens.at.date()
        session.add(Absence(pid=random_id(), person_id=naomi, delegate_id=ruth, from_on=day, until_on=day))
    assert titles(read(screens, his)) == titles(read(screens, hers))
    change(Absence, Absence.person_id == naomi, cancelled_at=screens.at)
    assert titles(read(screens, his)) == []
    change(Grant, Grant.person_id == naomi, until_at=screens.at - timedelta(seconds=1))
    assert titles(read(screens, hers)) == []


@here
def test_what_is_confidential_carries_its_code_alone(screens: Screens) -> None:
    with screens.records() as village:
        code = village.debrief(state=DebriefState.INVESTIGATING, confidential=True, title="סוד גדול").code
    for address in (of_account(screens.as_("dana", "en")), of_unit(screens.as_("ilan", "en"), "RET")):
        answer = read(screens, address)
        [title] = titles(answer)
        assert title.endswith(f" · {code}")
        assert "סוד" not in answer.text
    dana = screens.as_("dana", "en").read(f"/debriefs/{code}/calendar.ics")
    assert titles(dana)[0].endswith(code)
    assert "סוד" not in dana.text


@here
def test_only_who_manages_a_unit_has_its_calendar(screens: Screens) -> None:
    ilan, avi = screens.as_("ilan", "en"), screens.as_("avi", "en")
    page = ilan.read("/managers/calendars").text
    assert 'value="RET"' in page
    assert 'value="CUS"' not in page
    assert ilan.send("/managers/calendars", {"unit": "CUS"}).status_code == 403
    ilan.read("/managers/calendars")
    assert ilan.send("/managers/calendars", {"unit": "NONE"}).status_code == 404
    assert "No unit is yours to manage." in avi.read("/managers/calendars").text
    assert read(screens, "/calendar/lsncal_nothing.ics").status_code == 404
    assert read(screens, "/calendar/%00.ics").status_code == 404


@here
def test_a_calendar_shows_four_hundred_days_around_today(screens: Screens, action: str) -> None:
    yossi, ilan = of_account(screens.as_("yossi", "en")), of_unit(screens.as_("ilan", "en"), "RET")
    for days, shown in ((400, 1), (401, 0), (-400, 1), (-401, 0)):
        change(Duty, ON_ACTION, due_on=screens.at.date() + timedelta(days=days))
        assert [len(actions(read(screens, one))) for one in (yossi, ilan)] == [shown, shown], days


def test_thirty_duties_cost_what_one_costs(screens: Screens, action: str) -> None:
    yossi, ilan = of_account(screens.as_("yossi", "en")), of_unit(screens.as_("ilan", "en"), "RET")
    before = [cost(screens, one) for one in (yossi, ilan)]
    with db.transaction() as session:
        row = dict(session.execute(sa.select(TABLE).where(ON_ACTION)).one()._mapping)
        for _ in range(30):
            add(session, row)
    assert len(actions(read(screens, yossi))) == 31
    assert [cost(screens, one) for one in (yossi, ilan)] == before
    assert max(before) <= 7


def add(session: Session, duty: dict[str, Any], **other: Any) -> None:
    """The same duty once more."""
    values = {name: value for name, value in duty.items() if name != "id"}
    session.execute(sa.insert(TABLE).values(values | {"pid": random_id()} | other))


def cost(screens: Screens, address: str) -> int:
    read(screens, address)
    with statements() as sent:
        assert read(screens, address).status_code == 200
    return len([one for one in sent if "attempts" not in one])


@here
def test_a_program_that_asks_without_end_is_asked_to_wait(screens: Screens) -> None:
    address = of_account(screens.as_("yossi", "en"))
    told = [read(screens, address).status_code for _ in range(61)]
    assert told == [200] * 60 + [429]


@here
def test_one_record_is_a_file_for_whoever_is_signed_in_and_sees_it(screens: Screens, action: str) -> None:
    yossi, rana = screens.as_("yossi", "en"), screens.as_("rana", "en")
    assert f'href="{action}/calendar.ics"' in yossi.read(action).text
    answer = yossi.read(f"{action}/calendar.ics")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert len(events(answer)) == 1
    assert len(events(screens.as_("naomi", "en").read(f"{action}/calendar.ics"))) == 1
    assert rana.read(f"{action}/calendar.ics").status_code == 404
    assert read(screens, f"{action}/calendar.ics").headers["Location"].startswith("/sign-in?next=")


@here
def test_a_reporter_hears_no_day_of_a_debrief_and_what_is_over_has_none(screens: Screens) -> None:
    with screens.records() as village:
        row = village.debrief(state=DebriefState.INVESTIGATING, due_on=date(2026, 2, 10))
    page = f"/debriefs/{row.code}/calendar.ics"
    assert screens.as_("avi", "en").read(page).status_code == 404
    assert events(screens.as_("gideon", "en").read(page))[0]["DTSTART"].dt == only(Duty).due_on
    change(Duty, Duty.closed_at.is_(None), closed_at=screens.at)
    [event] = events(screens.as_("gideon", "en").read(page))
    assert (event["DTSTART"].dt, event["UID"]) == (date(2026, 2, 10), f"{row.code}@127.0.0.1")
    change(Debrief, Debrief.id == row.id, state="closed")
    assert screens.as_("gideon", "en").read(page).status_code == 404


@here
def test_nothing_that_lets_anybody_in_is_written_into_the_log() -> None:
    secret = feeds.PREFIX + "A_-" * 14
    record = logging.LogRecord("lessons", logging.INFO, "", 0, "GET\n%s", (f"/calendar/{secret}.ics",), None)
    line = logs.Lines().format(record)
    assert "A_-A" not in line
    assert json.loads(line)["says"] == "GET\n/calendar/lsncal_....ics"


@here
def test_a_calendar_of_too_much_shows_the_first_of_it(screens: Screens, action: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(dated, "MOST", 1)
    address = of_account(screens.as_("yossi", "en"))
    with db.transaction() as session:
        row = dict(session.execute(sa.select(TABLE).where(ON_ACTION)).one()._mapping)
        add(session, row, due_on=row["due_on"] - timedelta(days=1))
    [event] = events(read(screens, address))
    assert event["DTSTART"].dt == row["due_on"] - timedelta(days=1)
