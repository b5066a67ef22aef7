"""A card's sentence in its two forms: as it is said on the phone, and as it is written in a chat.

Nothing is added to it. What is written loses the marks around what is said, and its figures – an amount, an hour, a
number of approval are those of the example that the card tells – become gaps: nobody is sent another customer's.
"""

from __future__ import annotations

import re
from typing import Any

from lessons.i18n import say

MARKS = "«»“”„\"״'"
FIGURE = re.compile(r"\d(?:[\d.,:/–-]*\d)?")
GAP = "____"


def as_said(sentence: str) -> str:
    """Without the marks around the whole of it."""
    text = sentence.strip()
    inner = text[1:-1]
    quoted = text[:1] in MARKS and text[-1:] in MARKS and not any(mark in inner for mark in "«»“”„")
    return inner.strip() if len(text) > 1 and quoted else text


def as_written(sentence: str) -> str:
    """For a chat: with a gap for each figure."""
    return FIGURE.sub(GAP, as_said(sentence))


def copies(sentence: str) -> list[dict[str, Any]]:
    """What can be taken along with one key, as the kit's card draws it; one form where both are the same."""
    if not sentence.strip():
        return []
    said, written = as_said(sentence), as_written(sentence)
    phone = {"key": "c", "text": said, "label": say("Copy the sentence"), "told": say("Copied.")}
    if said == written:
        return [phone]
    chat = {"key": "w", "text": written, "label": say("Copy for a chat"),
            "told": say("Copied. The gaps are for this customer's own figures.")}  # fmt: skip
    return [phone, chat]
