"""The hash of many in one: a Merkle tree as RFC 6962 has it, and what a day's seal says of it. Pure."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256

LEAF, NODE, SEAL = b"\x00", b"\x01", b"\x02"
"""What each kind of hash begins with: none can be passed off as another."""
FORMAT = 1


class Tree:
    """Leaves are added in order; only the roots of whole halves are kept, one a height."""

    def __init__(self) -> None:
        self._halves: list[tuple[int, bytes]] = []
        self.count = 0

    def add(self, leaf: bytes) -> None:
        node, height = sha256(LEAF + leaf).digest(), 0
        while self._halves and self._halves[-1][0] == height:
            node, height = sha256(NODE + self._halves.pop()[1] + node).digest(), height + 1
        self._halves.append((height, node))
        self.count += 1

    def root(self) -> str:
        """In hexadecimal; that of no leaf is the hash of nothing."""
        if not self._halves:
            return sha256(b"").hexdigest()
        node = self._halves[-1][1]
        for _, left in reversed(self._halves[:-1]):
            node = sha256(NODE + left + node).digest()
        return node.hex()


def sealed(*, day: date, last_id: int, events: int, tree: str, previous: str) -> str:
    """The root of a day's seal, which holds that of the seal before."""
    said = {"day": day.isoformat(), "events": events, "format": FORMAT, "last": last_id, "previous": previous,
            "tree": tree}  # fmt: skip
    return sha256(SEAL + json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
