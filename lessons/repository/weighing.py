"""What else counts among lessons that answer about as well: how each stands, how recent it is, whether it helped, whose
it is. Every weight is a number of the policy, and 0 switches it off. Being read makes nothing fresh."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, tree
from lessons.access.numbers import policy_everywhere
from lessons.models import BasicCard, Feedback, Lesson
from lessons.people.first_days import is_new
from lessons.workflow.policy_tables import Search
from lessons.workflow.states import LessonState, Verdict

IN_DOUBT = frozenset({LessonState.DUE_FOR_REVIEW, LessonState.RISK_ACCEPTED})
FEW = 5
"""So many voices that say nothing are added: one of them moves little."""


def weights(session: Session, ids: Sequence[int], *, by: Actor, at: datetime | None = None) -> dict[int, float]:
    """A lesson's factor around 1, for this reader. Without the moment nobody counts as new here. Two queries."""
    said = policy_everywhere().search
    here = _here(session, by)
    new = at is not None and by.person is not None and is_new(session, by.person, at)
    basic = sa.exists().where(BasicCard.lesson_id == Lesson.id, BasicCard.unit_id.in_(here))
    wanted = sa.select(Lesson.id, Lesson.state, Lesson.accepted_at, Lesson.unit_id, basic.label("basic"))
    rows = session.execute(wanted.where(Lesson.id.in_(ids))).all()
    helped = usefulness(session, ids)
    newest = max((row.accepted_at for row in rows if row.accepted_at), default=None)
    return {
        row.id: 1
        + _standing(row, newest, said)
        + said.useful * helped.get(row.id, 0.0)
        + (said.own_unit if row.unit_id in here else 0.0)
        + (said.newcomer if new and row.basic else 0.0)
        for row in rows
    }


def _standing(row: Any, newest: datetime | None, said: Search) -> float:
    proved = said.proved if row.state == LessonState.VERIFIED else 0.0
    doubted = said.in_doubt if row.state in IN_DOUBT else 0.0
    recent = newest and row.accepted_at and row.accepted_at > newest - timedelta(days=said.fresh_days)
    return proved - doubted + (said.fresh if recent else 0.0)


def _here(session: Session, by: Actor) -> frozenset[int]:
    """The reader's own unit and those above it, but for the root: what is everybody's is nobody's own."""
    return frozenset(tree(session).above[by.person.unit_id][:-1]) if by.person is not None else frozenset()


def usefulness(session: Session, lesson_ids: Sequence[int]) -> dict[int, float]:
    """What readers said of each, from -1 to 1; none where nobody said anything."""
    balance = sa.func.sum(sa.case((Feedback.verdict == Verdict.USEFUL, 1), else_=-1))
    said = (
        sa.select(Feedback.lesson_id, balance, sa.func.count())
        .where(Feedback.lesson_id.in_(lesson_ids))
        .group_by(Feedback.lesson_id)
    )
    return {lesson_id: float(up) / (voices + FEW) for lesson_id, up, voices in session.execute(said)}
