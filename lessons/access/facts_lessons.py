"""The facts of lessons: their ways to people in this cycle, plans and results, root causes, who changed their words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from lessons.access.facts_shared import IDS, Ground
from lessons.access.numbers import calendar_of, policy_of
from lessons.models import (
    Action,
    ActionCause,
    Briefing,
    Case,
    CaseLink,
    Cause,
    Debrief,
    Feedback,
    Lesson,
    LessonTopic,
    Person,
    Revision,
    RevisionLesson,
    Verification,
    WordChange,
)
from lessons.workflow.facts import LessonFacts, WayFact
from lessons.workflow.states import ActionState, Verdict

BASELINE_DAYS = 30
RESULTS = ("effective", "not_effective", "inconclusive")
COVERED = (
    sa.exists()
    .where(ActionCause.cause_id == Cause.id, Action.id == ActionCause.action_id, Action.state != ActionState.CANCELLED)
    .correlate(Cause)
)

UNCOVERED = (Cause.finding_id == Lesson.finding_id, Cause.root, Cause.no_action_reason == "", sa.not_(COVERED))

WAITING = (
    Feedback.lesson_id == Lesson.id,
    Feedback.verdict != Verdict.USEFUL,
    Feedback.answered_at.is_(None),
    Feedback.person_id.is_distinct_from(Lesson.owner_id),
)


def _count(*where: Any) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).where(*where).correlate(Lesson).scalar_subquery()


AROUND = (
    sa.select(
        Lesson.id,
        Debrief.path,
        Debrief.state,
        Debrief.severity,
        Debrief.leader_id,
        Debrief.reviewer_id,
        sa.and_(Person.id.is_not(None), Person.closed_at.is_(None)).label("author_here"),
        _count(LessonTopic.lesson_id == Lesson.id).label("topics"),
        _count(
            CaseLink.lesson_id == Lesson.id, Case.id == CaseLink.case_id, Case.opened_at >= sa.bindparam("since")
        ).label("cases"),
        _count(*UNCOVERED).label("uncovered"),
        _count(*WAITING).label("feedback_waits"),
    )
    .outerjoin(Debrief, Debrief.id == Lesson.debrief_id)
    .outerjoin(Person, Person.id == Lesson.author_id)
    .where(Lesson.id.in_(IDS))
)


def _ways(kind: str, model: Any, *, person: Any = None, due_on: Any = None, reached_at: Any = None) -> Any:
    state = sa.type_coerce(model.state, sa.String)
    columns = (person, due_on, reached_at)
    kept = [sa.null() if column is None else column for column in columns]
    return sa.select(Lesson.id, sa.literal(kind, sa.String), state, *kept).where(Lesson.id.in_(IDS))


_BECAUSE = sa.and_(RevisionLesson.lesson_id == Lesson.id, RevisionLesson.cycle == Lesson.cycle)
# the first select gives the columns their types
WAYS = sa.union_all(
    _ways("briefing", Briefing, person=Briefing.opener_id, due_on=Briefing.due_on, reached_at=Briefing.reached_at)
    .where(Briefing.lesson_id == Lesson.id, Briefing.cycle == Lesson.cycle),
    # what a published revision asks people to read is of the lessons because of which it was written
    _ways("briefing", Briefing, person=Briefing.opener_id, due_on=Briefing.due_on, reached_at=Briefing.reached_at)
    .where(_BECAUSE, Briefing.revision_id == RevisionLesson.revision_id),
    _ways("action", Action, person=Action.owner_id)
    .where(Action.lesson_id == Lesson.id, Action.cycle == Lesson.cycle),
    _ways("revision", Revision, reached_at=Revision.effective_at)
    .where(_BECAUSE, Revision.id == RevisionLesson.revision_id),
)  # fmt: skip
PROOFS = (
    sa.select(Verification.lesson_id, Verification.cycle, Verification.state, Verification.verifier_id)
    .where(Verification.lesson_id.in_(IDS))
    .order_by(Verification.id)
)
CHANGERS = (
    sa.select(WordChange.lesson_id, WordChange.person_id)
    .join(Lesson, Lesson.id == WordChange.lesson_id)
    .where(Lesson.id.in_(IDS), sa.or_(Lesson.proved_at.is_(None), WordChange.at > Lesson.proved_at))
    .distinct()
)


def lessons(ground: Ground) -> list[LessonFacts]:
    around = ground.one_each(AROUND, since=ground.at - timedelta(days=BASELINE_DAYS))
    ways, proofs, changers = (ground.many_each(statement) for statement in (WAYS, PROOFS, CHANGERS))
    return [
        _facts(
            ground,
            row,
            around[row.id],
            ways=ways.get(row.id, []),
            proofs=proofs.get(row.id, []),
            changers=changers.get(row.id, []),
        )
        for row in ground.rows
    ]


def _facts(
    ground: Ground, row: Any, around: Any, *, ways: list[Any], proofs: list[Any], changers: list[Any]
) -> LessonFacts:
    late = _Late(ground, row)
    met = [_way(way, late) for way in ways]
    states = tuple(proof.state.value for proof in proofs if proof.cycle == row.cycle)
    return LessonFacts(
        debrief_path=around.path.value if around.path else None,
        debrief_state=around.state.value if around.state else None,
        author_here=bool(around.author_here),
        topics=around.topics,
        ways=tuple(way for way in met if counts(way)),
        ways_ever=len(met),
        plans=states,
        results=tuple(state for state in states if state in RESULTS),
        roots_uncovered=around.uncovered,
        cases=around.cases,
        feedback_waits=around.feedback_waits,
        changed_since_proved=frozenset(change.person_id for change in changers),
        **ground.shared(row, _people(around, ways, proofs), severity=row.severity or around.severity),
    )


def _people(around: Any, ways: list[Any], proofs: list[Any]) -> dict[str, list[int | None]]:
    lasting = [proof.verifier_id for proof in proofs if proof.state != "void"]
    return {
        "leader": [around.leader_id],
        "reviewer": [around.reviewer_id],
        "verifier": lasting[-1:],
        "action_owner": [way[3] for way in ways if way[1] == "action"],
    }


class _Late:
    """Whether a date lies so far back that missing reading may be left behind: reckoned only where it is asked."""

    def __init__(self, ground: Ground, row: Any) -> None:
        self.ground, self.unit_id = ground, row.unit_id

    def __call__(self, due_on: date) -> bool:
        session, today = self.ground.session, self.ground.units.today(self.unit_id, self.ground.at)
        days = policy_of(session, self.unit_id).briefing.proceed_after
        return due_on < today and calendar_of(session, self.unit_id).between(due_on, today) >= days


def _way(way: Any, late: _Late) -> WayFact:
    _, kind, state, _, due_on, reached_at = way
    reached = state == ActionState.CONFIRMED if kind == "action" else reached_at is not None
    waits = kind == "briefing" and state == "open" and not reached
    return WayFact(kind, state, reached and state not in ("withdrawn", "cancelled"), waits and late(due_on))


def counts(way: WayFact) -> bool:
    """A way that was cancelled, withdrawn or ended before it reached people is none."""
    return way.state not in ("cancelled", "withdrawn") and not (way.state == "ended" and not way.reached)
