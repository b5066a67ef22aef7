"""Reads of verifications: lists with filters, one, the cases of a window, and the numbers before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, tree, visible_to
from lessons.access.listing import USUAL, Order, Page, containing, page
from lessons.access.named import called, people_by_id
from lessons.access.numbers import calendar_of, policy_of
from lessons.models import Case, CaseLink, Debrief, Duty, Lesson, Person, Unit, Verification
from lessons.repository.cases import linked

BEFORE_DAYS = 30
ORDERS = {
    "due": Order(Verification.due_on),
    "-due": Order(Verification.due_on, backwards=True),
    "created": Order(),
    "-created": Order(backwards=True),
}
Window = tuple[date, date]


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; nothing given is nothing narrowed. `owner` is the verifier."""

    states: Sequence[str] = ()
    unit: Unit | None = None
    owner: Person | None = None
    overdue: bool | None = None
    lesson: Lesson | None = None
    debrief: Debrief | None = None
    q: str = ""


@dataclass(frozen=True)
class Listed:
    """A line of a list. The lesson's code and title are None where the reader may not know of it."""

    verification: Verification
    verifier: Person | None
    lesson_code: str | None
    lesson_title: str | None
    overdue: bool


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def verifications(
    session: Session,
    wanted: Wanted | None = None,
    *,
    by: Actor,
    at: datetime,
    sort: str = "due",
    limit: int = USUAL,
    cursor: str | None = None,
) -> Page[Listed]:
    """The verifications that this person may see, soonest date first, those not yet armed last."""
    where = [visible_to(session, "verifications", by), *_narrowed(session, wanted or Wanted(), at)]
    found = page(session, Verification, where, ORDERS.get(sort, ORDERS["due"]), limit=limit, cursor=cursor)
    return Page(listed(session, found.items, by=by, at=at), found.next)


def _narrowed(session: Session, wanted: Wanted, at: datetime) -> list[Any]:
    where: list[Any] = []
    if wanted.states:
        where.append(Verification.state.in_(wanted.states))
    if wanted.unit is not None:
        where.append(Verification.unit_id.in_(sorted(tree(session).below[wanted.unit.id])))
    if wanted.owner is not None:
        where.append(Verification.verifier_id == wanted.owner.id)
    if wanted.overdue is not None:
        late = Verification.id.in_(_late(at))
        where.append(late if wanted.overdue else sa.not_(late))
    if wanted.lesson is not None:
        where.append(Verification.lesson_id == wanted.lesson.id)
    if wanted.debrief is not None:
        its = sa.select(Lesson.id).where(Lesson.debrief_id == wanted.debrief.id)
        where.append(Verification.lesson_id.in_(its))
    return [*where, containing(wanted.q, Verification.code, Verification.method, Verification.measure)]


def _late(at: datetime) -> Any:
    """Ids of those whose result is owed since longer than was promised: the duty says when."""
    return sa.select(Duty.of_id).where(
        Duty.of_noun == "verifications", Duty.kind == "verify", Duty.closed_at.is_(None), Duty.due_at <= at
    )


def listed(session: Session, rows: Sequence[Verification], *, by: Actor, at: datetime) -> list[Listed]:
    """Lines of these verifications, in their order: three queries, however many."""
    ids = [row.id for row in rows]
    late = set(session.scalars(_late(at).where(Duty.of_id.in_(ids))))
    people = people_by_id(session, (row.verifier_id for row in rows))
    lessons = {
        lesson_id: (code, title)
        for lesson_id, code, title in session.execute(
            sa.select(Lesson.id, Lesson.code, Lesson.title).where(
                Lesson.id.in_(sorted({row.lesson_id for row in rows})), visible_to(session, "lessons", by)
            )
        )
    }
    return [
        Listed(row, people.get(row.verifier_id or 0), *lessons.get(row.lesson_id, (None, None)), row.id in late)
        for row in rows
    ]


def of_lessons(session: Session, lesson_ids: Sequence[int]) -> dict[int, list[Verification]]:
    """By lesson, every verification of it, oldest first: the one line that its readers see."""
    rows = session.scalars(
        sa.select(Verification).where(Verification.lesson_id.in_(list(lesson_ids))).order_by(Verification.id)
    )
    found: dict[int, list[Verification]] = {lesson_id: [] for lesson_id in lesson_ids}
    for row in rows:
        found[row.lesson_id].append(row)
    return found


def one(session: Session, code: str, by: Actor) -> Verification:
    """The verification with this code. Raises NotFound where there is none that the person may see."""
    return called(session, Verification, code, by=by)


# ── before and after ─────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Counted:
    """Linked cases before the watch and in it. `days` calendar days each; `least` is what makes a clear sample.

    Two numbers beside each other: nothing says that the change made the difference."""

    before: int
    before_days: int
    after: int
    days: int
    least: int


def window_of(verification: Verification) -> Window | None:
    """The first and last day of its watch; None before it is armed."""
    if verification.from_on is None or verification.due_on is None:
        return None
    return verification.from_on, verification.due_on


def window_cases(session: Session, lesson_id: int, since: date, until: date) -> Sequence[Case]:
    """The linked cases opened on these days, both included, in the zone of the lesson's unit; oldest first."""
    lesson = session.get_one(Lesson, lesson_id)
    calendar = calendar_of(session, lesson.unit_id)
    return session.scalars(
        sa.select(Case)
        .join(CaseLink, CaseLink.case_id == Case.id)
        .where(
            CaseLink.lesson_id == lesson_id,
            Case.opened_at >= calendar.start_of(since),
            Case.opened_at < calendar.end_of(until),
        )
        .order_by(Case.opened_at, Case.id)
    ).all()


def counted(session: Session, verification: Verification, *, at: datetime) -> Counted:
    """The numbers that a verifier looks at: linked cases of the days before, and of the watch so far."""
    calendar = calendar_of(session, verification.unit_id)
    today = calendar.today(at)
    since, until = window_of(verification) or (today, today)
    days_before = verification.watch_days or BEFORE_DAYS
    start = calendar.start_of(since)
    return Counted(
        before=linked(session, verification.lesson_id, since=start - timedelta(days=days_before), until=start),
        before_days=days_before,
        after=linked(session, verification.lesson_id, since=start, until=min(calendar.end_of(until), at)),
        days=max((min(until, today) - since).days, 0),
        least=policy_of(session, verification.unit_id).sample.least,
    )
