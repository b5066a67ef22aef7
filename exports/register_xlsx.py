"""Prints a register as a workbook: the rows on one sheet, what each column holds on another.

Rows are written as they come and never all in memory. Texts are texts: nothing that stands in one is computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any

from xlsxwriter import Workbook

from exports.bidi import direction

LONGEST = 32_767  # characters that a cell holds
ADDRESS = 255  # characters that a link holds
MOST = 1_048_575  # rows that a sheet holds, without its headings
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
HEADING = {"bold": True, "bottom": 1, "valign": "vcenter", "text_wrap": True}
LOOKS: dict[str, dict[str, Any]] = {
    "heading": HEADING,
    "text": {"valign": "top"},
    "day": {"valign": "top", "num_format": "dd.mm.yyyy", "align": "center"},
    "moment": {"valign": "top", "num_format": "dd.mm.yyyy hh:mm", "align": "center"},
    "link": {"valign": "top", "font_color": "#0563C1", "underline": 1},
    "meaning": {"valign": "top", "text_wrap": True},
}
WIDE = {"day": 12, "moment": 17, "link": 14, "number": 10, "choice": 18, "text": 28, "long": 48}


@dataclass(frozen=True)
class Link:
    text: str
    url: str


Cell = str | int | float | date | datetime | Link | None


@dataclass(frozen=True, kw_only=True)
class Column:
    """`kind` is a name in WIDE: how wide it is."""

    heading: str
    meaning: str
    kind: str = "text"


@dataclass(frozen=True, kw_only=True)
class Book:
    """`name` and `meanings` are what the two sheets are called; `notes` stand above the meanings, whose own two
    columns are `heads`. `made` is a moment without a zone, as cells are: a sheet knows none."""

    lang: str
    name: str
    meanings: str
    heads: tuple[str, str]
    columns: tuple[Column, ...]
    notes: tuple[str, ...]
    made: datetime


def pressed(book: Book, rows: Iterable[Sequence[Cell]]) -> IO[bytes]:
    """The workbook from its beginning, in a file without a name that is gone when it is closed."""
    out = TemporaryFile()  # noqa: SIM115 - whoever is given it closes it
    with TemporaryDirectory(prefix="register-") as folder:
        options = {"constant_memory": True, "tmpdir": folder, "strings_to_formulas": False, "strings_to_urls": False}
        made = Workbook(out, options)
        made.set_properties({"title": book.name, "created": book.made})
        looks = {name: made.add_format(look) for name, look in LOOKS.items()}
        try:
            _register(made.add_worksheet(_sheet_name(book.name)), book, rows, looks)
            _meanings(made.add_worksheet(_sheet_name(book.meanings)), book, looks)
        except BaseException:
            for held in (out, *(sheet.row_data_fh for sheet in made.worksheets())):
                held.close()
            raise
        made.close()
    out.seek(0)
    return out


def _register(sheet: Any, book: Book, rows: Iterable[Sequence[Cell]], looks: dict[str, Any]) -> None:
    if direction(book.lang) == "rtl":
        sheet.right_to_left()
    for n, column in enumerate(book.columns):
        sheet.set_column(n, n, WIDE[column.kind])
        sheet.write_string(0, n, column.heading, looks["heading"])
    sheet.freeze_panes(1, 1)
    last = 0
    for last, cells in enumerate(rows, 1):
        if last > MOST:
            raise OverflowError(f"A sheet holds {MOST} rows.")
        for n, cell in enumerate(cells):
            _put(sheet, (last, n), cell, looks)
    sheet.autofilter(0, 0, last, len(book.columns) - 1)


def _put(sheet: Any, place: tuple[int, int], cell: Cell, looks: dict[str, Any]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, Link):
        _link(sheet, place, cell, looks["link"])
    elif isinstance(cell, datetime):
        sheet.write_datetime(*place, cell, looks["moment"])
    elif isinstance(cell, date):
        sheet.write_datetime(*place, cell, looks["day"])
    elif isinstance(cell, str):
        sheet.write_string(*place, _fitting(cell), looks["text"])
    else:
        sheet.write_number(*place, cell, looks["text"])


def _link(sheet: Any, place: tuple[int, int], link: Link, look: Any) -> None:
    """A formula of our own: of true links a sheet holds 65,530, each of them in memory until the end."""
    if len(link.url) > ADDRESS:
        sheet.write_string(*place, link.text, look)
        return
    url, text = (part.replace('"', '""') for part in (link.url, link.text))
    sheet.write_formula(*place, f'=HYPERLINK("{url}","{text}")', look, link.text)


def _meanings(sheet: Any, book: Book, looks: dict[str, Any]) -> None:
    if direction(book.lang) == "rtl":
        sheet.right_to_left()
    sheet.set_column(0, 0, WIDE["text"])
    sheet.set_column(1, 1, 90)
    notes = [("", note) for note in book.notes]
    for n, (name, meaning) in enumerate([*notes, book.heads, *((one.heading, one.meaning) for one in book.columns)]):
        look = looks["heading" if n == len(notes) else "meaning"]
        sheet.write_string(n, 0, name, look)
        sheet.write_string(n, 1, meaning, look)


def _fitting(text: str) -> str:
    text = UNSEEN.sub("", text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _sheet_name(name: str) -> str:
    """At most 31 characters, and none that a formula would take for something else."""
    return "".join(" " if c in "[]:*?/\\'" else c for c in name)[:31]
