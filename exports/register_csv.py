"""Prints a register as CSV: RFC 4180, UTF-8, and no cell that a spreadsheet would take for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

# also behind blanks, quotes or a mark of our own, and in the wide forms that some spreadsheets read as the narrow ones
FORMULA = re.compile(r"[\s\x00'\"‘’“”]*[=+\-@＝＋－＠]|[\t\r\n\x00]")
MARK = "'"
BOM = b"\xef\xbb\xbf"  # without it some spreadsheets read Hebrew as another alphabet


def lines(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """The file, a row at a time. A cell may hold line breaks; a row may hold fewer cells than there are headings."""
    yield BOM + _line(headings)
    yield from map(_line, rows)


def _line(cells: Sequence[str]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow([neutral(cell) for cell in cells])
    return out.getvalue().encode()


def neutral(cell: str) -> str:
    """The cell behind a ' where it would be computed; `plain` takes the ' away again."""
    return MARK + cell if FORMULA.match(cell) else cell


def plain(cell: str) -> str:
    """What `neutral` was given."""
    return cell[1:] if cell.startswith(MARK) and FORMULA.match(cell[1:]) else cell
