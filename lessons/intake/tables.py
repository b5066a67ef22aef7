"""A table in a text file: its bytes to letters, its lines to rows, its cells to plain text. Refusals name the place."""

from __future__ import annotations

import codecs
import csv
import html
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_BREAK = re.compile(r"</?(?:p|br|li|ul|ol|div|tr|table)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:b|i|u|em|strong|span|font|a|sub|sup|td|th|h[1-6])\b[^<>]{0,200}>", re.IGNORECASE)
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?(?:\n ?)+")


@dataclass(frozen=True)
class Fault:
    """What cannot be taken, and where: `row` as a spreadsheet counts (the header is 1), `column` by its name or, in a
    file that is no table yet, by its place in the line."""

    kind: str
    row: int
    column: str = ""
    found: str = ""


class Unreadable(Exception):
    """The file as a whole cannot be taken."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.kind}, row {fault.row} {fault.column} {fault.found}".strip())
        self.fault = fault


def letters(content: bytes) -> str:
    """UTF-8, or UTF-16 that says so. Nothing else is guessed: a wrong guess would show only in the letters."""
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as fault:
        before = content[: fault.start]
        row, column = before.count(b"\n") + 1, fault.start - before.rfind(b"\n")
        raise Unreadable(Fault("encoding", row, str(column), content[fault.start : fault.end].hex())) from None


def rows(text: str, is_header: Callable[[Sequence[str]], bool]) -> Iterator[list[str]]:
    """The header and the rows under it, parted by whichever of comma, semicolon and tab gives that header."""
    for sign in ",;\t":
        header = next(_parted(text.split("\n", 1)[0], sign), [])
        if is_header(header):
            return _parted(text, sign)
    raise Unreadable(Fault("another_table", 1, found=text[:80].split("\n", 1)[0]))


def _parted(text: str, sign: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    for row in count(1):
        try:
            cells = next(reader, None)
        except csv.Error as fault:
            raise Unreadable(Fault("broken_row", row, found=str(fault))) from None
        if cells is None:
            return
        yield cells


def header_name(cell: str) -> str:
    """The header in one spelling: "Lesson(s) Learned" and "lessons_learned" are one."""
    plain = clean(cell).lower().replace("(s)", "s").replace("\ufeff", "")
    return re.sub(r"[\W_]+", "_", plain).strip("_")


def clean(cell: str) -> str:
    """The cell as plain text: one form of each letter, no marks of web pages, nothing unseen, single spaces."""
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), cell) if "&" in cell else cell
    text = _TAG.sub("", _BREAK.sub("\n", text)) if "<" in text else text
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", text)).replace("\r", "\n")
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()


def holds_unseen(cell: str) -> bool:
    return _UNSEEN.search(cell) is not None
