"""Keeps the search index in step with sentences that work, in the same transaction: those on the desk and no others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, visible_to
from lessons.models import Sentence
from lessons.search import index
from lessons.search.entries import Entry
from lessons.sentences.queries import LIVE

NOUN = "sentence"


def keep(session: Session, sentence: Sentence) -> None:
    """Found by its present words while it is on the desk, else not found."""
    session.flush()
    index.keep(session, NOUN, [sentence.id or 0], entries(session, [sentence.id or 0]))


# ── as every kind that is searched ───────────────────────────────────────────────────────────────────────────────────
def wanted() -> Any:
    return sa.select(Sentence.id).where(LIVE).order_by(Sentence.id)


def readable(session: Session, by: Actor, at: datetime) -> Any:  # noqa: ARG001 - asked as of every kind
    return sa.select(Sentence.id).where(visible_to(session, "sentences", by), LIVE)


def rows(session: Session, ids: Sequence[int]) -> dict[int, Sentence]:
    return {row.id or 0: row for row in session.scalars(sa.select(Sentence).where(Sentence.id.in_(ids)))}


def words(row: Sentence) -> tuple[str, str]:
    return row.text, "\n".join(filter(None, (row.said_when, row.code)))


def entries(session: Session, ids: Sequence[int]) -> Iterator[Entry]:
    for row in session.scalars(sa.select(Sentence).where(Sentence.id.in_(ids), LIVE).order_by(Sentence.id)):
        title, body = words(row)
        yield Entry(NOUN, row.id or 0, row.lang, title, body, [row.topic] if row.topic else ())
