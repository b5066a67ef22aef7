"""SQLite out of a backup and into one: the file as the database's own online copy makes it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from lessons import db, migrations
from lessons.backup.archive import DATABASE, Reading, Refused, Writing, beside, synced
from lessons.backup.named import named
from lessons.errors import LessonsError
from lessons.i18n import say
from lessons.settings import Settings

ASIDE = ".before-restore"
WITH_IT = ("-wal", "-shm", "-journal")


def place(settings: Settings) -> Path:
    """Where the database lies."""
    return Path(str(sa.make_url(settings.database_url).database)).absolute()


# ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
def copy_out(settings: Settings, to: Writing, *, near: Path) -> list[str]:
    """The database as it is at one moment, whoever writes meanwhile; the attachments that its rows name. The copy lies
    beside `near` for so long. Raises LessonsError where the database is damaged or the disk takes no more."""
    copy = beside(near, ".db.part")
    copy.unlink(missing_ok=True)
    copy.touch(mode=0o600)
    try:
        with _told():
            names = _copied(place(settings), copy)
        with copy.open("rb") as source, to.part(DATABASE) as part:
            part.write_all(source)
    finally:
        _remove(copy)
    return names


def _copied(source: Path, copy: Path) -> list[str]:
    with closing(_looked_at(source)) as live, closing(sqlite3.connect(copy)) as made:
        live.execute(f"PRAGMA busy_timeout={db.BUSY_MILLISECONDS}")
        live.backup(made)  # in one piece: in several, every write of somebody else would begin it anew
        made.execute("PRAGMA journal_mode=DELETE")  # all of it is in the one file
        _refuse_broken(made, "quick_check")
        return named(lambda sql: made.execute(sql).fetchall(), "sqlite")


def _looked_at(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)


def _refuse_broken(made: sqlite3.Connection, check: str) -> None:
    (says,) = made.execute(f"PRAGMA {check}(1)").fetchone()
    if says != "ok":
        raise sqlite3.DatabaseError(says)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise LessonsError(say("SQLite says: %(why)s. Nothing was changed.", why=error)) from error


# ── in ───────────────────────────────────────────────────────────────────────────────────────────────────────────────
@contextmanager
def fresh(settings: Settings, source: Reading) -> Iterator[Settings]:
    """The backup's database beside the one that is there, whole and brought up to date: settings that lead to it."""
    made = beside(place(settings), ".restoring")
    made.parent.mkdir(parents=True, exist_ok=True)
    with _unused(place(settings)):  # it is looked at again at the end; told now, nobody waits for nothing
        _remove(made)
    made.touch(mode=0o600)
    try:
        source.copy(DATABASE, made)
        with _told(), closing(sqlite3.connect(made)) as opened:
            _refuse_broken(opened, "integrity_check")
        led = replace(settings, database_url=f"sqlite:///{made}")
        engine = db.start(led)
        migrations.upgrade(engine)
        yield led
    finally:
        db.start(settings)
        _remove(made)


def swap(settings: Settings) -> Path | None:
    """The new one takes the place of the old, which is kept: where. Raises Refused where somebody works with it."""
    old, made = place(settings), beside(place(settings), ".restoring")
    with _told(), closing(sqlite3.connect(made)) as opened:
        opened.execute("PRAGMA journal_mode=DELETE")
    aside = None
    with _unused(old):
        if old.exists():
            _as_owned(made, old)
            aside = _kept(old)
        made.replace(old)
    synced(old.parent)
    return aside


def is_full(settings: Settings) -> bool:
    """Whether anything is there that a restore would replace, be it only a file that cannot be read."""
    file = place(settings)
    if not file.exists() or not file.stat().st_size:
        return False
    with suppress(sqlite3.Error), closing(_looked_at(file)) as opened:
        return opened.execute("SELECT 1 FROM persons LIMIT 1").fetchone() is not None
    return True


@contextmanager
def _unused(old: Path) -> Iterator[None]:
    """Nobody has it open, and it is one file. Of one that is damaged nobody can tell; it is taken as it is."""
    if not old.exists():
        yield
        return
    with closing(sqlite3.connect(old, timeout=1, isolation_level=None)) as opened:
        try:
            # this mode is left only by whoever is alone
            if opened.execute("PRAGMA journal_mode=DELETE").fetchone() != ("delete",):
                raise Refused(IN_USE)
            opened.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise Refused(IN_USE) from error
        except sqlite3.DatabaseError:
            pass
        yield


IN_USE = say("Somebody works with the database. Stop `serve` and `worker` first. Nothing was changed.")


def _kept(old: Path) -> Path:
    """A second name for the old file, so that there is always one under its own; and what belongs to it."""
    names = (beside(old, f"{ASIDE}{f'-{n}' if n > 1 else ''}") for n in count(1))
    aside = next(name for name in names if not name.exists())
    os.link(old, aside)
    for ending in WITH_IT:
        with suppress(FileNotFoundError):
            beside(old, ending).rename(beside(aside, ending))
    return aside


def _as_owned(made: Path, old: Path) -> None:
    """Whoever restores is not always whoever serves."""
    was = old.stat()
    made.chmod(was.st_mode & 0o777)
    with suppress(PermissionError):
        os.chown(made, was.st_uid, was.st_gid)


def _remove(file: Path) -> None:
    for ending in ("", *WITH_IT):
        beside(file, ending).unlink(missing_ok=True)
