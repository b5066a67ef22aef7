"""The fused answers as people and programs search: with the embedder and the synonyms of this installation, and what
else is known of a lesson weighed in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import Actor
from lessons.models import Synonyms
from lessons.repository.found import NOUN
from lessons.repository.weighing import weights
from lessons.search import embedder, fused, known
from lessons.search.synonyms import Groups


def answers(
    session: Session,
    q: str,
    *,
    where: Mapping[str, Any],
    limit: int = 20,
    legs: Collection[str] = fused.LEGS,
    seconds: float = embedder.ASKED_SECONDS,
    counts: Mapping[str, float] = fused.ASKED,
    groups: Groups | None = None,
    by: Actor,
    at: datetime | None = None,
) -> list[fused.Answer]:
    """The records that answer best. `groups` are the synonyms, where they are known already."""
    groups = synonyms(session) if groups is None else groups
    chosen = embedder.of(db.settings())
    return fused.answers(session, q, where=where, legs=legs, limit=limit, embedder=chosen, groups=groups,
                         weigh=lambda found: _weights(session, found, by, at), seconds=seconds,
                         counts=counts)  # fmt: skip


def _weights(
    session: Session, found: Sequence[fused.Answer], by: Actor, at: datetime | None
) -> dict[tuple[str, int], float]:
    ids = [one.record_id for one in found if one.noun == NOUN]
    return {(NOUN, lesson_id): weight for lesson_id, weight in weights(session, ids, by=by, at=at).items()}


def known_lesson(session: Session, text: str, *, where: Any) -> known.Known | None:
    """The lesson that a case is about, with its evidence and confidence, or none; `where` selects ids that count."""
    return known.known(session, text, where={NOUN: where}, embedder=embedder.of(db.settings()))


def synonyms(session: Session) -> list[list[str]]:
    return list(session.scalars(sa.select(Synonyms.words).order_by(Synonyms.id)))
