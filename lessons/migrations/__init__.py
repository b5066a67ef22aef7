"""The only code that changes the shape of a database: what is missing is applied in one transaction, or nothing is.

Revisions lie in versions/, named by number and word; the name is what the database keeps. Nothing here imports Alembic
until there is something to apply, so that a second start costs one query.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from lessons.errors import LessonsError
from lessons.i18n import say
from lessons.migrations import marked, rules

HERE = Path(__file__).parent
WAITING_MILLISECONDS = 600_000
LOCK = 0x1E550715
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}
Ask = Callable[[str], Sequence[Any]]


class SchemaError(LessonsError):
    """The database is not one that this version may touch. Nothing was written."""


@cache
def revisions() -> tuple[str, ...]:
    """The names of all revisions, in order."""
    return tuple(sorted(path.stem for path in (HERE / "versions").glob("[0-9]*.py")))


def head() -> str:
    """The revision that this version of the product works with."""
    return revisions()[-1]


def is_current(engine: sa.Engine) -> bool:
    """Whether no revision waits. Raises SchemaError for a database that is newer or not ours."""
    return revision_of(engine) == head()


def upgrade(engine: sa.Engine) -> list[str]:
    """Apply what is missing; the names of the revisions, or else the rules, that were. `engine` is db.make_engine's.

    Who comes second waits for the first, then finds nothing to do. Raises SchemaError as `is_current`, and where the
    database refuses a statement."""
    revision_of(engine)
    with _told(engine), _alone(engine) as connection:
        present = _revision(_asking(connection), engine.dialect.name)
        pending = [name for name in revisions() if name > present]
        if not pending:
            kept, laid = marked.is_kept(connection), rules.lay(connection)
            if kept:
                marked.mark(connection)
            return laid
        rules.lift(connection)
        _apply(connection)
        _refuse_orphans(connection)
        marked.mark(connection)
        return pending


def check(engine: sa.Engine) -> list[str]:
    """What keeps the database from being as this version needs it, a line each; none: in step. Changes nothing."""
    from lessons.migrations.shape import differences

    present = revision_of(engine)
    if present != head():
        return [f"revision: {present or 'none'}, where {head()} is needed"]
    with engine.connect() as connection:
        return [f"missing rule: {name}" for name in rules.missing(connection)] + differences(connection)


def revision_of(engine: sa.Engine) -> str:
    """The revision a database is at, "" for one that is empty or not there yet. Raises SchemaError as `is_current`.

    A look that writes nothing: a file is not opened in the way we work with it before it is known to be ours."""
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if file and not Path(file).exists():
        return ""
    with _told(engine):
        if file:
            _refuse_emptied(Path(file))
            with closing(sqlite3.connect(f"{Path(file).absolute().as_uri()}?mode=rw", uri=True)) as connection:
                connection.execute(f"PRAGMA busy_timeout={WAITING_MILLISECONDS}")
                return _revision(lambda sql: connection.execute(sql).fetchall(), "sqlite")
        with engine.connect() as connected:
            return _revision(_asking(connected), engine.dialect.name)


def _revision(ask: Ask, dialect: str) -> str:
    tables = {name for (name,) in ask(TABLES[dialect])}
    if not tables:
        return ""
    stamped = ask("SELECT version_num FROM alembic_version") if "alembic_version" in tables else []
    name = str(stamped[0][0]) if stamped else ""
    if name in revisions():
        return name
    if name[:4].isdigit() and name[4:5] == "_" and name > head():
        raise SchemaError(
            say("The database was made by a newer version (%(name)s). Install that version or later.", name=name)
        )
    raise SchemaError(say("The database holds something else. Choose an empty one or one made by this product."))


def _asking(connection: sa.Connection) -> Ask:
    return lambda sql: connection.exec_driver_sql(sql).fetchall()


def _refuse_emptied(file: Path) -> None:
    """Refuse a file that is empty and stays so: one that another process just makes is so for a moment."""
    for _ in range(20):
        if file.stat().st_size:
            return
        time.sleep(0.05)
    raise SchemaError(
        say("%(place)s is empty. Where a new database is meant, remove the file; else restore a backup.", place=file)
    )


@contextmanager
def _told(engine: sa.Engine) -> Iterator[None]:
    try:
        yield
    except (sa.exc.DBAPIError, sqlite3.Error) as error:
        why = str(getattr(error, "orig", error)).splitlines()[0]
        place = engine.url.database if engine.dialect.name == "sqlite" else engine.url.render_as_string()
        raise SchemaError(
            say("%(place)s cannot be used as it is: %(why)s. Nothing was changed.", place=place, why=why)
        ) from error


@contextmanager
def _alone(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that nobody else upgrades beside; on SQLite nobody else writes at all."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            connection.detach()  # what is set here ends with it
            driver.execute(f"PRAGMA busy_timeout={WAITING_MILLISECONDS}")
            driver.execute("PRAGMA foreign_keys=OFF")  # a rebuilt table is dropped while others point to it
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            yield connection


def _apply(connection: sa.Connection, to: str = "head") -> None:
    build(connection, to)
    rules.lay(connection)


def build(connection: sa.Connection, to: str) -> None:
    """Up to a revision, in the connection's transaction, the rules not yet laid: they refuse what a restore writes."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    command.upgrade(config, to)


def _refuse_orphans(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if orphans:
            raise SchemaError(
                say("A row of %(table)s points to a row that is not there. Nothing was changed.", table=orphans[0][0])
            )
