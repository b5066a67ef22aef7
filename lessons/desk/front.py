"""What the desk shows while nothing is searched: what is new, and what waits to be read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons.access import Actor
from lessons.briefings.queries import to_read
from lessons.repository import queries, shown
from lessons.workflow.states import LESSON_PUBLIC

MOST = 12


def front(session: Session, by: Actor, at: datetime) -> dict[str, Any]:  # noqa: ARG001 - what is new is asked of a moment
    """Finished values of `desk/front.html`."""
    newest = queries.lessons(
        session, queries.Wanted(states=[state.value for state in LESSON_PUBLIC]), by=by, limit=MOST
    )
    return {
        "new": [{**shown.row(one), "href": f"/desk?card={one.lesson.code}"} for one in newest.items],
        "unread": [
            {"title": one.subject.title, "href": f"/briefings/{one.briefing.code}", "due": one.due_on}
            for one in to_read(session, by)
        ],
    }
