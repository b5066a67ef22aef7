"""A register row by row: each is an event with its lesson and its actions; a row that only adds an action belongs to
the one above it. Cells whose column was not understood are kept under their heading: nothing is dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import islice

from lessons.intake import advice, columns, days, remarks, synonyms
from lessons.intake.columns import Layout
from lessons.intake.document import Action, Debrief, Kept, Lesson, Place, Status, digest_of
from lessons.intake.faults import Fault
from lessons.intake.gathered import Pages
from lessons.intake.tables import clean, first_words
from lessons.intake.values import unread_severity

TITLE = 100
TEXT = 40_000  # a longer cell is read, and told
ONE_LINE = 300
"""Lines of a cell that are no longer are taken for one action each, where there are several."""
_OF_THEIR_OWN = ("number", "title", "happened_on", "what_happened", "lesson")
_SAYS_SOMETHING = ("title", "what_happened", "lesson", "cause", "expected")
_TOPIC_ENDS = re.compile(r"[;,\n]")
Rows = Iterable[Sequence[str]]
"""They are gone through twice, and never held."""


def read(rows: Rows, pages: Pages, *, sheet: str = "", first: int = 1, since_1904: bool = False,
         told: Mapping[str, str] | None = None) -> bool:  # fmt: skip
    """Add a table's debriefs to the pages; False where it is no register, and then nothing was added. `first` is the
    row at which the table begins, as a spreadsheet counts."""
    top = list(islice(rows, columns.TOP))
    layout = columns.understood(top, sheet=sheet, told=told)
    if layout is None:
        return False
    pages.columns.extend(layout.columns)
    for number, row in enumerate(top[: layout.header]):
        if said := [cell for cell in map(clean, row) if cell]:
            place = Place(pages.file, sheet, first + number, "", digest_of(list(row)))
            pages.leftovers.append(Kept(said[0] if len(said) > 1 else "", " · ".join(said[1:] or said), place))
    reader = Reader(layout, pages, sheet, since_1904)
    for number, row in enumerate(islice(rows, layout.header + 1, None), first + layout.header + 1):
        reader.take(row, number, header=top[layout.header])
    return True


class Reader:
    """Reads the rows of one table into the pages."""

    def __init__(self, layout: Layout, pages: Pages, sheet: str = "", since_1904: bool = False) -> None:
        self.layout, self.pages, self.sheet, self.since_1904 = layout, pages, sheet, since_1904
        self.columns = {field: layout.holding(field) for field in dict.fromkeys(layout.fields.values())}
        self.width = max(layout.fields, default=-1) + 1
        self.open = False

    def take(self, row: Sequence[str], number: int, *, header: Sequence[str] = ()) -> None:
        """One row; blank ones and the header's own repetition say nothing."""
        cells = [*map(clean, row), *[""] * (self.width - len(row))]
        if not any(cells) or list(row) == list(header):
            return
        place = Place(self.pages.file, self.sheet, number, "", digest_of(list(row)))
        for at, cell in enumerate(cells):
            if len(cell) > TEXT:
                self._note("text_too_long", at, str(len(cell)), place)
        said = self._said(cells)
        actions = tuple(self.actions(cells, said, place))
        last = self.pages.debriefs.latest
        if self.open and last and actions and not any(said.get(field) for field in _OF_THEIR_OWN):
            self.pages.debriefs.latest = replace(
                last, actions=last.actions + actions, kept=last.kept + tuple(self._kept(cells, place))
            )
            return
        if not actions and not any(said.get(field) for field in _SAYS_SOMETHING):
            self.pages.leftovers.append(Kept("", " · ".join(filter(None, cells)), place))
            return
        self.pages.debriefs.append(self._debrief(cells, said, actions, place))
        self.open = True

    def _debrief(self, cells: list[str], said: Mapping[str, str], actions: tuple[Action, ...], place: Place) -> Debrief:
        lesson, event = said.get("lesson", ""), said.get("what_happened", "")
        if "title" in self.columns and not said["title"]:
            self._note("title_empty", "title", "", place)
        if unread_severity(said.get("severity", "")):
            self._note("severity_unknown", "severity", said["severity"], place)
        title = said.get("title") or lesson or event or (actions[0].text if actions else "") or said.get("number", "")
        lessons = (Lesson(lesson, place, self._topics(said), self._day(said, "verified_on", place)),) if lesson else ()
        return Debrief(
            title=first_words(title, TITLE), place=place, number=said.get("number", ""),
            happened=said.get("happened_on", ""),
            happened_on=self._day(said, "happened_on", place), what_happened=event, expected=said.get("expected", ""),
            causes=tuple(cells[at] for at in self.columns.get("cause", ()) if cells[at]),
            leader=said.get("leader", ""), severity=said.get("severity", ""), unit=said.get("unit", ""),
            lessons=lessons, actions=actions, kept=tuple(self._kept(cells, place, topics=not lesson)),
        )  # fmt: skip

    def actions(self, cells: list[str], said: Mapping[str, str], place: Place) -> Iterator[Action]:
        """The actions that a row names; several in one cell where it numbers them or gives each a line."""
        said_owner, said_due = said.get("owner", ""), said.get("due", "")
        status = self._status(said.get("status", ""), place)
        due_on = self._day(said, "due", place)
        texts = [text for at in self.columns.get("action", ()) for text in parted(cells[at])]
        owners, dues = said_owner.split("\n"), said_due.split("\n")
        one_each = len(owners) == len(texts) > 1
        if remarks.several(said_owner) and not one_each:
            self._note("two_people", "owner", said_owner, place)
        for number, text in enumerate(texts):
            beside = remarks.read(text)
            owner = owners[number] if one_each else said_owner
            due = dues[number] if len(dues) == len(texts) else said_due
            day = due_on if due == said_due else days.read(due, day_first=self.layout.day_first)
            yield Action(text, place, owner or beside.owner, due or beside.due, day if due else beside.due_on,
                         status or beside.status)  # fmt: skip
        for at in self.columns.get("taken", ()):
            if cells[at]:
                yield Action(cells[at], place, status="done")

    def _said(self, cells: list[str]) -> dict[str, str]:
        """What the row says, by field."""
        return {
            field: cells[at[0]] if len(at) == 1 else "\n".join(cells[one] for one in at if cells[one])
            for field, at in self.columns.items()
        }

    def _topics(self, said: Mapping[str, str]) -> tuple[str, ...]:
        told = said.get("topics", "")
        return tuple(dict.fromkeys(one for part in _TOPIC_ENDS.split(told) if (one := part.strip()))) if told else ()

    def _kept(self, cells: list[str], place: Place, *, topics: bool = False) -> Iterator[Kept]:
        for at, cell in enumerate(cells):
            field = self.layout.fields.get(at, "")
            if cell and (not field or (field == "topics" and topics)):
                heading = self.layout.columns[at].heading if at < len(self.layout.columns) else ""
                yield Kept(heading, cell, place)

    def _status(self, written: str, place: Place) -> Status:
        found = synonyms.status(written)
        if written and not found:
            self._note("status_unknown", "status", written, place)
        return found

    def _day(self, said: Mapping[str, str], field: str, place: Place) -> date | None:
        written = said.get(field, "")
        found = days.read(written, day_first=self.layout.day_first, since_1904=self.since_1904) if written else None
        if written and found is None and "\n" not in written:
            kind = "day_two_ways" if days.two_ways(written, day_first=self.layout.day_first) else "day_not_read"
            self._note(kind, field, written, place)
        return found

    def _note(self, kind: str, field: str | int, found: str, place: Place) -> None:
        at = self.columns[field][0] if isinstance(field, str) else field
        heading = (self.layout.columns[at].heading if at < len(self.layout.columns) else "") or str(at + 1)
        self.pages.problems.append(Fault(kind, place.row, heading, found[:80], place.sheet))


def parted(cell: str) -> list[str]:
    """The actions in one cell: numbered or bulleted ones, or short lines that each begin anew; else it is one."""
    if not cell:
        return []
    pieces = advice.pieces(cell)
    marked = [text for mark, text in pieces if mark]
    if len(marked) > 1 and len(marked) >= len(pieces) - 1 and all(marked):
        return [text for _, text in pieces if text]
    lines = [line.strip() for line in cell.split("\n") if line.strip()]
    if len(lines) > 1 and all(len(line) <= ONE_LINE and not line[0].islower() for line in lines):
        return lines
    return [cell]
