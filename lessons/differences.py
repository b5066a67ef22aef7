"""What stayed, went and came between two texts, word by word: for people to read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Op = Literal["same", "ins", "del"]
TOKEN = re.compile(r"\s+|[^\s]+")
MOST_WORDS = 3000
"""Longer passages are compared as a whole: word by word would take seconds and help nobody."""


@dataclass(frozen=True)
class Run:
    """Some text that stayed, came or went."""

    op: Op
    text: str


def runs(old: str, new: str) -> list[Run]:
    """What stayed, went and came between two texts: by lines, and within lines that changed by words."""
    found: list[Run] = []
    for op, text in _by_lines(old.splitlines(keepends=True), new.splitlines(keepends=True)):
        if text and found and found[-1].op == op:
            found[-1] = Run(op, found[-1].text + text)
        elif text:
            found.append(Run(op, text))
    return found


def _by_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Op, str]]:
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", "".join(old[a:b])
        else:
            yield from _by_words("".join(old[a:b]), "".join(new[c:d]))


def _by_words(old: str, new: str) -> Iterator[tuple[Op, str]]:
    before, now = TOKEN.findall(old), TOKEN.findall(new)
    if max(len(before), len(now)) > MOST_WORDS:
        yield "del", old
        yield "ins", new
        return
    for tag, a, b, c, d in SequenceMatcher(None, before, now).get_opcodes():
        if tag == "equal":
            yield "same", "".join(before[a:b])
        else:
            yield "del", "".join(before[a:b])
            yield "ins", "".join(now[c:d])
