"""What search costs whoever asks: the real server over loopback, among as many lessons as are said.

.venv/bin/python -m bench.served [--items 10000] [--asked 100] [--keep FOLDER] [--postgresql [--pgvector]]

Lessons of a hundred made-up words each, with vectors by chance but of the right shape; questions are made of their
words. Beside it, on the same machine in the same minutes: the database's bare statement, the framework's hello, and
the embedder alone. One question at a time.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.orm import Session

from bench.desk import served
from bench.pages import person
from bench.search import made_up
from lessons import db
from lessons.access import OPERATOR
from lessons.migrations import upgrade
from lessons.models import Lesson
from lessons.people.keys import create_token
from lessons.search import embedder, fts5, index, tsvector
from lessons.search import pgvector as nearest
from lessons.search.entries import Entry
from lessons.search.schema import part, vector
from lessons.search.words import query_terms
from lessons.settings import Settings
from tests.postgres import server
from tests.village import AT, Village

HALF, HUNDREDTH, WIDTH, BATCH = "ספקטרום", "קלידוסקופ", 384, 5_000
Ask = Callable[[int], object]


# ── a database of so many ────────────────────────────────────────────────────────────────────────────────────────────
def items(many: int) -> Iterator[Entry]:
    """Of two words it is known how many hold them."""
    for n, one in enumerate(made_up(many)):
        words = (f" {HALF}" if n % 2 else "") + (f" {HUNDREDTH}" if n % 100 == 50 else "")
        yield Entry(one.noun, one.record_id, one.lang, one.title, one.body + words, one.topics)


def fill(session: Session, many: int) -> None:
    """Lessons, their words, triples and vectors."""
    first = Village(session).lesson()
    session.flush()
    plain = session.execute(sa.select(Lesson.__table__).where(Lesson.id == first.id)).mappings().one()
    session.execute(sa.delete(Lesson.__table__).where(Lesson.id == first.id))
    rows = items(many)
    while some := list(islice(rows, BATCH)):
        session.execute(sa.insert(Lesson.__table__), [
            dict(plain) | {"id": one.record_id, "code": f"L-2026-{one.record_id:07}", "short": f"{one.record_id:x}",
                           "title": one.title[:300], "applies_when": one.body} for one in some])  # fmt: skip
    index.rebuild(session, items(many))
    chance, after = random.Random(3), 0
    while digests := session.execute(
        sa.select(part.c.id, part.c.digest).where(part.c.id > after).order_by(part.c.id).limit(BATCH)
    ).all():
        after = digests[-1].id
        session.execute(sa.insert(vector), [
            {"digest": one.digest, "model": embedder.Child.name, "vector": chance.randbytes(WIDTH)} for one in digests
        ])  # fmt: skip
    if not db.is_sqlite(session):
        session.execute(sa.text("ANALYZE"))


def ready(address: str, folder: Path, many: int, *, pgvector: bool = False) -> str:
    """The database stands there, made once; a token of Avi's."""
    settings = Settings(address, folder, secret_key="bench-" * 6, synchronous="OFF")
    engine = db.start(settings)
    upgrade(engine)
    with db.transaction() as session:
        if not session.scalar(sa.select(sa.func.count()).select_from(Lesson)):
            begun = time.perf_counter()
            fill(session, many)
            print(f"{many:,} lessons made and indexed in {time.perf_counter() - begun:.0f} s", flush=True)
    if pgvector:
        indexed()
    with db.transaction() as session:
        return create_token(session, person(session, "avi"), name=f"bench {time.monotonic()}", scope="read",
                            by=OPERATOR, at=AT)  # fmt: skip


def indexed() -> None:
    """The worker's index of all vectors, made at once."""
    with db.transaction() as session:
        session.execute(sa.text("CREATE EXTENSION vector"))
    begun = time.perf_counter()
    follow = partial(nearest.follow, embedder.Child.name, reading=db.reading, transaction=db.transaction)
    print(f"{sum(iter(follow, 0)):,} vectors taken into the index in {time.perf_counter() - begun:.0f} s", flush=True)


# ── questions ────────────────────────────────────────────────────────────────────────────────────────────────────────
def questions(many: int, words: int) -> list[str]:
    """Each of some words that stand in one lesson, and none asked twice."""
    chance = random.Random(words)
    some = list(islice(made_up(2_000), 2_000))
    return [" ".join(chance.sample(f"{one.title} {one.body}".split(), words)) for one in chance.choices(some, k=many)]


def spent(ask: Ask, times: int) -> tuple[float, float]:
    """Milliseconds of one: (the middle, one of twenty takes longer)."""
    taken = []
    for n in range(-3, times):
        begun = time.perf_counter()
        ask(n)
        if n >= 0:
            taken.append((time.perf_counter() - begun) * 1_000)
    return sorted(taken)[times // 2], sorted(taken)[times * 95 // 100]


class Program:
    """One connection to a server, kept open."""

    def __init__(self, port: int, token: str = "") -> None:
        self._to = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, address: str, body: object = None) -> Any:
        sent = None if body is None else json.dumps(body)
        self._to.request("GET" if sent is None else "POST", address, sent, self._headers)
        answer = self._to.getresponse()
        read = answer.read()
        assert answer.status == 200, (answer.status, read[:300])
        return read

    def find(self, q: str, legs: str = "") -> int:
        return len(json.loads(self.ask(f"/api/v1/search?q={quote(q)}" + (f"&legs={legs}" if legs else "")))["items"])


def bare(address: str) -> tuple[Callable[[str], object], Callable[[], None]]:
    """The database's own statement for the words of a question, capped as ours is, by its own driver; and its end."""
    if address.startswith("sqlite"):
        connection: Any = sqlite3.connect(address.removeprefix("sqlite:///"))
        statement = (
            "SELECT rowid FROM (SELECT rowid, bm25(search_words, 8, 4, 1) AS score FROM search_words WHERE search_words"
            " MATCH ? ORDER BY rowid DESC LIMIT ?) ORDER BY score LIMIT 20"
        )
        asked: Callable[[str], str] = lambda q: fts5.question(query_terms(q), every=True)  # noqa: E731
    else:
        import psycopg

        connection = psycopg.connect(address.replace("+psycopg", ""))
        statement = (
            "SELECT id FROM (SELECT id, ts_rank(words, asked) AS score FROM search_entry, CAST(%s AS tsquery) AS asked"
            " WHERE words @@ asked ORDER BY id DESC LIMIT %s) AS found ORDER BY score DESC LIMIT 20"
        )
        asked = lambda q: tsvector.question(query_terms(q), every=True)  # noqa: E731
    return lambda q: connection.execute(statement, (asked(q), fts5.NEWEST)).fetchall(), connection.close


def memory(pid: int) -> dict[str, int]:
    """MB of each process of a server that is not the embedder's, and of that."""
    found = {"server": 0, "embedder": 0}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line)
            command = (folder / "cmdline").read_bytes()
            of = int(status["PPid"])
            above = int((Path("/proc") / status["PPid"].strip() / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, KeyError, ValueError, IndexError):
            continue
        if pid in (of, above) and "VmHWM" in status:
            name = "embedder" if b"lessons.search.nano" in command else "server"
            found[name] = max(found[name], int(status["VmHWM"].split()[0]) // 1024)
    return found


# ── what is measured ─────────────────────────────────────────────────────────────────────────────────────────────────
def measure(program: Program, statement: Callable[[str], object], hello: tuple[float, float], times: int) -> None:
    words = [*questions(times, 1), *questions(times, 2)]
    plain = spent(lambda n: statement(words[n]), 2 * times)
    ours = spent(lambda n: program.find(words[n], "words"), 2 * times)
    told("one or two words, the bare statement", plain)
    told("one or two words, by the API", ours, aim=plain[1] + 10 * hello[1])
    few = spent(lambda _: program.find(HUNDREDTH, "words"), times)
    half = spent(lambda _: program.find(HALF, "words"), times)
    told("a word that one of a hundred holds", few)
    told("a word that half of them hold", half, aim=1.5 * few[1])
    told("the same by words and letter triples", spent(lambda _: program.find(HALF, "words,grams"), times))
    tens = questions(times + 3, 10)
    told("ten words, by words and letter triples", spent(lambda n: program.find(tens[n], "words,grams"), times))
    if not embedder.is_installed():
        return
    meaning = embedder.Child()
    alone = spent(lambda n: meaning.embed(tens[n], question=True, seconds=60), times)
    told("ten words, the embedder alone", alone)
    told("ten words, all legs", spent(lambda n: program.find(tens[n]), times), aim=alone[1] + 40)
    cases = [" ".join(pair)[:400] for pair in zip(questions(times + 3, 40), questions(times + 3, 60), strict=True)]
    alone = spent(lambda n: meaning.embed(cases[n], question=True, seconds=60), times)
    told("a case of 400 characters, the embedder alone", alone)
    suggested = spent(lambda n: program.ask("/api/v1/suggest", {"text": cases[n]}), times)
    told("a case of 400 characters, suggestions", suggested, aim=alone[1] + 60)


def told(name: str, taken: tuple[float, float], aim: float | None = None) -> None:
    kept = "" if aim is None else f"  aim {aim:6.1f}: {'kept' if taken[1] <= aim else 'missed'}"
    print(f"  {name:46} middle {taken[0]:7.1f} ms, p95 {taken[1]:7.1f} ms{kept}", flush=True)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--items", type=int, default=10_000)
    asked.add_argument("--asked", type=int, default=100)
    asked.add_argument("--keep", type=Path, help="where the database stays for a second run (SQLite)")
    asked.add_argument("--postgresql", action="store_true")
    asked.add_argument("--pgvector", action="store_true", help="nearness by its index instead of in memory")
    given = asked.parse_args()
    with ExitStack() as stack:
        folder = given.keep or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        on_sqlite = f"sqlite:///{folder / 'bench.db'}"
        address = stack.enter_context(server()).create("bench") if given.postgresql else on_sqlite
        token = ready(address, folder, given.items, pgvector=given.pgvector)
        stack.callback(db.engine().dispose)
        environ = {**os.environ, "LESSONS_DATA_DIR": str(folder), "LESSONS_SECRET_KEY": "bench-" * 6,
                   "LESSONS_DATABASE_URL": address, "PYTHONPATH": str(Path.cwd()), "LESSONS_API_READS": "1000000",
                   "LESSONS_API_WRITES": "1000000", "LESSONS_PAGE_FORMS": "1000000",
                   "LESSONS_PAGE_READS": "1000000"}  # fmt: skip
        with served("bench.desk:hello", environ) as (port, _):
            bare_hello = Program(port)
            hello = spent(lambda _: bare_hello.ask("/desk/now"), 1_000)
        print(f"{given.items:,} lessons; the framework's hello: middle {hello[0]:.2f} ms, p95 {hello[1]:.2f} ms")
        statement, close = bare(address)
        stack.callback(close)
        with served("lessons.cli.running:application", environ) as (port, pid):
            measure(Program(port, token), statement, hello, given.asked)
            print("  memory, at most: " + ", ".join(f"{name} {mb} MB" for name, mb in memory(pid).items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
