"""Finds full names in texts, as whole words, with Hebrew's glued letters before them and in either order. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_GLUED = "[והבכלמש]"
_QUOTES = str.maketrans(dict.fromkeys("׳‘’`´", "'") | dict.fromkeys("״“”„", '"') | dict.fromkeys("־–", "-"))


def plain(text: str) -> str:
    """One spelling: no points or invisible marks, one kind of quote and hyphen, no capitals."""
    apart = unicodedata.normalize("NFKD", text)
    kept = "".join(c for c in apart if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return kept.translate(_QUOTES).casefold()


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Which of these full names stand in the text. A name of one word is never one: it may be a word like any other."""
    if not text:
        return []
    told = plain(text)
    return [name for name in names if (pattern := _pattern(name)) and pattern.search(told)]


def spans(text: str, name: str, *, least: int = 2) -> list[tuple[int, int]]:
    """Where a name of at least so many words stands in a text, without the letters glued before it."""
    pattern = _pattern(name, least)
    if pattern is None:
        return []
    letters = [plain(letter) for letter in text]
    at = [n for n, letter in enumerate(letters) for _ in letter] + [len(text)]
    return [(at[hit.start("name")], at[hit.end("name")]) for hit in pattern.finditer("".join(letters))]


@lru_cache(maxsize=4096)
def _pattern(name: str, least: int = 2) -> re.Pattern[str] | None:
    words = plain(name).replace("-", " ").split()
    if len(words) < least:
        return None
    orders = {tuple(words), (*words[1:], words[0]), (words[-1], *words[:-1])}
    either = "|".join(r"[\s\-,]+".join(re.escape(word) for word in order) for order in sorted(orders))
    return re.compile(rf"(?<!\w)(?:{_GLUED}{{1,3}}['\"-]?)?(?P<name>{either})(?!\w)")
