"""The Hebrew of search: which spellings are one word, which letters are glued before it, and which endings after it.

Everything here takes a word that `fold` has been through: no points, final letters unified, no geresh or gershayim.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

LETTER = "א-ת"
_FINALS = str.maketrans("ךםןףץ", "כמנפצ")
_LAST = re.compile(f"(?<=[{LETTER}])[כמנפצ](?![{LETTER}])")
_TO_FINALS = str.maketrans("כמנפצ", "ךםןףץ")
_DOUBLED = re.compile("ו{2,}|י{2,}")
# A quote within or just after a word belongs to it: צה"ל, ג'ירפה, רח'. Before a word it is only a quote.
_QUOTES = "'\"`´‘’‚‛“”„‟′″׳״"
_INNER_QUOTE = re.compile(f"(?<=[{LETTER}])(?:''|׳׳|[{_QUOTES}])(?=[{LETTER}])")

# ו, then that-and-when, then the article or a preposition: ובתדריך, כשהלקוח, ומהמוקד.
_GLUED = {
    "".join(parts)
    for parts in product(("", "ו"), ("", "ש", "כש", "לכש", "מש"), ("", "ה", "ב", "כ", "ל", "מ", "מה", "שב"))
} - {""}
_LONGEST_GLUED = max(map(len, _GLUED))

# Endings in unified letters, by the shortest stem they may leave: number, gender and construct state wear words
# down to two letters (שנה, שנים, שנות); possessives and the rest are believed only after three.
_ENDINGS = {
    2: ("ויות", "ותימ", "ות", "ימ", "ה", "ת"),
    3: (
        "ותיהמ ותיהנ ותיכמ ותיכנ ותינו ותיו ותיה ותיכ ותיי ותי יהמ יהנ יכמ יכנ ינו תנו תכמ תכנ תמ תנ תי תו תה תכ "
        "יות ית יה יו יכ נו כמ כנ המ הנ ו י כ"
    ).split(),
}
_BY_LENGTH = sorted(((end, least) for least, ends in _ENDINGS.items() for end in ends), key=lambda pair: -len(pair[0]))


def fold(text: str) -> str:
    """One spelling for each Hebrew word: no quotes inside it, plain letters for finals, single ו and י for double."""
    text = _INNER_QUOTE.sub("", text)
    return _DOUBLED.sub(lambda run: run[0][0], text.translate(_FINALS))


def with_finals(folded: str) -> str:
    """As people read it: a word's last letter in its final shape."""
    return _LAST.sub(lambda last: last[0].translate(_TO_FINALS), folded)


@lru_cache(maxsize=65_536)
def bare(word: str) -> tuple[str, ...]:
    """What may be left of the word when the letters glued before it are taken off, at least two letters each."""
    longest = min(_LONGEST_GLUED, len(word) - 2)
    return tuple(word[n:] for n in range(1, longest + 1) if word[:n] in _GLUED)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The word without its longest known ending; the word itself where none is believed."""
    for ending, least in _BY_LENGTH:
        if len(word) >= len(ending) + least and word.endswith(ending):
            return word[: -len(ending)]
    return word
