"""Reads of briefings: lists with filters, one, how far each is, who is missing, and what a person has still to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, tree, visible_to
from lessons.access.listing import USUAL, Order, Page, containing, over, page
from lessons.access.named import called, people_by_id
from lessons.access.numbers import calendar_of, policy_of
from lessons.access.sharing import LEADING
from lessons.models import (
    Absence,
    Briefing,
    BriefingMember,
    Lesson,
    News,
    Person,
    Procedure,
    Revision,
    RevisionLesson,
    Unit,
)
from lessons.repository.briefed import is_met, known_of
from lessons.workdays import moved
from lessons.workflow import deadlines
from lessons.workflow.states import BriefingState

ORDERS = {
    "due": Order(Briefing.due_on),
    "-due": Order(Briefing.due_on, backwards=True),
    "created": Order(),
    "-created": Order(backwards=True),
}


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; nothing given is nothing narrowed. `owner` is whoever opened it; of a lesson also
    briefings about the revisions that it led to."""

    states: Sequence[str] = ()
    unit: Unit | None = None
    owner: Person | None = None
    overdue: bool | None = None
    lesson: Lesson | None = None
    procedure: Procedure | None = None
    q: str = ""


@dataclass(frozen=True)
class Subject:
    """What is to be read."""

    noun: str
    code: str
    title: str


@dataclass(frozen=True)
class Reading:
    """How far it is: of those who count, how many have read; `needed` is the share in (0, 1]."""

    read: int
    of: int
    needed: float
    reached: bool

    @property
    def share(self) -> float:
        """1 where nobody counts."""
        return self.read / self.of if self.of else 1.0


@dataclass(frozen=True)
class Listed:
    """A line of a list."""

    briefing: Briefing
    subject: Subject
    opener: Person | None
    reading: Reading
    overdue: bool


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def briefings(
    session: Session,
    wanted: Wanted | None = None,
    *,
    by: Actor,
    at: datetime,
    sort: str = "due",
    limit: int = USUAL,
    cursor: str | None = None,
) -> Page[Listed]:
    """The briefings that this person may see, soonest date first."""
    where = [visible_to(session, "briefings", by), *_narrowed(session, wanted or Wanted(), at)]
    found = page(session, Briefing, where, ORDERS.get(sort, ORDERS["due"]), limit=limit, cursor=cursor)
    return Page(listed(session, found.items, at=at), found.next)


def _narrowed(session: Session, wanted: Wanted, at: datetime) -> Iterable[Any]:
    if wanted.states:
        yield Briefing.state.in_(wanted.states)
    if wanted.unit is not None:
        yield Briefing.unit_id.in_(sorted(tree(session).below[wanted.unit.id]))
    if wanted.owner is not None:
        yield Briefing.opener_id == wanted.owner.id
    if wanted.overdue is not None:
        late = sa.and_(Briefing.state == BriefingState.OPEN, over(session, Briefing.unit_id, Briefing.due_on, at=at))
        yield late if wanted.overdue else sa.not_(late)
    if wanted.lesson is not None:
        because = sa.select(RevisionLesson.revision_id).where(RevisionLesson.lesson_id == wanted.lesson.id)
        yield sa.or_(Briefing.lesson_id == wanted.lesson.id, Briefing.revision_id.in_(because))
    if wanted.procedure is not None:
        its = sa.select(Revision.id).where(Revision.procedure_id == wanted.procedure.id)
        yield Briefing.revision_id.in_(its)
    if wanted.q:
        yield _called(wanted.q)


def _called(q: str) -> Any:
    lesson = sa.select(Lesson.title).where(Lesson.id == Briefing.lesson_id).scalar_subquery()
    procedure = (
        sa.select(Procedure.title)
        .join(Revision, Revision.procedure_id == Procedure.id)
        .where(Revision.id == Briefing.revision_id)
        .scalar_subquery()
    )
    news = sa.select(News.title).where(News.id == Briefing.news_id).scalar_subquery()
    return containing(q, Briefing.code, sa.func.coalesce(lesson, procedure, news, ""))


def listed(session: Session, rows: Sequence[Briefing], *, at: datetime) -> list[Listed]:
    """Lines of these briefings, in their order: the same number of queries, however many."""
    subjects, readings = subjects_of(session, rows), readings_of(session, rows, at=at)
    openers = people_by_id(session, (row.opener_id for row in rows))
    return [
        Listed(
            row, subjects[row.id or 0], openers.get(row.opener_id or 0), readings[row.id or 0], _late(session, row, at)
        )
        for row in rows
    ]


def _late(session: Session, row: Briefing, at: datetime) -> bool:
    return row.state == BriefingState.OPEN and row.due_on < tree(session).today(row.unit_id, at)


def subjects_of(session: Session, rows: Sequence[Briefing]) -> dict[int, Subject]:
    """By briefing what it is about. Whoever may see a briefing may read that."""
    noun = sa.literal_column
    lessons = sa.select(noun("'lessons'"), Lesson.id, Lesson.code, Lesson.title).where(
        Lesson.id.in_([b.lesson_id for b in rows if b.lesson_id])
    )
    revisions = (
        sa.select(noun("'revisions'"), Revision.id, Revision.code, Procedure.title)
        .join(Procedure, Procedure.id == Revision.procedure_id)
        .where(Revision.id.in_([b.revision_id for b in rows if b.revision_id]))
    )
    news = sa.select(noun("'news'"), News.id, News.code, News.title).where(
        News.id.in_([b.news_id for b in rows if b.news_id])
    )
    read = session.execute(sa.union_all(lessons, revisions, news)).all() if rows else []
    found = {(noun, row_id): Subject(noun, code, title) for noun, row_id, code, title in read}
    return {b.id or 0: found[_about(b)] for b in rows}


def _about(briefing: Briefing) -> tuple[str, int | None]:
    if briefing.news_id:
        return "news", briefing.news_id
    return ("lessons", briefing.lesson_id) if briefing.lesson_id else ("revisions", briefing.revision_id)


def readings_of(session: Session, rows: Sequence[Briefing], *, at: datetime) -> dict[int, Reading]:
    """By briefing how far it is, by those who count now."""
    return {
        row.id or 0: Reading(known.acknowledged, known.counted, row.share, is_met(known, row.share))
        for row, known in zip(rows, known_of(session, rows, at=at), strict=True)
    }


# ── one ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
def one(session: Session, code: str, by: Actor) -> Briefing:
    """The briefing with this code. Raises NotFound where there is none that the person may see."""
    return called(session, Briefing, code, by=by)


@dataclass(frozen=True)
class Member:
    """One of its frozen audience. `counts`: active, not away for the whole window, not hired after it."""

    person: Person
    acknowledged_at: datetime | None
    wrong: int
    counts: bool


def members(session: Session, briefing: Briefing, *, by: Actor, at: datetime) -> list[Member]:
    """Those of the audience whose reading this person may see, by name: of the units that they lead, and themself."""
    rows = session.execute(
        sa.select(BriefingMember, Person, away_throughout(session, briefing))
        .join(Person, Person.id == BriefingMember.person_id)
        .where(BriefingMember.briefing_id == briefing.id, _led_by(session, by))
        .order_by(Person.name, Person.id)
    )
    return [
        Member(person, one.acknowledged_at, one.wrong, _counts(one, person, briefing, bool(gone), at))
        for one, person, gone in rows
    ]


def away_throughout(session: Session, briefing: Briefing) -> sa.ColumnElement[bool]:
    """Of a person: whether they are away for the whole window."""
    return sa.exists().where(
        Absence.person_id == Person.id,
        Absence.cancelled_at.is_(None),
        Absence.from_on <= tree(session).today(briefing.unit_id, briefing.created_at),
        Absence.until_on >= briefing.due_on,
    )


def _led_by(session: Session, by: Actor) -> Any:
    if by.units_of("auditor"):
        return sa.true()
    units = sorted(tree(session).under(by.units_of(*LEADING)))
    mine = sorted(by.acting)
    return sa.or_(Person.unit_id.in_(units), Person.manager_id.in_(mine), Person.id.in_(mine))


def _counts(member: BriefingMember, person: Person, briefing: Briefing, away: bool, at: datetime) -> bool:
    active = person.closed_at is None or person.closed_at > at
    there = member.acknowledged_at is not None or not away
    return active and there and person.hired_on <= briefing.due_on


def missing(session: Session, briefing: Briefing, *, by: Actor, at: datetime) -> list[Person]:
    """Who of their people counts and has not read it yet."""
    return [one.person for one in members(session, briefing, by=by, at=at) if one.counts and not one.acknowledged_at]


# ── of one person ────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class ToRead:
    """A briefing that waits for one person, and their own day: of whoever is away, after they are back."""

    briefing: Briefing
    subject: Subject
    due_on: date


def to_read(session: Session, by: Actor) -> list[ToRead]:
    """What this person is asked to read and has not, the soonest first: three queries, however much it is."""
    rows = session.scalars(
        sa.select(Briefing)
        .join(BriefingMember, BriefingMember.briefing_id == Briefing.id)
        .where(
            BriefingMember.person_id == by.id,
            BriefingMember.acknowledged_at.is_(None),
            Briefing.state == BriefingState.OPEN,
        )
        .order_by(Briefing.due_on, Briefing.id)
    ).all()
    subjects = subjects_of(session, rows)
    away = _absences(session, by) if rows else []
    found = [ToRead(row, subjects[row.id or 0], _own_day(session, row, away)) for row in rows]
    return sorted(found, key=lambda one: (one.due_on, one.briefing.id))


def _absences(session: Session, by: Actor) -> Sequence[Absence]:
    mine = sa.select(Absence).where(Absence.person_id == by.id, Absence.cancelled_at.is_(None))
    return session.scalars(mine.order_by(Absence.from_on)).all()


def _own_day(session: Session, row: Briefing, away: Sequence[Absence]) -> date:
    """The briefing's date; of whoever was away when it was opened, their second working day if that is later."""
    calendar = calendar_of(session, row.unit_id)
    opened = calendar.today(row.created_at)
    back = [moved(one.until_on, 1) for one in away if one.from_on <= opened <= one.until_on]
    if not back:
        return row.due_on
    own = deadlines.briefing_due(policy_of(session, row.unit_id), row.created_at, calendar, max(back))
    return max(row.due_on, own)
