"""What follows by itself around a lesson: implemented when all has reached people, planned again, proved or failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import SYSTEM, facts
from lessons.access.numbers import calendar_of, policy_of
from lessons.debriefs import operations as debriefs
from lessons.duties import holders
from lessons.models import (
    Action,
    Briefing,
    Debrief,
    Lesson,
    Question,
    QuestionLesson,
    Revision,
    RevisionLesson,
    Verification,
)
from lessons.post import notices
from lessons.repository import found
from lessons.steps import dates, make, settle_duties, take, wait_for
from lessons.workflow import deadlines
from lessons.workflow.lesson import finished
from lessons.workflow.states import (
    ACTION_OPEN,
    REVISION_DRAFT,
    VERIFICATION_OPEN,
    BriefingState,
    LessonState,
    VerificationState,
)

AGAIN = ("preset", "method", "measure", "baseline", "baseline_unknown", "target", "watch_days", "verifier_id")


def settle(session: Session, lesson: Lesson, *, at: datetime) -> None:
    """After anything around it changed: let the system's own steps follow, then count duties, then the debrief."""
    session.flush()
    if lesson.state == LessonState.IMPLEMENTING:
        wait_for(session, lesson)
    if lesson.state == LessonState.IMPLEMENTING:
        _move_on(session, lesson, at)
    settle_duties(session, lesson, at=at)
    _settle_verifying(session, lesson, at)
    debriefs.settle_of(session, lesson, at=at)


def _move_on(session: Session, lesson: Lesson, at: datetime) -> None:
    known = facts(session, [lesson], by=SYSTEM, at=at)[0]
    if known.ways_ever and not known.ways:
        take(session, lesson, "replan", by=SYSTEM, at=at)
        _index(session, lesson)
    elif (
        "planned" in known.plans and all(finished(way) for way in known.ways) and any(way.reached for way in known.ways)
    ):
        take(session, lesson, "implemented", by=SYSTEM, at=at)
        arm(session, lesson, at=at)
        _index(session, lesson)


def _settle_verifying(session: Session, lesson: Lesson, at: datetime) -> None:
    """Whoever took a hand in it since does not owe the check any more."""
    plan = live_verification(session, lesson)
    if plan is not None and plan.state == VerificationState.DUE:
        settle_duties(session, plan, at=at)


def _index(session: Session, lesson: Lesson) -> None:
    found.keep(session, lesson)


def live_verification(session: Session, lesson: Lesson) -> Verification | None:
    """The one that is planned, scheduled or due in this cycle."""
    return session.scalars(
        sa.select(Verification).where(
            Verification.lesson_id == lesson.id,
            Verification.cycle == lesson.cycle,
            Verification.state.in_(VERIFICATION_OPEN),
        )
    ).first()


def arm(session: Session, lesson: Lesson, *, at: datetime) -> None:
    """The watch begins today; the verification falls due so many days on, moved to a working day."""
    plan = live_verification(session, lesson)
    if plan is not None and plan.state == VerificationState.PLANNED:
        arm_plan(session, plan, at=at)


def arm_plan(session: Session, plan: Verification, *, at: datetime) -> None:
    calendar = calendar_of(session, plan.unit_id)
    due_on = deadlines.watch_ends(at, plan.watch_days, calendar)
    changes = {"from_on": calendar.today(at), "due_on": due_on}
    take(session, plan, "arm", by=SYSTEM, at=at, changes=changes, told={"due_on": due_on})


# ── the result of a verification ─────────────────────────────────────────────────────────────────────────────────────
def proved(session: Session, lesson: Lesson, verification: Verification, *, at: datetime) -> None:
    changes = {"proved_at": at, "review_on": lesson.review_on or next_review(session, lesson, at)}
    take(session, lesson, "verify", by=SYSTEM, at=at, changes=changes, told={"verification": verification.code})
    _index(session, lesson)
    tell_reporter(session, lesson, "proved", at)
    debriefs.settle_of(session, lesson, at=at)


def next_review(session: Session, lesson: Lesson, at: datetime) -> date:
    return deadlines.review_on(policy_of(session, lesson.unit_id), calendar_of(session, lesson.unit_id).today(at))


def failed(session: Session, lesson: Lesson, verification: Verification, *, at: datetime, meanwhile: str = "") -> None:
    """It did not work: a new cycle, and a line for agents until there is a new answer. A second failure asks the
    manager for help, with the causes."""
    changes = {"cycle": lesson.cycle + 1, "meanwhile": meanwhile}
    changes |= {"edition": lesson.edition + 1, "edition_at": at} if meanwhile else {}
    take(session, lesson, "fail", by=SYSTEM, at=at, changes=changes,
         told={"verification": verification.code, "cycle": lesson.cycle + 1})  # fmt: skip
    _index(session, lesson)
    tell_reporter(session, lesson, "not_proved", at)
    failures = session.scalar(
        sa.select(sa.func.count()).select_from(Verification).where(
            Verification.lesson_id == lesson.id, Verification.state == VerificationState.NOT_EFFECTIVE
        )
    )  # fmt: skip
    if (failures or 0) >= 2:
        notices.tell(session, managers_of(session, lesson), "help_needed", lesson, at=at, facts={"failures": failures})
    settle(session, lesson, at=at)


def inconclusive(session: Session, lesson: Lesson, verification: Verification, *, at: datetime) -> None:
    """Not clear: the same is planned and armed again once; after the second the manager decides."""
    if verification.attempt < 2:
        again = Verification(
            state=VerificationState.PLANNED, lesson_id=lesson.id, cycle=lesson.cycle, attempt=verification.attempt + 1,
            unit_id=lesson.unit_id, lang=verification.lang, **{name: getattr(verification, name) for name in AGAIN},
        )  # fmt: skip
        make(session, again, by=SYSTEM, at=at, trigger="plan", told={"after": verification.code})
        arm_plan(session, again, at=at)
    settle(session, lesson, at=at)


def has_actions(session: Session, lesson: Lesson) -> bool:
    """Whether any action of this cycle hangs on it."""
    mine = sa.select(Action.id).where(Action.lesson_id == lesson.id, Action.cycle == lesson.cycle)
    return session.scalar(mine.limit(1)) is not None


def managers_of(session: Session, lesson: Lesson) -> Sequence[int]:
    """The managers of the nearest unit that has any."""
    for unit_id in holders.units_above(session, lesson):
        if people := holders.granted(session, unit_id, "manager"):
            return people
    return ()


def tell_reporter(session: Session, lesson: Lesson, kind: str, at: datetime) -> None:
    """The reporter of its debrief hears: on the desk, did it work."""
    debrief = session.get(Debrief, lesson.debrief_id) if lesson.debrief_id else None
    if debrief is not None:
        notices.tell(session, [debrief.reporter_id], kind, lesson, at=at)


def tell_asker(session: Session, lesson: Lesson, at: datetime) -> None:
    """Whoever asked the question that it was made of hears that the card is on the desk."""
    of_it = sa.select(QuestionLesson.question_id).where(QuestionLesson.lesson_id == lesson.id)
    asker = session.scalar(sa.select(Question.asker_id).where(Question.id.in_(of_it)))
    notices.tell(session, [asker], "question_on_desk", lesson, at=at)


# ── parts that end with the lesson or move with it ───────────────────────────────────────────────────────────────────
def end_watch(session: Session, lesson: Lesson, *, at: datetime) -> None:
    """Its verification is void: it left use, its risk was accepted, or a new cycle began."""
    open_ = session.scalars(
        sa.select(Verification).where(Verification.lesson_id == lesson.id, Verification.state.in_(VERIFICATION_OPEN))
    ).all()
    for plan in open_:
        take(session, plan, "void", by=SYSTEM, at=at, told={"because": lesson.code})


def end_briefings(session: Session, lesson: Lesson, *, at: datetime) -> None:
    open_ = session.scalars(
        sa.select(Briefing).where(Briefing.lesson_id == lesson.id, Briefing.state == BriefingState.OPEN)
    ).all()
    for briefing in open_:
        changes = {"ended_at": at, "unreached": briefing.reached_at is None}
        take(session, briefing, "end", by=SYSTEM, at=at, changes=changes, told={"because": lesson.code})


def cancel_work(session: Session, lesson: Lesson, *, at: datetime, only: Sequence[int] | None = None) -> None:
    """Cancel its open actions (all, or those named) and, where all, its draft revisions that serve it alone."""
    actions = sa.select(Action).where(Action.lesson_id == lesson.id, Action.state.in_(ACTION_OPEN))
    if only is not None:
        actions = actions.where(Action.id.in_(list(only)))
    for action in session.scalars(actions).all():
        take(session, action, "cancel", by=SYSTEM, at=at, told={"because": lesson.code})
        dates.lapse_extension(session, action, at=at)
    if only is None:
        for revision in _drafts_for_it_alone(session, lesson):
            take(session, revision, "cancel", by=SYSTEM, at=at, told={"because": lesson.code})


def _drafts_for_it_alone(session: Session, lesson: Lesson) -> Sequence[Revision]:
    mine = sa.select(RevisionLesson.revision_id).where(RevisionLesson.lesson_id == lesson.id)
    others = (
        sa.select(RevisionLesson.revision_id)
        .join(Lesson, Lesson.id == RevisionLesson.lesson_id)
        .where(Lesson.id != lesson.id, Lesson.state.not_in([LessonState.REJECTED, LessonState.RETIRED]))
    )
    return session.scalars(
        sa.select(Revision).where(Revision.state.in_(REVISION_DRAFT), Revision.id.in_(mine), Revision.id.not_in(others))
    ).all()


def move_work(session: Session, lesson: Lesson, target: Lesson, *, at: datetime) -> None:
    """Open actions and draft revisions of a merged lesson go on under the target, in its present cycle."""
    open_ = (Action.lesson_id == lesson.id, Action.state.in_(ACTION_OPEN))
    session.execute(sa.update(Action).where(*open_).values(lesson_id=target.id, cycle=target.cycle))
    there = sa.select(RevisionLesson.revision_id).where(RevisionLesson.lesson_id == target.id)
    drafts = sa.select(Revision.id).where(Revision.state.in_(REVISION_DRAFT))
    session.execute(
        sa.update(RevisionLesson)
        .where(
            RevisionLesson.lesson_id == lesson.id,
            RevisionLesson.revision_id.in_(drafts),
            RevisionLesson.revision_id.not_in(there),
        )
        .values(lesson_id=target.id, cycle=target.cycle)
        .execution_options(synchronize_session=False)
    )
    settle(session, target, at=at)


def revision_withdrawn(session: Session, lesson: Lesson, revision: Revision, *, at: datetime) -> None:
    """A withdrawn revision no longer counts; a proved lesson that rested on it is due for review."""
    if lesson.state == LessonState.VERIFIED:
        age(session, lesson, at=at, because=revision.code)
    elif lesson.state == LessonState.WATCHING:
        attach(session, lesson, {"withdrawn": revision.code}, at=at)
    settle(session, lesson, at=at)


def section_changed(session: Session, lesson: Lesson, revision: Revision, *, at: datetime) -> None:
    """The section that a proved lesson is tied to was changed by another cause."""
    if lesson.state == LessonState.VERIFIED:
        age(session, lesson, at=at, because=revision.code)
        settle(session, lesson, at=at)


def attach(session: Session, lesson: Lesson, fact: dict[str, Any], *, at: datetime) -> None:
    """Put a fact beside the running verification, for whoever concludes it."""
    plan = live_verification(session, lesson)
    if plan is not None:
        plan.attached = {**plan.attached, **fact, "at": at.isoformat()}
        session.add(plan)


def age(session: Session, lesson: Lesson, *, at: datetime, **told: Any) -> None:
    """`told`: what it is due for review because of, where it is not its day."""
    take(session, lesson, "age", by=SYSTEM, at=at, told=told)
    _index(session, lesson)
