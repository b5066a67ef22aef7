"""A report without a name, looked for afterwards in every table, in the log and in the mail: nobody wrote it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.models import Debrief
from lessons.models.base import metadata
from lessons.settings import Settings
from lessons.worker import once
from tests.browsing import Browser
from tests.doors.calling import Answer, Clock, Programs, at_work
from tests.village import AT, Village

Rows = dict[str, dict[str, dict[str, Any]]]
LATER = timedelta(hours=3, minutes=17, seconds=43)
WORDS = "לחץ בסוף החודש"
CODE = re.compile(r"<code[^>]*>([\w-]+)</code>")


def rows() -> Rows:
    """Every row of every table, under the words of its key."""
    with db.reading() as session:
        return {
            table.name: {
                repr([row[key.name] for key in table.primary_key] or list(row.values())): dict(row)
                for row in session.execute(sa.select(table)).mappings()
            }
            for table in metadata.tables.values()
        }


def fresh(before: Rows) -> Iterator[tuple[str, str, Any]]:
    """(table, column, value) of every row that came or changed since."""
    for table, kept in rows().items():
        for key, row in kept.items():
            if before[table].get(key) != row:
                yield from ((table, column, value) for column, value in row.items())


def leads_to(village: Village, column: tuple[str, str, Any]) -> bool:
    """Whether a value is the reporter's number where numbers are people's, or holds a word that is theirs."""
    table, name, value = column
    avi = village.avi
    of_people = {key.target_fullname for key in metadata.tables[table].c[name].foreign_keys}
    words = (avi.pid, avi.name, avi.email, f"person:{avi.id}", '"avi"')
    is_them = ("persons.id" in of_people and value == avi.id) or (table == "persons" and value == avi.id)
    return is_them or any(word and str(word) in str(value) for word in words)


def moments(found: list[tuple[str, str, Any]], start: datetime, end: datetime) -> list[tuple[str, str, Any]]:
    return [one for one in found if isinstance(one[2], datetime) and start <= one[2] <= end]


@pytest.fixture
def avi(programs: Programs, clock: Clock) -> Browser:
    """At his browser on a Wednesday, long enough for having been seen to be noted again."""
    clock.forward(days=3, hours=5)
    browser = Browser(programs.app, language="he").sign_in(programs.village.avi)
    clock.forward(seconds=LATER.total_seconds())
    return browser


def send(avi: Browser) -> str:
    avi.read("/report")
    page = avi.send("/report", {"what_happened": WORDS, "kind": "failure", "anonymous": "1"})
    found = CODE.search(page.text)
    assert found, page.text
    return found[1]


def call(programs: Programs) -> Answer:
    body = {"what_happened": WORDS, "kind": "failure", "anonymous": True}
    return programs.avi.post("/debriefs", body, headers={"Idempotency-Key": "avi-1"})


def test_no_table_no_line_of_the_log_and_no_letter_leads_to_whoever_reported_without_a_name(
    programs: Programs, avi: Browser, settings: Settings, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sent_at, before = clock(), rows()
    code = send(avi)
    assert call(programs).status == 201
    found = list(fresh(before))
    assert {table for table, _, _ in found} >= {"debriefs", "events", "duties"}
    assert [one for one in found if leads_to(programs.village, one) or one[0] in ("signins", "tokens")] == []
    assert moments(found, sent_at - timedelta(minutes=1), sent_at + timedelta(minutes=1)) == []
    avi.read("/track")
    assert "דיווח חדש" in avi.send("/track", {"code": code}).text
    clock.forward(hours=15)
    once(settings, at=None)
    after = list(fresh(before))
    assert "letters" in {table for table, _, _ in after}
    assert [one for one in after if one[0] != "signins" and leads_to(programs.village, one)] == []
    lines = [line.getMessage() for line in caplog.records]
    assert [line for line in lines if any(w in line for w in (WORDS, code, programs.village.avi.email))] == []


def test_one_that_is_sent_twice_is_one_report_with_one_code(programs: Programs, avi: Browser) -> None:
    avi.read("/report")
    form = {"what_happened": WORDS, "kind": "failure", "anonymous": "1"}
    first = avi.page
    codes = []
    for _ in range(2):
        avi.page = first
        codes += CODE.findall(avi.send("/report", form).text)
    assert codes == [codes[0]] * 2
    assert call(programs)["tracking_code"] == call(programs)["tracking_code"]
    with db.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Debrief)) == 2


@pytest.mark.only("sqlite")
def test_out_of_a_small_unit_it_is_of_the_week_and_of_the_unit_above(programs: Programs, avi: Browser) -> None:
    send(avi)
    with db.reading() as session:
        debrief = session.scalars(sa.select(Debrief)).one()
    assert debrief.unit_id == programs.village.units["CUS"].id
    assert (str(debrief.happened_on), str(debrief.due_on)) == ("2026-02-01", "2026-02-08")
    assert debrief.created_at == debrief.changed_at == AT.replace(hour=0) - timedelta(hours=2)
    for who in ("naomi", "gideon"):
        item = getattr(programs, who).get(f"/debriefs/{debrief.code}").body
        assert "2026-02-04" not in str(item)
        assert "RET" not in str(item)


@pytest.mark.only("sqlite")
def test_out_of_a_unit_with_fifteen_people_it_is_of_the_day_and_of_that_unit(programs: Programs, avi: Browser) -> None:
    with at_work(programs.village) as village:
        village._settle([(f"more{n}", f"אדם {n}", "RET", None) for n in range(15)])
    send(avi)
    with db.reading() as session:
        debrief = session.scalars(sa.select(Debrief)).one()
    assert debrief.unit_id == programs.village.units["RET"].id
    assert (str(debrief.happened_on), debrief.due_on) == ("2026-02-04", None)
