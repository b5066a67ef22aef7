"""The facts of procedures and their revisions: what changed against the text before, who edited it, who will know."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from lessons.access.audience import Asked, audiences
from lessons.access.facts_shared import IDS, Ground
from lessons.models import Lesson, Procedure, Revision, RevisionEditor, RevisionLesson
from lessons.workflow.facts import RevisionFacts
from lessons.workflow.sections import text
from lessons.workflow.states import LESSON_LIVE, REVISION_DRAFT, PolicyKind, RevisionState

Sections = list[dict[str, Any]]
Base = aliased(Revision)
Other = aliased(Revision)
AROUND = (
    sa.select(
        Revision.id,
        Procedure.owner_id,
        Procedure.approver_id,
        Procedure.policy_kind,
        Base.sections.label("before"),
        sa.exists()
        .where(Other.procedure_id == Revision.procedure_id, Other.id != Revision.id, Other.state.in_(REVISION_DRAFT))
        .label("other_draft"),
    )
    .join(Procedure, Procedure.id == Revision.procedure_id)
    .outerjoin(Base, Base.id == Revision.base_id)
    .where(Revision.id.in_(IDS))
)
EDITORS = sa.select(RevisionEditor.revision_id, RevisionEditor.person_id).where(RevisionEditor.revision_id.in_(IDS))
BECAUSE = (
    sa.select(RevisionLesson.revision_id, Lesson.owner_id, Lesson.severity)
    .join(Lesson, Lesson.id == RevisionLesson.lesson_id)
    .where(RevisionLesson.revision_id.in_(IDS))
    .order_by(Lesson.id)
)
DRAFTS = sa.select(Revision.procedure_id).where(Revision.procedure_id.in_(IDS), Revision.state.in_(REVISION_DRAFT))
OWNERS = (
    sa.select(Lesson.owner_id)
    .where(Lesson.owner_id.in_(sa.bindparam("acting", expanding=True)), Lesson.state.in_(LESSON_LIVE))
    .distinct()
)


def procedures(ground: Ground) -> list[RevisionFacts]:
    """`lesson_owner` are those who act here and own a live lesson: the step asks because of which."""
    drafts = {row[0] for row in ground.read(DRAFTS)}
    acting = sorted(ground.by.acting)
    owners = ground.connection.execute(OWNERS, {"acting": acting}).scalars().all() if acting else []
    return [
        RevisionFacts(other_draft=row.id in drafts, **ground.shared(row, {"lesson_owner": owners}))
        for row in ground.rows
    ]


def revisions(ground: Ground) -> list[RevisionFacts]:
    around, editors, because = ground.one_each(AROUND), ground.many_each(EDITORS), ground.many_each(BECAUSE)
    sizes = _audience_sizes(ground)
    return [
        _facts(
            ground,
            row,
            around[row.id],
            editors=editors.get(row.id, []),
            because=because.get(row.id, []),
            size=sizes.get(row.id, 0),
        )
        for row in ground.rows
    ]


def _facts(
    ground: Ground, row: Any, around: Any, *, editors: list[Any], because: list[Any], size: int
) -> RevisionFacts:
    shared = ground.shared(
        row,
        {
            "procedure_owner": (around.owner_id,),
            "approver": (around.approver_id,),
            "lesson_owner": [lesson.owner_id for lesson in because],
        },
        severity=max((lesson.severity or 0 for lesson in because), default=0),
    )
    changed = differs(row.sections, around.before or [])
    return RevisionFacts(
        editors=frozenset(editor.person_id for editor in editors) | shared["hands"]["editor"],
        text_changed=changed,
        # what changed of sums and what of the words around them is for finance to say
        money_changed=changed and around.policy_kind == PolicyKind.COMPENSATION,
        audience_size=size,
        other_draft=bool(around.other_draft),
        **shared,
    )


def differs(now: Sections, before: Sections) -> bool:
    """Whether any words differ, in their order; the ids of sections are no words."""

    def said(sections: Sections) -> list[tuple[str, str]]:
        return [pair for one in sections if any(pair := (one.get("heading", "").strip(), text(one)))]

    return said(now) != said(before)


def _audience_sizes(ground: Ground) -> dict[int, int]:
    """How many an approved revision is meant for, on the day it comes into force."""
    approved = [row for row in ground.rows if row.state == RevisionState.APPROVED]
    if not approved:
        return {}
    asked = [Asked(row.audience, row.unit_id, _comes_into_force(ground, row)) for row in approved]
    return {row.id: len(people) for row, people in zip(approved, audiences(ground.session, asked), strict=True)}


def _comes_into_force(ground: Ground, row: Any) -> datetime:
    if row.effective_on is None:
        return ground.at
    midnight = datetime.combine(row.effective_on, time(), ZoneInfo(ground.units.units[row.unit_id].zone))
    return max(midnight, ground.at)
