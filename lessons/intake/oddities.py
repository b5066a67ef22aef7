"""What was odd about a file that was read: kinds, counts and a few examples. Whoever shows them finds the words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from lessons.intake.faults import Fault

EXAMPLES = 3
EXAMPLE_LENGTH = 120


@dataclass(frozen=True)
class Oddity:
    """Something odd about `count` rows; where rows are odd together, `groups` tells how many such companies."""

    kind: str
    count: int
    examples: tuple[str, ...]
    groups: int = 0


@dataclass(frozen=True)
class Oddities:
    """All that was odd, and the faults: rows that were left out, each with its reason and place."""

    read: int
    odd: tuple[Oddity, ...]
    faults: tuple[Fault, ...]

    def of(self, kind: str) -> Oddity:
        """That oddity; one with a count of zero where there is none."""
        return next((oddity for oddity in self.odd if oddity.kind == kind), Oddity(kind, 0, ()))


@dataclass
class Notebook:
    """Filled while a file is read."""

    seen: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def note(self, kind: str, example: str) -> None:
        self.seen[kind].append(example[:EXAMPLE_LENGTH])

    def note_shared(self, kind: str, texts: Iterable[tuple[str, str]]) -> None:
        """Of (number, text) pairs, those whose texts are the same but for letter case and spaces."""
        sharing: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for number, text in texts:
            if same := " ".join(text.casefold().split()):
                sharing[same].append((number, text))
        together = [pairs for pairs in sharing.values() if len(pairs) > 1]
        self.groups[kind] = len(together)
        self.seen[kind] = [
            f"{', '.join(number for number, _ in pairs)}: {pairs[0][1]}"[:EXAMPLE_LENGTH]
            for pairs in sorted(together, key=len, reverse=True)
            for _ in pairs
        ]

    def closed(self, read: int) -> Oddities:
        odd = (
            Oddity(kind, len(examples), tuple(dict.fromkeys(examples))[:EXAMPLES], self.groups.get(kind, 0))
            for kind, examples in self.seen.items()
            if examples
        )
        return Oddities(read, tuple(odd), tuple(self.faults))
