"""What a person may know is there: one criterion per noun, used by lists, pages, search, exports, mail and API."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import ties
from lessons.access.actor import Actor, Tree, tree
from lessons.access.ties import EVERYONE, NOBODY, Criterion
from lessons.models import (
    Action,
    Briefing,
    BriefingMember,
    Case,
    CaseLink,
    Debrief,
    Duty,
    Job,
    Lesson,
    Procedure,
    Question,
    Revision,
    RevisionEditor,
    RevisionLesson,
    Sentence,
    Verification,
)
from lessons.workflow.states import LESSON_PUBLIC, DebriefState, LessonState, RevisionState

HEADS = ("lessons_manager", "manager")


def visible_to(session: Session, noun: str, by: Actor) -> Criterion:
    """The criterion on the noun's table. Operator sees what every signed-in person sees; system sees all."""
    if by.kind == "system" or noun not in _RULES:
        return EVERYONE
    units = tree(session)
    return _criterion(_Look(noun, by.kind, by.acting, by.grants, units.shape, by, units))


@dataclass(frozen=True)
class _Look:
    """Who looks at a noun: what a criterion is made of decides which one it is."""

    noun: str
    kind: str
    acting: frozenset[int]
    grants: tuple[tuple[str, int, int], ...]
    shape: tuple[tuple[int, tuple[int, ...]], ...]
    by: Actor = field(compare=False)
    units: Tree = field(compare=False)


@lru_cache(maxsize=1024)
def _criterion(look: _Look) -> Criterion:
    """Made once for the same person with the same rights: making one costs more than asking by it."""
    return _RULES[look.noun](look.by, look.units)


def can_see(session: Session, row: Any, by: Actor) -> bool:
    model = type(row)
    found = session.scalar(sa.select(sa.literal(1)).where(model.id == row.id, visible_to(session, row.noun, by)))
    return found is not None


def debriefs(by: Actor, units: Tree) -> Criterion:
    ids = sorted(by.acting)
    people = sa.or_(Debrief.leader_id.in_(ids), Debrief.reviewer_id.in_(ids), Debrief.reporter_id.in_(ids))
    staff = ties.holds(by, units, Debrief.unit_id, "debrief_leader", *HEADS)
    auditor = EVERYONE if by.units_of("auditor") else NOBODY
    open_ = sa.and_(sa.not_(Debrief.confidential), sa.or_(ties.part_in(ids, "participant"), staff))
    closed_off = sa.and_(Debrief.confidential, ties.over(by, units, *HEADS))
    return sa.or_(people, ties.part_in(ids, "named"), auditor, open_, closed_off)


def whole_debriefs(session: Session, by: Actor) -> Criterion:
    """Debriefs of which they see all: what `view_of` calls full, asked of many at once."""
    units, ids = tree(session), sorted(by.acting)
    staff = sa.or_(ties.part_in(ids, "participant"), ties.over(by, units, "debrief_leader", *HEADS))
    return sa.or_(
        EVERYONE if by.units_of("auditor") else NOBODY,
        Debrief.leader_id.in_(ids),
        Debrief.reviewer_id.in_(ids),
        ties.part_in(ids, "named"),
        sa.and_(sa.not_(Debrief.confidential), staff),
        sa.and_(Debrief.confidential, Debrief.state == DebriefState.REPORTED, ties.over(by, units, *HEADS)),
    )


def lessons(by: Actor, units: Tree) -> Criterion:
    ids = sorted(by.acting)
    was_public = sa.and_(Lesson.state.in_([LessonState.RETIRED, LessonState.MERGED]), Lesson.accepted_at.is_not(None))
    mine = sa.or_(Lesson.author_id.in_(ids), Lesson.owner_id.in_(ids))
    staff = ties.holds(by, units, Lesson.unit_id, "lessons_manager", "manager", "auditor")
    public = sa.or_(Lesson.state.in_(LESSON_PUBLIC), was_public)
    return public if by.kind != "person" else sa.or_(public, mine, Lesson.debrief_id.in_(ties.led(ids)), staff)


def answered_findings(by: Actor) -> Any:
    """Ids of the findings that a lesson of theirs answers: its people read these, and their causes, whatever they see
    of the debrief."""
    ids = sorted(by.acting)
    of_it = sa.or_(Lesson.id.in_(ties.lessons_of(ids)), Lesson.id.in_(ties.lessons_acted_for(ids)))
    return sa.select(Lesson.finding_id).where(of_it, Lesson.finding_id.is_not(None))


def actions(by: Actor, units: Tree) -> Criterion:
    ids = sorted(by.acting)
    own = sa.or_(Action.owner_id.in_(ids), Action.assigner_id.in_(ids), Action.waiting_on_id.in_(ids))
    secret = sa.select(Debrief.id).where(Debrief.confidential)
    held = ties.holds(by, units, Action.unit_id, "lessons_manager", "manager")
    told = sa.or_(Action.debrief_id.is_(None), Action.debrief_id.not_in(secret))
    staff = NOBODY if held is NOBODY else sa.and_(held, told)  # a false part left in would close all indices
    return sa.or_(
        own,
        Action.lesson_id.in_(ties.lessons_of(ids)),
        Action.lesson_id.in_(ties.lessons_acted_for(ids)),
        Action.debrief_id.in_(ties.led(ids)),
        Action.lesson_id.in_(ties.lessons_led(ids)),
        staff,
        ties.holds(by, units, Action.unit_id, "auditor"),
        ties.owed(by, "actions", Action.id),
    )


def verifications(by: Actor, units: Tree) -> Criterion:
    ids = sorted(by.acting)
    return sa.or_(
        Verification.verifier_id.in_(ids),
        Verification.lesson_id.in_(ties.lessons_of(ids)),
        Verification.lesson_id.in_(ties.lessons_acted_for(ids)),
        Verification.lesson_id.in_(ties.lessons_led(ids)),
        ties.holds(by, units, Verification.unit_id, "lessons_manager", "manager", "auditor"),
        ties.owed(by, "verifications", Verification.id),
    )


def revisions(by: Actor, units: Tree) -> Criterion:
    ids = sorted(by.acting)
    edited = sa.select(RevisionEditor.revision_id).where(RevisionEditor.person_id.in_(ids))
    because = (
        sa.select(RevisionLesson.revision_id)
        .join(Lesson, Lesson.id == RevisionLesson.lesson_id)
        .where(Lesson.owner_id.in_(ids))
    )
    kept = sa.select(Procedure.id).where(sa.or_(Procedure.owner_id.in_(ids), Procedure.approver_id.in_(ids)))
    return sa.or_(
        Revision.state == RevisionState.EFFECTIVE,
        Revision.editor_id.in_(ids),
        Revision.id.in_(edited),
        Revision.id.in_(because),
        Revision.procedure_id.in_(kept),
        ties.holds(by, units, Revision.unit_id, "editor", "finance", "manager", "auditor"),
        ties.owed(by, "revisions", Revision.id),
    )


def procedures(by: Actor, units: Tree) -> Criterion:
    ids = sorted(by.acting)
    in_force = sa.select(Revision.procedure_id).where(Revision.state == RevisionState.EFFECTIVE)
    drafts = sa.select(Revision.procedure_id).where(revisions(by, units))
    return sa.or_(
        Procedure.id.in_(in_force),
        Procedure.owner_id.in_(ids),
        Procedure.approver_id.in_(ids),
        Procedure.id.in_(drafts),
        ties.holds(by, units, Procedure.unit_id, "editor", "finance", "manager", "auditor"),
    )


def briefings(by: Actor, units: Tree) -> Criterion:
    ids = sorted(by.acting)
    addressed = sa.select(BriefingMember.briefing_id).where(BriefingMember.person_id.in_(ids))
    return sa.or_(
        Briefing.opener_id.in_(ids),
        Briefing.id.in_(addressed),
        Briefing.lesson_id.in_(ties.lessons_of(ids)),
        ties.holds(by, units, Briefing.unit_id, "lessons_manager", "manager", "editor", "auditor"),
    )


def news(_by: Actor, _units: Tree) -> Criterion:
    """Everyone signed in: what was withdrawn too, so that whoever read it learns that."""
    return EVERYONE


def duties(by: Actor, units: Tree) -> Criterion:
    ids = sorted(by.acting)
    roles = [sa.and_(Duty.role == role, Duty.unit_id == unit_id) for role, unit_id in {(r, u) for r, u, _ in by.grants}]
    staff = ties.holds(by, units, Duty.unit_id, "manager")
    if staff is not NOBODY and staff is not EVERYONE:  # whoever manages all is above all
        staff = sa.and_(staff, sa.not_(ties.over_their_heads(by, units)))
    return sa.or_(Duty.person_id.in_(ids), *roles, staff, ties.holds(by, units, Duty.unit_id, "auditor"))


def cases(by: Actor, units: Tree) -> Criterion:
    ids = sorted(by.acting)
    linked = sa.select(CaseLink.case_id).where(CaseLink.lesson_id.in_(ties.lessons_of(ids)))
    return sa.or_(
        Case.entered_by_id.in_(ids),
        Case.id.in_(linked),
        ties.holds(by, units, Case.unit_id, "agent", "lessons_manager", "manager", "auditor"),
    )


def questions(by: Actor, units: Tree) -> Criterion:
    staff = ties.holds(by, units, Question.unit_id, "lessons_manager", "editor", "manager", "auditor")
    return sa.or_(Question.asker_id.in_(sorted(by.acting)), staff, ties.owed(by, "questions", Question.id))


def sentences(by: Actor, units: Tree) -> Criterion:
    """What was kept is everyone's, what was withdrawn later too: whoever says it learns that."""
    staff = ties.holds(by, units, Sentence.unit_id, "lessons_manager", "editor", "manager", "auditor")
    own = Sentence.author_id.in_(sorted(by.acting))
    return sa.or_(Sentence.kept_at.is_not(None), own, staff, ties.owed(by, "sentences", Sentence.id))


def jobs(by: Actor, _: Tree) -> Criterion:
    """What was made is made of what its person may see: nobody else's, whoever stands in."""
    return Job.person_id.in_([by.id]) if by.id is not None else NOBODY


_RULES = {
    "debriefs": debriefs,
    "lessons": lessons,
    "actions": actions,
    "verifications": verifications,
    "revisions": revisions,
    "procedures": procedures,
    "briefings": briefings,
    "duties": duties,
    "news": news,
    "cases": cases,
    "questions": questions,
    "sentences": sentences,
    "jobs": jobs,
}


def view_of(debrief: Debrief, relations: frozenset[str]) -> str:
    """How much of a debrief someone sees: `full`, `header` (a confidential one's code, state, leader, dates) or
    `reporter` (state and lessons)."""
    if relations & {"system", "leader", "reviewer", "named", "auditor"}:
        return "full"
    heads = relations & {"lessons_manager", "manager"}
    if debrief.confidential:
        if heads:
            return "full" if debrief.state == DebriefState.REPORTED else "header"
    elif heads or relations & {"debrief_leader", "participant"}:
        return "full"
    return "reporter"
