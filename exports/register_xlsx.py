"""Prints a register as a workbook: the rows on one sheet, what each column holds on another.

XlsxWriter makes all that stands around the rows; the rows are written as they come, and sent before the next are read.
Texts are texts: nothing that stands in one is computed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from exports.bidi import direction

LONGEST = 32_767  # characters that a cell holds
ADDRESS = 255  # characters that a link holds
MOST = 1_048_575  # rows that a sheet holds, without its headings
PART = 1 << 16  # bytes that are sent together
FIRST_YEAR, LEAP = 1900, 60  # the first year of a sheet; the day from which on it is one ahead
NONE = timedelta()
KINDS, SHEET = "[Content_Types].xml", "xl/worksheets/sheet1.xml"
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # what a sheet would take for the code of a letter
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


def pressed(book: Book, rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """The workbook in parts, each as soon as it is made: the rows come before what tells where they end."""
    wire, frame, last = Wire(), _frame(book, 0), 0
    with ZipFile(wire, "w") as archive:
        archive.writestr(_named(KINDS), frame.parts.pop(KINDS))  # by what comes first a file's kind is known
        with archive.open(_named(SHEET), "w") as sheet:
            sheet.write(frame.above)
            yield wire.taken()
            for last, cells in enumerate(rows, 1):
                if last > MOST:
                    raise OverflowError(f"A sheet holds {MOST} rows.")
                sheet.write(frame.row(last, cells))
                if wire.held > PART:
                    yield wire.taken()
            frame = _frame(book, last)
            sheet.write(frame.below)
        for name, content in frame.parts.items():
            if name != KINDS:
                archive.writestr(_named(name), content)
    yield wire.taken()


class Wire:
    """What an archive is written to: what was written is taken away again and again."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self.held = 0

    def write(self, data: Any, /) -> int:
        self._parts.append(bytes(data))
        self.held += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""

    close = flush

    def taken(self) -> bytes:
        parts, self._parts, self.held = self._parts, [], 0
        return b"".join(parts)


def _named(part: str) -> ZipInfo:
    """Of no day: the same rows make the same bytes."""
    named = ZipInfo(part)
    named.compress_type = ZIP_DEFLATED
    return named


# ── what stands around the rows ──────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Frame:
    """A workbook without its rows: what stands above and below them on their sheet, the numbers that its looks have
    there, and its other parts."""

    above: bytes
    below: bytes
    looks: Mapping[str, str]
    parts: dict[str, bytes]

    def row(self, n: int, cells: Sequence[Cell]) -> bytes:
        """The `n`th below the headings."""
        said = (self._cell(f"{xl_col_to_name(at)}{n + 1}", cell) for at, cell in enumerate(cells))
        return f'<row r="{n + 1}">{"".join(said)}</row>'.encode()

    def _cell(self, place: str, cell: Cell) -> str:
        if cell is None or cell == "":
            return ""
        if isinstance(cell, Link):
            return self._link(place, cell)
        if isinstance(cell, str):
            return self._text(place, "text", cell)
        if not isinstance(cell, date):
            return self._number(place, "text", cell)
        if cell.year < FIRST_YEAR:
            return self._text(place, "text", cell.isoformat())
        return self._number(place, "moment" if isinstance(cell, datetime) else "day", _since(cell))

    def _text(self, place: str, look: str, text: str) -> str:
        said = escape(_fitting(text))
        return f'<c r="{place}" s="{self.looks[look]}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'

    def _number(self, place: str, look: str, number: float) -> str:
        return f'<c r="{place}" s="{self.looks[look]}"><v>{number:.16G}</v></c>'

    def _link(self, place: str, link: Link) -> str:
        """A formula of our own: of true links a sheet holds 65,530."""
        if len(link.url) > ADDRESS:
            return self._text(place, "link", link.text)
        url, text = (escape(part.replace('"', '""')) for part in (link.url, link.text))
        formula = f'HYPERLINK("{url}","{text}")'
        return f'<c r="{place}" s="{self.looks["link"]}" t="str"><f>{formula}</f><v>{escape(link.text)}</v></c>'


def _since(day: date) -> float:
    """Days as a sheet counts them: from 1900 on, which had a 29th of February there."""
    days = (date(day.year, day.month, day.day) - date(1899, 12, 31)).days
    seconds = timedelta(hours=day.hour, minutes=day.minute, seconds=day.second) if isinstance(day, datetime) else NONE
    return days + (days >= LEAP) + seconds / timedelta(days=1)


def _frame(book: Book, last: int) -> Frame:
    """Around so many rows. Below the headings a row of all looks tells their numbers, and is cut out."""
    out = BytesIO()
    made = Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made.set_properties({"title": book.name, "created": book.made})
    looks = {name: made.add_format(look) for name, look in LOOKS.items()}
    _register(made.add_worksheet(_sheet_name(book.name)), book, last, looks)
    _meanings(made.add_worksheet(_sheet_name(book.meanings)), book, looks)
    made.close()
    with ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    above, _, rest = parts.pop(SHEET).decode().partition('<row r="2"')
    model, _, below = rest.partition("</row>")
    numbers = dict(zip(LOOKS, re.findall(r' s="(\d+)"', model), strict=True))
    return Frame(re.sub("<dimension [^>]*/>", "", above).encode(), below.encode(), numbers, parts)


def _register(sheet: Any, book: Book, last: int, looks: dict[str, Any]) -> None:
    if direction(book.lang) == "rtl":
        sheet.right_to_left()
    for n, column in enumerate(book.columns):
        sheet.set_column(n, n, WIDE[column.kind])
        sheet.write_string(0, n, column.heading, looks["heading"])
    for n, look in enumerate(looks.values()):
        sheet.write_blank(1, n, None, look)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, len(book.columns) - 1)


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
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return CODED.sub("_x005F_", text)


def _sheet_name(name: str) -> str:
    """At most 31 characters, and none that a formula would take for something else."""
    return "".join(" " if c in "[]:*?/\\'" else c for c in name)[:31]
