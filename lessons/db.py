"""The engine and the one way to change rows: `with transaction() as session:`."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from lessons.errors import Full, Unavailable
from lessons.i18n import Sentence, say
from lessons.settings import Settings

BUSY_MILLISECONDS = 10_000
GLANCE_MILLISECONDS = 5
BUSY = say("The database cannot take this now. Trying again in a moment is right.")
FULL = say("There is no room left on the disk. Nothing was changed, and what is here can still be read.")
ONLY_READ = say("The database can only be read now. Nothing was changed; whoever keeps this installation can look why.")
DAMAGED = say("The database’s file is damaged. Nothing was changed; whoever keeps this installation has to look at it.")
REPLACED = say(
    "The database’s file is not the one that was opened. Nothing was changed; whoever keeps this installation has to "
    "put it back, or to start the server and the worker again."
)
TOLD = {sqlite3.SQLITE_FULL: FULL, sqlite3.SQLITE_READONLY: ONLY_READ, sqlite3.SQLITE_CORRUPT: DAMAGED,
        sqlite3.SQLITE_NOTADB: DAMAGED, "53100": FULL, "25006": ONLY_READ}  # fmt: skip
"""By the codes of SQLite and the states of PostgreSQL."""
_lock = threading.Lock()
_only_reads = ContextVar("only_reads", default=False)
_started: tuple[Settings, sa.Engine] | None = None


def make_engine(settings: Settings) -> sa.Engine:
    """An engine as we use it: SQLite in WAL with BEGIN IMMEDIATE for writes, PostgreSQL with a small pool."""
    if settings.database_url.startswith("sqlite"):
        settings.data_dir.mkdir(mode=0o750, parents=True, exist_ok=True)
        args = {"check_same_thread": False, "factory": _File().open}
        engine = sa.create_engine(settings.database_url, connect_args=args, pool_size=16, json_deserializer=_from_json)
        sa.event.listen(engine, "connect", _tune(settings.synchronous))
        # in place of a listener: an engine that somebody listens to asks before and after every statement
        engine.dialect.do_begin = _begin  # type: ignore[assignment]
        return engine
    return sa.create_engine(settings.database_url, pool_size=8, max_overflow=8, pool_pre_ping=True)


class _Connection(sqlite3.Connection):
    file: _File


class _File:
    """The file that an engine opened first, and whose turn it is to write. Where another lies in its place, or none,
    SQLite itself would write on into what nobody finds again, or begin an empty one."""

    def __init__(self) -> None:
        self.path = ""
        self.known: tuple[int, int] | None = None
        self.turn = threading.Lock()

    def open(self, path: str, **given: Any) -> _Connection:
        self.check()
        made = _Connection(path, **{**given, "factory": _Connection})
        self.path, self.known, made.file = path, self.known or _identity(path), self
        return made

    def check(self) -> None:
        """Raises Unavailable."""
        if self.known and _identity(self.path) != self.known:
            raise Unavailable(REPLACED)


def _identity(path: str) -> tuple[int, int] | None:
    with suppress(OSError):
        found = os.stat(path)  # noqa: PTH116 - at each transaction, and half as long
        return found.st_dev, found.st_ino
    return None


def _from_json(text: str) -> Any:
    """Most lists and tables kept are empty, and a new one is had sooner than it is read."""
    return [] if text == "[]" else {} if text == "{}" else json.loads(text)


def _tune(synchronous: str) -> Any:
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",
            "journal_mode=WAL",
            f"synchronous={synchronous}",
            "foreign_keys=ON",
            "trusted_schema=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return connect


def _begin(connection: Any) -> None:
    connection.file.check()
    if _only_reads.get():
        connection.execute("BEGIN")
        return
    # deferred BEGIN lets two readers become writers and lock each other out
    connection.execute(f"PRAGMA busy_timeout={GLANCE_MILLISECONDS}")
    try:
        _begin_in_turn(connection)
    finally:
        connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")


def _begin_in_turn(connection: Any) -> None:
    """SQLite itself looks ten times a second whether it may write: too seldom to ever meet the pause of somebody who
    writes one transaction after the other, as a worker does with thousands of letters. Within a process whoever waits
    comes before whoever begins anew."""
    end = time.monotonic() + BUSY_MILLISECONDS / 1000
    first = connection.file.turn.acquire(timeout=BUSY_MILLISECONDS / 1000)
    try:
        _begin_until(connection, end)
    finally:
        if first:
            connection.file.turn.release()


def _begin_until(connection: Any, end: float) -> None:
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as busy:
            if busy.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= end:
                raise
        else:
            return


def start(settings: Settings) -> sa.Engine:
    """Set the process's engine; a later call with other settings replaces it."""
    global _started  # noqa: PLW0603 - a process has one database, set once when it starts
    with _lock:
        if _started is not None:
            _started[1].dispose()
        _started = settings, make_engine(settings)
        return _started[1]


def engine() -> sa.Engine:
    return _here()[1]


def settings() -> Settings:
    """What the process was started with."""
    return _here()[0]


def _here() -> tuple[Settings, sa.Engine]:
    if _started is None:
        raise RuntimeError("db.start(settings) comes first")
    return _started


@contextmanager
def transaction() -> Iterator[Session]:
    """One transaction that may write: committed at the end, rolled back whole on any error."""
    with (
        _told(),
        _reads(only=False),
        Session(engine(), expire_on_commit=False, autoflush=True) as session,
        session.begin(),
    ):
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """One transaction that only reads; on SQLite it never waits for a writer."""
    # closed and not rolled back: what was read stays readable after it
    with _told(), _reads(only=True), Session(engine(), expire_on_commit=False, autoflush=False) as session:
        yield session


@contextmanager
def glance() -> Iterator[sa.Connection]:
    """One look at committed rows, for what is asked hundreds of times a second."""
    with _told(), _reads(only=True), engine().connect() as opened:
        yield opened


@contextmanager
def _reads(*, only: bool) -> Iterator[None]:
    before = _only_reads.set(only)
    try:
        yield
    finally:
        _only_reads.reset(before)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        told = refusal(error)
        if told is None:
            raise
        raise (Full if told is FULL else Unavailable)(told) from error


def refusal(error: DBAPIError) -> Sentence | None:
    """What to say where the database itself is the reason; None where what was asked of it is."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    told = TOLD.get(getattr(error.orig, "sqlstate", None) if code is None else code & 0xFF)
    return told or (BUSY if isinstance(error, OperationalError) or error.connection_invalidated else None)


def only_reads() -> bool:
    """Whether the database would take nothing new; asked without waiting for whoever writes."""
    with engine().connect() as opened, _reads(only=True):
        if engine().dialect.name == "postgresql":
            return bool(opened.scalar(sa.text("SHOW transaction_read_only")) == "on")
        driver: Any = opened.connection.driver_connection
        try:
            driver.execute("PRAGMA busy_timeout=0")
            driver.execute("DELETE FROM signs WHERE 0")
        except sqlite3.OperationalError as error:
            return bool(error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY)
        finally:
            driver.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    return False


def connection(session: Session) -> sa.Connection:
    """What a session works on, everything that waited in it written: plain rows come half again as quick from here.
    Only for reading."""
    session.flush()
    known: sa.Connection | None = session.info.get("connection")
    if known is None or known.closed:
        known = session.info["connection"] = session.connection()
    return known


def writing(session: Session) -> sa.Connection:
    """The same, to write by."""
    found = connection(session)
    note_written(session)
    return found


def written(session: Session) -> int:
    """Grows with everything that is written in a session: what was read holds for as long as it stays."""
    session.flush()
    count: int = session.info.get("written", 0)
    return count


def held(session: Session, name: str) -> dict[Any, Any]:
    """What was read under this name since the last writing, to be added to."""
    found: tuple[int, dict[Any, Any]] = session.info.get(name, (-1, {}))
    now = written(session)
    if found[0] != now:
        found = session.info[name] = (now, {})
    return found[1]


def note_written(session: Any, *_: Any) -> None:
    session.info["written"] = session.info.get("written", 0) + 1


def _note_statement(state: Any) -> None:
    if not state.is_select:
        note_written(state.session)


sa.event.listen(Session, "after_flush", note_written)
sa.event.listen(Session, "do_orm_execute", _note_statement)


def insert_into(session: Session, table: Any) -> Any:
    """The database's own INSERT, which can say what to do where the row is there already."""
    return (sqlite if is_sqlite(session) else postgresql).insert(table)


def is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
