"""The leg of meaning: every entry's vectors in memory, 8 bits a number, as they are in the database right now.

Exact: each question is compared with all of them, which takes about 25 ms for 100,000 and 38 MB. An entry is as near as
its nearest stretch and the middle of all its stretches together. Where what customers ask is compared with its like,
vectors are taken less their common mean, for e5 puts all texts into one corner, where everything seems alike.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, func, select

from lessons.search.schema import part, vector

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[Any, np.dtype[np.float32]]
ROWS, FEW, NEAREST = 16_384, 8, 2_000
"""Stretches compared in one go; entries of which a mean says nothing; entries that are looked at in an answer."""
CORNER = 0.7
"""How alike e5 finds texts that have nothing in common."""


class Vectors:
    """All stretches of one database; `entries[group[n]]` is the entry of stretch n."""

    def __init__(self, model: str) -> None:
        import numpy as np

        self.model, self.state = model, (0, 0)
        self.ids, self.packed = np.zeros(0, np.int64), np.zeros((0, 0), np.int8)
        self.lock = threading.Lock()

    def follow(self, connection: Connection) -> None:
        """Read what was written since the last question; an entry that was written anew loses what it was."""
        import numpy as np

        newest = (select(func.coalesce(func.max(of.c.id), 0)).scalar_subquery() for of in (part, vector))
        state = tuple(connection.execute(select(*newest)).one())
        if state == self.state:
            return
        rows = connection.execute(
            select(part.c.entry_id, vector.c.vector)
            .join(vector, vector.c.digest == part.c.digest)
            .where(vector.c.model == self.model, (part.c.id > self.state[0]) | (vector.c.id > self.state[1]))
        ).all()
        again = np.unique(np.fromiter((row.entry_id for row in rows), np.int64, len(rows)))
        rows = _all_of(connection, self.model, again.tolist()) if self.state != (0, 0) else rows
        kept = ~np.isin(self.ids, again)
        fresh = np.fromiter((row.entry_id for row in rows), np.int64, len(rows))
        packed = np.frombuffer(b"".join(row.vector for row in rows), np.int8).reshape(len(rows), -1) if rows else None
        old = self.packed[kept]
        self.ids = np.concatenate([self.ids[kept], fresh])
        self.packed = old if packed is None else packed if not len(old) else np.concatenate([old, packed])
        self.state = state
        self._settle()

    def _settle(self) -> None:
        """What every comparison needs of each stretch: its length, and its length less the mean."""
        import numpy as np

        self.norm = _each(self.packed, lambda rows: (np.linalg.norm(rows, axis=1) + 1e-9).astype(np.float32))
        self.mean = np.zeros(self.packed.shape[1], np.float32)
        if len(self.ids) >= FEW:  # the mean of a few is what they are about
            for at in range(0, len(self.ids), ROWS):
                self.mean += (self._unit(at).sum(0) / len(self.ids)).astype(np.float32)
        self.entries, self.group = np.unique(self.ids, return_inverse=True)
        self.length = np.ones(len(self.ids), np.float32)
        whole = np.zeros((len(self.entries), self.packed.shape[1]), np.float32)
        less = np.zeros_like(whole)
        for at in range(0, len(self.ids), ROWS):
            unit = self._unit(at)
            np.add.at(whole, self.group[at : at + ROWS], unit)
            unit -= self.mean
            self.length[at : at + ROWS] = np.linalg.norm(unit, axis=1) + 1e-9
            np.add.at(less, self.group[at : at + ROWS], unit / self.length[at : at + ROWS, None])
        self.middles = [np.linalg.norm(each, axis=1) + 1e-9 for each in (whole, less)]

    def _unit(self, at: int) -> Floats:
        unit: Floats = (self.packed[at : at + ROWS] / self.norm[at : at + ROWS, None]).astype("float32")
        return unit

    def near(self, asked: bytes, *, apart: bool) -> tuple[Any, Floats]:
        """(entry ids, how near each is, from about 0 to 1); `apart`: less what all texts have in common."""
        import numpy as np

        apart = apart and len(self.ids) >= FEW
        whole = np.frombuffer(asked, np.float32)
        q = whole / (np.linalg.norm(whole) + 1e-9) - (self.mean if apart else 0)
        q = (q / (np.linalg.norm(q) + 1e-9)).astype("float32")
        same = _each(self.packed, lambda rows: (rows @ q).astype("float32")) / self.norm
        if apart:
            same = ((same - self.mean @ q) / self.length).astype("float32")
        best = np.full(len(self.entries), -1, np.float32)
        np.maximum.at(best, self.group, same)
        nearness = (best + np.bincount(self.group, same, len(self.entries)) / self.middles[apart]) / 2
        return self.entries, (nearness if apart else (nearness - CORNER) / (1 - CORNER)).astype("float32")


def _each(packed: Any, work: Callable[[Floats], Floats]) -> Floats:
    """One number a stretch, some thousand stretches at a time."""
    import numpy as np

    some = [work(packed[at : at + ROWS].astype(np.float32)) for at in range(0, len(packed), ROWS)]
    return np.concatenate([*some, np.zeros(0, np.float32)])


def _all_of(connection: Connection, model: str, entry_ids: Iterable[int]) -> list[Any]:
    ids, found = list(entry_ids), list[Any]()
    for at in range(0, len(ids), 500):
        found += connection.execute(
            select(part.c.entry_id, vector.c.vector)
            .join(vector, vector.c.digest == part.c.digest)
            .where(vector.c.model == model, part.c.entry_id.in_(ids[at : at + 500]))
        ).all()
    return found


def packed(vector: bytes) -> bytes:
    """A float32 vector in 8 bits a number; its direction is what counts."""
    import numpy as np

    floats = np.frombuffer(vector, np.float32)
    return bytes(np.round(floats * (127 / (np.abs(floats).max() or 1))).astype(np.int8).tobytes())


_kept: WeakKeyDictionary[Engine, Vectors] = WeakKeyDictionary()


def near(
    connection: Connection, model: str, asked: bytes, most: int = NEAREST, *, apart: bool = False
) -> list[tuple[int, float]]:
    """(entry id, nearness) of the entries nearest to a vector of this model, the nearest first."""
    import numpy as np

    known = _kept.get(connection.engine)
    if known is None or known.model != model:
        known = _kept[connection.engine] = Vectors(model)
    with known.lock:
        known.follow(connection)
        if not len(known.ids) or known.packed.shape[1] * 4 != len(asked):
            return []
        entries, nearness = known.near(asked, apart=apart)
    first = np.argpartition(-nearness, most - 1)[:most] if len(entries) > most else np.arange(len(entries))
    order = first[np.argsort(-nearness[first], kind="stable")]
    return list(zip(entries[order].tolist(), nearness[order].tolist(), strict=True))
