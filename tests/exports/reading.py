"""Reads a printed page back as a reader does: in the order of the page's content, Hebrew from right to left."""

from __future__ import annotations

import io
import re
from itertools import pairwise
from typing import Any

import pdfplumber

Letter = dict[str, Any]


def letters_of(pdf: bytes) -> list[Letter]:
    with pdfplumber.open(io.BytesIO(pdf)) as paper:
        return list(paper.pages[0].chars)


def strokes_of(pdf: bytes) -> list[dict[str, Any]]:
    with pdfplumber.open(io.BytesIO(pdf)) as paper:
        return list(paper.pages[0].lines)


def text_of(pdf: bytes) -> str:
    """Brackets and quotation marks may be mirrored: a page holds shapes."""
    letters = letters_of(pdf)
    boxes = [letters[0]["text"]]
    for last, letter in pairwise(letters):
        if _goes_on(last, letter):
            boxes[-1] += letter["text"]
        else:
            boxes.append(letter["text"])
    return " ".join(" ".join(map(_logical, boxes)).split())


def _goes_on(last: Letter, letter: Letter) -> bool:
    """Letters are laid from left to right inside a box, whatever their language."""
    same = abs(last["bottom"] - letter["bottom"]) < 0.5 and last["fontname"] == letter["fontname"]
    return bool(same and abs(letter["x0"] - last["x1"]) < 0.1 * letter["size"])


def _logical(box: str) -> str:
    if not re.search("[א-ת]", box):
        return box
    return re.sub(r"[0-9A-Za-z][0-9A-Za-z.,:/-]*(?<![.,])", lambda found: found[0][::-1], box[::-1])
