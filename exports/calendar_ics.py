"""A calendar as other programs read it (RFC 5545): whole days, in lines that no title can break out of."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, vText

MAKER = "-//lessons//due//EN"
REFRESHED = timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """One day on which something is due. `sequence` grows when the day moves; `stamp` is when it was first said."""

    uid: str
    day: date
    title: str
    sequence: int
    stamp: datetime
    text: str = ""
    url: str = ""


@dataclass(frozen=True)
class Entries:
    """A calendar: its name, the language of its words, and the zone in which its days end."""

    name: str
    lang: str
    zone: str
    entries: tuple[Entry, ...]


def pressed(calendar: Entries) -> bytes:
    """The calendar in lines of at most 75 octets, ended by CR LF; the same values make the same bytes."""
    made = Calendar()
    made.add("prodid", MAKER)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    name = vText(" ".join(_plain(calendar.name).split()))
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", calendar.zone)
    made.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    for entry in calendar.entries:
        made.add_component(_event(entry, calendar.lang))
    return bytes(made.to_ical())


def _event(entry: Entry, lang: str) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.stamp)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("sequence", entry.sequence)
    event.add("summary", _plain(entry.title), parameters={"LANGUAGE": lang})
    if entry.text:
        event.add("description", _plain(entry.text), parameters={"LANGUAGE": lang})
    if entry.url:
        event.add("url", entry.url)
    # a day on which something is due is not a day on which somebody is busy
    event.add("transp", "TRANSPARENT")
    return event


def _plain(text: str) -> str:
    """Without signs that are no letters: the format knows line ends alone."""
    lines = "\n".join(text.splitlines())
    return "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
