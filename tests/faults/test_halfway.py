"""What takes long is killed in its middle: it is all there afterwards, or not at all."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from bench.imports import register
from lessons import db, migrations
from lessons.doors import files
from lessons.models import Attachment, Debrief, Event, ImportFile, Lesson
from lessons.settings import Settings
from lessons.steps import audit
from tests.databases import Databases, Kind
from tests.doors.calling import settled
from tests.faults.conftest import Size
from tests.faults.machine import PATIENCE, environment, killed
from tests.faults.organisation import chance_of
from tests.faults.reliability import Measured
from tests.house.contents import columns, contents, rows
from tests.house.test_migrations import DUMPS, restored
from tests.warm import Program


def command(settings: Settings, *words: str) -> Program:
    return Program("lessons.cli", *words, env=environment(settings))


def seconds_of(settings: Settings, *words: str) -> float:
    """How long a command takes that is left in peace."""
    begun, running = time.monotonic(), command(settings, *words)
    _, complaints = running.communicate(timeout=PATIENCE)
    assert running.returncode == 0, complaints
    return time.monotonic() - begun


@pytest.mark.only("sqlite")
def test_an_import_that_is_killed_is_all_there_or_not_at_all(
    settings: Settings, tmp_path: Path, size: Size, measured: Measured
) -> None:
    settled()
    file, chance = tmp_path / "register.csv", chance_of(size.imported)
    file.write_bytes(register(size.imported))
    words = ("import", str(file), "--unit", "RET")
    before, hits = brought(), 0
    whole = seconds_of(settings, *words, "--dry-run")
    for _ in range(size.import_kills):
        hits += killed(command(settings, *words), after=chance.uniform(whole / 3, whole))
        if brought() != before:
            break  # it was quicker than its rehearsal
    assert brought() == before or hits < size.import_kills
    seconds_of(settings, *words)
    after = brought()
    assert after[0] - before[0] == size.imported
    seconds_of(settings, *words)
    assert brought() == after, "the same again changes nothing"
    with db.reading() as session:
        assert audit.verify(session, until=audit.settled(session)).faults == ()
        named = {*session.scalars(sa.select(ImportFile.sha256)), *session.scalars(sa.select(Attachment.sha256))}
    kept = {path.name for path in files.store().folder.rglob("*") if path.is_file()}
    assert kept == named
    measured(
        f"{hits} kills of an import of {size.imported:,} rows: no row of it there; then all, once, no file left over"
    )


def brought() -> list[int]:
    with db.reading() as session:
        return [session.scalar(sa.select(sa.func.count()).select_from(one)) or 0 for one in (Debrief, Lesson, Event)]


@pytest.mark.faults  # killed before each of ten statements it is with every run: tests/house/test_migrations.py
def test_an_upgrade_that_is_killed_is_finished_by_the_next(
    databases: Databases, kind: Kind, tmp_path: Path, size: Size, measured: Measured
) -> None:
    chance, hits = chance_of(size.upgrade_kills), 0
    plain = Settings("", tmp_path, "village-" * 4)
    known: dict[str, Sequence[str]] = {}
    whole = seconds_of(replace(plain, database_url=restored(databases, kind, DUMPS[0])), "db", "upgrade")
    for _ in range(size.upgrade_kills):
        address = restored(databases, kind, DUMPS[0])
        old, had, shape = contents(address), rows(address), columns(address)
        settings = replace(plain, database_url=address)
        hits += killed(command(settings, "db", "upgrade"), after=chance.uniform(whole / 4, whole))
        engine = db.make_engine(settings)
        assert migrations.check(engine) == [] or contents(address) == old
        seconds_of(settings, "db", "upgrade")
        assert migrations.check(engine) == []
        engine.dispose()
        now = rows(address, shape)
        assert {name: now[name] for name in had if name != "alembic_version"} == {
            name: had[name] for name in had if name != "alembic_version"
        }
        known |= had
    assert hits > 0
    assert known
    measured(f"{hits} kills at work: each time all as it was or done; the next upgrade finished, the same rows")
