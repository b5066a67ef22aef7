"""Workbooks that are read by a process of its own. Of the old kind (xls) all: a few turned bytes make their reader ask
for hundreds of gigabytes, and whatever process asked ends there. Of the others the large ones: their reader holds all
of a sheet. Neither may be the process that answers people.

`python -m lessons.intake.apart` takes a file on standard input and writes its sheets, or why there are none: a line of
JSON each, a sheet before its rows.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from tempfile import TemporaryFile
from threading import Timer
from typing import IO, Any

from lessons.intake import sheets
from lessons.intake.faults import Fault, Unreadable, refuse
from lessons.intake.packed import Packed
from lessons.intake.sheets import Sheet
from lessons.settings import surroundings

LARGE = 8 * 2**20
"""A workbook that expands to more bytes is large."""
SECONDS = 120
LIMITS = {resource.RLIMIT_AS: 2 << 30, resource.RLIMIT_CPU: 30, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0}
"""What one file may take: bytes of address space, seconds of a processor; nothing is written."""

TOLD = ("name", "hidden", "since_1904", "first")


@dataclass(frozen=True)
class Lines:
    """The rows of a sheet that was written down at this place, read anew whenever they are gone through."""

    file: IO[bytes]
    at: int

    def __iter__(self) -> Iterator[list[str]]:
        self.file.seek(self.at)
        for line in self.file:
            if not line.startswith(b"["):
                return
            yield json.loads(line)


def workbook(content: bytes) -> Iterator[Sheet]:
    """Its sheets, one after the other. Raises Unreadable."""
    with TemporaryFile() as kept:
        for told, at in [*_written_down(content, kept)]:
            if "kind" in told:
                raise Unreadable(Fault(**told))
            yield Sheet(rows=Lines(kept, at), **told)


def _written_down(content: bytes, kept: IO[bytes]) -> Iterator[tuple[dict[str, Any], int]]:
    """What is told of each sheet, and where its rows begin."""
    with _reader(content) as lines:
        for line in lines:
            if line.startswith(b"{"):
                yield json.loads(line), kept.tell() + len(line)
            kept.write(line)


@contextmanager
def _reader(content: bytes) -> Iterator[IO[bytes]]:
    """What it writes. Raises Unreadable where it ends before it is through."""
    command = [sys.executable, "-m", "lessons.intake.apart"]
    with TemporaryFile() as given:
        given.write(content)
        given.seek(0)
        with subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=surroundings()
        ) as process:
            end = Timer(SECONDS, process.kill)
            end.start()
            try:
                assert process.stdout is not None  # noqa: S101 - it was asked for
                yield process.stdout
            finally:
                end.cancel()
        if process.returncode:
            raise refuse("broken")


def main() -> None:
    for what, most in LIMITS.items():
        hard = resource.getrlimit(what)[1]
        held = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (held, held))
    try:
        content = sys.stdin.buffer.read()
        for sheet in sheets.workbook(content, Packed(content) if content.startswith(b"PK") else None):
            told = {name: getattr(sheet, name) for name in TOLD}
            print(json.dumps(told))  # noqa: T201
            for row in sheet.rows:
                print(json.dumps(row))  # noqa: T201
    except Unreadable as refused:
        print(json.dumps(asdict(refused.fault)))  # noqa: T201


if __name__ == "__main__":
    main()
