from __future__ import annotations

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from lessons import migrations
from lessons.migrations import HERE, SchemaError, check, head, is_current, revisions, rules, upgrade, write
from lessons.search.schema import postgresql_ddl, sqlite_ddl
from tests.databases import Databases, Kind, Open
from tests.house.contents import columns, contents, rows, schema
from tests.warm import Program

ROOT = Path(__file__).parents[2]
DUMPS = sorted({path.name.split(".")[0] for path in (ROOT / "tests/dumps").glob("*.sql")})
TABLES_OF_SEARCH = re.compile(r"\bsearch_\w+")


def restored(databases: Databases, kind: Kind, revision: str) -> str:
    """A database as an installation had it when the revision landed."""
    address, dump = databases.bare(kind), (ROOT / f"tests/dumps/{revision}.{kind}.sql").read_text()
    if kind == "sqlite":
        with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as connection:
            connection.executescript(dump)
    else:
        name, folder = sa.make_url(address).database, str(databases.postgresql.folder)
        with psycopg.connect(host=folder, user="postgres", dbname=name) as connection:
            connection.execute(dump.encode())
    return address


def upgrading(address: str, *points: int) -> Program:
    return Program("tests.house.upgrading", address, *map(str, points), env=os.environ)


def said(program: Program) -> list[str]:
    out, err = program.communicate(timeout=240)
    assert (program.returncode, err) == (0, "")
    return out.split("\n")[:-1]


# ---------------------------------------------------------------- one history, the same as the models


def test_the_revisions_follow_each_other_and_their_files_have_their_names() -> None:
    script = ScriptDirectory(str(HERE))
    assert tuple(step.revision for step in reversed(list(script.walk_revisions()))) == revisions()
    assert script.get_heads() == [head()]


def test_the_revisions_make_what_the_models_and_rules_describe(databases: Databases, kind: Kind, opened: Open) -> None:
    assert check(opened(databases.migrated(kind))) == []


def test_the_revisions_make_the_tables_that_search_works_on(databases: Databases, kind: Kind) -> None:
    made = databases.bare(kind)
    engine = sa.create_engine(made)
    with engine.begin() as connection:
        for statement in sqlite_ddl if kind == "sqlite" else postgresql_ddl:
            connection.exec_driver_sql(statement)
    engine.dispose()
    migrated, bare = (
        [each for each in schema(database) if TABLES_OF_SEARCH.search(each)]
        for database in (databases.migrated(kind), made)
    )
    assert migrated == bare


@pytest.mark.parametrize("revision", DUMPS)
def test_every_landed_schema_is_brought_up_to_date_with_its_rows(
    databases: Databases, kind: Kind, opened: Open, revision: str
) -> None:
    address = restored(databases, kind, revision)
    before, known = rows(address), columns(address)
    assert upgrade(opened(address)) == [name for name in revisions() if name > revision]
    after = rows(address, known)
    assert {table: after[table] for table in before} == before | {"alembic_version": [f"('{head()}',)"]}
    assert schema(address) == schema(databases.migrated(kind))


def test_whoever_never_chose_an_hour_has_the_daily_mail_at_half_past_eight(
    databases: Databases, kind: Kind, opened: Open
) -> None:
    engine = opened(restored(databases, kind, DUMPS[0]))
    copied = "INSERT INTO persons SELECT 2, 'other', email, 'other', {} FROM persons"
    with engine.begin() as connection:
        names = [one["name"] for one in sa.inspect(connection).get_columns("persons")][4:]
        values = ", ".join("14" if name == "digest_hour" else name for name in names)
        connection.execute(sa.text(copied.format(values)))
    upgrade(engine)
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT digest_hour, digest_minute FROM persons ORDER BY id")).all()
    assert [tuple(row) for row in found] == [(8, 30), (14, 0)]


# ---------------------------------------------------------------- all of it or nothing, once


def test_a_second_upgrade_finds_nothing_to_do(databases: Databases, kind: Kind, opened: Open) -> None:
    engine = opened(databases.bare(kind))
    assert not is_current(engine)
    assert upgrade(engine) == list(revisions())
    assert is_current(engine)
    assert upgrade(engine) == []


@pytest.mark.parametrize("attempt", [1, 2])
def test_of_two_upgrades_at_once_one_waits_and_finds_nothing_to_do(
    databases: Databases, kind: Kind, opened: Open, attempt: int
) -> None:
    address = databases.bare(kind)
    programs = [upgrading(address), upgrading(address)]
    assert sorted(said(program) for program in programs) == [[""], [" ".join(revisions())]]
    assert check(opened(address)) == []


def statements_of_an_upgrade(engine: sa.Engine) -> int:
    numbers = count()
    sa.event.listen(engine, "before_cursor_execute", lambda *_: next(numbers))
    sa.event.listen(engine, "commit", lambda _: next(numbers))
    upgrade(engine)
    return next(numbers)


@pytest.mark.parametrize("revision", ["", *DUMPS])
def test_an_upgrade_that_is_killed_leaves_all_as_it_was(
    databases: Databases, kind: Kind, opened: Open, revision: str
) -> None:
    def start() -> str:
        address = restored(databases, kind, revision) if revision else databases.bare(kind)
        opened(address).connect().close()
        return address

    last = statements_of_an_upgrade(opened(start()))
    steps = 9 if revision else 3  # what is empty has little to lose
    points = sorted({round(1 + (last - 1) * step / steps) for step in range(steps + 1)})
    address = start()
    before = contents(address)
    assert said(upgrading(address, *points)) == [before] * len(points)
    assert upgrade(opened(address)) == [name for name in revisions() if name > revision]
    assert check(opened(address)) == []


def test_an_upgrade_that_would_leave_a_row_pointing_nowhere_is_taken_back(databases: Databases, opened: Open) -> None:
    address = restored(databases, "sqlite", DUMPS[0])
    with closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as connection, connection:
        connection.execute("UPDATE lessons SET debrief_id = 77")
    before = contents(address)
    with pytest.raises(SchemaError, match="A row of lessons points to a row that is not there"):
        upgrade(opened(address))
    assert contents(address) == before


# ---------------------------------------------------------------- rules


def test_every_rule_that_is_dropped_is_noticed_and_laid_again(databases: Databases, kind: Kind, opened: Open) -> None:
    engine = opened(databases.migrated(kind))
    laid = [rule for rule in rules.RULES if any(rule.statements(kind))]
    with engine.begin() as connection:
        for rule in laid:
            if isinstance(rule, rules.Index):
                connection.exec_driver_sql(f"DROP INDEX {rule.name}")
            else:
                on = f" ON {rule.table}" if kind == "postgresql" else ""
                connection.exec_driver_sql(f"DROP TRIGGER {rule.name}{on}")
    assert check(engine) == [f"missing rule: {rule.name}" for rule in laid]
    assert upgrade(engine) == [rule.name for rule in laid]
    assert check(engine) == []


@pytest.mark.only("postgresql")
def test_a_rule_that_is_switched_off_is_noticed(databases: Databases, opened: Open) -> None:
    engine = opened(databases.migrated("postgresql"))
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE events DISABLE TRIGGER events_stay")
    assert check(engine) == ["missing rule: events_stay"]


@pytest.mark.only("postgresql")
def test_a_check_that_is_dropped_or_allows_another_word_is_noticed(databases: Databases, opened: Open) -> None:
    engine = opened(databases.migrated("postgresql"))
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE actions DROP CONSTRAINT ck_actions_confirmed_when")
        connection.exec_driver_sql("ALTER TABLE actions DROP CONSTRAINT ck_actions_actionkind")
        connection.exec_driver_sql(
            "ALTER TABLE actions ADD CONSTRAINT ck_actions_actionkind CHECK (kind IN ('corrective', 'heroic'))"
        )
    assert check(engine) == [
        "missing or other check: ck_actions_actionkind",
        "missing or other check: ck_actions_confirmed_when",
    ]


REBUILDING = """
from alembic import op
revision, down_revision = "{name}", "{before}"
def upgrade():
    for table in ("due_changes", "lessons", "events", "actions"):
        with op.batch_alter_table(table, recreate="always"):
            pass
"""


@pytest.fixture
def _next_revision_rebuilds_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    here = shutil.copytree(HERE, tmp_path / "migrations")
    text = REBUILDING.format(name="9998_rebuilt", before=head())
    (here / "versions/9998_rebuilt.py").write_text(text)
    monkeypatch.setattr(migrations, "HERE", here)
    revisions.cache_clear()
    yield
    revisions.cache_clear()


@pytest.mark.usefixtures("_next_revision_rebuilds_tables")
def test_a_revision_may_rebuild_a_table_and_rows_and_rules_stay(databases: Databases, opened: Open) -> None:
    """On SQLite a table is made anew, filled, and takes the name of the old one, which loses triggers and indexes."""
    address = restored(databases, "sqlite", DUMPS[0])
    before, known = rows(address), columns(address)
    engine = opened(address)
    upgrade(engine)
    assert {table: rows(address, known)[table] for table in before} == before | {
        "alembic_version": ["('9998_rebuilt',)"]
    }
    assert check(engine) == []


@pytest.mark.parametrize(("words", "code"), [(["--help"], 0), (["-h"], 0), (["--halp"], 2), (["Two Words"], 2)])
def test_whoever_asks_how_revisions_are_written_is_told_and_nothing_is_written(
    words: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted((HERE / "versions").iterdir())
    with pytest.raises(SystemExit) as left:
        write.main(words)
    assert left.value.code == code
    told = capsys.readouterr()
    assert "python -m lessons.migrations.write" in told.out + told.err
    assert sorted((HERE / "versions").iterdir()) == before
