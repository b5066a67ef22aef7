"""Where PostgreSQL has pgvector its index finds what a plain reckoning finds; where it has not, all are compared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from lessons.search import embedding, pgvector, vectors
from lessons.search.schema import postgresql_ddl, vector
from tests.search.test_vectors import Chance, done, embedded, plainly, same

np = pytest.importorskip("numpy", reason="search by meaning is an extra that set-up installs where it fits")
pytestmark = pytest.mark.postgres
HALF = 1e-3
"""What the mean of numbers of 16 bits may differ."""


@pytest.fixture
def session(postgresql_address: str) -> Iterator[Session]:
    engine = create_engine(postgresql_address)
    with engine.connect() as connection, Session(connection) as session:
        for statement in postgresql_ddl:
            session.execute(text(statement))
        yield session
        session.rollback()
    engine.dispose()


def followed(session: Session) -> int:
    @contextmanager
    def here() -> Iterator[Session]:
        yield session

    return sum(iter(lambda: pgvector.follow(Chance.name, reading=here, transaction=here), 0))


def filled(session: Session, many: int) -> None:
    for n in range(1, many):
        done(session, "put", n, [2 * n, 2 * n + 1])
    embedded(session, Chance())


def test_its_index_finds_what_a_plain_reckoning_finds(session: Session) -> None:
    session.execute(text("CREATE EXTENSION vector"))
    filled(session, 40)
    same(session, "before it is made")
    assert followed(session) == len(session.execute(select(vector.c.id)).all())
    assert pgvector.is_ready(session.connection(), Chance.name)
    same(session, "which", HALF)
    done(session, "put", 50, [99])
    embedded(session, Chance())
    _reckons_anew(session)
    same(session, "what was written since", HALF)
    done(session, "drop", 3, [])
    embedding.forget(session)
    _reckons_anew(session)
    same(session, "what is gone", HALF)


def _reckons_anew(session: Session) -> None:
    """What all have in common, which is otherwise believed for a while."""
    pgvector._of(session.connection(), Chance.name).mean_until = 0.0


def test_what_was_made_of_a_text_that_no_entry_has_goes_with_it(session: Session) -> None:
    session.execute(text("CREATE EXTENSION vector"))
    filled(session, 12)
    followed(session)
    for n in range(1, 12):
        done(session, "drop", n, [])
    assert embedding.forget(session) > 0
    assert session.execute(select(pgvector.direction.c.digest)).all() == []


def test_it_is_asked_by_its_index_and_not_by_reading_all(session: Session) -> None:
    session.execute(text("CREATE EXTENSION vector"))
    filled(session, 12)
    followed(session)
    connection = session.connection()
    assert pgvector.is_ready(connection, Chance.name)
    session.execute(text("SET LOCAL enable_seqscan = off"))
    session.execute(text("SET LOCAL enable_sort = off"))
    floats = np.frombuffer(Chance().embed("which", question=True, seconds=1), np.float32)
    asked = pgvector._nearest(Chance.name, floats).compile(connection, compile_kwargs={"render_postcompile": True})
    plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {asked}", asked.params).scalars())
    assert "Index Scan using direction_" in plan, plan


def test_without_the_extension_all_are_compared_and_nothing_is_made(session: Session) -> None:
    filled(session, 12)
    assert followed(session) == 0
    assert not pgvector.is_ready(session.connection(), Chance.name)
    same(session, "which", HALF)


def test_a_vector_of_another_width_finds_nothing(session: Session) -> None:
    session.execute(text("CREATE EXTENSION vector"))
    filled(session, 12)
    followed(session)
    asked = bytes(4 * 7)
    assert vectors.near(session.connection(), Chance.name, asked) == []
    assert vectors.apart(session.connection(), Chance.name, asked, [1]) == {}
    assert plainly(session, Chance().embed("which", question=True, seconds=1), apart=False)
