"""Bytes to letters. What a file says of itself is believed; what it does not say is told by the bytes alone, and only
where they can be read in one way. Anything else is refused: a wrong guess would show only in the letters."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from lessons.intake.faults import Fault, Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 65_536
PIECE = 2**18
# In windows-1255 and in ISO-8859-8 alike, E0 to FA are the letters א to ת. Western accents in those places stand alone
# between ASCII letters; Hebrew words are runs of them.
_HEBREW_RUNS = re.compile(rb"[\xe0-\xfa]{2,}")
_HIGH = re.compile(rb"[\x80-\xff]")
_WESTERN = re.compile(
    rb"(?<=[A-Za-z])[\xc0-\xff](?![\xc0-\xff]{2})|[\xc0-\xff](?=[a-z])|[\x80\x82-\x89\x91-\x97\xa0-\xbf]"
)
_ENOUGH = 0.6
_FINALS = re.compile(r"\b[םןץףך][א-ת]{2,}")
_ENDS = re.compile(r"(?<=[א-ת]{2})[םןץףך]\b")


class Lent(io.BufferedIOBase):
    """A file that somebody else closes."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def readable(self) -> bool:
        return True

    def read1(self, size: int = -1, /) -> bytes:
        return self.file.read(size)

    read = read1  # type: ignore[assignment]


@dataclass(frozen=True)
class Text:
    """The letters of a file that is open, from the first one on whenever they are asked for; only `read` holds them."""

    file: BinaryIO
    encoding: str

    def read(self, most: int = -1) -> str:
        """All of them, or so many."""
        return self.lines().read(most)

    def lines(self) -> io.TextIOWrapper:
        """With their ends as they are."""
        self.file.seek(0)
        return io.TextIOWrapper(Lent(self.file), self.encoding, newline="")


def read(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises Unreadable with the line and the place in it."""
    text = opened(io.BytesIO(content))
    return text.read(), text.encoding


def opened(file: BinaryIO) -> Text:
    """A file of which every letter can be read. Raises Unreadable with the line and the place in it."""
    file.seek(0)
    sample = file.read(SAMPLE)
    told = _told(sample) or _seen(sample)
    lost = _lost(file, told or "utf-8")
    if lost is None:
        return Text(file, told or "utf-8")
    if told:
        raise _unread(file, lost)
    return Text(file, _older(file, lost))


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """All of it, cut where a line ends."""
    file.seek(0)
    while piece := file.read(PIECE) + file.readline(PIECE):
        yield piece


def _told(content: bytes) -> str:
    return next((name for mark, name in _MARKS if content.startswith(mark)), "")


def _seen(sample: bytes) -> str:
    """UTF-16 that does not say so: every other byte is one of the few that lead Latin, Hebrew and signs."""
    if len(sample) < 4:
        return ""
    lead, trail = sample[1::2], sample[0::2]
    for first, second, name in ((lead, trail, "utf-16-le"), (trail, lead, "utf-16-be")):
        leading = sum(first.count(byte) for byte in (0, 5, 0x20))
        if leading >= 0.9 * len(first) and first.count(0) + first.count(5) > 0.5 * len(first) and second.count(0) < 2:
            return name
    return ""


def _older(file: BinaryIO, lost: Lost) -> str:
    """Windows' Hebrew, the standard's Hebrew, or Windows' Western letters: by what stands beside what."""
    high = sum(len(_HIGH.findall(piece)) for piece in _pieces(file))
    hebrew = sum(len(run[0]) for piece in _pieces(file) for run in _HEBREW_RUNS.finditer(piece))
    if hebrew >= _ENOUGH * high:
        for encoding in ("cp1255", "iso8859-8"):
            if (found := _lost(file, encoding)) is None:
                _refuse_backwards(Text(file, encoding))
                return encoding
            lost = found
    elif sum(len(_WESTERN.findall(piece)) for piece in _pieces(file)) >= _ENOUGH * high:
        if (found := _lost(file, "cp1252")) is None:
            return "cp1252"
        lost = found
    raise _unread(file, lost)


@dataclass(frozen=True)
class Lost:
    """The first bytes that are no letters, and how many stand before them."""

    at: int
    found: bytes


def _lost(file: BinaryIO, encoding: str) -> Lost | None:
    """None where all of it is letters."""
    # the mark at the beginning is a letter of its own: without it every place would be counted from behind it
    decoder = codecs.getincrementaldecoder(encoding.removesuffix("-sig"))()
    at = 0
    for piece in chain(_pieces(file), (b"",)):
        behind = at - len(decoder.getstate()[0])
        try:
            decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as fault:
            return Lost(behind + fault.start, fault.object[fault.start : fault.end])
        at += len(piece)
    return None


def _refuse_backwards(text: Text) -> None:
    """Old systems wrote Hebrew as it is seen, from the left: its final letters then begin the words."""
    first = last = 0
    for line in text.lines():
        first += len(_FINALS.findall(line))
        last += len(_ENDS.findall(line))
    if first > 3 * (1 + last):
        raise Unreadable(Fault("backwards", 1))


def _unread(file: BinaryIO, lost: Lost) -> Unreadable:
    row, begins, at = 1, 0, 0
    for piece in _pieces(file):
        before = piece[: max(0, lost.at - at)]
        row += before.count(b"\n")
        begins = at + before.rfind(b"\n") + 1 if b"\n" in before else begins
        at += len(piece)
    return Unreadable(Fault("encoding", row, str(lost.at - begins + 1), lost.found.hex()))
