"""How well loose documents are understood: precision and recall of debriefs, lessons, actions, owners, due dates and
done or open, against what people read from the same files.

make bench-intake, or .venv/bin/python -m bench.intake_quality [--data ../shared/data] [--wrong]

Texts count as the same where the shorter is within the longer or they are alike to 0.85, letters and figures alone
compared. What was chosen was chosen on these same files: what it gives elsewhere, other files have to say.
"""

from __future__ import annotations

import argparse
import difflib
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lessons.intake import days, formats, synonyms
from lessons.intake.faults import Unreadable
from lessons.intake.gathered import Document

ALIKE = 0.85
_WORDS = re.compile(r"[\W_]+")
_LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")


@dataclass
class Score:
    """Of one kind of thing: expected and found, found but not expected, expected but not found."""

    hit: int = 0
    extra: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.hit / ((self.hit + len(self.extra)) or 1)

    @property
    def recall(self) -> float:
        return self.hit / ((self.hit + len(self.missed)) or 1)


Scores = defaultdict[str, Score]


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--data", type=Path, default=Path("../shared/data"))
    asked.add_argument("--wrong", action="store_true", help="name each thing that was missed or too many")
    given = asked.parse_args()
    if not (given.data / "postmortems" / "EXPECTED.jsonl").exists():
        print(f"The documents are not here: {given.data.resolve()}", file=sys.stderr)
        return 1
    for name, measure in (("postmortems", postmortems), ("loose", loose)):
        scores: Scores = defaultdict(Score)
        started = time.perf_counter()
        count = measure(given.data / name, scores)
        told(name, count, time.perf_counter() - started, scores, wrong=given.wrong)
    return 0


def told(name: str, count: int, took: float, scores: Scores, *, wrong: bool) -> None:
    print(f"{name}: {count} files in {took:.2f} s")
    for kind, score in scores.items():
        print(
            f"  {kind:<18} precision {score.precision:.3f}  recall {score.recall:.3f}"
            f"  ({score.hit} right, {len(score.extra)} too many, {len(score.missed)} missed)"
        )
        for sign, texts in (("+", score.extra), ("-", score.missed)):
            for text in texts if wrong else ():
                print(f"      {sign} {text[:150]}")


def postmortems(folder: Path, scores: Scores) -> int:
    """Each of these files is one debrief."""
    every = [json.loads(line) for line in (folder / "EXPECTED.jsonl").read_text(encoding="utf-8").splitlines() if line]
    for expected in every:
        file = folder / expected["file"]
        document = read(file)
        _debriefs(document, 1, scores, file.name)
        _same("titles", [expected["title"]], [one.title for one in document.debriefs[:1]], scores, file.name)
        days_found = [str(one.happened_on) for one in document.debriefs[:1] if one.happened_on]
        _same("days", [day for day in [expected["first_date"]] if day], days_found, scores, file.name)
        _same("lessons", expected["lessons"], [one.text for one in document.lessons()], scores, file.name)
        _actions(expected["actions"], document, scores, file.name)
    return len(every)


def loose(folder: Path, scores: Scores) -> int:
    every: dict[str, Any] = json.loads((folder / "EXPECTED_loose.json").read_text(encoding="utf-8"))
    for name, expected in every.items():
        document = read(folder / name)
        _debriefs(document, _events(expected), scores, name)
        for kind, found in (("lessons", list(document.lessons())), ("actions", list(document.actions()))):
            if isinstance(expected.get(kind), int):
                followups = expected.get("followups", 0) if kind == "actions" else 0
                _count(kind, expected[kind] + followups, len(found), scores, name)
        if isinstance(expected.get("lessons"), list):
            _same("lessons", expected["lessons"], [one.text for one in document.lessons()], scores, name)
        if isinstance(expected.get("actions"), list):
            _actions(expected["actions"], document, scores, name, more=expected.get("followups", 0))
        if expected.get("original"):
            told_so = sum(bool(one.what_happened) for one in document.debriefs)
            _count("narratives", expected["with_narrative"], told_so, scores, name)
            _count("actions", expected["with_immediate_action"], len(list(document.actions())), scores, name)
    return len(every)


def _events(expected: dict[str, Any]) -> int:
    """A report is one debrief, each row of a register one; a report that follows a register up is one more."""
    if "debriefs" in expected or "rows" in expected:
        return int(expected.get("debriefs") or expected["rows"])
    return len(expected["lessons"]) + (1 if expected.get("followups") else 0)


def read(file: Path) -> Document:
    try:
        return formats.read(file.name, file.read_bytes())[0]
    except Unreadable as error:
        return Document(file.name, "", "", problems=(error.fault,))


def _debriefs(document: Document, expected: int, scores: Scores, name: str) -> None:
    _count("debriefs", expected, len(document.debriefs), scores, name)


def _count(kind: str, expected: int, found: int, scores: Scores, name: str) -> None:
    score = scores[kind]
    score.hit += min(expected, found)
    score.extra += [f"{name}: one more"] * max(0, found - expected)
    score.missed += [f"{name}: one less"] * max(0, expected - found)


def _same(kind: str, expected: Sequence[str], found: Sequence[str], scores: Scores, name: str) -> None:
    pairs, left = matched(list(expected), list(found))
    score = scores[kind]
    score.hit += len(pairs)
    score.missed += [f"{name}: {text}" for at, text in enumerate(expected) if at not in {one for one, _ in pairs}]
    score.extra += [f"{name}: {found[at]}" for at in left]


def _actions(expected: list[dict[str, Any]], document: Document, scores: Scores, name: str, more: int = 0) -> None:
    """`more`: so many further actions are in the file and not named one by one."""
    found = list(document.actions())
    pairs, left = matched([one["text"] for one in expected], [one.text for one in found])
    score = scores["actions"]
    score.hit += len(pairs) + min(more, len(left))
    taken = {one for one, _ in pairs}
    score.missed += [f"{name}: {one['text']}" for at, one in enumerate(expected) if at not in taken]
    score.extra += [f"{name}: {found[at].text}" for at in left[more:]]
    for at, other in pairs:
        for kind, wanted, got in _fields(expected[at], found[other]):
            _field(kind, wanted, got, scores, f"{name}: {found[other].text[:60]}")


def _fields(wanted: dict[str, Any], got: Any) -> Iterator[tuple[str, str, str]]:
    if "owner" in wanted:
        yield "owners", wanted["owner"], got.owner
    if "due" in wanted:
        yield "due dates", str(days.read(wanted["due"]) or ""), str(got.due_on or "")
    if "status" in wanted:
        yield "states", synonyms.status(wanted["status"]), got.status
    if "done" in wanted and wanted["done"] is not None:
        yield (
            "done or open",
            "done" if wanted["done"] else "open",
            "done" if got.status == "done" else got.status and "open",
        )
    elif "done" in wanted:
        yield "done, untold", "", "done" if got.status == "done" else ""


def _field(kind: str, wanted: str, got: str, scores: Scores, name: str) -> None:
    score = scores[kind]
    if wanted == got:
        score.hit += bool(wanted)
        return
    if got:
        score.extra.append(f"{name}: {got}")
    if wanted:
        score.missed.append(f"{name}: {wanted}")


def matched(expected: list[str], found: list[str]) -> tuple[list[tuple[int, int]], list[int]]:
    """Pairs of places of texts that are the same, each used once, and the places of those found that are left."""
    plain, pairs = [_plain(text) for text in found], []
    left = list(range(len(found)))
    for at, text in enumerate(map(_plain, expected)):
        ranked = sorted(((_likeness(text, plain[other]), -other) for other in left), reverse=True)
        if ranked and ranked[0][0] >= ALIKE:
            pairs.append((at, -ranked[0][1]))
            left.remove(-ranked[0][1])
    return pairs, left


def _plain(text: str) -> str:
    return _WORDS.sub(" ", _LINK.sub(r"\1 \2", text)).strip().lower()


def _likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if len(short) > 12 and long.startswith(short):
        return 0.99
    return difflib.SequenceMatcher(None, one[:300], other[:300], autojunk=False).ratio()


if __name__ == "__main__":
    sys.exit(main())
