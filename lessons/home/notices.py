"""What one was told, newest first; what is new is marked until somebody says that it was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.duties import told
from lessons.i18n import say
from lessons.models import Notice
from lessons.post.letters import Line

blueprint = Blueprint("notices", __name__)
MOST = 100


@blueprint.get("/notices")
def index() -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        rows = latest(session, by, at=at)
        return web.show(
            "home/notices.html",
            title=say("News for you"),
            fresh=[_shown(one) for one in rows if one.notice.seen_at is None],
            read=[_shown(one) for one in rows if one.notice.seen_at is not None],
            until=at.isoformat(),
        )


@blueprint.post("/notices/read")
def read() -> ResponseReturnValue:
    """All that stood on the page was read; what came meanwhile stays new."""
    with web.writing() as (session, by, at):
        mark_read(session, by, until=_moment(request.form.get("until", ""), at), at=at)
        return web.sent_to(session, "/notices")


def _moment(text: str, at: datetime) -> datetime:
    try:
        told_at = datetime.fromisoformat(text)
    except ValueError:
        return at
    return min(told_at, at) if told_at.tzinfo else at


def _shown(one: Told) -> dict[str, Any]:
    return {
        "text": one.line.says,
        "notes": one.line.notes,
        "quote": one.line.quote,
        "href": one.line.href,
        "code": one.line.code,
        "when": web.when(one.notice.at, hour=True),
        "urgent": one.notice.urgent,
    }


# ── reading and marking ──────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Told:
    """A notice and what it says to this reader."""

    notice: Notice
    line: Line


def latest(session: Session, by: Actor, *, at: datetime) -> list[Told]:
    """The newest notices of this person; of a record that they may not see, the code alone."""
    if by.person is None:
        return []
    mine = (
        sa.select(Notice).where(Notice.person_id == by.id, Notice.dropped == "").order_by(Notice.id.desc()).limit(MOST)
    )
    rows = session.scalars(mine).all()
    to = told.reader(session, by.person, "", at=at)
    facts = told.known(session, to, [], rows)
    return [Told(row, told.notice_line(row, to, facts)) for row in rows]


def mark_read(session: Session, by: Actor, *, until: datetime, at: datetime) -> None:
    mine = (Notice.person_id == by.id, Notice.seen_at.is_(None), Notice.at <= until)
    session.execute(sa.update(Notice).where(*mine).values(seen_at=at))
