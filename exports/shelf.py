"""What was printed, kept under the hash of what it was printed from: any process finds what any other has printed.

A file that is not whole is as one that is not there. When the shelf is full, the oldest are let go.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from exports import fonts

MOST = 256_000_000
"""Bytes: some thousands of cards."""
LOOKS_EVERY = 100
"""After so many that were put there, a process looks whether the shelf is full."""
HASH = 32


class Shelf:
    """A folder. Whether somebody may read what lies there was asked before: its name is made of what it says."""

    def __init__(self, folder: Path, *, most: int = MOST) -> None:
        self._folder, self._most, self._until_look = folder, most, 0

    def get(self, name: str) -> bytes | None:
        try:
            kept = self._path(name).read_bytes()
        except OSError:
            return None
        found = kept[HASH:]
        return found if sha256(found).digest() == kept[:HASH] else None

    def put(self, name: str, printed: bytes) -> None:
        """Whole or not at all; where the disk takes no more, it is printed again the next time."""
        path = self._path(name)
        half = path.with_name(f".{name}.{os.getpid()}.{os.urandom(4).hex()}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            half.write_bytes(sha256(printed).digest() + printed)
            half.replace(path)
        except OSError:
            with suppress(OSError):
                half.unlink(missing_ok=True)
        self._until_look -= 1
        if self._until_look < 0:
            self._until_look = LOOKS_EVERY
            self._make_room()

    def _make_room(self) -> None:
        """The oldest go until a fifth of the shelf is free."""
        files = sorted(_sizes(self._folder))
        held = sum(size for _, size, _ in files)
        for _, size, path in files if held > self._most else ():
            with suppress(OSError):
                path.unlink()
            held -= size
            if held <= self._most * 0.8:
                return

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name


def _sizes(folder: Path) -> list[tuple[float, int, Path]]:
    found = []
    for path in folder.glob("[0-9a-f][0-9a-f]/*"):
        with suppress(OSError):
            known = path.stat()
            found.append((known.st_mtime, known.st_size, path))
    return found


def name_of(sheet: Any) -> str:
    """The same for the same content in the same look, whoever asks."""
    content = json.dumps([type(sheet).__name__, sheet.as_dict()], ensure_ascii=False, sort_keys=True)
    return sha256(f"{look()}{content}".encode()).hexdigest()


@cache
def look() -> str:
    """Changes with all that decides how a sheet is printed: our pages and styles, the faces, the engine."""
    here = Path(__file__).parent
    ours = sha256()
    for path in sorted((*here.glob("*.py"), *here.glob("print/*"))):
        ours.update(path.name.encode() + path.read_bytes())
    with suppress(FileNotFoundError):
        ours.update((fonts.folder() / "stamp").read_bytes())
    ours.update(version("weasyprint").encode())
    return ours.hexdigest()
