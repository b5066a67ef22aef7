"""Files that people attach: bounded, named cleanly, typed by their content, kept under their own hash."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import Actor
from lessons.access.refs import invalid
from lessons.doors.media import is_program, media_type
from lessons.doors.pictures import kept_pictures
from lessons.errors import FieldError
from lessons.i18n import Sentence, language_of, say
from lessons.models import Attachment, ImportFile
from lessons.store import MOST_A_RECORD, MOST_BYTES, MOST_FILES, Store

LONGEST = 120
NAMED = say("“%(name)s”: %(what)s")
Sent = tuple[str, bytes]
"""A file as it came: what it was called there, and its bytes."""


def store() -> Store:
    return Store(db.settings().data_dir / "attachments")


def keep_file(session: Session, row: Any, name: str, data: bytes, *, by: Actor, at: datetime) -> Attachment:
    """Keep a file of a record: its bytes first, then the row. Raises Invalid: empty, too large, one too many."""
    kept = put(session, row, [(name, data)], by=by, at=at)[0]
    session.add(kept)
    session.flush()
    return kept


def put(
    session: Session, row: Any, sent: Sequence[Sent], *, by: Actor, at: datetime, caption: str = ""
) -> list[Attachment]:
    """The bytes on disk, and the rows that will name them, not yet added. Raises Invalid with every file in the way;
    then none is kept."""
    faults = list(_faults(session, row, sent))
    if faults:
        raise invalid(faults)
    return [
        Attachment(
            of_noun=row.noun, of_id=row.id, name=clean_name(name), media_type=media_type(data), size=len(data),
            sha256=store().put(data), by_id=by.id, lang=language_of(caption or name), created_at=at, caption=caption,
        )
        for name, data in sent
    ]  # fmt: skip


def sweep(session: Session) -> int:
    """Delete the files of no row, and pictures of them; how many files. Where the database knows of no file at all, a
    folder full of them is rather another installation's, and stays."""
    if session.scalar(sa.select(Attachment.id).union_all(sa.select(ImportFile.id)).limit(1)) is None:
        return 0
    names = Attachment.sha256

    def named(files: Collection[str]) -> set[str]:
        brought = sa.select(ImportFile.sha256).where(ImportFile.sha256.in_(files))
        return set(session.scalars(sa.select(names).where(names.in_(files)).union(brought)))

    def pictured(files: Collection[str]) -> set[str]:
        known = named({file.partition(".")[0] for file in files})
        return {file for file in files if file.partition(".")[0] in known}

    kept_pictures().sweep(pictured)
    return store().sweep(named)


def _faults(session: Session, row: Any, sent: Sequence[Sent]) -> Iterable[FieldError]:
    mine = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(Attachment.size), 0))
    files, held = session.execute(mine.where(Attachment.of_noun == row.noun, Attachment.of_id == row.id)).one()
    for n, (name, data) in enumerate(sent):
        files, held = files + 1, held + len(data)
        fault = _fault(data, is_full=held > MOST_A_RECORD or files > MOST_FILES)
        if fault is not None:
            code, what = fault
            several = NAMED.with_(name=clean_name(name), what=what)
            yield FieldError(f"/file/{n}", code, several) if len(sent) > 1 else FieldError("/file", code, what)


def _fault(data: bytes, *, is_full: bool) -> tuple[str, Sentence] | None:
    if not data:
        return "empty", say("The file is empty.")
    if len(data) > MOST_BYTES:
        return "too_large", say("A file may have up to %(most)s MB.", most=MOST_BYTES // 1_000_000)
    if is_program(data):
        return "program", say("This is a program. Pictures, documents and recordings are kept here.")
    if is_full:
        most = MOST_A_RECORD // 1_000_000
        return "quota", say("A record holds up to %(files)s files and %(most)s MB.", files=MOST_FILES, most=most)
    return None


def clean_name(name: str) -> str:
    """The name as it is shown: no folders, no control or direction letters, at most 120 characters with its ending."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 8:
        return f"{stem[: LONGEST - 9]}.{ending}" if stem else ending
    return name[:LONGEST] or "file"
