"""A table in a text file: its lines to rows, its cells to plain text. Refusals name the place."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from unicodedata import is_normalized, normalize

from lessons.intake.faults import Fault, Unreadable

_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)
_BREAK = re.compile(r"</?(?:p|br|li|ul|ol|div|tr|table)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:b|i|u|em|strong|span|font|a|sub|sup|td|th|h[1-6])\b[^<>]{0,200}>", re.IGNORECASE)
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?(?:\n ?)+")


def rows(text: str, is_header: Callable[[Sequence[str]], bool]) -> Iterator[list[str]]:
    """The header and the rows under it, parted by whichever of comma, semicolon and tab gives that header."""
    for sign in ",;\t":
        header = next(parted(lines_of(text.split("\n", 1)[0]), sign), [])
        if is_header(header):
            return parted(lines_of(text), sign)
    raise Unreadable(Fault("another_table", 1, found=text[:80].split("\n", 1)[0]))


def lines_of(text: str) -> Iterable[str]:
    """With their ends as they are."""
    return io.StringIO(text, newline="")


def parted(lines: Iterable[str], sign: str, *, after_spaces: bool = False) -> Iterator[list[str]]:
    """Rows of cells. A quote that is never closed is told with the row in which it began. `after_spaces`: a cell may be
    quoted behind blanks."""
    reader = csv.reader(lines, delimiter=sign, strict=True, skipinitialspace=after_spaces)
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
    odd = "&" in cell or "<" in cell or "  " in cell
    if not odd and cell.isprintable() and is_normalized("NFC", cell):
        return cell.strip()  # most cells are clean already
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), cell) if "&" in cell else cell
    text = _TAG.sub("", _BREAK.sub("\n", text)) if "<" in text else text
    text = _UNSEEN.sub("", normalize("NFC", text)).replace("\r", "\n")
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()


def holds_unseen(cell: str) -> bool:
    return _UNSEEN.search(cell) is not None


def first_sentences(text: str, most: int) -> str:
    """The beginning of a text, at most so many characters, cut where a line or a sentence ends, else between words."""
    if len(text) <= most:
        return text
    kept = text[: most - 2]
    end = max(kept.rfind("\n"), *(kept.rfind(sign + " ") + 1 for sign in ".!?"))
    return f"{kept[:end].rstrip()} …" if end > most // 2 else kept.rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def first_words(text: str, most: int) -> str:
    """One line of at most so many characters, cut between words."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
