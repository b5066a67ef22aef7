"""The plain part of a letter: lines that fit a window, begun in the letter's direction, foreign runs held apart."""

from __future__ import annotations

import re
from dataclasses import replace
from textwrap import wrap
from typing import overload

from lessons.i18n import FSI, PDI, Sentence, Word, direction, isolate

WIDEST = 76
MARKS = {"rtl": "\u200f", "ltr": "\u200e"}
RIGHT_TO_LEFT = r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
FOREIGN = {"ltr": re.compile(RIGHT_TO_LEFT), "rtl": re.compile(rf"(?!{RIGHT_TO_LEFT})[^\W\d_]")}
"""By a letter's direction, a letter of the other one."""
BEGINS_FOREIGN = {
    way: re.compile(rf"(?:{FSI}[^{PDI}]*{PDI}?|\d|\W|_)*(?={foreign.pattern})") for way, foreign in FOREIGN.items()
}
ADDRESS, QUOTE = "://", "“"


@overload
def apart(what: str, lang: str) -> str: ...
@overload
def apart(what: Sentence | Word | str, lang: str) -> Sentence | Word | str: ...
def apart(what: Sentence | Word | str, lang: str) -> Sentence | Word | str:
    """With every run of the other direction, such as a title in another language, unable to turn its neighbours."""
    if isinstance(what, str):
        return isolate(what) if FOREIGN[direction(lang)].search(what) else what
    if isinstance(what, Sentence):
        params = {
            name: apart(value, lang) if isinstance(value, str | Sentence) else value
            for name, value in what.params.items()
        }
        return replace(what, params=params)
    return what


def laid(text: str, lang: str) -> str:
    """Lines are broken where they are too long for a window; an address never is."""
    lines = text.strip().splitlines()
    return "".join(f"{line}\n" for one in lines for line in _begun(one.rstrip(), direction(lang)))


def _begun(line: str, way: str) -> list[str]:
    """A mail reader takes a line's direction from its first letter that is not held apart. What a person wrote has its
    own."""
    if ADDRESS in line:
        return [line]
    if line.lstrip().startswith(QUOTE):
        return _broken(line)
    return [MARKS[way] + one if BEGINS_FOREIGN[way].match(one) else one for one in _broken(line)]


def _broken(line: str) -> list[str]:
    if len(line) <= WIDEST:
        return [line]
    indent = " " * (len(line) - len(line.lstrip(" -")))
    return wrap(line, WIDEST, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
