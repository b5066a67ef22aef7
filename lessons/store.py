"""Attachments: bytes under their SHA-256 in the data folder, on disk before the row commits."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from lessons.errors import Unavailable
from lessons.i18n import say


class Store:
    """A folder of content-addressed files. Same bytes, same file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256

    def put(self, data: bytes) -> str:
        """Write and fsync the bytes, then rename; returns the SHA-256 in hex. Raises Unavailable on a full disk."""
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest)
        if path.exists():
            return digest
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f"{digest}.{os.getpid()}.{os.urandom(4).hex()}")
            with fresh.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            fresh.rename(path)
        except OSError as error:
            raise Unavailable(say("The file could not be kept: the disk took no more. Nothing was changed.")) from error
        return digest

    def get(self, sha256: str) -> bytes | None:
        """The bytes, or None where they are missing or no longer what they were."""
        try:
            data = self.path(sha256).read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == sha256 else None
