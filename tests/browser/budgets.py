"""What each journey may cost, and what docs/tour.md says that it costs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

TOUR = Path(__file__).parents[2] / "docs" / "tour.md"


@dataclass(frozen=True)
class Spent:
    """Clicks or taps, single keys, and fields that were written in; from one's day on, after signing in."""

    clicks: int = 0
    keys: int = 0
    texts: int = 0

    def fits(self, budget: Spent) -> bool:
        return self.clicks <= budget.clicks and self.keys <= budget.keys and self.texts <= budget.texts


BUDGETS = {
    "An event is reported from a phone": Spent(clicks=2, texts=1),
    "A card is found and opened": Spent(keys=4, texts=1),
    "Work is reported done with what shows it": Spent(clicks=2, texts=1),
    "A later date is asked for": Spent(clicks=3, keys=1, texts=1),
    "A shift is debriefed in four lines": Spent(clicks=4, keys=4, texts=4),
    "A debrief is issued, one similar lesson answered": Spent(clicks=4),
    "A proposed lesson is adopted on the bench": Spent(keys=4),
    "Who is waited for is seen, the month opened on paper": Spent(clicks=2),
    "A procedure is revised and its change seen": Spent(clicks=6, texts=1),
    "A sentence that works is offered": Spent(clicks=3, texts=1),
    "A person is added": Spent(clicks=2, keys=8, texts=2),
}


def told() -> dict[str, Spent]:
    """The table of the tour: journey | who | clicks | keys | texts."""
    row = re.compile(r"^\| ([^|]+) \| [^|]+ \| (\d+) \| (\d+) \| (\d+) \|$", re.MULTILINE)
    rows = row.findall(TOUR.read_text(encoding="utf-8"))
    return {name: Spent(*map(int, counts)) for name, *counts in rows}
