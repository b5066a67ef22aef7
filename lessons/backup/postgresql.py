"""PostgreSQL out of a backup and into one: the rows of all tables at one moment, table by table, as COPY has them.

No program of PostgreSQL's is needed. The tables are made anew as the revision of the backup had them, filled, and then
brought up to date; until then neither foreign keys nor the rules of history are laid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from psycopg import sql

from lessons import db, migrations
from lessons.backup.archive import ROWS, Manifest, Reading, Refused, Writing
from lessons.backup.named import named
from lessons.i18n import say
from lessons.migrations import rules

STAMP = "alembic_version"
COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns JOIN pg_tables ON tablename = table_name
    WHERE table_schema = current_schema() AND schemaname = current_schema() AND is_generated = 'NEVER'
    ORDER BY table_name, ordinal_position
"""
SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"
COUNTED = sa.text("SELECT setval(CAST(:name AS regclass), :last)")
FOREIGN = """
    SELECT relname, conname, pg_get_constraintdef(pg_constraint.oid)
    FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
    WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY relname, conname
"""
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
OTHERS_THERE = say("Others are connected to the database. Stop `serve` and `worker` first. Nothing was changed.")
LATEST = "SELECT coalesce(max(tx), 0) >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM events"
# of a transaction that this server has not come to yet nobody would hear; what was told already is not told again
PLACES = """
    UPDATE webhooks SET last_tx = 0, last_id = coalesce(
        (SELECT min(id) - 1 FROM events WHERE (tx, id) > (last_tx, last_id)), (SELECT max(id) FROM events), 0)
"""
PLAINLY = "UPDATE events SET tx = 0"


# ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
def copy_out(to: Writing) -> list[str]:
    """Every row as of one moment, whoever writes meanwhile; the attachments that they name."""
    at_once = db.engine().execution_options(isolation_level="REPEATABLE READ")
    with at_once.connect() as connection, connection.begin():
        to.manifest.tables = tables(connection)
        for table, columns in to.manifest.tables.items():
            with _cursor(connection).copy(_copy(table, columns, "TO STDOUT")) as rows, to.part(ROWS + table) as part:
                for data in rows:
                    part.write(data)
        # they count outside of any transaction: read last, they are never behind the rows
        counted = connection.exec_driver_sql(SEQUENCES).all()
        to.manifest.sequences = {name: last for name, last in counted if last is not None}
        return named(_asking(connection), "postgresql")


def tables(connection: sa.Connection) -> dict[str, list[str]]:
    """The columns of every table that rows are written to, by its name."""
    found: dict[str, list[str]] = {}
    for table, column in connection.exec_driver_sql(COLUMNS).all():
        if table != STAMP:
            found.setdefault(table, []).append(column)
    return found


def _asking(connection: sa.Connection) -> migrations.Ask:
    return lambda asked: connection.exec_driver_sql(asked).fetchall()


def _cursor(connection: sa.Connection) -> Any:
    return connection.connection.cursor()


def _copy(table: str, columns: Sequence[str], way: str) -> sql.Composed:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) " + way).format(sql.Identifier(table), names)


# ── in ───────────────────────────────────────────────────────────────────────────────────────────────────────────────
@contextmanager
def replaced(source: Reading) -> Iterator[sa.Connection]:
    """The backup's rows in place of those that are there, in one transaction that the caller's last line ends. Raises
    Refused where somebody works with the database."""
    with db.engine().connect() as connection, connection.begin():
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({migrations.LOCK})")
        if connection.scalar(sa.text(OTHERS)):
            raise Refused(OTHERS_THERE)
        _drop(connection)
        migrations.build(connection, source.manifest.revision)
        _fill(connection, source)
        if connection.scalar(sa.text(LATEST)):
            connection.exec_driver_sql(PLACES)
            connection.exec_driver_sql(PLAINLY)
        migrations.build(connection, "head")
        rules.lay(connection)
        yield connection
        connection.exec_driver_sql("ANALYZE")


def is_full() -> bool:
    with db.engine().connect() as connection:
        there = "persons" in tables(connection)
        return there and connection.scalar(sa.text("SELECT 1 FROM persons LIMIT 1")) is not None


def _drop(connection: sa.Connection) -> None:
    names = [f'"{name}"' for (name,) in connection.exec_driver_sql(migrations.TABLES["postgresql"])]
    if names:
        connection.exec_driver_sql(f"DROP TABLE {', '.join(names)} CASCADE")


def _fill(connection: sa.Connection, source: Reading) -> None:
    """Tables name each other, two of them both ways: the keys that say so are laid when all rows are there."""
    manifest, keys = source.manifest, connection.exec_driver_sql(FOREIGN).all()
    for table, name, _ in keys:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    for table in tables(connection):
        connection.exec_driver_sql(f'DELETE FROM "{table}"')  # noqa: S608 - what a revision wrote itself
    for table, columns in manifest.tables.items():
        with _cursor(connection).copy(_copy(table, columns, "FROM STDIN")) as rows:
            for data in source.pieces(ROWS + table):
                rows.write(data)
    for table, name, says in keys:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {says}')
    _count_on(connection, manifest)


def _count_on(connection: sa.Connection, manifest: Manifest) -> None:
    there = {name for name, _ in connection.exec_driver_sql(SEQUENCES)}
    for name, last in manifest.sequences.items():
        if name in there:
            connection.execute(COUNTED, {"name": f'"{name}"', "last": last})
