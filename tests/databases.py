"""The databases of a test run: migrated once per engine, then copied or emptied, whichever is quicker."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Literal, Self

import psycopg
import sqlalchemy as sa

from lessons import db
from lessons.migrations import upgrade
from lessons.settings import Settings
from tests.postgres import Server, server

Kind = Literal["sqlite", "postgresql"]
Open = Callable[[str], sa.Engine]
SHARED = "shared"
EMPTY_ALL = """
DO $$ DECLARE name text; BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle';
    SET LOCAL session_replication_role = replica; -- neither triggers nor foreign keys
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    PERFORM setval(oid, 1, false) FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace;
END $$
"""


class Databases:
    """Addresses of databases. Each is gone when the run ends; PostgreSQL starts when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = ExitStack()
        self._numbers = count(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @cached_property
    def postgresql(self) -> Server:
        return self._open.enter_context(server())

    def bare(self, kind: Kind) -> str:
        """A new database without any table."""
        name = f"n{next(self._numbers)}"
        return self.postgresql.create(name) if kind == "postgresql" else f"sqlite:///{self._folder / name}.db"

    def migrated(self, kind: Kind) -> str:
        """A new database with the tables and no rows, for whoever bends its shape or keeps it for a whole module."""
        name = f"n{next(self._numbers)}"
        if kind == "postgresql":
            return self.postgresql.create(name, template=self._postgresql_template)
        return self.sqlite_at(self._folder / f"{name}.db")

    def sqlite_at(self, file: Path) -> str:
        """The same as a file at this place."""
        shutil.copyfile(self._sqlite_template, file)
        return f"sqlite:///{file}"

    def emptied(self) -> str:
        """The one PostgreSQL database that tests share one after the other, emptied now. A new copy takes 60 times
        as long. Whoever was still at work in it is cut off."""
        self._eraser.execute(EMPTY_ALL)
        return self.postgresql.url(SHARED)

    @cached_property
    def _sqlite_template(self) -> Path:
        file = self._folder / "template.db"
        self._upgrade(f"sqlite:///{file}")
        return file

    @cached_property
    def _postgresql_template(self) -> str:
        self._upgrade(self.postgresql.create("migrated"))
        return "migrated"

    @cached_property
    def _eraser(self) -> psycopg.Connection:
        self.postgresql.create(SHARED, template=self._postgresql_template)
        host = str(self.postgresql.folder)
        return self._open.enter_context(psycopg.connect(host=host, user="postgres", dbname=SHARED, autocommit=True))

    def _upgrade(self, address: str) -> None:
        engine = db.make_engine(Settings(database_url=address, data_dir=self._folder, synchronous="OFF"))
        upgrade(engine)
        engine.dispose()
