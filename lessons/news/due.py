"""What falls due by itself on news: its time is over."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from lessons.models import News
from lessons.news.operations import expire
from lessons.workflow.news import OPEN


def fall_due(session: Session, *, at: datetime, limit: int = 100) -> int:
    """Those whose time is over leave the desk; how many. Another worker's are left to it."""
    rows = session.scalars(
        sa.select(News)
        .where(News.state.in_(OPEN), News.valid_until <= at)
        .order_by(News.valid_until, News.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for news in rows:
        expire(session, news, at=at)
    return len(rows)
