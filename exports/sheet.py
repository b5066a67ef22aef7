"""What the press is given: finished values and finished words, frozen. Nothing here knows where they came from.

Every text is plain text, shown as it is written; an empty one is left out with its label.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

Direction = Literal["do", "dont", "keep"]
Size = Literal["a4", "a5"]
"""On the smaller sheet all is smaller: the same page, for a pocket."""


class CardTooLong(ValueError):
    """The agent's lines do not fit on one page even in the smallest type. `field` is the longest of them."""

    def __init__(self, field: str) -> None:
        super().__init__(f"The card does not fit on one page; the longest text is {field}.")
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class CardWords:
    """The labels, in the labels' language."""

    lesson: str
    edition: str
    meanwhile: str
    applies_when: str
    steps: str
    say: str
    avoid: str
    limits: str
    exceptions: str
    what_happened: str
    why: str
    what_changed: str
    how_we_know: str
    source: str
    owner: str
    valid_until: str
    card_edition: str
    printed: str
    seal: str
    scan: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSheet:
    """One lesson card. Dates and numbers arrive written; `lang` is the labels' language, `text_lang` the lesson's own.

    `direction` draws the big sign and `direction_word` says it; `state_shape` is a name in signs.STATES.
    `limits_table` has a first row of headings and a first column of situations; `own_column` counts from 0.
    `watermark` is the word of a card that is not in force ("draft", "void").
    """

    lang: str
    text_lang: str
    words: CardWords
    direction: Direction
    direction_word: str
    state_shape: str
    state_word: str
    units: tuple[str, ...]
    code: str
    edition: str
    edition_date: str
    title: str
    short: str
    url: str
    meanwhile: str = ""
    applies_when: str = ""
    steps: tuple[str, ...] = ()
    say: str = ""
    avoid: str = ""
    limits: str = ""
    limits_table: tuple[tuple[str, ...], ...] = ()
    own_column: int = 1
    transfer_to: str = ""
    fine_print: str = ""
    exceptions: str = ""
    what_happened: str = ""
    why: str = ""
    what_changed: str = ""
    how_we_know: str = ""
    source: str = ""
    owner: str = ""
    valid_until: str = ""
    printed_on: str = ""
    seal: str = ""
    watermark: str = ""
    size: Size = "a4"

    def as_dict(self) -> dict[str, Any]:
        """Only what JSON carries: the printing process is told in it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> Self:
        lists = {name: tuple(told[name]) for name in ("units", "steps")}
        table = tuple(tuple(row) for row in told["limits_table"])
        return cls(**{**told, **lists, "limits_table": table, "words": CardWords(**told["words"])})
