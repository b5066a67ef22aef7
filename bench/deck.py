"""Many cards: what a second process adds to one, and how much memory a process takes with them.

.venv/bin/python -m bench.deck [--cards 500] [--part 100]

The cards are as long as most are. A deck is printed in parts, each by one process, as the worker does it; the same
cards one at a time show whether a process grows with what it has printed.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from exports.deck import DeckSheet
from exports.press import Press
from tests.exports.cards import ENGLISH, HEBREW


def parts(cards: int, a_part: int) -> list[DeckSheet]:
    all_ = [replace(ENGLISH if n % 4 == 0 else HEBREW, code=f"L-2026-{n:04}") for n in range(cards)]
    some = (tuple(all_[n : n + a_part]) for n in range(0, cards, a_part))
    return [DeckSheet(lang="he", title="חוברת", about=f"{len(one)} כרטיסים", day="1.2.2026", organisation="הארגון",
                      contents="מה בחוברת", cards=one) for one in some]  # fmt: skip


def memory() -> dict[int, int]:
    """By printing process of ours, the most MB that it ever held."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line)
            if int(status["PPid"]) == os.getpid() and b"exports.printer" in (folder / "cmdline").read_bytes():
                found[int(folder.name)] = int(status["VmHWM"].split()[0]) // 1024
        except (OSError, KeyError, ValueError):
            continue
    return found


def printed(decks: list[DeckSheet], processes: int) -> tuple[float, int]:
    """(cards a second, MB of the largest process)."""
    most = 0

    def step(n: int) -> None:
        nonlocal most
        if n % 20 == 0:
            most = max(most, *memory().values())

    with Press(workers=processes) as press, ThreadPoolExecutor(processes) as threads:
        press.card(HEBREW)
        begun = time.perf_counter()
        list(threads.map(lambda deck: press.deck(deck, step), decks))
        return sum(len(deck.cards) for deck in decks) / (time.perf_counter() - begun), most


def one_at_a_time(decks: list[DeckSheet]) -> tuple[int, int]:
    """MB of a process after the first twenty cards, and after all of them."""
    cards = [card for deck in decks for card in deck.cards]
    with Press(workers=1) as press:
        for card in cards[:20]:
            press.card(card)
        early = max(memory().values())
        for card in cards[20:]:
            press.card(card)
        return early, max(memory().values())


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--cards", type=int, default=500)
    asked.add_argument("--part", type=int, default=100)
    given = asked.parse_args()
    decks = parts(given.cards, given.part)
    (one, most), (two, _) = printed(decks, 1), printed(decks, 2)
    print(f"{given.cards} cards, {given.part} a part: one process {one:.1f}, two {two:.1f} a second, {two / one:.2f} ×")
    print(f"a process with a part of a deck: {most} MB at most, with its end to come")
    early, late = one_at_a_time(decks)
    print(f"a process that prints them one at a time: {early} MB after 20, {late} MB after {given.cards}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
