"""A written report as a row of blocks – headings, paragraphs, items of lists, tables – whatever program wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lessons.intake import synonyms
from lessons.intake.tables import clean

LABEL = 60
"""The longest line that is taken for a heading because a colon ends it or it stands in bold, in characters."""


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines as they stood. `bold` where all of it stands in bold."""

    text: str
    line: int = 0
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One point of a list; `depth` 0 is the outermost, `done` None where it has no box to tick. `note` is what follows
    a first line that stands in bold, or hangs on the point."""

    text: str
    depth: int = 0
    done: bool | None = None
    note: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[str, ...], ...]
    line: int = 0


Block = Heading | Paragraph | Item | Table
PSEUDO = 9
"""The level of a heading that is only a line with a colon: it stands below every true one."""

_BOX = re.compile(r"\s*(?:\[(?P<mark>[ xXvV✓✔])\]|(?P<sign>[☐⬜□☑☒✅✔✓]️?))\s+")
_BULLET = re.compile(
    r"(?<!\s)\s*(?:[•▪●◦‣·*–-]\s+|\(?\d{1,2}[.)]\s+|[א-ת][.)]\s+)(?=\S)|(?<!\s)\s*(?=(?:\[[ xXvV]\]|[☐⬜☑☒✅✔✓]️?)\s)"
)
_HANGS = re.compile(r"(?<!\s)\s*(?:\*\*|--|\+\+)\s+")


def item(text: str, *, depth: int = 0, done: bool | None = None, note: str = "", line: int = 0) -> Item:
    """A point with its box read, and lines that hang on it parted from its own."""
    if box := _BOX.match(text):
        text, done = text[box.end() :], (box["mark"] or box["sign"] or " ")[0] not in " ☐⬜□"
    own: list[str] = []
    hanging: list[str] = []
    for one in text.split("\n"):
        (hanging if hanging or _HANGS.match(one) else own).append(one)
    notes = [note, *(_HANGS.sub("", one) for one in hanging)]
    return Item(clean(" ".join(own)), depth, done, clean("\n".join(filter(None, notes))), line)


def refined(blocks: Iterable[Block]) -> Iterator[Block]:
    """Paragraphs that are really headings or points, as people write them by hand, become what they are."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from _paragraph(block)
        else:
            yield block


def _paragraph(block: Paragraph) -> Iterator[Block]:
    kept: list[str] = []
    point: Item | None = None
    for at, line in enumerate(block.text.split("\n"), block.line):
        if (bullet := _BULLET.match(line)) and (bullet.end() or _BOX.match(line)):
            yield from _said(point, kept, at)
            point = item(line[bullet.end() :], line=at)
        elif _names_a_section(line, bold=block.bold):
            yield from _said(point, kept, at)
            point = None
            yield Heading(PSEUDO, line.strip().rstrip(":").strip(), at)
        else:
            kept.append(line)
    yield from _said(point, kept, block.line)


def _said(point: Item | None, kept: list[str], line: int) -> Iterator[Block]:
    """The point with the lines that followed it; without a point they are a paragraph."""
    text = clean("\n".join(kept))
    kept.clear()
    if point:
        yield replace(point, note="\n".join(filter(None, (point.note, text))))
    elif text:
        yield Paragraph(text, line)


def _names_a_section(line: str, *, bold: bool) -> bool:
    """A short line that is one of the known headings, and looks like one."""
    plain = line.strip()
    if not plain or len(plain) > LABEL:
        return False
    whole = synonyms.name(plain) in synonyms.SECTIONS
    return whole or ((bold or plain.endswith(":")) and synonyms.section(plain) != "")


def hung(blocks: Iterable[Block]) -> list[Block]:
    """Points below a point are hung on it as its note – unless it only introduces them ("Short term:"), or they have
    boxes of their own."""
    found: list[Block] = []
    top = 0
    for block, after in _with_next(blocks):
        if not isinstance(block, Item):
            found.append(block)
            continue
        top = min(top, block.depth)
        deeper = isinstance(after, Item) and after.depth > block.depth
        if deeper and block.text.endswith(":") and block.depth == top and not block.note:
            found.append(Paragraph(block.text, block.line))
            top = block.depth + 1
        elif block.depth > top and found and isinstance(found[-1], Item) and block.done is None:
            found[-1] = replace(found[-1], note="\n".join(filter(None, (found[-1].note, block.text, block.note))))
        else:
            found.append(replace(block, depth=0))
    return found


def _with_next(blocks: Iterable[Block]) -> Iterator[tuple[Block, Block | None]]:
    every = list(blocks)
    return ((block, every[at] if at < len(every) else None) for at, block in enumerate(every, 1))
