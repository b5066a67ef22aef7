"""Advice written as one paragraph, parted into the steps it gives: by its own numbers, bullets or lines, else by
sentences. Nothing is left out: the marks and the steps in order are the text, but for white space."""

from __future__ import annotations

import re
from collections.abc import Iterator

Piece = tuple[str, str]
"""The mark that stood before a step ("2.", "•", or nothing) and the step."""

_BULLET = re.compile(r"(?:^|(?<=\n)|(?<=\s))(?:[•▪●◦‣·]|(?:(?<=\n)|^)[-*–])\s")
_NUMBERED = (
    re.compile(r"(?:(?<![\w(.-])|(?<=[a-z)]\.))(?P<at>\d{1,2})\.\s?(?=[\"“'‘¿(]?[A-Zא-ת])"),
    re.compile(r"(?:^|(?<=[.;:!?]\s)|(?<=[.;:!?])|(?<=\n))\(?(?P<at>\d{1,2})\)\s?"),
    re.compile(r"(?:^|(?<=[.;:!?]\s)|(?<=\n))\(?(?P<at>[A-Za-z])[.)]\s(?=[\"“'‘¿(]?[A-Z])"),
)
_SENTENCE_ENDS = re.compile(r"[.!?][\"')\]”’]*\s(?=[\"'(\[“‘¿]*[A-Z0-9א-ת])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|vol|fig|figs|sec|para|pp|ref|refs|dr|mr|mrs|ms|jr|st|inc|corp|al|rev|approx|dept|ph\.d"
    r"|u\.s)|\b[A-Z]|\b(?-i:No))\.$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"\S{0,3}\d\S{0,3}")  # 16a. or 1-2. names the sentence after it
# A sentence that leans on the one before it stays with it.
_LEANS = re.compile(
    r"(?:This|These|That|Those|It|They|Such|However|Otherwise|Also|Additionally|Furthermore|Moreover|Therefore|Thus"
    r"|Hence|In addition|For example|For instance|As a result|If so|If not)\b"
)
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"(?<!\s)\s*\n\s*")


def steps(text: str) -> list[str]:
    """The steps without their marks."""
    return [step for _, step in pieces(text)]


def pieces(text: str) -> list[Piece]:
    """The steps with their marks. Linear in the length of the text."""
    text = _LINES.sub("\n", _SPACES.sub(" ", text)).strip()
    cuts = _numbers(text) or [found.span() for found in _BULLET.finditer(text)]
    if not cuts:
        return [("", sentence) for line in text.splitlines() for sentence in _sentences(line)]
    before, ends = text[: cuts[0][0]].strip(), [start for start, _ in cuts[1:]] + [len(text)]
    parted = [(text[start:end].strip(), text[end:stop].strip()) for (start, end), stop in zip(cuts, ends, strict=True)]
    return _introduced(before, [piece for piece in parted if any(piece)])


def _numbers(text: str) -> list[tuple[int, int]]:
    """Where the numbers of a list stand, in the first way of numbering that counts up from one (or from a)."""
    for numbering in _NUMBERED:
        found: list[tuple[int, int]] = []
        last = 0
        for mark in numbering.finditer(text):
            at = int(mark["at"]) if mark["at"].isdecimal() else ord(mark["at"].lower()) - ord("a") + 1
            if at == last + 1 or (at == 1 and last > 1):
                found.append(mark.span())
                last = at
        if len(found) > 1 or (found and found[0][0] == 0):
            return found
    return []


def _introduced(before: str, parted: list[Piece]) -> list[Piece]:
    """What stands before a list: sentences of their own, but "take care of the following:" goes with the first."""
    sentences = list(_sentences(before.replace("\n", " ")))
    if sentences and parted and sentences[-1].endswith(":"):
        mark, first = parted[0]
        parted = [("", f"{sentences.pop()} {mark} {first}".strip()), *parted[1:]]
    return [*(("", sentence) for sentence in sentences), *parted]


def _sentences(line: str) -> Iterator[str]:
    start = 0
    for mark in _SENTENCE_ENDS.finditer(line):
        end = mark.end()
        said = line[max(start, end - 12) : end].strip()  # enough to tell an abbreviation or a label from a sentence
        if _ABBREVIATED.search(said) or _LABEL.fullmatch(said) or _LEANS.match(line, end):
            continue
        yield line[start:end].strip()
        start = end
    if last := line[start:].strip():
        yield last
