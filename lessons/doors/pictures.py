"""Pictures of kept files, made small: drawn anew within limits, once, and kept under the hash of what they show.

A picture is what a browser is shown in place of the file: it holds nothing but its points, neither a place nor a
thumbnail from the camera. It can be made again at any time.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from lessons import db
from lessons.store import Store

SIZES = {"small": 320, "large": 1600}
"""The longer side, in points."""
FORMATS = {"image/jpeg": ("JPEG", 64_000_000), "image/png": ("PNG", 24_000_000), "image/gif": ("GIF", 24_000_000)}
"""What is decoded, and up to how many points: a small file may unfold into more than the machine holds."""
QUALITY = 82
_ONE = threading.Lock()
"""One at a time a process, so that the limit above is the limit of all."""


def kept_pictures() -> Store:
    return Store(db.settings().data_dir / "pictures")


def picture(sha256: str, media_type: str, size: str, read: Callable[[str], bytes | None]) -> bytes:
    """JPEG of this size, made of the file where it was not made before; b"" where the file cannot be shown so."""
    path = kept_pictures().path(f"{sha256}.{size}")
    with _ONE:
        with suppress(OSError):
            return path.read_bytes()
        data = read(sha256)
        made = drawn(data, media_type, SIZES[size]) if data and media_type in FORMATS else b""
        if data:
            with suppress(OSError):  # a full disk keeps nobody from looking
                _keep(path, made)
    return made


def _keep(path: Path, made: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_bytes(made)
    fresh.rename(path)


def drawn(data: bytes, media_type: str, longest: int) -> bytes:
    """The file as a JPEG of at most so many points on its longer side, upright; b"" where it is broken or too large."""
    from PIL import Image, ImageOps

    kind, most = FORMATS[media_type]
    try:
        with Image.open(BytesIO(data), formats=[kind]) as source:
            if source.width * source.height > most:
                return b""
            shown = source if kind == "JPEG" else source.convert("RGBA")
            shown.thumbnail((longest, longest))
            upright = ImageOps.exif_transpose(shown).convert("RGBA")
    except Exception:  # noqa: BLE001 - a decoder breaks on a broken picture in ways of its own
        return b""
    sheet, out = Image.new("RGB", upright.size, "white"), BytesIO()
    sheet.paste(upright, mask=upright)
    sheet.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
