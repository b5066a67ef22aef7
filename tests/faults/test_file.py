"""What may happen to the file of a database: full, locked, only to be read, gone, another one, damaged, cut off."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.app import create_app
from lessons.errors import Full, Unavailable
from lessons.home import doctor, health
from lessons.settings import Settings
from tests.browsing import Browser, Forms
from tests.doors.calling import Program, settled
from tests.faults.conftest import Size
from tests.faults.organisation import chance_of
from tests.faults.reliability import Measured
from tests.faults.serving import is_whole
from tests.village import AT, Village

pytestmark = pytest.mark.only("sqlite")
REPORT = {"what_happened": "לקוחה חויבה פעמיים ולא קיבלה תשובה. " * 400, "kind": "failure"}
"""Long enough to need pages of its own."""
SECONDS_AGAIN = 11
MOSTLY = 0.5


@pytest.fixture
def at_home(settings: Settings) -> Iterator[tuple[Program, Browser]]:
    """Avi's program and his browser, in an installation of its own."""
    village, tokens = settled()
    app = create_app(replace(settings, api_writes=1_000_000))
    yield Program(app, tokens["avi"]), Browser(app).sign_in(village.avi)
    db.engine().dispose()


def file_of(settings: Settings) -> Path:
    return Path(settings.database_url.removeprefix("sqlite:///"))


def refused(program: Program, browser: Browser, status: int) -> None:
    """A program is told by a status and when to come again; a person reads it, with what they wrote; both read on."""
    answer = program.post("/debriefs", REPORT)
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert 1 <= int(answer.headers["Retry-After"]) <= SECONDS_AGAIN
    page = browser.read("/report")
    assert page.status_code == 200
    form = {**Forms(page.text).hidden["/report"], **REPORT}
    shown = browser.client.post("/report", data=form, headers=browser.headers, environ_overrides=browser.environ)
    assert shown.status_code == status
    assert REPORT["what_happened"].strip() in shown.text
    assert program.get("/debriefs").status == 200


def takes_again(program: Program, browser: Browser) -> None:
    assert program.post("/debriefs", REPORT).status == 201
    with db.reading() as session:
        assert is_whole(session) == 1
        assert session.scalar(sa.text("PRAGMA integrity_check")) == "ok"


# ── no room ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def each_time(statement: str) -> None:
    """From now on, on each connection before it is used."""
    sa.event.listen(db.engine(), "checkout", lambda connection, *_: connection.execute(statement))


def test_a_database_without_room_takes_nothing_and_works_again_once_there_is_some(
    at_home: tuple[Program, Browser],
) -> None:
    each_time("PRAGMA max_page_count=1")  # no more than there are: SQLite says of it what it says of a full disk
    refused(*at_home, 507)
    with pytest.raises(Full), db.transaction() as session:
        session.execute(sa.text("CREATE TABLE more (words TEXT)"))
    each_time("PRAGMA max_page_count=1000000")
    takes_again(*at_home)


# ── another has it ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_database_that_another_locks_is_waited_for_and_then_it_is_said_when_to_come_again(
    at_home: tuple[Program, Browser], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = sqlite3.connect(file_of(settings), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    soon = threading.Timer(0.3, other.execute, ("ROLLBACK",))
    soon.start()
    assert at_home[0].post("/debriefs", REPORT | {"kind": "success"}).status == 201
    soon.join()
    with db.transaction() as session:
        session.execute(sa.text("DELETE FROM idempotency"))
    monkeypatch.setattr(db, "BUSY_MILLISECONDS", 50)
    other.execute("BEGIN IMMEDIATE")
    refused(*at_home, 503)
    other.close()
    assert at_home[0].post("/debriefs", REPORT).status == 201


# ── not to be written, not there, another ────────────────────────────────────────────────────────────────────────────
def test_a_database_that_may_only_be_read_says_so_and_is_read(at_home: tuple[Program, Browser]) -> None:
    each_time("PRAGMA query_only=1")
    refused(*at_home, 503)
    each_time("PRAGMA query_only=0")
    takes_again(*at_home)


def test_a_file_that_may_only_be_read_is_named_by_health(settings: Settings) -> None:
    settled()
    db.start(replace(settings, database_url=f"sqlite:///file:{file_of(settings)}?mode=ro&uri=true"))
    assert db.only_reads()
    with db.reading() as session:
        assert health.database(session).state == health.BROKEN
    with pytest.raises(Unavailable) as told, db.transaction() as session:
        session.execute(sa.text("DELETE FROM idempotency"))
    assert told.value.message is db.ONLY_READ


def test_a_database_that_is_taken_away_or_replaced_is_not_written_on(
    at_home: tuple[Program, Browser], settings: Settings, tmp_path: Path
) -> None:
    program, browser = at_home
    file, away = file_of(settings), tmp_path / "away.db"
    assert program.get("/debriefs").status == 200
    file.rename(away)
    assert program.post("/debriefs", REPORT).status == 503
    assert browser.read("/readyz").status_code == 503
    assert not file.exists(), "an empty one was begun in its place"
    shutil.copyfile(away, file)
    assert program.post("/debriefs", REPORT).status == 503
    assert browser.read("/readyz").status_code == 503
    away.rename(file)
    takes_again(program, browser)


# ── damaged ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def full_of_records(settings: Settings) -> Path:
    """A database in one file, with records and their history, and nothing beside it."""
    with db.transaction() as session:
        village = Village(session)
        token = village.token("avi")
    program = Program(create_app(replace(settings, api_writes=1_000_000)), token)
    for n in range(30):
        assert program.post("/debriefs", REPORT | {"what_happened": f"שיחה {n} נותקה"}).status == 201
    db.engine().dispose()
    with closing(sqlite3.connect(file_of(settings))) as one:
        one.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file_of(settings)


def test_a_bit_that_is_turned_is_mostly_found(
    full_of_records: Path, settings: Settings, size: Size, measured: Measured
) -> None:
    """What it changes in the words of a row outside the history is not: a database with another word is a database."""
    whole, chance = full_of_records.read_bytes(), chance_of(size.turned_bytes)
    before, used = contents(full_of_records), [place for place, byte in enumerate(whole) if byte]
    found, unseen = 0, Counter[str]()
    for place in chance.sample(used, size.turned_bytes):
        turned = bytearray(whole)
        turned[place] ^= 1 << chance.randrange(8)
        full_of_records.write_bytes(turned)
        after = contents(full_of_records)
        if after == before:
            continue  # nobody reads that place
        if is_found(settings):
            found += 1
        else:
            unseen.update(name for name in before if after.get(name) != before[name])
    full_of_records.write_bytes(whole)
    changed = found + unseen.total()
    assert found > changed * MOSTLY, unseen
    where = ", ".join(f"{name} {times}" for name, times in unseen.most_common())
    measured(
        f"{size.turned_bytes:,} bits turned, {changed:,} of them changed what is read: `lessons doctor --all` found "
        f"{found:,} ({found / changed:.0%}); **not** found, by table: {where or 'none'}"
    )


def is_found(settings: Settings) -> bool:
    """Whether `lessons doctor --all` tells of it. Its quick parts are asked first: they find nearly all."""
    engine = db.start(settings)
    warnings.simplefilter("ignore", sa.exc.SAWarning)  # of what stands in a damaged shape: a person would read it too
    try:
        with db.reading() as session:
            quick = [*doctor._whole(session, everything=True), doctor._history(session)]
    except (Unavailable, sa.exc.SQLAlchemyError, ValueError):
        quick = []
    finally:
        engine.dispose()
    return broken(quick) or broken(doctor._database(settings, at=AT, everything=True))


def broken(parts: Iterable[health.Part]) -> bool:
    return any(part.state == health.BROKEN and part.name in ("database", "file", "history") for part in parts)


def contents(file: Path) -> dict[str, list[Any]]:
    """All rows by their tables; none where not even the shape can be read."""
    found: dict[str, list[Any]] = {}
    with suppress(sqlite3.Error, UnicodeDecodeError), closing(sqlite3.connect(file)) as one:  # its words may be damaged
        one.text_factory = bytes
        found["sqlite_master"] = one.execute("SELECT * FROM sqlite_master").fetchall()
        for kind, name, _, _, sql in found["sqlite_master"]:
            if kind == b"table" and b"VIRTUAL" not in sql:
                found[name.decode()] = one.execute(f'SELECT * FROM "{name.decode()}"').fetchall()  # noqa: S608
    return found
