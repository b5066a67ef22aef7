"""Briefings as lessons and revisions open them: the audience frozen, the share and the day by the policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import SYSTEM, Actor
from lessons.access.audience import audience_people
from lessons.duties.numbers import calendar_of, policy_of
from lessons.models import Briefing, BriefingMember, Lesson, Procedure, Revision
from lessons.steps import make, take
from lessons.workflow import deadlines
from lessons.workflow.states import BriefingState, PolicyKind


def open_about(
    session: Session,
    *,
    subject: Lesson | Revision,
    by: Actor,
    at: datetime,
    audience: Mapping[str, Any] | None = None,
    share: float | None = None,
    due_on: date | None = None,
    check: Mapping[str, Any] | None = None,
) -> Briefing:
    """Open a briefing about this edition of a lesson's card or a revision, to its audience as it is today."""
    chosen = {name: list(values) for name, values in (audience or subject.audience or {}).items()}
    policy, calendar = policy_of(session, subject.unit_id), calendar_of(session, subject.unit_id)
    day = due_on or deadlines.briefing_due(policy, at, calendar)
    people = audience_people(session, chosen, subject.unit_id, at=at)
    lesson = subject if isinstance(subject, Lesson) else None
    briefing = Briefing(
        state=BriefingState.OPEN, unit_id=subject.unit_id, lang=subject.lang, subject_edition=subject.edition,
        lesson_id=lesson.id if lesson else None, revision_id=None if lesson else subject.id,
        cycle=lesson.cycle if lesson else None, audience=chosen, share=share or usual_share(session, subject),
        due_on=day, first_due_on=day, check=dict(check) if check else None, opener_id=by.id,
        reached_at=None if people else at,
    )  # fmt: skip
    told = {"subject": subject.code, "edition": subject.edition, "share": briefing.share, "people": len(people)}
    make(session, briefing, by=by, at=at, trigger="open", told=told)
    session.add_all(BriefingMember(briefing_id=briefing.id, person_id=person_id) for person_id in people)
    session.flush()
    return briefing


def usual_share(session: Session, subject: Lesson | Revision) -> float:
    """All of them where money or regulation is at stake, fewer for a tip, else the usual."""
    shares = policy_of(session, subject.unit_id).shares
    if isinstance(subject, Lesson):
        return shares.tip if subject.debrief_id is None else shares.usual
    procedure = session.get_one(Procedure, subject.procedure_id)
    strict = procedure.regulated or procedure.policy_kind == PolicyKind.COMPENSATION
    return subject.share or (shares.regulated if strict else shares.usual)


def open_briefings(session: Session, lesson: Lesson) -> Sequence[Briefing]:
    return session.scalars(
        sa.select(Briefing).where(Briefing.lesson_id == lesson.id, Briefing.state == BriefingState.OPEN)
    ).all()


def ask_again(session: Session, lesson: Lesson, *, by: Actor, at: datetime) -> None:
    """A new edition ends the briefing about the old one and asks the same people again."""
    for briefing in open_briefings(session, lesson):
        changes = {"ended_at": at, "unreached": briefing.reached_at is None}
        take(session, briefing, "end", by=SYSTEM, at=at, changes=changes, told={"because": "new_edition"})
        open_about(session, subject=lesson, by=by, at=at, audience=briefing.audience, share=briefing.share,
                   check=briefing.check)  # fmt: skip


def shares(session: Session, lesson: Lesson) -> dict[str, float]:
    """By open briefing of the lesson, the share of its members who have read."""
    found = {}
    for briefing in open_briefings(session, lesson):
        mine = BriefingMember.briefing_id == briefing.id
        total, read = session.execute(
            sa.select(sa.func.count(), sa.func.count(BriefingMember.acknowledged_at)).where(mine)
        ).one()
        found[briefing.code] = round(read / total, 3) if total else 1.0
    return found
