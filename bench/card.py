"""What the press adds to the bare engine, and what a second process adds to one; best of several runs, in turns.

.venv/bin/python -m bench.card [--runs 25] [--json]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from weasyprint import HTML

from exports import card_pdf, fit
from exports.press import Press
from tests.exports.cards import ALL, HEBREW


def bare() -> bytes:
    """The engine alone: a page made before, our style and faces read before."""
    return bytes(
        HTML(string=PAGE).write_pdf(
            font_config=card_pdf.faces(), stylesheets=[card_pdf.style()], pdf_variant=card_pdf.VARIANT
        )
    )


PAGE = card_pdf.markup(HEBREW, next(fit.looks(HEBREW))[0].density)


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def cards_a_second(press: Press, threads: int, cards: int) -> float:
    with ThreadPoolExecutor(threads) as pool:
        return cards / seconds(lambda: list(pool.map(press.card, [HEBREW] * cards)))


def figures(runs: int) -> dict[str, float]:
    found = {}
    with Press(workers=2) as press:
        found["first card, its process started, ms"] = seconds(lambda: press.card(HEBREW)) * 1_000
        assert press.card(HEBREW) == bare(), "both print the same page"
        turns = [(seconds(bare), seconds(lambda: press.card(HEBREW))) for _ in range(runs)]
        alone, warm = min(turn[0] for turn in turns), min(turn[1] for turn in turns)
        found |= {"bare engine, ms": alone * 1_000, "warm card, ms": warm * 1_000}
        found["warm card / bare engine"] = warm / alone
        for name, sheet in ALL.items():
            found[f"warm card, {name}, ms"] = min(seconds(partial(press.card, sheet)) for _ in range(5)) * 1_000
        cards_a_second(press, threads=2, cards=4)
        rates = [(cards_a_second(press, 1, runs), cards_a_second(press, 2, runs * 2)) for _ in range(3)]
        one, two = max(rate[0] for rate in rates), max(rate[1] for rate in rates)
        found |= {"one process, cards/s": one, "two processes, cards/s": two, "two processes / one": two / one}
    return found


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--runs", type=int, default=25)
    asked.add_argument("--json", action="store_true", help="one line of JSON a figure")
    options = asked.parse_args()
    for name, value in figures(options.runs).items():
        print(json.dumps({"bench": "card", name: round(value, 3)}) if options.json else f"{name:<40} {value:8.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
