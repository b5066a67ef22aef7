from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from lessons.migrations import SchemaError, check, head, is_current, upgrade
from tests.databases import Databases, Kind, Open
from tests.house.contents import contents

ROOT = Path(__file__).parents[2]


def test_a_database_of_a_newer_version_is_refused_in_words(databases: Databases, kind: Kind, opened: Open) -> None:
    engine = opened(databases.migrated(kind))
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999_wishes'")
    for door in (is_current, upgrade, check):
        with pytest.raises(SchemaError, match=r"made by a newer version \(9999_wishes\)"):
            door(engine)


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE invoices (id INTEGER)",
        "CREATE TABLE alembic_version (version_num VARCHAR(32)); INSERT INTO alembic_version VALUES ('ae1027a6acf')",
        "CREATE TABLE alembic_version (version_num VARCHAR(32))",
    ],
    ids=["no revision", "another's revision", "an empty revision"],
)
def test_a_database_that_holds_something_else_is_refused_and_left_alone(
    databases: Databases, kind: Kind, opened: Open, script: str
) -> None:
    address = databases.bare(kind)
    other = sa.create_engine(address)
    with other.begin() as connection:
        for statement in script.split(";"):
            connection.exec_driver_sql(statement)
    other.dispose()
    file = Path(address.removeprefix("sqlite:///"))
    before = file.read_bytes() if kind == "sqlite" else contents(address)
    for door in (is_current, upgrade, check):
        with pytest.raises(SchemaError, match="holds something else"):
            door(opened(address))
    assert before == (file.read_bytes() if kind == "sqlite" else contents(address))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.mkdir(), "unable to open database file"),
        (lambda path: path.touch(), "is empty. Where a new database is meant"),
        (lambda path: path.write_bytes(os.urandom(8192)), "file is not a database"),
        (lambda path: path.write_text("name,unit\n" * 2000), "file is not a database"),
    ],
    ids=["a folder", "an empty file", "noise", "a table of text"],
)
def test_what_is_no_database_is_refused_and_left_alone(
    tmp_path: Path, opened: Open, make: Callable[[Path], None], reason: str
) -> None:
    path = tmp_path / "lessons.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(SchemaError, match=reason):
        upgrade(opened(f"sqlite:///{path}"))
    assert [each.name for each in tmp_path.iterdir()] == ["lessons.db"]
    assert before == (path.read_bytes() if path.is_file() else None)


def test_asking_about_a_database_that_is_not_there_does_not_make_one(tmp_path: Path, opened: Open) -> None:
    engine = opened(f"sqlite:///{tmp_path / 'lessons.db'}")
    assert not is_current(engine)
    assert check(engine) == [f"revision: none, where {head()} is needed"]
    assert list(tmp_path.iterdir()) == []


ASKED_AGAIN = """
import sys
from pathlib import Path
from lessons import db, migrations
from lessons.settings import Settings
engine = db.make_engine(Settings(database_url=sys.argv[1], data_dir=Path()))
print(migrations.is_current(engine), "alembic" in sys.modules, "lessons.models" in sys.modules)
"""


def test_a_second_start_imports_neither_alembic_nor_models(databases: Databases) -> None:
    command = [sys.executable, "-c", ASKED_AGAIN, databases.migrated("sqlite")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False", "False"]


@pytest.mark.only("postgresql")
def test_a_database_that_may_only_be_read_is_refused_in_words(databases: Databases, opened: Open) -> None:
    address = databases.bare("postgresql")
    with sa.create_engine(address, poolclass=sa.NullPool).begin() as connection:
        name = connection.engine.url.database
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with pytest.raises(SchemaError, match="cannot be used as it is: cannot execute CREATE TABLE in a read-only"):
        upgrade(opened(address))


def test_a_database_that_does_not_answer_is_named_without_its_password(opened: Open, tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match=r"postgresql\+psycopg://dana:\*\*\*@/lessons.* cannot be used") as refused:
        is_current(opened(f"postgresql+psycopg://dana:secret@/lessons?host={tmp_path}"))
    assert "secret" not in str(refused.value)
