"""An empty index on each database, gone with its transaction."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from lessons.search.schema import postgresql_ddl, sqlite_ddl
from tests.postgres import server


@pytest.fixture(scope="session")
def postgresql_address() -> Iterator[str]:
    with server() as postgresql:
        yield postgresql.create("search")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    on_sqlite = request.param == "sqlite"
    engine = create_engine("sqlite://" if on_sqlite else request.getfixturevalue("postgresql_address"))
    with engine.connect() as connection, Session(connection) as session:
        for statement in sqlite_ddl if on_sqlite else postgresql_ddl:
            session.execute(text(statement))
        yield session
        session.rollback()
    engine.dispose()
