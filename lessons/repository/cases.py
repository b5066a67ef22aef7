"""Cases: customers' contacts as a CRM sends them, and their link to the lessons whose problem they show."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import Actor
from lessons.access.numbers import policy_of
from lessons.errors import Forbidden
from lessons.i18n import language_of, say
from lessons.models import Case, CaseLink, Lesson
from lessons.models.base import random_id
from lessons.repository import operations as repository
from lessons.workflow.states import LessonState

RECURS = (LessonState.WATCHING, LessonState.VERIFIED, LessonState.DUE_FOR_REVIEW, LessonState.RISK_ACCEPTED)


def enter(session: Session, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Case:
    """Take a case in; the same external id again answers with the case that is there."""
    known = session.scalars(sa.select(Case).where(Case.external_id == asked["external_id"])).first()
    if known is not None:
        return known
    if by.person is None:
        raise Forbidden(say("A case is entered by a person, or by a program with a person's token."))
    plain = {name: asked[name] for name in ("text", "channel", "category") if asked.get(name)}
    case = Case(
        pid=random_id(), external_id=asked["external_id"], lang=language_of(asked["text"]), created_at=at,
        unit_id=asked["unit"].id if asked.get("unit") else by.person.unit_id, entered_by_id=by.id,
        opened_at=asked.get("opened_at") or at, customer_hash=_keyed(asked.get("customer_ref", "")), **plain,
    )  # fmt: skip
    session.add(case)
    session.flush()
    return case


def _keyed(reference: str) -> str:
    """The customer's reference is never kept, only whether it is the same one."""
    return hmac.new(db.settings().secret, reference.encode(), hashlib.sha256).hexdigest() if reference else ""


def match(session: Session, case: Case, lesson: Lesson, *, by: Actor, at: datetime) -> None:
    """The case shows the lesson's problem; at the limit of cases the system starts a new cycle."""
    repository.link(session, lesson, [case], by=by, at=at)
    if lesson.state in RECURS and _came_back(session, lesson, at):
        repository.recur_by_cases(session, lesson, at=at)


def _came_back(session: Session, lesson: Lesson, at: datetime) -> bool:
    limits = policy_of(session, lesson.unit_id).recurrence
    since = max(at - timedelta(days=limits.days), lesson.entered_at)
    count = session.scalar(
        sa.select(sa.func.count()).select_from(CaseLink).where(CaseLink.lesson_id == lesson.id, CaseLink.at >= since)
    )  # fmt: skip
    return (count or 0) >= (limits.severity4_cases if (lesson.severity or 2) >= 4 else limits.cases)


def linked(session: Session, lesson_id: int, *, since: datetime, until: datetime) -> int:
    """How many linked cases were opened in the window: since included, until not."""
    return (
        session.scalar(
            sa.select(sa.func.count())
            .select_from(CaseLink)
            .join(Case, Case.id == CaseLink.case_id)
            .where(CaseLink.lesson_id == lesson_id, Case.opened_at >= since, Case.opened_at < until)
        )
        or 0
    )
