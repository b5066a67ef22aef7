"""How well search finds: recall@1/5/10 and MRR@10, a set and a leg at a time, on real questions with a right answer.

make bench-search, or .venv/bin/python -m bench.search_quality [--data ../shared/data] [--keep FOLDER] [--only hebrew]

Vectors take most of the time; with --keep they are made once. Weights and thresholds were chosen on these same data
(docs/search.md): what they give elsewhere, other data have to say.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy.orm import Session

from bench.search import empty_index
from lessons.intake import llis
from lessons.models import Lesson
from lessons.repository.found import body_of
from lessons.search import embedder, embedding, fused, index, known, parts
from lessons.search.entries import Entry
from lessons.settings import Settings

DEEP, EXAMPLES = 10, 5
WAYS = {
    "words": ("words",),
    "grams": ("grams",),
    "meaning": ("meaning",),
    "words+grams": ("words", "grams"),
    "all": fused.LEGS,
}


@dataclass(frozen=True)
class Set:
    """Entries, and questions with the record id that answers each; how much each leg counts where all are asked."""

    name: str
    entries: Sequence[Entry]
    questions: Sequence[tuple[str, int]]
    counts: Mapping[str, float] = field(default_factory=lambda: fused.ASKED)


class Kept:
    """Vectors in a folder, so that a second run makes none again."""

    def __init__(self, inner: embedder.Embedder, folder: Path) -> None:
        self.name, self._inner, self._folder = inner.name, inner, folder
        folder.mkdir(parents=True, exist_ok=True)

    def embed(self, text: str, *, question: bool, seconds: float) -> bytes:
        text = parts.capped(text)
        path = self._folder / parts.digest(text, int(question))
        if not path.exists():
            path.write_bytes(self._inner.embed(text, question=question, seconds=max(seconds, 60)))
        return path.read_bytes()


# ── sets ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def hebrew(data: Path) -> Set:
    """Questions to the paragraph that answers them."""
    rows = _lines(data / "hebrew_qa" / "paragraphs.jsonl")
    number = {row["para_id"]: n for n, row in enumerate(rows, 1)}
    entries = [Entry("lesson", number[row["para_id"]], "he", row["title"], row["text"]) for row in rows]
    asked = _lines(data / "hebrew_qa" / "questions.jsonl")
    return Set("Hebrew questions → paragraphs", entries, [(one["question"], number[one["para_id"]]) for one in asked])


def nasa(data: Path) -> Set:
    """A lesson's title to the lesson without its title: the data hold no questions of people's."""
    rows = [row for row in _table(data / "llis" / "llis_open.csv") if row["lessons_learned"]]
    texts = [f"{(row['abstract'] or row['driving_event'])[:700]}\n{row['lessons_learned']}" for row in rows]
    entries = [Entry("lesson", n, "en", "", text) for n, text in enumerate(texts, 1)]
    return Set("NASA titles → lessons without them", entries, [(r["title"], n) for n, r in enumerate(rows, 1)])


def asked_in(lang: str) -> Callable[[Path], Set]:
    """What somebody would ask in other words, written by us with the lesson in sight, to NASA's lessons as the product
    takes them in."""

    def made(data: Path) -> Set:
        rows, _ = llis.read(data / "llis" / "llis_open.csv")
        number = {row.number: n for n, row in enumerate(rows, 1)}
        entries = [Entry("lesson", n, "en", row.title, _body(row), row.topics, [row.applies_when])
                   for n, row in enumerate(rows, 1)]  # fmt: skip
        asked = _table(Path(__file__).parent / "asked.csv")
        known = [(one[lang], number[one["lesson_id"]]) for one in asked if one["lesson_id"] in number]
        return Set(f"questions in {lang} → NASA's lessons", entries, known)

    return made


def _body(row: llis.LlisRow) -> str:
    names = ("title", "direction", "applies_when", "why", "background", "transfer_to")
    return body_of(Lesson(code="", steps=list(row.steps), source=row.source_ref, **{n: getattr(row, n) for n in names}))


def by_subject(data: Path) -> dict[str, list[str]]:
    found = defaultdict(list)
    for row in _table(data / "cases" / "banking77_open_cases.csv"):
        found[row["intent"]].append(row["text"])
    return dict(sorted(found.items()))


def of_cases(subjects: dict[str, list[str]], have: Sequence[str]) -> list[Entry]:
    """A lesson a subject, of which nothing is known but five cases."""
    return [Entry("lesson", n, "en", "", "", examples=subjects[name][:EXAMPLES]) for n, name in enumerate(have, 1)]


def cases(data: Path) -> Set:
    subjects = by_subject(data)
    asked = [(text, n) for n, texts in enumerate(subjects.values(), 1) for text in texts[EXAMPLES:]]
    return Set("cases → lesson of their subject", of_cases(subjects, list(subjects)), asked, fused.SAID)


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.open(encoding="utf-8")]


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def drawn(rows: Sequence[tuple[str, int]], most: int) -> Sequence[tuple[str, int]]:
    return random.Random(1).sample(rows, most) if 0 < most < len(rows) else rows


def among(one: Set, most: int) -> Set:
    """So many entries: those that answer, and others drawn by chance."""
    right = {n for _, n in one.questions}
    others = [entry for entry in one.entries if entry.record_id not in right]
    kept = right | {entry.record_id for entry in random.Random(2).sample(others, max(most - len(right), 0))}
    return replace(one, entries=[entry for entry in one.entries if entry.record_id in kept])


# ── measures ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def filled(session: Session, entries: Iterable[Entry], meaning: embedder.Embedder | None) -> None:
    index.rebuild(session, entries)
    here = lambda: nullcontext(session)  # noqa: E731 - one session does for all
    while meaning is not None and embedding.embed(meaning, reading=here, transaction=here):
        pass


def places(session: Session, one: Set, legs: Sequence[str], meaning: embedder.Embedder | None) -> list[int]:
    """The place of each question's answer, from 1; 99 where it is not among the first."""
    found = []
    for q, right in one.questions:
        asked = fused.answers(
            session, q, where={"lesson": None}, legs=legs, limit=DEEP, embedder=meaning, counts=one.counts
        )
        ids = [answer.record_id for answer in asked]
        found.append(ids.index(right) + 1 if right in ids else 99)
    return found


def told(places: Sequence[int]) -> str:
    at = [sum(place <= k for place in places) / len(places) for k in (1, 3, 5, 10)]
    mrr = sum(1 / place for place in places if place <= DEEP) / len(places)
    return "  ".join(f"r@{k} {share:.3f}" for k, share in zip((1, 3, 5, 10), at, strict=True)) + f"  MRR {mrr:.3f}"


def stream(session: Session, data: Path, meaning: embedder.Embedder | None, most: int, times: int = 4) -> None:
    """Half of the subjects have a lesson: is this a known one, and which?"""
    subjects = by_subject(data)
    right = named = there = silent = wrong = 0
    for seed in range(times):
        have = random.Random(seed).sample(list(subjects), len(subjects) // 2)
        filled(session, of_cases(subjects, have), meaning)
        place = {name: n for n, name in enumerate(have, 1)}
        rows = [(text, place.get(name, 0)) for name, texts in subjects.items() for text in texts[EXAMPLES:]]
        for text, answer in drawn(rows, most):
            found = known.known(session, text, where={"lesson": None}, embedder=meaning)
            right, there = right + (found is not None and found.record_id == answer), there + (answer > 0)
            named, silent = named + (found is not None), silent + (answer == 0)
            wrong += found is not None and answer == 0
    precision, recall = right / max(named, 1), right / there
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    print(f"  is it a known lesson, and which: F1 {f1:.3f}  precision {precision:.3f}  recall {recall:.3f}"
          f"  of cases without a lesson {wrong / silent:.1%} are called known")  # fmt: skip


def main() -> int:
    sets: dict[str, Callable[[Path], Set]] = {
        "hebrew": hebrew, "nasa": nasa, "asked": asked_in("en"), "across": asked_in("he"), "cases": cases,
    }  # fmt: skip
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--data", type=Path, default=Path("..", "shared", "data"))
    asked.add_argument("--keep", type=Path)
    asked.add_argument("--only", choices=[*sets, "stream"])
    asked.add_argument("--questions", type=int, default=0, help="only so many, drawn by chance; 0 asks all")
    asked.add_argument("--entries", type=int, default=0, help="only so many, the right ones among them; 0 takes all")
    asked.add_argument("--postgresql", action="store_true")
    options = asked.parse_args()
    if not options.data.is_dir():
        print(f"Nothing is measured: the questions with known answers are not in {options.data} (--data FOLDER).")
        return 0
    meaning = embedder.of(Settings("sqlite://", Path(), embedder=embedder.BUNDLED))
    meaning = Kept(meaning, options.keep) if meaning and options.keep else meaning
    print("meaning: " + (meaning.name if meaning else "off, no embedder is installed"))
    with empty_index(postgresql=options.postgresql) as session:
        for made in (make(options.data) for name, make in sets.items() if options.only in (None, name)):
            one = replace(made, questions=drawn(made.questions, options.questions))
            one = among(one, options.entries) if 0 < options.entries < len(one.entries) else one
            print(f"{one.name}: {len(one.questions):,} questions, {len(one.entries):,} entries")
            filled(session, one.entries, meaning)
            for way, legs in WAYS.items():
                if meaning or "meaning" not in legs:
                    print(f"  {way:12} {told(places(session, one, legs, meaning))}", flush=True)
        if options.only in (None, "stream"):
            print("a stream of cases, half of the subjects without a lesson")
            stream(session, options.data, meaning, options.questions)
    return 0


if __name__ == "__main__":
    sys.exit(main())
