"""The leg of meaning: every entry's vectors in memory, 8 bits a number, as they are in the database right now.

Exact: each question is compared with all of them, which takes about 15 ms for 100,000 and 42 MB. Where PostgreSQL has
an index of them (`pgvector`), only the entries that it names are read and compared. An entry is as near as
its nearest stretch and the middle of all its stretches together. Where what customers ask is compared with its like,
vectors are taken less their common mean, for e5 puts all texts into one corner, where everything seems alike.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, func, select

from lessons.search import pgvector
from lessons.search.schema import part, vector

if TYPE_CHECKING:
    import numpy as np

    Floats = np.ndarray[Any, np.dtype[np.float32]]
    Numbers = np.ndarray[Any, np.dtype[np.int64]]
ROWS, FEW, NEAREST = 512, 8, 2_000
"""Stretches compared in one go, few enough to be no work for several threads, which wait for each other (2,048 took
thirty times as long); stretches of which a mean says nothing; entries that are looked at in an answer."""
READ, NAMED, SETTLED = 1_024, 500, 32
"""Rows that are read, ids that a statement names and entries whose middles are reckoned in one go."""
CORNER = 0.7
"""How alike e5 finds texts that have nothing in common."""
WHOLE_LOOK = 600.0
"""Seconds; what was taken out, and what was committed after a greater id, is seen at the latest then."""


class Vectors:
    """All stretches of one database. Of each place: the part and the entry (0 where it is free) that stand there, the
    vector's length, and the length of the sum of all directions of its entry. Arrays grow where they are."""

    def __init__(self, model: str) -> None:
        import numpy as np

        self.model, self.seen, self.looked_at = model, (0, 0), time.monotonic()
        self.packed, self.sum = np.zeros((0, 0), np.int8), np.zeros(0)
        self.parts, self.ids = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self.norm, self.middle = np.zeros(0, np.float32), np.zeros(0, np.float32)
        self.entries, self.group = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self.lock = threading.Lock()

    # ── as the database is ───────────────────────────────────────────────────────────────────────────────────────────
    def follows(self, connection: Connection, asked: bytes) -> bool:
        """Up to date, and whether anything can be compared with this vector."""
        self.follow(connection)
        return self.fits(asked)

    def fits(self, asked: bytes) -> bool:
        return bool(self.ids.any()) and self.packed.shape[1] * 4 == len(asked)

    def follow(self, connection: Connection) -> None:
        """Read what was written since the last question; an entry that was written anew loses what it was."""
        newest = (select(func.coalesce(func.max(of.c.id), 0)).scalar_subquery() for of in (part, vector))
        state = tuple(connection.execute(select(*newest)).one())
        fewer = any(now < before for now, before in zip(state, self.seen, strict=True))
        whole = fewer or time.monotonic() > self.looked_at + WHOLE_LOOK
        if state == self.seen and not whole:
            return
        if self.seen == (0, 0):
            self._read_all(connection)
        else:
            self.read(connection, _written(connection, self.model, self.seen))
        if whole:
            self.read(connection, self._differing(connection))
            self.looked_at = time.monotonic()
        self.seen = state

    def _read_all(self, connection: Connection) -> None:
        import numpy as np

        self._free(np.flatnonzero(self.ids))  # where an earlier try ended halfway
        found = connection.execute(_stretches(self.model), execution_options={"yield_per": READ})
        for rows in found.partitions():
            self._put(rows)
        self._settle(np.unique(self.ids))

    def read(self, connection: Connection, entry_ids: Numbers) -> None:
        """What stands of these entries, in place of what stood here."""
        import numpy as np

        if not len(entry_ids):
            return
        self._free(np.flatnonzero(np.isin(self.ids, entry_ids)))
        for some in _in_turn(entry_ids):
            self._put(connection.execute(_stretches(self.model).where(part.c.entry_id.in_(some))).all())
        self._settle(entry_ids)

    def _differing(self, connection: Connection) -> Numbers:
        """Entries that have other parts here than there."""
        import numpy as np

        there = _stretches(self.model).with_only_columns(part.c.id)
        counted = select(func.count(), func.coalesce(func.sum(there.subquery().c.id), 0))
        kept = self.ids > 0
        if tuple(map(int, connection.execute(counted).one())) == (int(kept.sum()), int(self.parts[kept].sum())):
            return np.zeros(0, np.int64)
        now = np.fromiter(connection.scalars(there), np.int64)
        of = select(part.c.entry_id)
        gone, lacking = self.ids[kept & ~np.isin(self.parts, now)], np.setdiff1d(now, self.parts[kept])
        found = [np.fromiter(connection.scalars(of.where(part.c.id.in_(some))), np.int64) for some in _in_turn(lacking)]
        return np.unique(np.concatenate([gone, *found]))

    def _put(self, rows: Sequence[Any]) -> None:
        import numpy as np

        width = self.packed.shape[1] or max((len(row.vector) for row in rows), default=0)
        rows = [row for row in rows if len(row.vector) == width]
        if not rows:
            return
        places = self._places(len(rows), width)
        self.parts[places], self.ids[places] = [row.id for row in rows], [row.entry_id for row in rows]
        fresh = np.frombuffer(b"".join(row.vector for row in rows), np.int8).reshape(len(rows), width)
        self.packed[places] = fresh
        self.norm[places] = np.linalg.norm(fresh.astype(np.float32), axis=1) + 1e-9
        self.sum += self._directions(places).sum(0)

    def _places(self, many: int, width: int) -> Numbers:
        """Free ones, and new ones at the end where those are too few."""
        import numpy as np

        free = np.flatnonzero(self.ids == 0)[:many]
        new, end = many - len(free), len(self.ids)
        if not end:
            self.packed, self.sum = np.zeros((0, width), np.int8), np.zeros(width)
        self.packed.resize((end + new, width), refcheck=False)
        for each in (self.parts, self.ids, self.norm, self.middle):
            each.resize(end + new, refcheck=False)
        return np.concatenate([free, np.arange(end, end + new)])

    def _free(self, places: Numbers) -> None:
        if len(places):
            for at in range(0, len(places), ROWS):
                self.sum -= self._directions(places[at : at + ROWS]).sum(0)
            self.packed[places], self.ids[places], self.norm[places], self.middle[places] = 0, 0, 1, 1

    def _settle(self, entry_ids: Numbers) -> None:
        """The middles of these entries; of one stretch it is that stretch."""
        import numpy as np

        self.entries, self.group = np.unique(self.ids, return_inverse=True)
        places = np.flatnonzero(np.isin(self.ids, entry_ids))
        places = places[np.argsort(self.ids[places], kind="stable")]
        self.middle[places] = 1
        _, first, times = np.unique(self.ids[places], return_index=True, return_counts=True)
        first, times = first[times > 1], times[times > 1]
        for at in range(0, len(first), SETTLED):
            each, many = first[at : at + SETTLED], times[at : at + SETTLED]
            these = np.concatenate([places[n : n + k] for n, k in zip(each, many, strict=True)])
            sums = np.add.reduceat(self._directions(these), np.cumsum(many) - many)
            self.middle[these] = np.repeat(np.linalg.norm(sums, axis=1) + 1e-9, many)

    def _directions(self, places: Numbers) -> Floats:
        rows: Any = self.packed[places]
        found: Floats = rows / self.norm[places, None]
        return found

    # ── as it is asked ───────────────────────────────────────────────────────────────────────────────────────────────
    def near(self, asked: bytes) -> tuple[Numbers, Floats]:
        """(entry ids, how near each is, from about 0 to 1)."""
        import numpy as np

        q = _direction(np.frombuffer(asked, np.float32))
        parts = range(0, len(self.ids), ROWS)
        same = np.concatenate([self.packed[at : at + ROWS].astype(np.float32) @ q for at in parts]) / self.norm
        best = np.full(len(self.entries), -1, np.float32)
        np.maximum.at(best, self.group, same)
        nearness = (best + np.bincount(self.group, same / self.middle, len(self.entries))) / 2
        taken = self.entries > 0
        return self.entries[taken], ((nearness - CORNER) / (1 - CORNER)).astype(np.float32)[taken]

    def mean(self) -> tuple[Floats, int]:
        """Of all directions, and how many they are."""
        import numpy as np

        many = int(np.count_nonzero(self.ids))
        return (self.sum / max(many, 1)).astype(np.float32), many

    def apart(self, asked: bytes, entry_ids: Collection[int], mean: Floats, many: int) -> dict[int, float]:
        """How near these few are, less what all texts have in common: their mean, and of how many it is."""
        import numpy as np

        enough = many >= FEW  # the mean of a few is what they are about
        mean = mean * enough
        q = _direction(_direction(np.frombuffer(asked, np.float32)) - mean)
        places = np.flatnonzero(np.isin(self.ids, list(entry_ids)))
        entries, group = np.unique(self.ids[places], return_inverse=True)
        less = self._directions(places) - mean
        less /= np.linalg.norm(less, axis=1, keepdims=True) + 1e-9
        best, sums = np.full(len(entries), -1, np.float32), np.zeros((len(entries), len(q)), np.float32)
        np.maximum.at(best, group, less @ q)
        np.add.at(sums, group, less)
        nearness = (best + (sums @ q) / (np.linalg.norm(sums, axis=1) + 1e-9)) / 2
        told = nearness if enough else (nearness - CORNER) / (1 - CORNER)
        return dict(zip(entries.tolist(), told.tolist(), strict=True))


def _direction(one: Any) -> Floats:
    import numpy as np

    found: Floats = (one / (np.linalg.norm(one) + 1e-9)).astype(np.float32)
    return found


def _stretches(model: str) -> Any:
    of = select(part.c.id, part.c.entry_id, vector.c.vector).join(vector, vector.c.digest == part.c.digest)
    return of.where(vector.c.model == model)


def _written(connection: Connection, model: str, seen: Sequence[int]) -> Numbers:
    """Entries of which a part or its vector is new."""
    import numpy as np

    of = _stretches(model).with_only_columns(part.c.entry_id)
    new = [connection.scalars(of.where(table.c.id > n)) for table, n in zip((part, vector), seen, strict=True)]
    return np.unique(np.fromiter((entry_id for some in new for entry_id in some), np.int64))


def _in_turn(ids: Numbers) -> list[list[int]]:
    return [ids[at : at + NAMED].tolist() for at in range(0, len(ids), NAMED)]


def packed(vector: bytes) -> bytes:
    """A float32 vector in 8 bits a number; its direction is what counts."""
    import numpy as np

    floats = np.frombuffer(vector, np.float32)
    return bytes(np.round(floats * (127 / (np.abs(floats).max() or 1))).astype(np.int8).tobytes())


_kept: WeakKeyDictionary[Engine, Vectors] = WeakKeyDictionary()


def near(connection: Connection, model: str, asked: bytes, most: int = NEAREST) -> list[tuple[int, float]]:
    """(entry id, nearness) of the entries nearest to a vector of this model, the nearest first."""
    import numpy as np

    if pgvector.is_ready(connection, model):
        some = _some(connection, model, pgvector.nearest(connection, model, asked))
        if not some.fits(asked):
            return []
        entries, nearness = some.near(asked)
    else:
        known = _of(connection, model)
        with known.lock:
            if not known.follows(connection, asked):
                return []
            entries, nearness = known.near(asked)
    first = np.argpartition(-nearness, most - 1)[:most] if len(entries) > most else np.arange(len(entries))
    order = first[np.argsort(-nearness[first], kind="stable")]
    return list(zip(entries[order].tolist(), nearness[order].tolist(), strict=True))


def apart(connection: Connection, model: str, asked: bytes, entry_ids: Collection[int]) -> dict[int, float]:
    """Entry id → nearness, of these few, less what all texts have in common."""
    if pgvector.is_ready(connection, model):
        some = _some(connection, model, entry_ids)
        return some.apart(asked, entry_ids, *pgvector.mean(connection, model)) if some.fits(asked) else {}
    known = _of(connection, model)
    with known.lock:
        return known.apart(asked, entry_ids, *known.mean()) if known.follows(connection, asked) else {}


def _some(connection: Connection, model: str, entry_ids: Collection[int]) -> Vectors:
    """The stretches of these alone."""
    import numpy as np

    found = Vectors(model)
    found.read(connection, np.fromiter(entry_ids, np.int64))
    return found


def _of(connection: Connection, model: str) -> Vectors:
    known = _kept.get(connection.engine)
    if known is None or known.model != model:
        known = _kept[connection.engine] = Vectors(model)
    return known
