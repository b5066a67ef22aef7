"""Shorthand of these tests: a briefing of the agents about the lesson that Yossi owns, and people who read it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from lessons.briefings.operations import VERBS, Answered, open_briefing
from lessons.models import Absence, Briefing, BriefingMember, Duty, Lesson
from lessons.models.base import random_id
from lessons.workflow.states import Role
from tests.village import AT, Village

DUE = date(2026, 2, 3)
"""The second working day after it was opened; a Tuesday."""
LATE = datetime(2026, 2, 17, 8, tzinfo=AT.tzinfo)
"""Ten working days past it."""
REASON = "כל מי שבמשמרת כבר יודע"
QUESTION = {"question": "מתי מזינים?", "answers": ["אחרי השיחה", "לפני סוף השיחה"], "right": 1}


def briefing_of(village: Village, subject: Any = None, who: str = "yossi", at: datetime = AT, **asked: Any) -> Briefing:
    """Asked of the agents of the retention centre: Yossi and Avi."""
    audience = {"units": [village.units["RET"]], "roles": [Role.AGENT]}
    given = {"subject": subject or lesson_of(village), "audience": audience} | asked
    return open_briefing(village.session, given, by=village.by(who, at), at=at)


def lesson_of(village: Village) -> Lesson:
    return village.session.scalars(sa.select(Lesson)).first() or village.lesson()


def do(village: Village, briefing: Briefing, trigger: str, who: str, at: datetime = AT, **asked: Any) -> Any:
    return VERBS["briefings", trigger](village.session, briefing, asked, by=village.by(who, at), at=at)


def read(village: Village, briefing: Briefing, who: str, at: datetime = AT, **asked: Any) -> Answered:
    answered: Answered = do(village, briefing, "acknowledge", who, at, **asked)
    return answered


def readers(village: Village, briefing: Briefing) -> dict[int, BriefingMember]:
    mine = sa.select(BriefingMember).where(BriefingMember.briefing_id == briefing.id)
    return {member.person_id: member for member in village.session.scalars(mine)}


def away(village: Village, who: str, first: date, last: date, delegate: str = "dana") -> None:
    village.session.add(
        Absence(pid=random_id(), person_id=getattr(village, who).id, delegate_id=getattr(village, delegate).id,
                from_on=first, until_on=last)
    )  # fmt: skip
    village.session.flush()


def owed(village: Village, row: Any) -> dict[str, Any]:
    """Open duties of a record: kind → the person, or the role."""
    rows = village.session.scalars(
        sa.select(Duty).where(Duty.of_noun == row.noun, Duty.of_id == row.id, Duty.closed_at.is_(None))
    )
    return {duty.kind: duty.person_id or str(duty.role) for duty in rows}
