"""How well and how fast our own words find: real Hebrew questions with a right answer, and a large made-up index.

.venv/bin/python -m bench.search [--data ../shared/data] [--records 100000] [--postgresql]
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from itertools import accumulate
from pathlib import Path

from sqlalchemy import create_engine, insert, select, text
from sqlalchemy.orm import Session
from sqlalchemy.sql import column, table

from lessons.search import index
from lessons.search.entries import Entry
from lessons.search.schema import postgresql_ddl, sqlite_ddl
from lessons.search.snippets import snippet
from lessons.search.words import index_tokens, query_terms
from tests.postgres import server

FAMILIES = Path(__file__).parent.parent / "tests" / "search" / "families.txt"
visible = table("visible", column("id"), column("state"))


@contextmanager
def empty_index(*, postgresql: bool) -> Iterator[Session]:
    with ExitStack() as stack:
        address = stack.enter_context(server()).create("bench") if postgresql else "sqlite://"
        engine = create_engine(address)
        stack.callback(engine.dispose)
        session = stack.enter_context(Session(engine))
        for statement in postgresql_ddl if postgresql else sqlite_ddl:
            session.execute(text(statement))
        yield session


def milliseconds(work: Callable[[], object], times: int = 15) -> tuple[float, float]:
    """(median, slowest) of some runs."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1_000)
    return sorted(taken)[times // 2], max(taken)


def families() -> dict[str, list[str]]:
    lines = FAMILIES.read_text(encoding="utf-8").splitlines()
    return {lemma: forms.split() for lemma, forms in (line.split(": ") for line in lines if line[0] != "#")}


def forms_found() -> None:
    asked = [(lemma, form) for lemma, forms in families().items() for form in forms]
    there = sum(query_terms(lemma)[0].found_in(index_tokens(form)) for lemma, form in asked)
    back = sum(query_terms(form)[0].found_in(index_tokens(lemma)) for lemma, form in asked)
    print(f"word families: {there} of {len(asked)} forms are found by the plain word, it by {back} of them")


def answers_found(session: Session, folder: Path) -> None:
    if not folder.is_dir():
        print(f"Hebrew questions: skipped, {folder} is absent")
        return
    paragraphs = [json.loads(line) for line in (folder / "paragraphs.jsonl").open(encoding="utf-8")]
    questions = [json.loads(line) for line in (folder / "questions.jsonl").open(encoding="utf-8")]
    number = {paragraph["para_id"]: n for n, paragraph in enumerate(paragraphs)}
    index.rebuild(
        session, (Entry("paragraph", n, "he", each["title"], each["text"]) for n, each in enumerate(paragraphs))
    )
    _settle(session)
    places, begun = [], time.perf_counter()
    whole = 0
    for question in questions:
        hits = index.find(session, question["question"], noun="paragraph", limit=10)
        found = [hit.record_id for hit in hits]
        places.append(found.index(right) + 1 if (right := number[question["para_id"]]) in found else 99)
        whole += bool(hits) and not hits[0].partial
    each_ms = (time.perf_counter() - begun) / len(questions) * 1_000
    shares = ", ".join(f"top {k} {sum(place <= k for place in places) / len(places):.1%}" for k in (1, 5, 10))
    print(f"Hebrew questions: {len(questions)} over {len(paragraphs)} paragraphs: {shares}; {each_ms:.1f} ms each")
    print(f"  every word stood in some paragraph for {whole} of them")


def made_up(records: int) -> Iterator[Entry]:
    """Lessons of a hundred words, common and rare ones as in a language, a rare code in each thousandth."""
    chance = random.Random(7)
    words = [form for lemma, forms in families().items() for form in [lemma, *forms]]
    words += [f"{chance.choice(words)}{chance.choice('אבגדהוזחטיכלמנס')}{n:x}" for n in range(20_000)]
    weights = list(accumulate(1 / (n + 1) for n in range(len(words))))
    for n in range(1, records + 1):
        drawn = chance.choices(words, cum_weights=weights, k=105)
        code = f" PM2019-{n:06}" if n % 1_000 == 0 else ""
        yield Entry("lesson", n, "he", " ".join(drawn[:5]) + code, " ".join(drawn[5:]), ("חיוב", "שירות")[: n % 3])


def _fill(session: Session, records: int) -> None:
    session.execute(text("CREATE TABLE visible (id INTEGER PRIMARY KEY, state TEXT NOT NULL)"))
    index.rebuild(session, made_up(records))
    session.execute(insert(visible), [{"id": n, "state": "accepted" if n % 5 else "draft"} for n in range(records)])
    _settle(session)


def large(session: Session, records: int) -> None:
    begun = time.perf_counter()
    _fill(session, records)
    print(f"{records:,} lessons of a hundred words: indexed in {time.perf_counter() - begun:.0f} s")
    for name, work in _asked(session).items():
        middle, slowest = milliseconds(work)
        print(f"  {name}: {middle:.1f} ms, slowest {slowest:.1f}")
    _writing(session)


def _asked(session: Session) -> dict[str, Callable[[], object]]:
    accepted, few = select(visible.c.id).where(visible.c.state == "accepted"), index.record_id % 100 == 7
    asked: list[tuple[str, str, index.Where | None]] = [
        ("a code", "PM2019-050000", None),
        ("a word that most lessons hold", "לקוח", None),
        ("… among those one may see", "לקוח", accepted),
        ("… where one may see a hundredth", "לקוח", few),
        ("two common words", "לקוח תדריך", accepted),
        ("a first letter", "ת", accepted),
        ("a question, no lesson holds it all", "איך מזכים לקוח על תקלה בממיר אחרי ביטול ההזמנה בטלפון", accepted),
        ("24 words", " ".join(list(families())[:24]), accepted),
    ]
    return {name: partial(index.find, session, q, where=where) for name, q, where in asked}


def figures(records: int) -> dict[str, float]:
    """Name → milliseconds of one search, the median, on SQLite."""
    with empty_index(postgresql=False) as session:
        _fill(session, records)
        return {name: round(milliseconds(work)[0], 2) for name, work in _asked(session).items()}


def _writing(session: Session) -> None:
    row = next(made_up(1))
    middle, slowest = milliseconds(lambda: index.put(session, replace(row, record_id=5)))
    print(f"  putting a lesson: {middle:.2f} ms, slowest {slowest:.1f}")
    middle, _ = milliseconds(lambda: snippet(row.body * 40, "תדריך לקוח"))
    print(f"  a snippet out of {len(row.body) * 40:,} characters: {middle:.1f} ms")


def _settle(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("ANALYZE"))


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--data", type=Path, default=Path("..", "shared", "data"))
    asked.add_argument("--records", type=int, default=100_000)
    asked.add_argument("--postgresql", action="store_true")
    options = asked.parse_args()
    forms_found()
    with empty_index(postgresql=options.postgresql) as session:
        answers_found(session, options.data / "hebrew_qa")
        large(session, options.records)
    return 0


if __name__ == "__main__":
    sys.exit(main())
