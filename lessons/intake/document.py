"""What was understood of a loose document, whatever it was written in: debriefs with their lessons and actions, each
with its place in the source and the hash of what stood there, and whatever was not understood beside them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Status = Literal["", "open", "in_progress", "done", "cancelled"]
Confidence = Literal["exact", "near", "guessed", "told"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where it stood: `row` as a spreadsheet counts, in a text its line; `heading` the one above it. `digest` is the
    SHA-256 of the row or text as it was, in hex: the same again is the same source."""

    file: str
    sheet: str = ""
    row: int = 0
    heading: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Not understood, and not lost: what stood there under its heading."""

    heading: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Action:
    """`owner` and `due` as written; `due_on` where that is one day and no other. An empty status was not told."""

    text: str
    place: Place
    owner: str = ""
    due: str = ""
    due_on: date | None = None
    status: Status = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lesson:
    text: str
    place: Place
    topics: tuple[str, ...] = ()
    verified_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline: when, as written, and what."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Debrief:
    """One event. Texts are in the order of the source; `kept` is what stood beside it and fits no field."""

    title: str
    place: Place
    number: str = ""
    happened: str = ""
    happened_on: date | None = None
    what_happened: str = ""
    timeline: tuple[Moment, ...] = ()
    expected: str = ""
    causes: tuple[str, ...] = ()
    went_well: tuple[str, ...] = ()
    went_badly: tuple[str, ...] = ()
    leader: str = ""
    severity: str = ""
    unit: str = ""
    lessons: tuple[Lesson, ...] = ()
    actions: tuple[Action, ...] = ()
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """How a column of a register was understood; `field` is empty where it was not, and its cells are kept."""

    sheet: str
    number: int
    heading: str
    field: str
    confidence: Confidence = "exact"


def digest_of(parts: str | Sequence[str]) -> str:
    """The same text gives the same digest, and two cells another than one that holds both."""
    text = parts if isinstance(parts, str) else "\x1f".join(parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
