"""Vectors in memory, kept in step a little at a time, are what a plain reckoning over the whole database gives."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.orm import Session

from lessons.search import embedding, index, vectors
from lessons.search.embedder import Unreachable
from lessons.search.entries import Entry
from lessons.search.schema import part, sqlite_ddl, vector

np = pytest.importorskip("numpy", reason="search by meaning is an extra that set-up installs where it fits")
WIDTH = 24
ENTRIES = st.tuples(st.integers(1, 9), st.lists(st.integers(0, 40), max_size=5))
STEPS = st.lists(st.tuples(st.sampled_from(["put", "put", "put", "drop"]), ENTRIES), min_size=1, max_size=14)


class Chance:
    """Texts that look alike as e5's do; each text always gets the same vector."""

    name = "chance"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, text: str, *, question: bool, seconds: float) -> bytes:  # noqa: ARG002
        self.asked.append(text)
        return bytes((np.random.default_rng(crc32(text.encode())).normal(1, 0.7, WIDTH)).astype(np.float32).tobytes())


@contextmanager
def opened() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    with Session(engine) as session:
        for statement in sqlite_ddl:
            session.execute(text(statement))
        yield session
    engine.dispose()


def embedded(session: Session, meaning: Chance) -> None:
    @contextmanager
    def here() -> Iterator[Session]:
        yield session

    while embedding.embed(meaning, reading=here, transaction=here):
        pass


def _unit(some: object) -> object:
    return some / (np.linalg.norm(some, axis=-1, keepdims=True) + 1e-9)


def plainly(session: Session, asked: bytes, *, apart: bool) -> dict[int, float]:
    """Entry id → nearness, everything read and reckoned at once."""
    rows = session.execute(
        select(part.c.entry_id, vector.c.vector)
        .join(vector, vector.c.digest == part.c.digest)
        .where(vector.c.model == Chance.name)
    ).all()
    units = _unit(np.array([np.frombuffer(row.vector, np.int8) for row in rows], np.float64).reshape(-1, WIDTH))
    apart = apart and len(rows) >= vectors.FEW
    q = _unit(np.frombuffer(asked, np.float32).astype(np.float64))
    if apart:
        mean = units.mean(0)
        q, units = _unit(q - mean), _unit(units - mean)
    found = {}
    for entry_id in {row.entry_id for row in rows}:
        mine = units[[row.entry_id == entry_id for row in rows]]
        near = ((mine @ q).max() + _unit(mine.sum(0)) @ q) / 2
        found[entry_id] = float(near if apart else (near - vectors.CORNER) / (1 - vectors.CORNER))
    return found


def same(session: Session, q: str, within: float = 1e-4) -> None:
    asked, connection = Chance().embed(q, question=True, seconds=1), session.connection()
    near, apart = plainly(session, asked, apart=False), plainly(session, asked, apart=True)
    assert dict(vectors.near(connection, Chance.name, asked)) == pytest.approx(near, abs=within)
    assert vectors.apart(connection, Chance.name, asked, list(apart)) == pytest.approx(apart, abs=within)


def done(session: Session, what: str, record_id: int, examples: list[int]) -> None:
    if what == "put":
        asked = [f"the example {n}" for n in examples]
        index.put(session, Entry("lesson", record_id, "en", f"{record_id} {examples[:1]}", "", examples=asked))
    else:
        index.drop(session, "lesson", record_id)


@given(STEPS, st.integers(1, 4))
@settings(max_examples=30, deadline=None)
def test_in_step_a_little_at_a_time_they_are_what_a_plain_reckoning_gives(
    steps: list[tuple[str, tuple[int, list[int]]]], asked_every: int
) -> None:
    with opened() as session:
        for n, (what, (record_id, examples)) in enumerate(steps):
            done(session, what, record_id, examples)
            embedded(session, Chance())
            if n % asked_every == 0:
                _looks_whole(session)
                same(session, f"question {n}")


def _looks_whole(session: Session) -> None:
    vectors._of(session.connection(), Chance.name).looked_at = float("-inf")


def test_what_was_put_is_near_without_a_whole_look(session: Session) -> None:
    for n in range(1, 12):
        done(session, "put", n, [n, n + 1])
        embedded(session, Chance())
        same(session, "which")
    done(session, "put", 3, [30])
    embedded(session, Chance())
    same(session, "which")


def test_what_was_committed_after_a_greater_id_is_seen_at_the_next_whole_look(session: Session) -> None:
    look = vectors.near
    for n in range(1, 12):
        done(session, "put", n, [n])
    embedded(session, Chance())
    asked, connection = Chance().embed("which", question=True, seconds=1), session.connection()
    entry_id, digest = session.execute(select(part.c.entry_id, part.c.digest).limit(1)).one()
    session.execute(insert(part), {"id": -1, "entry_id": entry_id, "digest": digest, "question": 1, "text": "late"})
    before = plainly(session, asked, apart=False)
    look(connection, Chance.name, asked)
    known = vectors._of(connection, Chance.name)
    session.execute(insert(part), {"id": -2, "entry_id": entry_id, "digest": digest, "question": 1, "text": "later"})
    look(connection, Chance.name, asked)
    assert np.count_nonzero(known.ids) == 23
    _looks_whole(session)
    look(connection, Chance.name, asked)
    assert np.count_nonzero(known.ids) == 24
    assert dict(vectors.near(connection, Chance.name, asked)) == pytest.approx(
        plainly(session, asked, apart=False), abs=1e-4
    )
    assert before.keys() == plainly(session, asked, apart=False).keys()


def test_taking_in_many_needs_little_more_memory_than_what_stays() -> None:
    many, width = 20_000, 384
    with opened() as session:
        chance = np.random.default_rng(1)
        rows = [{"entry_id": n // 2 + 1, "digest": f"{n}", "question": 0, "text": ""} for n in range(many)]
        session.execute(insert(part), rows)
        session.execute(
            insert(vector),
            [
                {"digest": f"{n}", "model": "chance", "vector": chance.integers(-99, 99, width, np.int8).tobytes()}
                for n in range(many)
            ],
        )
        known = vectors.Vectors("chance")
        tracemalloc.start()
        known.follow(session.connection())
        stays, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert stays < many * (width + 60)
    assert most < 2 * stays


def test_none_is_forgotten_though_only_what_is_new_is_looked_at(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    meaning = Chance()
    for n in range(1, 30):
        done(session, "put", n, [n, n + 1, n % 3])
    embedded(session, meaning)
    assert len(meaning.asked) == len(set(meaning.asked)) == 29 + 31
    waiting: list[int] = []
    monkeypatch.setattr(embedding, "_waiting", _counting(embedding._waiting, waiting))
    embedded(session, meaning)
    assert waiting == []
    done(session, "put", 5, [77])
    embedded(session, meaning)
    assert (len(waiting), meaning.asked[-1]) == (1, "the example 77")


def _counting(looked: Callable[..., object], asked: list[int]) -> Callable[..., object]:
    def counted(connection: object, model: str, *, after: int) -> object:
        asked.append(after)
        return looked(connection, model, after=after)

    return counted


def test_a_text_committed_after_a_greater_id_is_embedded_at_the_next_whole_look(session: Session) -> None:
    meaning = Chance()
    done(session, "put", 1, [])
    done(session, "put", 1, [])
    embedded(session, meaning)
    entry_id, first = session.execute(select(part.c.entry_id, part.c.id)).one()
    session.execute(
        insert(part), {"id": first - 1, "entry_id": entry_id, "digest": "late", "question": 0, "text": "late"}
    )
    embedded(session, meaning)
    assert "late" not in meaning.asked
    embedding._seen[session.connection().engine].until = 0
    embedded(session, meaning)
    assert meaning.asked[-1] == "late"


def test_an_embedder_that_fails_halfway_is_asked_again_for_all(session: Session) -> None:
    class Tired(Chance):
        def embed(self, text: str, *, question: bool, seconds: float) -> bytes:
            if len(self.asked) == 5:
                self.asked.append("")
                raise Unreachable("tired")
            return super().embed(text, question=question, seconds=seconds)

    meaning = Tired()
    done(session, "put", 1, list(range(9)))
    with pytest.raises(Unreachable):
        embedded(session, meaning)
    assert session.execute(select(vector)).all() == []
    embedded(session, meaning)
    assert len(session.execute(select(vector)).all()) == 10
