"""The leg of 3-grams: entries that share the rarest letter triples of a question, whatever ends or misspells its words.

Asking for all of them costs by the commonest; asked are as many of the rarest as BUDGET allows, at least a dozen.
"""

from __future__ import annotations

import json
import math
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Float,
    Select,
    Text,
    column,
    exists,
    func,
    literal,
    select,
    text,
)

from lessons.search.schema import entry, sizes
from lessons.search.words import is_frame, words_of

LEAST, MOST, BUDGET = 12, 64, 20_000
"""Grams of one question that are asked for, and how many hits they may have together beyond the least."""
ENOUGH = 0.3
"""Share of the weight of the grams asked for that an entry holds at least."""
WHOLE = 0.4
"""Share of all grams of a question, where no word of it is known."""
SHARE, MORE = 0.4, 3
"""Share of a word's grams below which none of them counts: what a letter typed wrong leaves of a word of five. So many
times more entries than wanted are looked at for it."""
COMMON, FEW, LOOKED_AT = 4, 12, 4_000
"""A word that one of so many entries holds, and so many of them, is a common one; the newest LOOKED_AT tell."""
READ = 1_000
"""Characters of a question that are read."""
LENGTH, BY_LENGTH = 1.2, 0.75
"""BM25's k1 and b, each gram counting once."""
COUNTED_FOR = 60.0
"""Seconds; how common a gram is changes slowly."""

_HELD = {
    "sqlite": "SELECT search_grams.rowid AS id, j.key AS gram, j.value AS weight FROM json_each(:asked) AS j"
    " CROSS JOIN search_grams WHERE search_grams MATCH '\"' || j.key || '\"'",
    "postgresql": "SELECT g.entry_id AS id, j.key AS gram, CAST(j.value AS float8) AS weight"
    " FROM jsonb_each_text(CAST(:asked AS jsonb)) AS j"
    " JOIN search_grams AS g ON g.grams @@ CAST('''' || j.key || '''' AS tsquery)",
}
_COUNT = {
    "sqlite": "SELECT j.value, (SELECT count(*) FROM (SELECT 1 FROM search_grams"
    " WHERE search_grams MATCH '\"' || j.value || '\"' LIMIT :most)) FROM json_each(:asked) AS j",
    "postgresql": "SELECT j.value, (SELECT count(*) FROM (SELECT 1 FROM search_grams AS g"
    " WHERE g.grams @@ CAST('''' || j.value || '''' AS tsquery) LIMIT :most) AS held)"
    " FROM jsonb_array_elements_text(CAST(:asked AS jsonb)) AS j",
}


def of_tokens(tokens: Iterable[str]) -> set[str]:
    """The grams of indexed tokens; stems are no words of their own."""
    return set().union(*(of_word(token) for token in set(tokens) if token[0] != "~"))


def counted(text: str) -> Counter[str]:
    """The grams of a text, each as often as it stands there."""
    return Counter(gram for word in words_of(text[:READ]) for gram in of_word(word))


def weights(connection: Connection, grams: set[str]) -> dict[str, float]:
    """How much each tells: the rarer, the more; most what no entry holds."""
    holding = known(connection)
    holding.count(connection, sorted(grams - holding.counts.keys()))
    return {gram: holding.weight(gram) for gram in grams}


@lru_cache(maxsize=65_536)
def of_word(word: str) -> Sequence[str]:
    """Its letter triples, its bounds being letters too."""
    bounded = f"_{word}_"
    return tuple(bounded[at : at + 3] for at in range(len(bounded) - 2))


def find(
    connection: Connection,
    q: str,
    conditions: Sequence[ColumnElement[bool]],
    most: int,
    *,
    whole: bool = False,
    common: Collection[str] = (),
) -> list[tuple[int, float]]:
    """(entry id, score), the best first, the newer first among equals. `whole`: so that most of the question is there,
    as is wanted where no word of it is known and it may well be about something else. What is like `common` words alone
    is no answer."""
    holding = known(connection)
    asked = words_of(q[:READ])
    words = [frozenset(of_word(word)) for word in asked]
    pairs = zip(asked, words, strict=True)
    telling = [grams for word, grams in pairs if word not in common and not is_frame(word)] or words
    every = {gram for word in words for gram in word}
    grams = holding.rarest(connection, every)
    if not grams:
        return []
    weights = {gram: holding.weight(gram) for gram in grams}
    enough, least = ENOUGH * sum(weights.values()), WHOLE * min(len(every), MOST) if whole else 0
    wanted = [some for word in words if (some := word & weights.keys())]
    needed = [some for word in telling if (some := word & weights.keys())]
    found = []
    for row in connection.execute(_holders(connection, weights, conditions, holding.length, enough).limit(most * MORE)):
        held = frozenset(row.grams.split())
        told = {gram for word in wanted if _is_held(word, held) for gram in word & held}
        weight = sum(weights[gram] for gram in told)
        if len(told) >= least and any(_is_held(word, held) for word in needed):
            found.append((row.id, row.score * weight / row.weight))
    return sorted(found, key=lambda one: (-one[1], -one[0]))[:most]


def _is_held(word: frozenset[str], held: frozenset[str]) -> bool:
    return len(word & held) >= SHARE * len(word)


def _holders(
    connection: Connection,
    weights: dict[str, float],
    conditions: Sequence[ColumnElement[bool]],
    usual: float,
    enough: float,
) -> Select[Any]:
    """Entries that hold enough of these grams, and which; the best first. Counted before anything else is asked of an
    entry: joined with all entries first, a search took more than twenty times as long."""
    held = text(_HELD[connection.dialect.name]).bindparams(asked=json.dumps(weights))
    each = held.columns(column("id", BigInteger), column("gram", Text), column("weight", Float)).subquery()
    weight = func.sum(each.c.weight)
    found = (
        select(each.c.id, weight.label("weight"), func.aggregate_strings(each.c.gram, " ").label("grams"))
        .group_by(each.c.id)
        .having(weight >= enough)
        .subquery()
    )
    size = select(sizes.c.size).where(sizes.c.entry_id == found.c.id).scalar_subquery()
    length = 1 + LENGTH * (1 - BY_LENGTH + BY_LENGTH * size / literal(usual, Float))
    score = (found.c.weight / length).label("score")
    return (
        select(found.c.id, score, found.c.weight, found.c.grams)
        .where(exists().where(entry.c.id == found.c.id, *conditions))
        .order_by(score.desc(), found.c.id.desc())
    )


# ── how common each gram is ──────────────────────────────────────────────────────────────────────────────────────────
@dataclass
class Known:
    """Counts of one database, as they were at most a minute ago; `newest` entries have a greater id than `since`."""

    entries: int
    length: float
    until: float
    counts: dict[str, int] = field(default_factory=dict)
    since: int = 0
    newest: int = 0
    counted: dict[object, int] = field(default_factory=dict)

    def once(self, what: object, count: Callable[[], int]) -> int:
        """As it was counted first."""
        if what not in self.counted:
            self.counted[what] = count()
        return self.counted[what]

    def weight(self, gram: str) -> float:
        held = min(self.counts.get(gram, 0), self.entries)
        return math.log(1 + (self.entries - held + 0.5) / (held + 0.5))

    def rarest(self, connection: Connection, grams: set[str]) -> list[str]:
        self.count(connection, sorted(grams - self.counts.keys()))
        held = sorted((gram for gram in grams if self.counts.get(gram)), key=lambda gram: (self.counts[gram], gram))
        hits, asked = 0, list[str]()
        for gram in held[:MOST]:
            hits += self.counts[gram]
            if len(asked) >= LEAST and hits > BUDGET:
                break
            asked.append(gram)
        return asked

    def count(self, connection: Connection, grams: list[str]) -> None:
        """What nobody holds is not kept: the next entry may."""
        if grams:
            asked = text(_COUNT[connection.dialect.name]).bindparams(asked=json.dumps(grams), most=BUDGET)
            self.counts |= {gram: held for gram, held in connection.execute(asked) if held}


_kept: WeakKeyDictionary[Engine, Known] = WeakKeyDictionary()


def known(connection: Connection) -> Known:
    """What is counted of this database by now."""
    found = _kept.get(connection.engine)
    if found is None or found.until < time.monotonic() or found.entries < LEAST:
        numbered = select(func.count(), func.avg(sizes.c.size), func.max(sizes.c.entry_id))
        entries, length, last = connection.execute(numbered).one()
        found = Known(entries, float(length or 1), time.monotonic() + COUNTED_FOR, since=(last or 0) - LOOKED_AT)
        newer = select(func.count()).select_from(sizes).where(sizes.c.entry_id > found.since)
        found.newest = connection.execute(newer).scalar_one() if found.since > 0 else entries
        _kept[connection.engine] = found
    return found
