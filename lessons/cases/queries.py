"""Reads of cases: who came again, what is proposed, how a lesson did in the last days, how fast a card is found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session

from lessons.access import Actor, tree, visible_to
from lessons.access.numbers import policy_of
from lessons.models import Case, CaseLink, Lesson, Proposal, Sighting
from lessons.repository.cases import DAYS
from lessons.workflow.rights import HEADS
from lessons.workflow.states import LESSON_LIVE

PAGE = 50
WAITS = (Proposal.answer == "", Lesson.state.in_(LESSON_LIVE))
"""Of a proposal and its lesson: somebody has to say whether it is right."""


def repeats(session: Session, cases: Sequence[Case]) -> Collection[int]:
    """Of these cases the ids of those before which the same customer had called within the days of the policy."""
    earlier, later = aliased(Case), aliased(Case)
    asked = [case.id for case in cases if case.customer_hash]
    if not asked:
        return frozenset()
    rows = session.execute(
        sa.select(later.id, later.unit_id, later.opened_at, sa.func.max(earlier.opened_at))
        .join(earlier, sa.and_(earlier.customer_hash == later.customer_hash, earlier.id != later.id))
        .where(later.id.in_(asked), earlier.opened_at <= later.opened_at)
        .group_by(later.id, later.unit_id, later.opened_at)
    )
    return {
        row.id
        for row in rows
        if row.opened_at - row[3] <= timedelta(days=policy_of(session, row.unit_id).cases.repeat_days)
    }


@dataclass(frozen=True)
class Told:
    """A case with the lessons that it is linked to and those that are proposed, as far as the reader may know."""

    case: Case
    links: Sequence[tuple[Lesson, bool]]
    proposals: Sequence[Lesson]
    repeat: bool


def told(session: Session, cases: Sequence[Case], *, by: Actor) -> list[Told]:
    """The same number of queries for one case or fifty."""
    ids, seen = [case.id for case in cases], visible_to(session, "lessons", by)
    links: dict[int, list[tuple[Lesson, bool]]] = {}
    linked = sa.select(CaseLink.case_id, Lesson, CaseLink.came_back).join(Lesson, Lesson.id == CaseLink.lesson_id)
    for case_id, lesson, again in session.execute(linked.where(CaseLink.case_id.in_(ids), seen).order_by(Lesson.id)):
        links.setdefault(case_id, []).append((lesson, again))
    open_ones: dict[int, list[Lesson]] = {}
    waiting = sa.select(Proposal.case_id, Lesson).join(Lesson, Lesson.id == Proposal.lesson_id)
    waiting = waiting.where(Proposal.case_id.in_(ids), *WAITS, seen).order_by(Proposal.score.desc())
    for case_id, lesson in session.execute(waiting):
        open_ones.setdefault(case_id, []).append(lesson)
    again_ids = repeats(session, cases)
    return [
        Told(case, links.get(case.id or 0, []), open_ones.get(case.id or 0, []), case.id in again_ids) for case in cases
    ]


# ── the page of cases ────────────────────────────────────────────────────────────────────────────────────────────────
def units_of(session: Session, by: Actor) -> frozenset[int]:
    """The units whose cases this person decides or looks at."""
    return tree(session).under(by.units_of(*HEADS))


def proposed(session: Session, *, by: Actor, lesson: Lesson | None = None) -> Sequence[Case]:
    """Cases with something to decide: in the units of this person, or of one lesson; the newest first."""
    waiting = sa.select(Proposal.case_id).join(Lesson, Lesson.id == Proposal.lesson_id).where(*WAITS)
    if lesson is not None:
        waiting = waiting.where(Proposal.lesson_id == lesson.id)
    found = sa.select(Case).where(Case.id.in_(waiting), visible_to(session, "cases", by))
    if lesson is None:
        found = found.where(Case.unit_id.in_(units_of(session, by)))
    return session.scalars(found.order_by(Case.opened_at.desc(), Case.id.desc()).limit(PAGE)).all()


def latest(session: Session, *, by: Actor) -> Sequence[Case]:
    """The newest cases of the units of this person about which nothing waits for a word."""
    waiting = sa.exists().where(Proposal.case_id == Case.id, Lesson.id == Proposal.lesson_id, *WAITS)
    mine = sa.select(Case).where(Case.unit_id.in_(units_of(session, by)), sa.not_(waiting))
    return session.scalars(mine.order_by(Case.opened_at.desc(), Case.id.desc()).limit(PAGE)).all()


# ── the cases of one lesson ──────────────────────────────────────────────────────────────────────────────────────────
def by_day(session: Session, lesson: Lesson, *, at: datetime) -> Sequence[Any]:
    """Rows of (opened at, came back) of the last days."""
    recent = Case.opened_at >= at - timedelta(days=DAYS)
    linked = sa.select(Case.opened_at, CaseLink.came_back).join(CaseLink, CaseLink.case_id == Case.id)
    return session.execute(linked.where(CaseLink.lesson_id == lesson.id, recent).order_by(Case.opened_at)).all()


def of_lesson(session: Session, lesson: Lesson, *, by: Actor) -> Sequence[Case]:
    linked = sa.select(CaseLink.case_id).where(CaseLink.lesson_id == lesson.id)
    found = sa.select(Case).where(Case.id.in_(linked), visible_to(session, "cases", by))
    return session.scalars(found.order_by(Case.opened_at.desc(), Case.id.desc()).limit(PAGE)).all()


# ── our own time ─────────────────────────────────────────────────────────────────────────────────────────────────────
def middle(session: Session, kind: str, *, by: Actor, at: datetime) -> tuple[int, int]:
    """The median in milliseconds of the last days in the units of this person, and of how many; (0, 0) of none."""
    mine = Sighting.unit_id.in_(units_of(session, by))
    here = (Sighting.kind == kind, Sighting.at >= at - timedelta(days=DAYS), mine)
    count = session.scalar(sa.select(sa.func.count()).select_from(Sighting).where(*here)) or 0
    if not count:
        return 0, 0
    ordered = sa.select(Sighting.milliseconds).where(*here).order_by(Sighting.milliseconds)
    return session.scalar(ordered.offset((count - 1) // 2).limit(1)) or 0, count
