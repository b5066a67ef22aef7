"""How a question is spelled: in the other keyboard layout (akuo for שלום, יקךם for help), or with a letter wrong."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Connection

from lessons.search import grams, index
from lessons.search.synonyms import Groups

_LATIN = "ertyuiopasdfghjkl;zxcvbnm,."
_HEBREW = "קראטוןםפשדגכעיחלךףזסבהנמצתץ"
TO_HEBREW = str.maketrans(_LATIN, _HEBREW)
TO_LATIN = str.maketrans(_HEBREW, _LATIN)
ALIKE, SHORTEST = 0.5, 5
"""Share of triples that like words have in common; a shorter word with another letter is another word (זברה, חברה)."""
TYPED = 8
"""So many words one may type before one sees that they stand there in the other layout."""


def other_layout(text: str) -> str:
    """The same keys in the other layout; the text itself where it holds letters of both, or none."""
    hebrew, latin = (any(c in letters for c in text.lower()) for letters in (_HEBREW, "abcdefghijklmnopqrstuvwxyz"))
    if hebrew == latin:
        return text
    return text.translate(TO_LATIN) if hebrew else text.lower().translate(TO_HEBREW)


def as_meant(connection: Connection, q: str, conditions: Sequence[ColumnElement[bool]], groups: Groups = ()) -> str:
    """The question, or the same keys in the other layout where none of its words stands anywhere and half of those do:
    in a sentence of another language one of them always is some word."""
    other = other_layout(q)
    words = other.split()
    if other == q or len(words) > TYPED or index.is_known(connection, q, conditions, groups):
        return q
    known = sum(index.is_known(connection, word, conditions, groups) for word in words)
    return other if 2 * known >= len(words) else q


def likeness(words: Sequence[str], tokens: Collection[str]) -> float:
    """The share of the letters of these words whose word is spelled like one of the tokens."""
    of: dict[str, set[str]] = {}
    for word in words:
        for gram in grams.of_word(word):
            of.setdefault(gram, set()).add(word)
    alike = {
        word for token in tokens for word in {w for gram in grams.of_word(token) for w in of.get(gram, ())}
        if is_alike(word, token)
    }  # fmt: skip
    return sum(map(len, alike)) / max(sum(map(len, words)), 1)


def is_alike(one: str, other: str) -> bool:
    """They begin alike and have half of their letter triples in common, or one letter is wrong, missing or in its
    neighbour's place."""
    first, second = set(grams.of_word(one)), set(grams.of_word(other))
    common = 2 * len(first & second) >= ALIKE * (len(first) + len(second))
    return (common and one[0] == other[0]) or _one_letter(one, other)


def _one_letter(one: str, other: str) -> bool:
    if min(len(one), len(other)) < SHORTEST:
        return False
    one, other = _without_same_start(one, other)
    one, other = _without_same_start(one[::-1], other[::-1])
    return max(len(one), len(other)) < 2 or (len(one) == 2 and one == other[::-1])


def _without_same_start(one: str, other: str) -> tuple[str, str]:
    pairs = enumerate(zip(one, other, strict=False))
    start = next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))
    return one[start:], other[start:]
