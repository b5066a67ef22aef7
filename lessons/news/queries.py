"""Reads of news: lists, one, what is on a person's desk now, and who has read it, by unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import Actor, audience_people, tree, visible_to
from lessons.access.audience import Asked, is_within
from lessons.access.listing import USUAL, Order, Page, page
from lessons.access.named import called, people_by_id
from lessons.access.sharing import LEADING, UnitShare
from lessons.models import Briefing, BriefingMember, News, NewsReading, Person
from lessons.workflow.states import NewsState

IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
# (news, person, edition) that were read: by itself, or in a briefing about it
READINGS = (
    sa.select(NewsReading.news_id, NewsReading.person_id, NewsReading.edition)
    .where(NewsReading.news_id.in_(IDS))
    .union_all(
        sa.select(Briefing.news_id, BriefingMember.person_id, Briefing.subject_edition)
        .join(BriefingMember, BriefingMember.briefing_id == Briefing.id)
        .where(Briefing.news_id.in_(IDS), BriefingMember.acknowledged_at.is_not(None))
    )
    .subquery()
)
READ_BY = sa.select(READINGS.c.news_id, READINGS.c.edition).where(READINGS.c.person_id == sa.bindparam("person"))
READERS = sa.select(READINGS.c.person_id).where(READINGS.c.edition == sa.bindparam("edition"))


@dataclass(frozen=True)
class Listed:
    """A news item, who told of it and who saw it too, and whether the reader has read this edition."""

    news: News
    author: Person | None
    confirmed_by: Person | None
    is_read: bool


# ── lists, one ───────────────────────────────────────────────────────────────────────────────────────────────────────
def all_news(
    session: Session, states: Sequence[str], *, by: Actor, limit: int = USUAL, cursor: str | None = None
) -> Page[Listed]:
    """The newest first."""
    where = [visible_to(session, "news", by), News.state.in_(states)]
    found = page(session, News, where, Order(backwards=True), limit=limit, cursor=cursor)
    return Page(listed(session, found.items, by=by), found.next)


def listed(session: Session, rows: Sequence[News], *, by: Actor) -> list[Listed]:
    """In their order: two queries, however many."""
    people = people_by_id(session, (one for row in rows for one in (row.author_id, row.confirmed_by_id)))
    read = read_by(session, rows, by)
    return [
        Listed(row, people.get(row.author_id or 0), people.get(row.confirmed_by_id or 0), row.id in read)
        for row in rows
    ]


def one(session: Session, code: str, by: Actor) -> News:
    """The item with this code. Raises NotFound where there is none that the person may see."""
    return called(session, News, code, by=by)


def read_by(session: Session, rows: Sequence[News], by: Actor) -> frozenset[int]:
    """Those whose present edition this person has read."""
    editions = {row.id: row.edition for row in rows}
    asked = {"ids": list(editions), "person": by.id}
    read = db.connection(session).execute(READ_BY, asked).all() if rows and by.id else []
    return frozenset(row.news_id for row in read if editions[row.news_id] == row.edition)


# ── on the desk ──────────────────────────────────────────────────────────────────────────────────────────────────────
def on_desk(session: Session, *, by: Actor, at: datetime) -> list[News]:
    """What holds now and is meant for this person: urgent first, then the newest."""
    rows = session.scalars(
        sa.select(News)
        .where(News.state == NewsState.LIVE, News.valid_from <= at, News.valid_until > at)
        .order_by(News.urgent.desc(), News.id.desc())
    )
    return [row for row in rows if is_for(session, row, by)]


def reported(session: Session, *, by: Actor, at: datetime) -> list[News]:
    """Offers that wait for a second person who saw them."""
    rows = session.scalars(
        sa.select(News).where(News.state == NewsState.REPORTED, News.valid_until > at).order_by(News.id.desc())
    )
    return [row for row in rows if is_for(session, row, by)]


def is_for(session: Session, news: News, by: Actor) -> bool:
    """Whether the person is of its audience: of its units, with one of its roles where it names any."""
    if by.person is None or not is_within(session, news, by):
        return False
    roles, above = Asked(news.audience, news.unit_id, news.created_at).roles, tree(session).above[by.person.unit_id]
    return not roles or any(role in roles and unit in above and through == by.id for role, unit, through in by.grants)


def is_asked(session: Session, line: Listed, by: Actor) -> bool:
    """Whether this person is still to say that they have read it."""
    return line.news.state == NewsState.LIVE and is_for(session, line.news, by) and not line.is_read


# ── who has read ─────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Readers:
    """By unit how many have read the present edition, and by name who is missing of those whom the reader leads."""

    units: Sequence[UnitShare]
    missing: Sequence[Person]

    @property
    def read(self) -> int:
        return sum(one.read for one in self.units)

    @property
    def of(self) -> int:
        return sum(one.of for one in self.units)


def readers(session: Session, news: News, *, by: Actor, at: datetime) -> Readers:
    """Of its audience as it is today."""
    asked = audience_people(session, news.audience, news.unit_id, at=at)
    people = people_by_id(session, asked)
    current = {"ids": [news.id], "edition": news.edition}
    read = frozenset(db.connection(session).execute(READERS, current).scalars())
    led = tree(session).under(by.units_of(*LEADING))
    missing = [one for one in people.values() if one.id not in read and _is_led(one, led, by)]
    return Readers(shares(people.values(), read), sorted(missing, key=lambda one: (one.name, one.id)))


def _is_led(person: Person, led: frozenset[int], by: Actor) -> bool:
    return bool(by.units_of("auditor")) or person.unit_id in led or person.manager_id in by.acting


def shares(people: Iterable[Person], read: frozenset[int]) -> list[UnitShare]:
    found: dict[int, list[bool]] = {}
    for person in people:
        found.setdefault(person.unit_id, []).append(person.id in read)
    return [UnitShare(unit, sum(done), len(done)) for unit, done in sorted(found.items())]
