"""Reads of sentences: lists, one, those of a unit or of a card. One order: what helped most lately, then the newest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, tree, visible_to
from lessons.access.listing import MOST, USUAL, Page
from lessons.access.named import called
from lessons.debriefs.topics import find
from lessons.models import Lesson, Person, Sentence, SentenceVote, Topic, Unit
from lessons.workflow.news import EDITORS
from lessons.workflow.states import SentenceState

LATELY = timedelta(days=90)
"""What helped longer ago is told, and moves no sentence up."""
VOTES = sa.select(sa.func.count()).select_from(SentenceVote).where(SentenceVote.sentence_id == Sentence.id)
LIVE = Sentence.state == SentenceState.LIVE


@dataclass(frozen=True)
class Voted:
    """How many it helped, and whether the reader is one of them."""

    helped: int
    voted: bool


@dataclass(frozen=True)
class Listed:
    """`card`: what it goes with, where the reader may see that."""

    sentence: Sentence
    unit: Unit
    author: Person | None
    card: Lesson | None
    votes: Voted


@dataclass(frozen=True)
class Wanted:
    """In these states, on this topic by any name it ever had, of this unit and those below it."""

    states: Sequence[str] = (SentenceState.LIVE.value,)
    topic: str = ""
    unit: Unit | None = None


def sentences(
    session: Session, wanted: Wanted, *, by: Actor, at: datetime, limit: int = USUAL, cursor: str | None = None
) -> Page[Listed]:
    """A cursor is how many stand before: the order moves with every vote, and no place in it is kept."""
    skip = int(cursor) if cursor and cursor.isdecimal() and len(cursor) < 7 else 0
    where = [visible_to(session, "sentences", by), Sentence.state.in_(wanted.states)]
    where += [Sentence.topic == _now_called(session, wanted.topic)] if wanted.topic else []
    where += [Sentence.unit_id.in_(sorted(tree(session).below[wanted.unit.id or 0]))] if wanted.unit else []
    rows = _read(session, where, by=by, at=at, limit=limit + 1, skip=skip)
    return Page(rows[:limit], str(skip + limit) if len(rows) > limit else None)


def _now_called(session: Session, topic: str) -> str:
    """The name that a topic has now, by any that it ever had."""
    known = find(session, topic)
    return known.name if known else topic


def near(session: Session, *, by: Actor, at: datetime, limit: int) -> list[Listed]:
    """Of the person's unit and those above it."""
    above = tree(session).above[by.person.unit_id] if by.person else ()
    return _read(session, [LIVE, Sentence.unit_id.in_(above)], by=by, at=at, limit=limit)


def of_lesson(session: Session, lesson: Lesson, *, by: Actor, at: datetime, limit: int) -> list[Listed]:
    """Those that go with a card, whatever their unit."""
    return _read(session, [LIVE, Sentence.lesson_id == lesson.id], by=by, at=at, limit=limit)


def waiting(session: Session, *, by: Actor, at: datetime, limit: int = USUAL) -> list[Listed]:
    """Offers that this person may keep, the one that waits longest first."""
    units = sorted(tree(session).under(by.units_of(*EDITORS)))
    where = [Sentence.state == SentenceState.OFFERED, Sentence.unit_id.in_(units)]
    return _read(session, where, by=by, at=at, limit=limit, order=(Sentence.id,))


def own(session: Session, *, by: Actor, at: datetime, limit: int) -> list[Listed]:
    """What this person offered, the newest first."""
    return _read(session, [Sentence.author_id == by.id], by=by, at=at, limit=limit, order=(Sentence.id.desc(),))


def one(session: Session, code: str, *, by: Actor, at: datetime) -> Listed:
    """Raises NotFound."""
    found = called(session, Sentence, code, by=by)
    return _read(session, [Sentence.id == found.id], by=by, at=at, limit=1)[0]


def topics(session: Session) -> list[str]:
    """Of what is on the desk, in their alphabet."""
    return list(
        session.scalars(sa.select(Sentence.topic).where(LIVE, Sentence.topic != "").distinct().order_by("topic"))
    )


def suggested(session: Session) -> list[str]:
    """Topics of cards, for whoever writes one."""
    return list(session.scalars(sa.select(Topic.name).order_by(Topic.name).limit(MOST)))


def votes_of(session: Session, ids: Sequence[int], *, by: Actor) -> dict[int, Voted]:
    """By the sentence's id; one query, however many."""
    mine = sa.func.sum(sa.case((SentenceVote.person_id == by.id, 1), else_=0))
    counted = sa.select(SentenceVote.sentence_id, sa.func.count(), mine).where(SentenceVote.sentence_id.in_(ids))
    found = {row[0]: Voted(row[1], bool(row[2])) for row in session.execute(counted.group_by(SentenceVote.sentence_id))}
    return {one: found.get(one, Voted(0, voted=False)) for one in ids}


def _read(
    session: Session, where: Sequence[Any], *, by: Actor, at: datetime, limit: int, skip: int = 0,
    order: Sequence[Any] = (),
) -> list[Listed]:  # fmt: skip
    """Everything that is shown of them, in one query."""
    lately = VOTES.where(SentenceVote.at > at - LATELY).scalar_subquery()
    mine = VOTES.where(SentenceVote.person_id == by.id).scalar_subquery()
    seen = sa.and_(Lesson.id == Sentence.lesson_id, visible_to(session, "lessons", by))
    rows = session.execute(
        sa.select(Sentence, Person, Lesson, VOTES.scalar_subquery(), mine)
        .outerjoin(Person, Person.id == Sentence.author_id)
        .outerjoin(Lesson, seen)
        .where(*where)
        .order_by(*(order or (lately.desc(), Sentence.id.desc())))
        .limit(limit)
        .offset(skip)
    )
    units = tree(session).units
    return [
        Listed(sentence, units[sentence.unit_id], author, card, Voted(helped, bool(voted)))
        for sentence, author, card, helped, voted in rows
    ]
