from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from icalendar import Calendar

from exports.calendar_ics import Entries, Entry, pressed

ENTRY = Entry("k7@lessons.example", date(2026, 3, 27), "מזינים את ההטבה", 2, datetime(2026, 2, 1, 8, tzinfo=UTC))
CALENDAR = Entries("לטיפול: דנה אוחיון", "he", "Asia/Jerusalem", (ENTRY,))
BREAKING_OUT = "x\r\nEND:VEVENT\r\nBEGIN:VALARM"
LETTERS = "אבגדהוזחטיכךלמםנןסעפףצץקרשת  ־–׳״'\"\\;,:.()[]{}%=?<>&abcXYZ019🙂\u200f\u05b8"


def read_back(calendar: Entries) -> Any:
    return Calendar.from_ical(pressed(calendar))


def titled(*titles: str) -> Entries:
    return replace(CALENDAR, entries=tuple(replace(ENTRY, uid=f"{n}@x", title=one) for n, one in enumerate(titles)))


def test_a_thousand_hebrew_titles_come_back_as_they_were_one_event_each() -> None:
    chosen = random.Random(7)  # noqa: S311 - the same titles each time
    titles = ["".join(chosen.choices(LETTERS, k=chosen.randint(1, 120))) for _ in range(1_000)]
    sheet = pressed(titled(*titles))
    assert max(len(line) for line in sheet.split(b"\r\n")) <= 75
    for line in sheet.split(b"\r\n"):
        assert line.decode()[-1:] != "\ufffd"  # each is whole letters
    events = Calendar.from_ical(sheet).walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == titles


@pytest.mark.parametrize("title", [BREAKING_OUT, "x\nEND:VCALENDAR\n", "x\rBEGIN:VALARM", "x\u2028BEGIN:VALARM\u0085y",
                                   "x\0\x07\x1b[2J", "x\vBEGIN:VEVENT", "a;b,c\\nd\\;", '"q":"r"'])  # fmt: skip
def test_no_title_breaks_out_of_its_event(title: str) -> None:
    plain = replace(ENTRY, title=title, text=title)
    sheet = pressed(replace(CALENDAR, name=title, entries=(plain, ENTRY)))
    lines = sheet.decode().split("\r\n")
    assert [line for line in lines if line.startswith(("BEGIN", "END"))] == [
        "BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VEVENT", "END:VEVENT", "END:VCALENDAR"
    ]  # fmt: skip
    assert not [c for c in sheet.decode().replace("\r\n", "") if ord(c) < 32 or ord(c) == 127]
    first = Calendar.from_ical(sheet).walk("VEVENT")[0]
    assert str(first["SUMMARY"]).replace("\n", "") == "".join(c for c in "".join(title.splitlines()) if ord(c) >= 32)


def test_a_day_is_whole_and_says_which_of_its_versions_it_is() -> None:
    made = read_back(CALENDAR)
    [event] = made.walk("VEVENT")
    assert (event["UID"], event["SEQUENCE"], event["TRANSP"]) == ("k7@lessons.example", 2, "TRANSPARENT")
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2026, 3, 27), date(2026, 3, 28))  # the clock is put on
    assert b"DTSTART;VALUE=DATE:20260327" in pressed(CALENDAR)
    assert event["SUMMARY"].params["LANGUAGE"] == "he"
    assert (made["X-WR-CALNAME"], made["X-WR-TIMEZONE"]) == ("לטיפול: דנה אוחיון", "Asia/Jerusalem")
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in pressed(CALENDAR)


def test_the_same_values_are_the_same_bytes() -> None:
    assert pressed(CALENDAR) == pressed(replace(CALENDAR))
    assert pressed(CALENDAR) != pressed(replace(CALENDAR, entries=(replace(ENTRY, sequence=3),)))
