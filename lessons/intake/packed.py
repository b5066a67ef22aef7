"""Packed files – workbooks, Word documents, archives – looked at before anything of them is expanded: how much there
is, how tightly it was packed, whether it is locked, runs programs or reaches outside. Nothing is written to disk."""

from __future__ import annotations

import io
import re
import stat
import struct
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from lessons.intake.faults import Fault, Unreadable, refuse

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

EXPANDED = 100 * 2**20
"""So many bytes a packed file may hold once expanded; of at most ENTRIES parts, packed to at most one in RATIO."""
ENTRIES = 2_000
RATIO = 100
FLOOR = 2**20  # what expands to less harms nobody, however tightly it is packed
DIRECTORY = ENTRIES * 512
CHUNK = 2**18
XML = 40 * 2**20
_END = b"PK\x05\x06"
_DECLARES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)|<\x00!\x00|\x00<\x00!", re.IGNORECASE)
_RUNS = re.compile(r"(?:^|/)(?:vbaProject\.bin|vbaData\.xml|Basic/|Scripts/|macrosheets/|activeX/)", re.IGNORECASE)
_LOCKED, _UTF8 = 0x1, 0x800


class Packed:
    """A packed file that passed: names, and parts expanded on demand within the limits. Raises Unreadable."""

    def __init__(self, content: bytes) -> None:
        _directory(content)
        self.content = content
        try:
            self.zip = ZipFile(io.BytesIO(content))
        except (BadZipFile, ValueError, NotImplementedError, struct.error, EOFError, OSError):
            raise refuse("broken") from None
        self.entries = [entry for entry in self.zip.infolist() if not entry.is_dir()]
        self.names = [entry.filename for entry in self.entries]
        self.expanded = sum(entry.file_size for entry in self.entries)
        for fault in _faults(self.entries, len(content)):
            raise Unreadable(fault)

    def holds(self, start: str) -> bool:
        return any(name.startswith(start) for name in self.names)

    def refuse_programs(self) -> None:
        """Raises Unreadable where the file carries macros or other programs."""
        if found := next((name for name in self.names if _RUNS.search(name)), ""):
            raise refuse("macros", found)

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part, expanded piece by piece by its own stream: what the directory says of its size is not believed."""
        entry = self.zip.getinfo(name)
        start = self._start(entry)
        packed = memoryview(self.content)[start : start + entry.compress_size]
        if entry.compress_type == ZIP_STORED:
            yield bytes(packed)
            return
        unpack, held = zlib.decompressobj(-zlib.MAX_WBITS), 0
        for at in range(0, len(packed), CHUNK):
            rest: bytes | memoryview = packed[at : at + CHUNK]
            while rest:
                try:
                    piece = unpack.decompress(rest, CHUNK)
                except zlib.error:
                    raise refuse("broken", name) from None
                held += len(piece)
                if held > min(EXPANDED, entry.file_size):
                    raise refuse("expands", name)
                yield piece
                rest = unpack.unconsumed_tail

    def _start(self, entry: ZipInfo) -> int:
        head = self.content[entry.header_offset : entry.header_offset + 30]
        if len(head) < 30 or not head.startswith(b"PK\x03\x04"):
            raise refuse("broken", entry.filename)
        name, extra = struct.unpack("<HH", head[26:30])
        return int(entry.header_offset + 30 + name + extra)

    def read(self, name: str) -> bytes:
        return b"".join(self.chunks(name))

    def looked_through(self, name: str, *signs: bytes) -> list[int]:
        """How often each sign stands in an XML part, without holding it; refuses declared entities on the way."""
        counts, tail = [0] * len(signs), b""
        for number, piece in enumerate(self.chunks(name)):
            whole = tail + piece
            if number == 0 and _DECLARES.search(whole[:4096]):
                raise refuse("entities", name)
            for at, sign in enumerate(signs):
                counts[at] += whole.count(sign) - tail.count(sign)
            tail = whole[-16:]
        return counts

    def xml(self, name: str) -> Element:
        """A part, parsed; entities, declarations and what lies outside are refused. Raises Unreadable."""
        from xml.etree.ElementTree import ParseError

        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import fromstring

        if self.zip.getinfo(name).file_size > XML:
            raise refuse("expands", name)
        try:
            root: Element = fromstring(self.read(name), forbid_dtd=True)
        except DefusedXmlException:
            raise refuse("entities", name) from None
        except (ParseError, ValueError, LookupError):
            raise refuse("broken", name) from None
        return root


def _directory(content: bytes) -> None:
    """The directory's own size, before it is read: a million entries cost seconds to list."""
    at = content.rfind(_END, max(0, len(content) - 65_557))
    if at < 0 or len(content) < at + 22:
        raise refuse("broken")
    entries, size = struct.unpack("<HI", content[at + 10 : at + 16])
    if entries > ENTRIES or size > DIRECTORY:
        raise refuse("entries", ENTRIES)


def _faults(entries: list[ZipInfo], size: int) -> Iterator[Fault]:
    expanded, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    apart = len({entry.header_offset for entry in entries}), len({entry.filename for entry in entries})
    if len(entries) > ENTRIES:
        yield Fault("entries", 0, found=str(ENTRIES))
    if packed > size or min(apart) < len(entries) or _is_tight(expanded, packed):
        yield Fault("bomb", 0)
    for entry in entries:
        yield from _entry_faults(entry)
    if expanded > EXPANDED:
        yield Fault("expands", 0)


def _entry_faults(entry: ZipInfo) -> Iterator[Fault]:
    if entry.flag_bits & _LOCKED:
        yield Fault("locked", 0)
    if _is_tight(entry.file_size, entry.compress_size):
        yield Fault("bomb", 0, found=entry.filename[:80])
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        yield Fault("broken", 0, found=entry.filename[:80])
    if stat.S_ISLNK(entry.external_attr >> 16):
        yield Fault("links", 0, found=entry.filename[:80])


def _is_tight(expanded: int, packed: int) -> bool:
    return expanded > FLOOR and expanded > RATIO * max(packed, 1)


def shown(entry: ZipInfo) -> str:
    """A name within an archive: old programs in Israel wrote it in the letters of DOS."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("cp862" if any(ord(c) > 127 for c in entry.filename) else "ascii")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return entry.filename
