"""Files as phones and desks make them, small."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"
PDF = b"%PDF-1.7 one page"
PROGRAM = b"MZ\x90\0\x03\0\0\0"
ORIENTATION, SIDEWAYS = 0x0112, 6


def photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **given: Any) -> bytes:
    out = BytesIO()
    Image.new(mode, size).save(out, kind, **given)
    return out.getvalue()


def sideways() -> bytes:
    """Taken with the phone held upright: wide points, and a note to turn them."""
    exif = Image.Exif()
    exif[ORIENTATION] = SIDEWAYS
    return photo(exif=exif)


def seen(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


def file(data: bytes, name: str) -> tuple[BytesIO, str]:
    """As a browser sends it."""
    return BytesIO(data), name
