"""What the desk shows while nothing is searched: a shift opens in a minute, then what holds today."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons.access import Actor
from lessons.desk import basics, opening, worked
from lessons.news import queries as news
from lessons.news.shown import plain, shown
from lessons.people import figures
from lessons.repository import queries
from lessons.repository import shown as cards
from lessons.sentences import queries as sentences
from lessons.sentences import shown as spoken
from lessons.workflow.states import LESSON_PUBLIC, NewsKind

MOST, MOST_SENTENCES = 6, 3


def front(session: Session, by: Actor, at: datetime) -> dict[str, Any]:
    """Finished values of `desk/front.html`."""
    on_desk = news.on_desk(session, by=by, at=at)
    opened = opening.opening(session, on_desk, by=by, at=at)
    lines = [shown(one) for one in news.listed(session, on_desk, by=by)]
    newest = queries.lessons(
        session, queries.Wanted(states=[state.value for state in LESSON_PUBLIC]), by=by, limit=MOST
    )
    return {
        "opening": opened,
        "basics": basics.mine(session, by=by, at=at),
        "focus": [one for one in lines if one["kind"] == NewsKind.FOCUS],
        "news": [one for one in lines if one["kind"] == NewsKind.NEWS],
        "offers": [one for one in lines if one["kind"] == NewsKind.OFFER],
        "reported": [
            {**plain(one), "mine": one.author_id in by.acting} for one in news.reported(session, by=by, at=at)
        ],
        "sentences": [spoken.row(one, by=by) for one in sentences.near(session, by=by, at=at, limit=MOST_SENTENCES)],
        "new": [{**cards.row(one), "href": f"/desk?card={one.lesson.code}"} for one in newest.items],
        "worked": worked.worked(session, by=by, at=at),
        "figures": figures.line_of(session, by.person.unit_id) if by.person else [],
    }
