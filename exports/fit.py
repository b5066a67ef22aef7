"""How a card is made to fit one page: denser type by steps, a shorter history, never a cut line of the agent's.

The estimate only chooses where to begin and what is hopeless; what fits is decided by laying the page out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from exports.bidi import clean
from exports.sheet import CardSheet


@dataclass(frozen=True)
class Look:
    """`density` is a class in card.css, `room` about how much (see `areas`) a page of it takes, `history` the most
    characters that each of its texts keeps."""

    density: str
    room: int
    history: int = 1_500


# A long history gives way before the agent's lines are set in the two smallest sizes.
LOOKS = (
    Look("airy", 2_200),
    Look("roomy", 3_150),
    Look("normal", 3_800),
    Look("tight", 4_450),
    Look("tight", 4_450, history=300),
    Look("dense", 5_300, history=300),
    Look("least", 6_000, history=300),
    Look("least", 6_000, history=110),
)
HISTORY = ("what_happened", "why", "what_changed", "how_we_know")
# How much more of the page than plain text a character takes, and what a label with its padding adds, or one more item.
SIZES = {"title": 4.0, "meanwhile": 1.3, "say": 1.9, "fine_print": 0.6} | dict.fromkeys(HISTORY, 0.75)
A_BLOCK, AN_ITEM = 100, 55


def looks(sheet: CardSheet) -> Iterator[tuple[Look, CardSheet]]:
    """Each look that may do, with the sheet as it shows it."""
    if hopeless(sheet):
        return
    for look in LOOKS:
        texts: dict[str, Any] = {name: shortened(getattr(sheet, name), look.history) for name in HISTORY}
        shown = replace(sheet, **texts)
        if look.density == LOOKS[-1].density or sum(areas(shown).values()) <= look.room:
            yield look, shown


def hopeless(sheet: CardSheet) -> bool:
    """Whether the agent's own lines would fill more than two pages: that need not be laid out to be known."""
    return sum(area for name, area in areas(sheet).items() if name not in HISTORY) > 2 * LOOKS[-1].room


def shortened(text: str, most: int) -> str:
    """At most so many characters, cut between words."""
    text = clean(text)
    return text if len(text) <= most else text[:most].rsplit(maxsplit=1)[0].rstrip(".,;:") + "…"


def longest(sheet: CardSheet) -> str:
    """The agent's field that takes most of the page."""
    area = areas(sheet)
    return max((name for name in area if name not in HISTORY), key=lambda name: area[name])


def areas(sheet: CardSheet) -> dict[str, float]:
    """What each text takes of a page, in characters of plain text."""
    texts = ("title", "meanwhile", "applies_when", "say", "limits", "transfer_to", "fine_print", "exceptions", *HISTORY)
    shown: dict[str, Sequence[str]] = {name: [text] for name in texts if (text := getattr(sheet, name))}
    shown |= {"units": sheet.units, "steps": sheet.steps, "avoid": sheet.avoid.splitlines()}
    shown |= {"limits_table": [" ".join(row) for row in sheet.limits_table]}
    return {name: _area(items, SIZES.get(name, 1.0)) for name, items in shown.items() if items}


def _area(items: Sequence[str], size: float) -> float:
    return A_BLOCK + sum(len(item) * size + AN_ITEM * (1 + item.count("\n")) for item in items)
