"""The few words of a text that show why it was found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from lessons.search.words import LONGEST, index_tokens, query_terms

_RUN = re.compile(r"\S+")
_SPACE = re.compile(r"\s")
_PART_OF_A_WORD = re.compile(r"[\w%+#\u0591-\u05c7]")

Piece = tuple[str, bool]


def snippet(text: str, q: str, *, width: int = 240) -> list[Piece]:
    """About `width` characters where the words of q stand closest together, as (text, is it such a word) in order.

    The pieces joined are the text as written; "…" stands where it was cut.
    """
    found = list(_found(text, q))
    start, end = _window(text, found, width)
    pieces: list[Piece] = [("…", False)] if start else []
    at = start
    for word_start, word_end in found:
        if at <= word_start and word_end <= end:
            pieces += [(text[at:word_start], False), (text[word_start:word_end], True)]
            at = word_end
    pieces += [(text[at:end], False)] + ([("…", False)] if end < len(text) else [])
    return [piece for piece in pieces if piece[0]]


def told(texts: Iterable[str], q: str, most: int) -> list[str]:
    """Of each word of q the first that answers to it in these texts, no more than so many."""
    asked, words = _asked(q), dict[int, str]()
    enough = min(most, asked.groups) if asked else 0
    for text in texts if asked else ():
        for run in _RUN.finditer(text):
            if len(words) == enough:
                break
            if (hit := asked.search(_known(run[0]))) and hit.lastindex not in words:  # type: ignore[union-attr]
                start, end = _without_signs_around(text, *run.span())
                words[hit.lastindex or 0] = text[start:end]
    return list(dict.fromkeys(words.values()))


def _found(text: str, q: str) -> Iterator[tuple[int, int]]:
    """Where the words of the text stand that q asks for, without the signs around them."""
    asked = _asked(q)
    if asked is not None:
        runs = (run for run in _RUN.finditer(text) if asked.search(_known(run[0])))
        yield from (_without_signs_around(text, *run.span()) for run in runs)


@lru_cache(maxsize=256)
def _asked(q: str) -> re.Pattern[str] | None:
    """Tokens, and beginnings of tokens, that answer to any of its terms, each a group, among tokens one a line."""
    each = ([*map(re.escape, term.prefixes), *(re.escape(one) + r"\n" for one in term.exact)]
            for term in query_terms(q))  # fmt: skip
    groups = "|".join(f"({'|'.join(lines)})" for lines in each if lines)
    return re.compile(rf"\n(?:{groups})") if groups else None


def _known(run: str) -> str:
    return _tokens(run) if len(run) <= LONGEST else _lines(run)


@lru_cache(maxsize=65_536)
def _tokens(run: str) -> str:
    """The same words stand in all texts, whatever is asked."""
    return _lines(run)


def _lines(run: str) -> str:
    return "\n".join(["", *index_tokens(run), ""])


def _without_signs_around(text: str, start: int, end: int) -> tuple[int, int]:
    first = next((at for at in range(start, end) if _PART_OF_A_WORD.match(text, at)), None)
    if first is None:
        return start, end
    return first, next(at + 1 for at in range(end - 1, first - 1, -1) if _PART_OF_A_WORD.match(text, at))


def _window(text: str, found: list[tuple[int, int]], width: int) -> tuple[int, int]:
    """The stretch with most of the found words, a quarter of it before the first; cut between words where it can be."""
    best = most = last = 0
    for first, (start, _) in enumerate(found):
        while last < len(found) and found[last][1] <= start + width * 3 // 4:
            last += 1
        if last - first > most:
            best, most = start, last - first
    start = max(0, best - width // 4)
    end = min(len(text), start + width)
    if start and (space := _SPACE.search(text, start, best)):
        start = space.end()
    if end < len(text) and (space_before := max(text.rfind(" ", best + 1, end), text.rfind("\n", best + 1, end))) > 0:
        end = space_before
    return start, end
