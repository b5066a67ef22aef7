"""Files that people attach: bounded, named cleanly, typed by their content, kept under their own hash."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import Actor
from lessons.access.refs import invalid
from lessons.errors import FieldError
from lessons.i18n import language_of, say
from lessons.models import Attachment
from lessons.store import Store

MOST_BYTES = 20_000_000
MOST_A_RECORD = 200_000_000
LONGEST = 120
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
)


def store() -> Store:
    return Store(db.settings().data_dir / "attachments")


def keep_file(session: Session, row: Any, name: str, data: bytes, *, by: Actor, at: datetime) -> Attachment:
    """Keep a file of a record: its bytes first, then the row. Raises Invalid: empty, too large, one too many."""
    fault = _fault(session, row, data)
    if fault is not None:
        raise invalid([FieldError("/file", *fault)])
    kept = Attachment(
        of_noun=row.noun, of_id=row.id, name=clean_name(name), media_type=media_type(data), size=len(data),
        sha256=store().put(data), by_id=by.id, lang=language_of(name), created_at=at,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    return kept


def sweep(session: Session) -> int:
    """Delete the files of no row; how many. Where the database knows of no file at all, a folder full of them is rather
    another installation's, and stays."""
    if session.scalar(sa.select(Attachment.id).limit(1)) is None:
        return 0
    names = Attachment.sha256
    return store().sweep(lambda files: set(session.scalars(sa.select(names).where(names.in_(files)))))


def _fault(session: Session, row: Any, data: bytes) -> tuple[str, Any] | None:
    if not data:
        return "empty", say("The file is empty.")
    if len(data) > MOST_BYTES:
        return "too_large", say("A file may have up to %(most)s MB.", most=MOST_BYTES // 1_000_000)
    mine = sa.select(sa.func.sum(Attachment.size)).where(Attachment.of_noun == row.noun, Attachment.of_id == row.id)
    if (session.scalar(mine) or 0) + len(data) > MOST_A_RECORD:
        return "quota", say("This record holds as many files as it may.")
    return None


def clean_name(name: str) -> str:
    """The name as it is shown: no folders, no control or direction letters, at most 120 characters with its ending."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 8:
        return f"{stem[: LONGEST - 9]}.{ending}" if stem else ending
    return name[:LONGEST] or "file"


def media_type(data: bytes) -> str:
    """By its first bytes, never by its name; what is not known is plain bytes."""
    return next((kind for head, kind in SIGNATURES if data.startswith(head)), "application/octet-stream")
