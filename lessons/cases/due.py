"""What falls due by itself on cases: they are compared with the lessons, and their text is erased in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import tree
from lessons.access.numbers import policy_of
from lessons.cases.proposing import Proposed, proposed
from lessons.models import Case, CaseLink, Lesson, Proposal
from lessons.repository import found

AT_ONCE = 4
Opened = Callable[[], AbstractContextManager[Session]]


def look(*, reading: Opened, transaction: Opened, at: datetime) -> int:
    """Propose lessons for a few cases that are new; how many were looked at. What takes long – the meaning of a text –
    is found before anything is written, so that nobody waits for it; whoever is killed between loses only that."""
    with reading() as session:
        new = sa.select(Case.id, Case.text).where(Case.looked_at.is_(None)).order_by(Case.id).limit(AT_ONCE)
        alike = {case.id: proposed(session, case.text) if case.text else [] for case in session.execute(new)}
    if not alike:
        return 0
    with transaction() as session:
        return _propose(session, alike, at)


def _propose(session: Session, alike: Mapping[int, Sequence[Proposed]], at: datetime) -> int:
    """Each case once, whoever else looked at it; of one that was matched already, other lessons alone."""
    new = sa.select(Case).where(Case.id.in_(alike), Case.looked_at.is_(None)).order_by(Case.id)
    cases = session.scalars(new.with_for_update(skip_locked=True)).all()
    matched = sa.select(CaseLink.case_id, CaseLink.lesson_id).where(CaseLink.case_id.in_(alike))
    known = set(map(tuple, session.execute(matched)))
    for case in cases:
        for one in alike[case.id or 0]:
            if (case.id, one.lesson_id) not in known:
                session.add(Proposal(case_id=case.id, lesson_id=one.lesson_id, score=one.score, at=at))
        case.looked_at = at
        session.add(case)
    session.flush()
    return len(cases)


def fall_due(session: Session, *, at: datetime, limit: int = 1000) -> int:
    """Erase the text of old cases and what tells a customer's cases apart; how many. Links and counts stay."""
    old = sa.or_(sa.false(), *_old(session, at))
    ids = session.scalars(
        sa.select(Case.id)
        .where(Case.erased_at.is_(None), old)
        .order_by(Case.opened_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not ids:
        return 0
    gone = {"text": "", "customer_hash": "", "erased_at": at, "looked_at": sa.func.coalesce(Case.looked_at, at)}
    session.execute(sa.update(Case).where(Case.id.in_(ids)).values(**gone).execution_options(synchronize_session=False))
    _found_no_more(session, ids)
    return len(ids)


def _found_no_more(session: Session, ids: Sequence[int]) -> None:
    """What was erased is no evidence of a lesson any more."""
    linked = sa.select(CaseLink.lesson_id).where(CaseLink.case_id.in_(ids))
    found.keep_all(session, session.scalars(sa.select(Lesson).where(Lesson.id.in_(linked))).all())


def _old(session: Session, at: datetime) -> Iterator[sa.ColumnElement[bool]]:
    """One criterion for all units that keep texts equally long."""
    by_days: dict[int, list[int]] = {}
    for unit_id in tree(session).units:
        by_days.setdefault(policy_of(session, unit_id).cases.text_days, []).append(unit_id)
    for days, units in by_days.items():
        before = Case.opened_at < at - timedelta(days=days)
        yield before if len(by_days) == 1 else sa.and_(Case.unit_id.in_(units), before)
