"""Is this what a customer says a lesson that is known, and which? One answer, with its evidence, or none.

Calibrated on a stream of real customers' questions of which half have no lesson (docs/search.md): a lesson is called
known where nearness by meaning and by letter triples together, and the lead over the next, are great enough. Whoever
asks shows the evidence and lets a person decide.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from lessons.search import fused, grams, index, vectors
from lessons.search.embedder import ASKED_SECONDS, Embedder, Unreachable
from lessons.search.schema import entry, part

CANDIDATES = 12
SURE = 1.46
"""Twice the nearness by meaning, three quarters of that by letter triples, and half the lead over the next."""
SURE_BY_GRAMS = 0.745
"""The same without meaning."""


@dataclass(frozen=True)
class Known:
    """`evidence` is the lesson's own text that comes nearest; `confidence` from 0 to 1, 0.5 being just enough."""

    noun: str
    record_id: int
    evidence: str
    confidence: float


def known(
    session: Session,
    text: str,
    *,
    where: Mapping[str, index.Where | None],
    embedder: Embedder | None = None,
    seconds: float = ASKED_SECONDS,
) -> Known | None:
    """The record that this text is about; None where it is about none, or it cannot be told which."""
    found = fused.answers(session, text, where=where, limit=CANDIDATES, embedder=embedder, seconds=seconds)
    if not found:
        return None
    connection = session.connection()
    ids = {(row.noun, row.record_id): row.id for row in _entries(connection, found)}
    texts = _texts(connection, list(ids.values()))
    alike, nearest = _by_grams(connection, text, texts)
    near = _by_meaning(connection, text, embedder, seconds, list(texts))
    score = {n: 2 * near.get(n, 0.0) + 0.75 * alike[n] if near else alike[n] for n in texts}
    order = sorted(score, key=lambda n: (-score[n], -n))
    best, lead = order[0], score[order[0]] - (score[order[1]] if len(order) > 1 else 0.0)
    sure = score[best] + 0.5 * lead - (SURE if near else SURE_BY_GRAMS)
    if sure < 0:
        return None
    (noun, record_id), *_ = [named for named, n in ids.items() if n == best]
    return Known(noun, record_id, nearest[best], 1 / (1 + math.exp(-4 * sure)))


def _entries(connection: Connection, found: Sequence[fused.Answer]) -> Sequence[Any]:
    wanted = {(one.noun, one.record_id) for one in found}
    rows = connection.execute(
        select(entry.c.id, entry.c.noun, entry.c.record_id).where(entry.c.record_id.in_({n for _, n in wanted}))
    )
    return [row for row in rows if (row.noun, row.record_id) in wanted]


def _texts(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    rows = connection.execute(select(part.c.entry_id, part.c.text).where(part.c.entry_id.in_(ids)).order_by(part.c.id))
    found: dict[int, list[str]] = {n: [] for n in ids}
    for row in rows:
        found[row.entry_id].append(row.text)
    return {n: texts for n, texts in found.items() if texts}


def _by_meaning(
    connection: Connection, text: str, embedder: Embedder | None, seconds: float, ids: Sequence[int]
) -> dict[int, float]:
    if embedder is None:
        return {}
    try:
        asked = embedder.embed(text, question=True, seconds=seconds)
    except Unreachable:
        return {}
    return vectors.apart(connection, embedder.name, asked, ids)


def _by_grams(
    connection: Connection, text: str, texts: Mapping[int, Sequence[str]]
) -> tuple[dict[int, float], dict[int, str]]:
    """How alike the nearest text is and all texts together are, from 0 to 2; and which text that is. What no entry
    holds counts as rare: a subject of which nothing is written is not known."""
    asked = grams.counted(text)
    counted = {n: [grams.counted(one) for one in some] for n, some in texts.items()}
    weights = grams.weights(
        connection, {gram for each in [asked, *(c for some in counted.values() for c in some)] for gram in each}
    )
    alike, nearest = {}, {}
    for n, some in counted.items():
        each = [_cosine(asked, one, weights) for one in some]
        together = _cosine(asked, sum(some, Counter[str]()), weights)
        alike[n] = max(each) + together
        nearest[n] = texts[n][each.index(max(each))]
    return alike, nearest


def _cosine(one: Counter[str], other: Counter[str], weights: Mapping[str, float]) -> float:
    def of(counted: Counter[str]) -> dict[str, float]:
        return {gram: (1 + math.log(times)) * weights[gram] for gram, times in counted.items()}

    a, b = of(one), of(other)
    length = math.sqrt(sum(v * v for v in a.values()) * sum(v * v for v in b.values()))
    return sum(v * b[gram] for gram, v in a.items() if gram in b) / length if length else 0.0
