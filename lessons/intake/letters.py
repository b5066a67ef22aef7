"""Bytes to letters. What a file says of itself is believed; what it does not say is told by the bytes alone, and only
where they can be read in one way. Anything else is refused: a wrong guess would show only in the letters."""

from __future__ import annotations

import codecs
import re

from lessons.intake.faults import Fault, Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 65_536
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


def read(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Raises Unreadable with the line and the place in it."""
    encoding = _told(content) or _seen(content[:SAMPLE])
    if encoding:
        return _decoded(content, encoding), encoding
    try:
        return content.decode(), "utf-8"
    except UnicodeDecodeError as fault:
        return _older(content, fault)


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


def _older(content: bytes, fault: UnicodeDecodeError) -> tuple[str, str]:
    """Windows' Hebrew, the standard's Hebrew, or Windows' Western letters: by what stands beside what."""
    high = len(_HIGH.findall(content))
    if sum(map(len, _HEBREW_RUNS.findall(content))) >= _ENOUGH * high:
        for encoding in ("cp1255", "iso8859-8"):
            try:
                return _forward(content.decode(encoding)), encoding
            except UnicodeDecodeError as other:
                fault = other
    elif len(_WESTERN.findall(content)) >= _ENOUGH * high:
        return _decoded(content, "cp1252"), "cp1252"
    raise _lost(content, fault)


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as fault:
        raise _lost(content, fault) from None


def _forward(text: str) -> str:
    """Old systems wrote Hebrew as it is seen, from the left: its final letters then begin the words."""
    if len(_FINALS.findall(text)) > 3 * (1 + len(_ENDS.findall(text))):
        raise Unreadable(Fault("backwards", 1))
    return text


def _lost(content: bytes, fault: UnicodeDecodeError) -> Unreadable:
    before = content[: fault.start]
    row, column = before.count(b"\n") + 1, fault.start - before.rfind(b"\n")
    return Unreadable(Fault("encoding", row, str(column), content[fault.start : fault.end].hex()))
