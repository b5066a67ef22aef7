"""Registers for whoever takes them out: what a list on screen shows, with its filters and in its order, whole.

Rows are read a batch at a time, each in a transaction of its own: a slow download keeps nothing waiting.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from lessons.access import Actor
from lessons.access.listing import MOST, Page
from lessons.actions import pages as actions
from lessons.briefings import pages as briefings
from lessons.debriefs import pages as debriefs
from lessons.doors.columns import Names
from lessons.doors.shapes import Shape, listed, plainly
from lessons.news import pages as news
from lessons.procedures import pages as procedures
from lessons.questions import pages as questions
from lessons.repository import pages as repository
from lessons.sentences import pages as sentences
from lessons.verifications import pages as verifications

FORMATS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
EVERYTHING = {"state": "all"}
"""What an address says where a list is to leave out no state."""

Args = MultiDict[str, str]
Opened = Callable[[], AbstractContextManager[tuple[Session, Actor, datetime]]]


@dataclass(frozen=True)
class Register:
    """`found` is the list's page for these parameters, `item` where a line of it keeps the record, `columns` the
    fields that a table shows, after the code and the state."""

    found: Callable[..., Page[Any]]
    item: str
    columns: tuple[str, ...]


def _register(found: Callable[..., Page[Any]], item: str, columns: str) -> Register:
    return Register(found, item, ("code", "state", *columns.split()))


REGISTERS: dict[str, Register] = {
    "debriefs": _register(debriefs.found, "debrief",
        "title kind what_happened expected actual happened_on unit leader reviewer severity path due_on first_due_on "
        "extension_count source_ref opened_at issued_at closed_at imported_from created_at changed_at"),
    "lessons": _register(repository.found, "lesson",
        "title direction applies_when steps say avoid_saying why limits transfer_to exceptions background meanwhile "
        "topics unit owner audience severity level cycle edition language review_on accepted_at proved_at "
        "proved_elsewhere source debrief imported_from created_at changed_at"),
    "actions": _register(actions.found, "action",
        "text done_when kind owner due_on first_due_on extension_count overdue assigner lesson debrief unit waiting_on "
        "block_reason done_at done_note confirmed_at confirmed_by imported_from created_at changed_at"),
    "procedures": _register(procedures.found, "procedure",
        "title policy_kind regulated owner approver unit created_at changed_at"),
    "revisions": _register(procedures.found_revisions, "revision",
        "procedure number summary editors because_of approved_by approved_at effective_on effective_at ended_at share "
        "reading_due_on unit created_at changed_at"),
    "verifications": _register(verifications.found, "verification",
        "lesson preset method measure baseline target watch_days due_on verifier measured sample result words evidence "
        "concluded_at unit created_at changed_at"),
    "briefings": _register(briefings.found, "briefing",
        "subject opener due_on share counted acknowledged reached reached_at ended_at end_reason unit created_at "
        "changed_at"),
    "news": _register(news.found, "news",
        "kind title body urgent topic audience valid_from valid_until seen_where our_answer author confirmed_by "
        "ended_at unit created_at changed_at"),
    "questions": _register(questions.found, "question",
        "text answer lesson asker answered_by answered_at unit created_at changed_at"),
    "sentences": _register(sentences.found, "sentence",
        "text said_when topic lesson votes author kept_at unit created_at changed_at"),
}  # fmt: skip
"""Every list on screen that can be taken out."""


@dataclass(frozen=True)
class Asked:
    """A register, narrowed as its list's address narrows it; `opened` begins a transaction for whoever asks."""

    noun: str
    args: Mapping[str, str] | Args
    opened: Opened
    locale: str

    @property
    def register(self) -> Register:
        return REGISTERS[self.noun]


Batch = tuple[Session, Sequence[Any], Actor, datetime]


def _batches(asked: Asked, read: Callable[[Batch], list[Any]]) -> Iterator[list[Any]]:
    """What is read of each batch, one transaction each. The first is read at once: what is wrong is told at once."""
    args = MultiDict(asked.args)
    args.poplist("cursor")

    def next_one() -> tuple[list[Any], str | None]:
        with asked.opened() as (session, by, at):
            page = asked.register.found(session, args, by=by, at=at, limit=MOST)
            rows = [getattr(line, asked.register.item) for line in page.items]
            return read((session, rows, by, at)), page.next

    def others(items: list[Any], cursor: str | None) -> Iterator[list[Any]]:
        yield items
        while cursor is not None:
            args["cursor"] = cursor
            items, cursor = next_one()
            yield items

    return others(*next_one())


def told(asked: Asked, names: Callable[[Session, Actor], Names] = Names) -> Iterator[Shape]:
    """Each record's fields; what they point to is called as `names` say."""

    def read(batch: Batch) -> list[Shape]:
        session, rows, by, at = batch
        return plainly(session, rows, by=by, at=at, locale=asked.locale, names=names(session, by))

    return _one_by_one(_batches(asked, read))


def shapes(asked: Asked) -> Iterator[Shape]:
    """Each record as the API's lists tell it."""

    def read(batch: Batch) -> list[Shape]:
        session, rows, by, at = batch
        return listed(session, rows, by=by, at=at, locale=asked.locale)

    return _one_by_one(_batches(asked, read))


def _one_by_one(batches: Iterator[list[Shape]]) -> Iterator[Shape]:
    return (one for batch in batches for one in batch)


# ── formats ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def pressed(asked: Asked, form: str) -> Iterator[bytes]:
    """The register as a file of this format, in parts."""
    return PRESSED[form](asked)


def _csv(asked: Asked) -> Iterator[bytes]:
    """Under the fields' names, so that it can be read back."""
    from exports import register_csv

    columns, rows = asked.register.columns, told(asked)
    return register_csv.lines(columns, ([_cell(name, row.get(name)) for name in columns] for row in rows))


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):  # an audience
        return "; ".join(f"{part}: {', '.join(map(str, each))}" for part, each in value.items() if each)
    return several(name, value) if isinstance(value, list) else str(value)


def several(name: str, values: Sequence[Any]) -> str:
    """Steps stand on lines of their own, everything else between commas."""
    return ("\n" if name == "steps" else ", ").join(map(str, values))


def _json(asked: Asked) -> Iterator[bytes]:
    """One list, as the API's lists are, of which nothing is left."""
    items = shapes(asked)

    def parts() -> Iterator[bytes]:
        yield b'{"items": ['
        for n, item in enumerate(items):
            yield (b",\n" if n else b"\n") + json.dumps(item, ensure_ascii=False).encode()
        yield b'\n], "next": null}\n'

    return parts()


def _xlsx(asked: Asked) -> Iterator[bytes]:
    from lessons.doors import workbook

    return workbook.parts(asked)


PRESSED: dict[str, Callable[[Asked], Iterator[bytes]]] = {"xlsx": _xlsx, "csv": _csv, "json": _json}
