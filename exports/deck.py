"""What the press is given of a deck, frozen: a cover, what is in it, and the cards, one a page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

from exports.sheet import CardSheet, Size


@dataclass(frozen=True, slots=True, kw_only=True)
class DeckSheet:
    """`about` is one line under the title, `day` when it was put together; `contents` is the word over what is in it.
    Each card is printed in the deck's own size."""

    lang: str
    title: str
    about: str
    day: str
    organisation: str
    contents: str
    cards: tuple[CardSheet, ...]
    size: Size = "a4"

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, told: dict[str, Any]) -> Self:
        return cls(**{**told, "cards": tuple(CardSheet.from_dict(card) for card in told["cards"])})


@dataclass(frozen=True, slots=True)
class Deck:
    """What was printed; `left_out` are the codes of cards that do not fit on a page."""

    pdf: bytes
    left_out: tuple[str, ...] = ()
