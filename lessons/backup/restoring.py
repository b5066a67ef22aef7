"""Back to a backup: nothing is replaced before all of it was read and found whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session

from lessons import db, migrations
from lessons.backup import archive, postgresql, sqlite
from lessons.backup.archive import FILES, Manifest, Reading, Refused
from lessons.backup.making import key_of, store
from lessons.backup.quiet import Held, hold
from lessons.i18n import say
from lessons.settings import Settings

KINDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True)
class Restored:
    """What was restored; what is held, None where nothing was to be; where the old database is kept, if it is; whether
    the installation's key is another than it was."""

    manifest: Manifest
    held: Held | None
    aside: Path | None
    other_key: bool


def restore(settings: Settings, file: Path, *, replace: bool, moving: bool, at: datetime) -> Restored:
    """The backup in place of what is there. `moving`: nothing worked since it was made, so what waits may leave.

    Raises Refused or SchemaError: then everything is as it was."""
    with archive.opened(file) as source:
        manifest, kind = source.manifest, db.engine().dialect.name
        _refuse_other(manifest, kind)
        if not replace and (sqlite.is_full(settings) if kind == "sqlite" else postgresql.is_full()):
            raise Refused(say("The database is not empty. With --replace the backup takes its place."))
        source.verify()
        back = _into_sqlite if kind == "sqlite" else _into_postgresql
        held, aside = back(settings, source, moving=moving, at=at)
    other = settings.has_secret and bool(manifest.key) and manifest.key != key_of(settings)
    return Restored(manifest, held, aside, other)


def _refuse_other(manifest: Manifest, kind: str) -> None:
    if manifest.kind != kind:
        raise Refused(
            say(
                "This is a backup of %(theirs)s, and the database here is %(ours)s: it cannot go there.",
                theirs=KINDS.get(manifest.kind, manifest.kind), ours=KINDS[kind],
            )
        )  # fmt: skip
    if manifest.revision not in migrations.revisions():
        raise Refused(
            say("The backup was made by a newer version (%(name)s). Install that version or later.",
                name=manifest.revision)
        )  # fmt: skip


def _into_sqlite(settings: Settings, source: Reading, *, moving: bool, at: datetime) -> tuple[Held | None, Path | None]:
    with sqlite.fresh(settings, source):
        held = None
        if not moving:
            with db.transaction() as session:
                held = hold(session, at=at)
        db.engine().dispose()
        _put_files(settings, source)
        return held, sqlite.swap(settings)


def _into_postgresql(
    settings: Settings, source: Reading, *, moving: bool, at: datetime
) -> tuple[Held | None, Path | None]:
    with postgresql.replaced(source) as connection:
        held = None
        if not moving:
            with Session(connection, expire_on_commit=False) as session:
                held = hold(session, at=at)
                session.flush()
        _put_files(settings, source)
    return held, None


def _put_files(settings: Settings, source: Reading) -> None:
    """Before the rows that name them; one that is here and whole stays, one that is damaged is made whole."""
    kept = store(settings)
    for name in source.manifest.attachments:
        if kept.get(name) is None:
            kept.path(name).unlink(missing_ok=True)
            kept.put(b"".join(source.pieces(FILES + name)))
