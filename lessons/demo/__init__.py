"""The demo organisation: an invented company's year of learning, played through the same doors as real work."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.demo import framed
from lessons.demo.cast import STAFF
from lessons.demo.days import Days
from lessons.demo.floor import lay_out
from lessons.demo.people import FOUNDED_DAYS, settle_in
from lessons.demo.play import MORNING, Play, Refused
from lessons.demo.stories import STORIES
from lessons.errors import NotAllowed
from lessons.i18n import say
from lessons.models import Notice, Person
from lessons.workflow.policy import Policy

__all__ = ["FOUNDED_DAYS", "Refused", "Summary", "is_loaded", "load"]


@dataclass(frozen=True)
class Summary:
    """`done` counts what was played, by door; empty where the village was there already."""

    loaded: bool
    people: int = 0
    done: dict[str, int] = field(default_factory=dict)


def is_loaded(session: Session) -> bool:
    """Whether the village lives here: its first person under its first number."""
    first = STAFF[0]
    here = sa.select(Person.id).where(Person.number == first.number, Person.name == first.name)
    return session.scalar(here) is not None


def load(*, at: datetime) -> Summary:
    """Load the village as it would stand at that moment: whole, or not at all; a second time nothing happens. Raises
    NotAllowed where somebody else lives here."""
    with db.transaction() as session:
        if is_loaded(session):
            return Summary(loaded=False)
        if session.scalar(sa.select(Person.id).limit(1)) is not None:
            raise NotAllowed(say("The database is not empty. The demo is loaded into an empty one only."))
        settings = db.settings()
        days = Days(Policy.load(settings.policy).calendar(settings.timezone), at)
        people = settle_in(session, at=at, on=lambda day: days.moment(day, "08:00"))
        play = Play(session, people, days)
        play(chain.from_iterable(STORIES), until=at)
        framed.connect(session, people, play.row, at=at)
        lay_out(session, people, days, at=at)
        _read_the_news(session, days.on(days.today - timedelta(days=2), MORNING))
    return Summary(True, len(people), dict(play.done))


def _read_the_news(session: Session, until: datetime) -> None:
    """People here read what they are told within two days."""
    seen = sa.update(Notice).where(Notice.at <= until, Notice.seen_at.is_(None))
    session.execute(seen.values(seen_at=Notice.at))
