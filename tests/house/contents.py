"""Everything that a database holds, as text: to say that two are the same, or that nothing happened to one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

SCHEMA = {
    "sqlite": "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL",
    "postgresql": """
        WITH ours AS (SELECT oid FROM pg_namespace WHERE nspname = 'public')
        SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default)
            FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT concat_ws(' ', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
            WHERE connamespace IN (TABLE ours)
        UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace IN (TABLE ours)
    """,
}


def schema(address: str) -> list[str]:
    """The definitions of all tables, indexes, checks and triggers, in order, without brackets, casts and line ends,
    which PostgreSQL sets in its own way each time it reads a definition."""
    with _connected(address) as connection:
        found = connection.exec_driver_sql(SCHEMA[connection.dialect.name]).scalars().all()
    return sorted(" ".join(re.sub(r"::(text|character varying)|[][()]", " ", each).split()) for each in found)


def columns(address: str) -> dict[str, list[str]]:
    with _connected(address) as connection:
        looked = sa.inspect(connection)
        return {name: [one["name"] for one in looked.get_columns(name)] for name in looked.get_table_names()}


def rows(address: str, of: dict[str, list[str]] | None = None) -> dict[str, list[str]]:
    """The rows of every table that has any; `of`: these columns alone."""
    wanted = of or columns(address)
    with _connected(address) as connection:
        found: dict[str, Sequence[Any]] = {
            name: connection.execute(sa.select(*map(sa.column, told)).select_from(sa.table(name))).all()
            for name, told in wanted.items()
        }
    return {name: sorted(map(str, each)) for name, each in found.items() if each}


def contents(address: str) -> str:
    return hashlib.sha256(repr((schema(address), rows(address))).encode()).hexdigest()


@contextmanager
def _connected(address: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(address)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
