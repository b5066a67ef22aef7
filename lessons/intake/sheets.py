"""Tables as rows of text: workbooks by calamine, text by the csv module. A cell is what a person sees in it: a
formula's last value, a day as 2026-03-01, nothing for an error. Bounded before they are read."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from lessons.intake import columns
from lessons.intake.faults import Unreadable, refuse
from lessons.intake.letters import Text
from lessons.intake.packed import Packed
from lessons.intake.tables import lines_of, parted

ROWS = 200_000
"""So many rows, cells and shared texts of one file are read; of columns as many as `columns.WIDEST`."""
CELLS = 5_000_000
STRINGS = 900_000
HEAD = 200_000  # letters by which it is seen what parts them
SIGNS = (",", ";", "\t", "|")
_ROW_SIGNS = {"xl/worksheets/": b"<row", "xl/sharedStrings": b"<si>", "content.xml": b"<table:table-row"}
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})


@dataclass(frozen=True, slots=True)
class Sheet:
    """`first` is the row at which `rows` begin, as a spreadsheet counts. They are made anew whenever they are gone
    through."""

    name: str
    rows: Iterable[Sequence[str]]
    hidden: bool = False
    since_1904: bool = False
    first: int = 1


def workbook(content: bytes, packed: Packed | None) -> Iterator[Sheet]:
    """The sheets of a workbook, one after the other. Raises Unreadable."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    since_1904 = _checked(packed) if packed else False
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for meta in book.sheets_metadata:
            if meta.typ == SheetTypeEnum.WorkSheet:
                rows = _rows(book.get_sheet_by_name(meta.name), meta.name)
                yield Sheet(meta.name, rows, meta.visible != SheetVisibleEnum.Visible, since_1904)
    except CalamineError as error:
        kind = "locked" if "password" in str(error).lower() else "broken"
        raise refuse(kind, str(error)) from None
    except BaseException as error:  # a reader that gives up in its own language says so by what is no Exception
        if type(error).__module__ != "pyo3_runtime":
            raise
        raise refuse("broken", str(error)) from None


@dataclass(frozen=True)
class Cells:
    """The rows of a sheet as calamine holds it, the columns that it leaves out before them."""

    sheet: Any
    left: Sequence[str]

    def __iter__(self) -> Iterator[list[str]]:
        return ([*self.left, *map(_shown, row)] for row in self.sheet.iter_rows())


def _rows(sheet: Any, name: str) -> Cells:
    if sheet.total_height > ROWS:
        raise refuse("rows_too_many", ROWS, sheet=name)
    if sheet.total_width > columns.WIDEST and sheet.total_height:
        raise refuse("columns_too_many", columns.WIDEST, sheet=name)
    if sheet.total_height * sheet.total_width > CELLS:
        raise refuse("cells_too_many_in_all", CELLS, sheet=name)
    return Cells(sheet, [""] * (sheet.start[1] if sheet.start else 0))


def _shown(cell: Any) -> str:
    if isinstance(cell, str):
        return "" if cell in _ERRORS else cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, int | timedelta) else ""


def _checked(packed: Packed) -> bool:
    """Looks through the parts for what is too much before they are parsed; returns whether days count from 1904."""
    cells = 0
    for name in packed.names:
        if name.endswith((".xml", ".rels")):
            sign = next((sign for part, sign in _ROW_SIGNS.items() if name.startswith(part)), b"<row")
            rows, found = packed.looked_through(name, sign, b"<c ")
            if sign == b"<si>" and rows > STRINGS:
                raise refuse("cells_too_many_in_all", STRINGS)
            if sign != b"<si>" and rows > ROWS:
                raise refuse("rows_too_many", ROWS)
            cells += found
    if cells > CELLS:
        raise refuse("cells_too_many_in_all", CELLS)
    if "xl/workbook.xml" not in packed.names:
        return False
    return re.search(rb'date1904="(1|true)"', packed.read("xl/workbook.xml")) is not None


@dataclass(frozen=True)
class Parted:
    """The rows of a table in text, read anew whenever they are gone through."""

    text: Text
    sign: str

    def __iter__(self) -> Iterator[list[str]]:
        return parted(self.text.lines(), self.sign, after_spaces=True)


def separated(text: Text) -> Sheet | None:
    """A table in text, by whichever sign parts it into columns; None where none does. Raises Unreadable, before
    anything of it is understood."""
    sign = _sign(text.read(HEAD))
    if sign is None:
        return None
    cells = 0
    for number, row in enumerate(Parted(text, sign), 1):
        cells += len(row)
        if number > ROWS:
            raise refuse("rows_too_many", ROWS)
        if len(row) > columns.WIDEST:
            raise refuse("columns_too_many", columns.WIDEST, row=number)
        if cells > CELLS:
            raise refuse("cells_too_many_in_all", CELLS)
    return Sheet("", Parted(text, sign))


def _sign(head: str) -> str | None:
    """The sign that parts a header that is known; without one, the sign that parts many rows alike."""
    even: list[tuple[int, str]] = []
    for sign in SIGNS:
        rows = _sample(head, sign)
        if columns.understood(rows) and not (sign == "|" and rows[0][:1] == [""]):
            return sign
        widths = Counter(len(row) for row in rows if any(row))
        if widths:
            width, times = widths.most_common(1)[0]
            if width > 2 and times > 2 and times >= 0.9 * widths.total() and sign != "|":
                even.append((width, sign))
    return max(even)[1] if even else None


def _sample(text: str, sign: str) -> list[list[str]]:
    rows: list[list[str]] = []
    with suppress(Unreadable):
        rows.extend(islice(parted(lines_of(text), sign, after_spaces=True), columns.LOOKED_AT + 10))
    return rows
