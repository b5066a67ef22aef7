"""Keeps the search index in step with news, in the same transaction. What begins later or is over is in it or still in
it, and is found by nobody: that is asked at the moment of the search."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor
from lessons.models import News
from lessons.news.queries import on_desk
from lessons.search import index
from lessons.search.entries import Entry
from lessons.workflow.states import NewsState

NOUN = "news"
LIVE = News.state == NewsState.LIVE


def keep(session: Session, news: News) -> None:
    """Found by its present words while it is live, else not found."""
    session.flush()
    index.keep(session, NOUN, [news.id or 0], entries(session, [news.id or 0]))


# ── as every kind that is searched ───────────────────────────────────────────────────────────────────────────────────
def wanted() -> Any:
    return sa.select(News.id).where(LIVE).order_by(News.id)


def readable(session: Session, by: Actor, at: datetime) -> Any:
    """What is on this person's desk at that moment: an audience is of people, so whoever is none finds no news."""
    return index.record_id.in_([news.id for news in on_desk(session, by=by, at=at)])


def rows(session: Session, ids: Sequence[int]) -> dict[int, News]:
    return {row.id or 0: row for row in session.scalars(sa.select(News).where(News.id.in_(ids)).order_by(News.id))}


def words(row: News) -> tuple[str, str]:
    return row.title, "\n".join(filter(None, (row.body, row.our_answer, row.seen_where, row.code)))


def entries(session: Session, ids: Sequence[int]) -> Iterator[Entry]:
    for row in session.scalars(sa.select(News).where(News.id.in_(ids), LIVE).order_by(News.id)):
        title, body = words(row)
        yield Entry(NOUN, row.id or 0, row.lang, title, body, [row.topic] if row.topic else ())
