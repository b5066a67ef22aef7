"""Pictures of files: small, upright, made once, and never more than was promised, whatever is in the file."""

from __future__ import annotations

import struct
import zlib

import pytest

from lessons.doors.pictures import SIZES, drawn, kept_pictures, picture
from lessons.settings import Settings
from tests.photos import photo, seen, sideways

here = pytest.mark.only("sqlite")


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it holds so many points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(("kind", "mode"), [
    ("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "1"), ("PNG", "I;16"),
    ("GIF", "P"),
])  # fmt: skip
def test_a_picture_of_any_kind_becomes_a_small_jpeg(kind: str, mode: str) -> None:
    made = seen(drawn(photo(kind, (1000, 500), mode), f"image/{kind.lower()}", 320))
    assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (320, 160))


def test_a_small_picture_stays_as_small_as_it_is() -> None:
    assert seen(drawn(photo("PNG", (20, 10)), "image/png", 320)).size == (20, 10)


def test_a_photo_stands_upright_and_tells_nothing_of_the_camera() -> None:
    made = seen(drawn(sideways(), "image/jpeg", 320))
    assert made.size == (240, 320)
    assert not made.getexif()


@pytest.mark.parametrize("data", [
    b"", b"\x89PNG\r\n\x1a\n<html>", photo()[:100], photo("PNG"), bomb(30_000, 30_000), bomb(5_000, 5_000),
    bomb(70_000, 1), b"\xff\xd8\xff" + b"x" * 99,
])  # fmt: skip
def test_what_is_broken_too_large_or_says_it_is_another_kind_has_no_picture(data: bytes) -> None:
    assert drawn(data, "image/jpeg", 320) == b""


def test_a_file_that_would_unfold_is_refused_before_it_does() -> None:
    for size in ((30_000, 30_000), (5_000, 5_000)):
        assert drawn(bomb(*size), "image/png", 320) == b""


@here
def test_a_picture_is_made_once_and_so_is_the_finding_that_there_is_none(settings: Settings) -> None:
    read: list[str] = []

    def reading(digest: str) -> bytes:
        read.append(digest)
        return {"ab1": photo(), "ab2": b"\xff\xd8\xffbroken"}[digest]

    for _ in range(2):
        assert seen(picture("ab1", "image/jpeg", "small", reading)).size == (SIZES["small"], 240)
        assert picture("ab2", "image/jpeg", "small", reading) == b""
    assert read == ["ab1", "ab2"]
    assert kept_pictures().path("ab1.small").exists()
    assert kept_pictures().path("ab2.small").read_bytes() == b""


@here
def test_a_missing_file_is_asked_for_again_and_a_full_disk_keeps_nobody_from_looking(settings: Settings) -> None:
    assert picture("ab3", "image/jpeg", "small", lambda _: None) == b""
    kept_pictures().folder.parent.mkdir(parents=True, exist_ok=True)
    kept_pictures().folder.write_text("no folder")
    assert picture("ab3", "image/jpeg", "small", lambda _: photo())
