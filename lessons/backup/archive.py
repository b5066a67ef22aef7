"""What a backup is as a file: a zip of parts, each with its SHA-256 in a manifest that is written last.

Written as FILE.part and renamed when it is whole and on disk: under the name itself nothing half ever stands.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from lessons.errors import LessonsError
from lessons.i18n import Sentence, say

FORMAT = 1
MANIFEST, SETTINGS, DATABASE, ROWS, FILES = "manifest.json", "settings.json", "lessons.db", "rows/", "attachments/"
MOST_MANIFEST = 200_000_000
PIECE = 1 << 20
QUICKLY, SUM = 1, 64
NO_COMMENT = b"\0\0"
Name = Callable[[str], str]


@dataclass(frozen=True)
class Part:
    """So many bytes under a name, and their SHA-256 in hex."""

    name: str
    sha256: str
    bytes: int


@dataclass
class Manifest:
    """`kind` is sqlite or postgresql, `revision` the shape of the database, `key` what the installation's key is known
    by. `tables` are the columns of each in the order of its rows, `sequences` how far each had counted; both of
    PostgreSQL alone. `missing` are the attachments that were missing or damaged already, by SHA-256."""

    format: int
    product: str
    made_at: str
    kind: str
    revision: str
    key: str = ""
    tables: dict[str, list[str]] = field(default_factory=dict)
    sequences: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    @property
    def attachments(self) -> list[str]:
        """Those that it holds, by SHA-256."""
        return [part.name.removeprefix(FILES) for part in self.parts if part.name.startswith(FILES)]


class Refused(LessonsError):
    """The file is not what it has to be. Nothing was changed."""


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
class Writing:
    """A backup that is being written."""

    def __init__(self, zipped: zipfile.ZipFile, manifest: Manifest) -> None:
        self._zip, self.manifest = zipped, manifest

    @contextmanager
    def part(self, name: str, *, packed: bool = True) -> Iterator[Summed]:
        """A place to write one part to. What is packed already, as pictures are, gains nothing by it."""
        self._zip.compression = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        with self._zip.open(name, "w", force_zip64=True) as to:
            summed = Summed(to)
            yield summed
        self.manifest.parts.append(Part(name, summed.hash.hexdigest(), summed.bytes))

    def end(self) -> None:
        """The manifest comes last: until now it was not known."""
        data = json.dumps(asdict(self.manifest), indent=1).encode()
        self._zip.writestr(MANIFEST, data, zipfile.ZIP_DEFLATED)


class Summed:
    """Bytes on their way, counted."""

    def __init__(self, to: IO[bytes]) -> None:
        self._to, self.hash, self.bytes = to, hashlib.sha256(), 0

    def write(self, data: bytes | memoryview) -> None:
        self.hash.update(data)
        self.bytes += len(data)
        self._to.write(data)

    def write_all(self, file: IO[bytes]) -> None:
        while data := file.read(PIECE):
            self.write(data)


@contextmanager
def written(file: Path, manifest: Manifest, *, force: bool) -> Iterator[Writing]:
    """A new backup at this place, there once all was written. Raises Refused where something is there, unless it is an
    older backup and `force` says that it may go; OSError where the disk takes no more."""
    _refuse_there(file, force=force)
    part = beside(file, ".part")
    with _alone(part) as to:
        try:
            with zipfile.ZipFile(to, "w", compresslevel=QUICKLY) as zipped:
                writing = Writing(zipped, manifest)
                yield writing
                writing.end()
            _seal(to)
            to.flush()
            os.fsync(to.fileno())
            _refuse_there(file, force=force)
            part.replace(file)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    synced(file.parent)


def _seal(to: IO[bytes]) -> None:
    """The sum of the whole file as the comment of the zip, which is its very end: not even a byte that no part has
    anything to do with is another unnoticed."""
    summed = _sum(to, to.seek(0, os.SEEK_END) - len(NO_COMMENT))
    to.seek(-len(NO_COMMENT), os.SEEK_END)
    to.write(SUM.to_bytes(len(NO_COMMENT), "little") + summed)


def _sum(file: IO[bytes], count: int) -> bytes:
    """Of so many bytes from the start, in hex."""
    summed = hashlib.sha256()
    file.seek(0)
    while count and (data := file.read(min(PIECE, count))):
        summed.update(data)
        count -= len(data)
    return summed.hexdigest().encode()


def beside(file: Path, ending: str) -> Path:
    return file.with_name(f"{file.name}{ending}")


def synced(folder: Path) -> None:
    """What was renamed in a folder survives a power loss."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _refuse_there(file: Path, *, force: bool) -> None:
    if not os.path.lexists(file):
        return
    if not force:
        raise Refused(say("%(file)s is there already. Another name is needed, or --force.", file=file))
    with opened(file):  # the live database, given by mistake, is not replaced by its own backup
        return


@contextmanager
def _alone(part: Path) -> Iterator[IO[bytes]]:
    """The file to write to; what a killed backup left in it goes. Nobody but its owner may read it."""
    with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT, 0o600), "w+b") as to:
        try:
            fcntl.flock(to, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(say("Another backup is being written to %(file)s.", file=part)) from None
        to.truncate()
        yield to


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────
# what a zip, its packing and a manifest raise where any byte of them is not what it was
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    TypeError,
    ArithmeticError,
    RuntimeError,
)


class Reading:
    """A backup that is there; whether it is whole, `verify` tells."""

    def __init__(self, file: Path, zipped: zipfile.ZipFile, manifest: Manifest) -> None:
        self.file, self._zip, self.manifest = file, zipped, manifest
        self._parts = {part.name: part for part in manifest.parts}

    def verify(self) -> None:
        """Read every part to its end. Raises Refused at the first that is not what it was."""
        with self.file.open("rb") as whole:
            summed = _sum(whole, max(0, self.file.stat().st_size - len(NO_COMMENT) - SUM))
            if whole.read() != SUM.to_bytes(len(NO_COMMENT), "little") + summed:
                raise Refused(damaged(self.file, "sum"))
        if sorted(self._zip.namelist()) != sorted([*self._parts, MANIFEST]):
            raise Refused(damaged(self.file, "parts"))
        for name in self._parts:
            for _ in self.pieces(name):
                pass

    def pieces(self, name: str) -> Iterator[bytes]:
        """A part's bytes, their sum checked at the end. Raises Refused."""
        with _told(self.file, name):
            part, summed, count = self._parts[name], hashlib.sha256(), 0
            with self._zip.open(name) as source:
                while data := source.read(PIECE):
                    summed.update(data)
                    count += len(data)
                    if count > part.bytes:
                        break
                    yield data
            if (summed.hexdigest(), count) != (part.sha256, part.bytes):
                raise ValueError

    def copy(self, name: str, to: Path) -> None:
        """A part as a file of its own, on disk."""
        with to.open("wb") as file:
            for data in self.pieces(name):
                file.write(data)
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def opened(file: Path) -> Iterator[Reading]:
    """Raises Refused where it is no backup, one of a newer version, or its manifest is damaged."""
    with file.open("rb") as source:
        with _told(file, MANIFEST):
            zipped = zipfile.ZipFile(source)
            manifest = _manifest(zipped)
        if manifest is None:
            raise Refused(say("%(file)s was made by a newer version. Install that version or later.", file=file))
        yield Reading(file, zipped, manifest)


def _manifest(zipped: zipfile.ZipFile) -> Manifest | None:
    with zipped.open(MANIFEST) as source:
        data = source.read(MOST_MANIFEST)
    told: dict[str, Any] = json.loads(data)
    if told["format"] > FORMAT:
        return None
    return Manifest(**{**told, "parts": [Part(**part) for part in told["parts"]]})


@contextmanager
def _told(file: Path, name: str) -> Iterator[None]:
    try:
        yield
    except DAMAGED as error:
        raise Refused(damaged(file, name)) from error


def damaged(file: Path, name: str) -> Sentence:
    return say("%(file)s is no backup, or not what it was when it was made (%(part)s). Nothing was changed.",
               file=file, part=name)  # fmt: skip
