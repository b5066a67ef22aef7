"""The facts of briefings: how many of the people addressed count, and how many of these have read."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from lessons.access.facts_shared import IDS, Ground
from lessons.models import Absence, Briefing, BriefingMember, Lesson, Person, RevisionLesson
from lessons.workflow.facts import BriefingFacts

_BECAUSE = (
    sa.select(sa.func.max(Lesson.severity))
    .where(RevisionLesson.revision_id == Briefing.revision_id, Lesson.id == RevisionLesson.lesson_id)
    .correlate(Briefing)
    .scalar_subquery()
)
AROUND = (
    sa.select(
        Briefing.id,
        Lesson.owner_id.label("lesson_owner"),
        sa.func.coalesce(Lesson.severity, _BECAUSE).label("severity"),
    )
    .outerjoin(Lesson, Lesson.id == Briefing.lesson_id)
    .where(Briefing.id.in_(IDS))
)
_READ = sa.func.count(BriefingMember.acknowledged_at)
# active people who were not hired after its window
COUNTED = (
    sa.select(BriefingMember.briefing_id, sa.func.count().label("people"), _READ.label("read"))
    .join(Briefing, Briefing.id == BriefingMember.briefing_id)
    .join(Person, Person.id == BriefingMember.person_id)
    .where(
        BriefingMember.briefing_id.in_(IDS),
        sa.or_(Person.closed_at.is_(None), Person.closed_at > sa.bindparam("at")),
        Person.hired_on <= Briefing.due_on,
    )
    .group_by(BriefingMember.briefing_id)
)
# people counted so far who have not read and are away when it is due: those away from its first day do not count
AWAY = (
    sa.select(BriefingMember.briefing_id, BriefingMember.person_id, sa.func.min(Absence.from_on).label("from_on"))
    .join(Briefing, Briefing.id == BriefingMember.briefing_id)
    .join(Person, Person.id == BriefingMember.person_id)
    .join(Absence, Absence.person_id == Person.id)
    .where(
        BriefingMember.briefing_id.in_(IDS),
        BriefingMember.acknowledged_at.is_(None),
        sa.or_(Person.closed_at.is_(None), Person.closed_at > sa.bindparam("at")),
        Person.hired_on <= Briefing.due_on,
        Absence.cancelled_at.is_(None),
        Absence.from_on <= Briefing.due_on,
        Absence.until_on >= Briefing.due_on,
    )
    .group_by(BriefingMember.briefing_id, BriefingMember.person_id)
)
MEMBERS = sa.select(BriefingMember.briefing_id, BriefingMember.person_id).where(
    BriefingMember.briefing_id.in_(IDS), BriefingMember.person_id.in_(sa.bindparam("acting", expanding=True))
)


def briefings(ground: Ground) -> list[BriefingFacts]:
    around, counted = ground.one_each(AROUND), ground.one_each(COUNTED, at=ground.at)
    away = ground.many_each(AWAY, at=ground.at)
    members = ground.many_each(MEMBERS, acting=sorted(ground.by.acting)) if ground.by.acting else {}
    return [
        _facts(
            ground,
            row,
            around[row.id],
            counted=counted.get(row.id),
            away=away.get(row.id, []),
            mine=tuple(member.person_id for member in members.get(row.id, ())),
        )
        for row in ground.rows
    ]


def _facts(
    ground: Ground, row: Any, around: Any, *, counted: Any, away: list[Any], mine: tuple[int, ...]
) -> BriefingFacts:
    first_day = ground.units.today(row.unit_id, row.created_at)
    absent = sum(one.from_on <= first_day for one in away)
    return BriefingFacts(
        counted=(counted.people if counted else 0) - absent,
        acknowledged=counted.read if counted else 0,
        members=frozenset(mine),
        decision_owed=row.decision_owed,
        **ground.shared(row, {"member": mine, "lesson_owner": (around.lesson_owner,)}, severity=around.severity),
    )
