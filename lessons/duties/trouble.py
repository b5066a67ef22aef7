"""What keeps promises from being kept just now, in one sentence for administrators."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from lessons.duties import signs
from lessons.i18n import Sentence, say
from lessons.post import queries

STANDS_STILL = say("The worker stands still: nothing falls due, and no letter leaves.")
STUCK = say("Letters wait that should have left by now.")


def trouble(session: Session, *, at: datetime) -> Sentence | None:
    """The gravest, or None; two queries."""
    if signs.is_silent(signs.seen(session), at=at):
        return STANDS_STILL
    return STUCK if queries.is_stuck(session, at=at) else None
