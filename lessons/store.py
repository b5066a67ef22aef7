"""Attachments: bytes under their SHA-256 in the data folder, on disk before the row commits."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from lessons import clock, db
from lessons.errors import Full, Unavailable
from lessons.i18n import say
from lessons.settings import Settings

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
KEPT_SECONDS = 24 * 60 * 60
"""So long a file may wait for its row: no step takes near that."""
PART = 2**20  # bytes of a file held at once
MOST_BYTES = 20_000_000
MOST_A_RECORD = 200_000_000
NO_MORE = 200_000_000
"""Bytes: with fewer free than these, what is sent next may find no room."""
MOST_FILES = 100
"""What one file, and one record, may hold."""


def least_room(settings: Settings) -> tuple[Path, int, int]:
    """Of the places that are written to – the data folder, the database, what comes in – the one with the least room:
    its folder, how many bytes it holds in all, and how many are free."""
    file = db.engine().url.database if db.engine().dialect.name == "sqlite" else None
    wanted = [settings.data_dir, *([Path(file).absolute().parent] if file else []), Path(tempfile.gettempdir())]
    places = [next(one for one in (place, *place.parents) if one.exists()) for place in wanted]
    usage = {folder: shutil.disk_usage(folder) for folder in places}
    folder, (total, _, free) = min(usage.items(), key=lambda one: one[1][2])
    return folder, total, free


class Store:
    """A folder of content-addressed files. Same bytes, same file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def put(self, data: bytes | BinaryIO) -> str:
        """Write and fsync the bytes, or those of a file that is open, then rename; returns the SHA-256 in hex. Raises
        Full, Unavailable."""
        file = io.BytesIO(data) if isinstance(data, bytes) else data
        digest = sha256_of(file)
        path = self.path(digest)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._alone():
                if path.exists():
                    os.utime(path)  # it is wanted again, so it is not swept away before its new row is there
                    return digest
            fresh = path.with_name(f"{digest}.{os.getpid()}.{os.urandom(4).hex()}")
            _write(fresh, file)
            fresh.rename(path)
        except OSError as error:
            kind = Full if error.errno in NO_ROOM else Unavailable
            raise kind(say("The file could not be kept: the disk took no more. Nothing was changed.")) from error
        return digest

    def opened(self, sha256: str) -> BinaryIO | None:
        """The file at its beginning, or None where it is missing or no longer what it was."""
        with ExitStack() as held:
            try:
                file = held.enter_context(self.path(sha256).open("rb"))
                if sha256_of(file) != sha256:
                    return None
            except OSError:
                return None
            held.pop_all()  # whoever asked closes it
            return file

    def get(self, sha256: str) -> bytes | None:
        """The bytes, or None where they are missing or no longer what they were."""
        file = self.opened(sha256)
        if file is None:
            return None
        with file:
            return file.read()

    def sweep(self, named: Callable[[Collection[str]], Collection[str]]) -> int:
        """Delete what was last put a day ago or longer and has no row: the bytes of a form that was refused, of a
        process that was killed. `named` tells which of some SHA-256 have one. How many files went."""
        return sum(self._sweep(files, named) for files in self._old())

    def _old(self) -> Iterator[list[Path]]:
        for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            yield [file for file in sorted(folder.iterdir()) if _is_old(file)]

    def _sweep(self, files: list[Path], named: Callable[[Collection[str]], Collection[str]]) -> int:
        rows = named([file.name for file in files]) if files else ()
        return sum(self._drop(file) for file in files if file.name not in rows)

    def _drop(self, file: Path) -> bool:
        with self._alone():
            if not _is_old(file):  # somebody has put the same bytes just now
                return False
            file.unlink()
            return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process puts or sweeps meanwhile."""
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)


def sha256_of(file: BinaryIO) -> str:
    """Of all its bytes, in hex; the file stands at its beginning again."""
    digest = hashlib.sha256()
    file.seek(0)
    while part := file.read(PART):
        digest.update(part)
    file.seek(0)
    return digest.hexdigest()


def parts(file: BinaryIO) -> Iterator[bytes]:
    """Of a file that is open; it is closed behind the last."""
    with file:
        while part := file.read(PART):
            yield part


def _write(fresh: Path, data: BinaryIO) -> None:
    """All of it, on the disk, or nothing: a part would keep the room that is missing."""
    try:
        with fresh.open("wb") as file:
            shutil.copyfileobj(data, file)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _is_old(file: Path) -> bool:
    try:
        return file.stat().st_mtime < clock.now().timestamp() - KEPT_SECONDS
    except FileNotFoundError:
        return False
