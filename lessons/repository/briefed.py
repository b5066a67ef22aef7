"""Brings a lesson card, a revision or a news item to its audience, frozen as it is now: how a briefing begins, is
counted, and ends by itself. Rooms beside each other share it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import SYSTEM, Actor, audience_people, facts, tree
from lessons.access.audience import plain_audience
from lessons.access.numbers import calendar_of, policy_of
from lessons.access.refs import invalid
from lessons.errors import FieldError
from lessons.i18n import say
from lessons.models import Briefing, BriefingMember, DueChange, Lesson, News, Procedure, Revision, RevisionLesson
from lessons.steps import make, settle_duties, take
from lessons.workflow import deadlines
from lessons.workflow.facts import BriefingFacts
from lessons.workflow.states import BriefingState, PolicyKind

Subject = Lesson | Revision | News
NEARLY = 1e-9
"""0.7 of 10 people are 7, whatever floating point says."""


# ── its beginning ────────────────────────────────────────────────────────────────────────────────────────────────────
def open_about(
    session: Session,
    *,
    subject: Subject,
    by: Actor,
    at: datetime,
    audience: Mapping[str, Sequence[Any]] | None = None,
    share: float | None = None,
    due_on: date | None = None,
    check: Mapping[str, Any] | None = None,
) -> Briefing:
    """Ask the audience to read the subject's present edition; what is not sent the subject and the policy say.
    Whoever calls has taken the subject's own step. Raises Invalid."""
    calendar, policy = calendar_of(session, subject.unit_id), policy_of(session, subject.unit_id)
    _check_terms(due_on, check, calendar.today(at))
    due_on = due_on or deadlines.briefing_due(policy, at, calendar)
    briefing = Briefing(
        state=BriefingState.OPEN, unit_id=subject.unit_id, lang=subject.lang, due_on=due_on, first_due_on=due_on,
        audience=whole(session, audience or subject.audience, subject.unit_id),
        share=share or usual_share(session, subject), check=dict(check) if check else None,
        **_about(session, subject, by),
    )  # fmt: skip
    people = audience_people(session, briefing.audience, subject.unit_id, at=at)
    make(session, briefing, by=by, at=at, trigger="open", told=_told(subject, briefing, len(people)))
    if people:
        session.execute(sa.insert(BriefingMember), [{"briefing_id": briefing.id, "person_id": one} for one in people])
    session.add(
        DueChange(noun="briefings", record_id=briefing.id, version=1, new_due_on=due_on, how="opened", person_id=by.id,
                  at=at)
    )  # fmt: skip
    count(session, briefing, at=at)
    return briefing


def _check_terms(due_on: date | None, check: Mapping[str, Any] | None, today: date) -> None:
    faults = []
    if due_on is not None and due_on < today:
        faults.append(FieldError("/due_on", "past", say("This day is over. Until when should it be read?")))
    if check and check["right"] >= len(check["answers"]):
        faults.append(FieldError("/check/right", "not_there", say("Which of the answers is the right one?")))
    if faults:
        raise invalid(faults)


def whole(session: Session, audience: Mapping[str, Sequence[Any]], unit_id: int) -> dict[str, list[str]]:
    """The audience as it is kept; where it names no unit, the record's own."""
    plain = plain_audience(audience)
    return plain if plain["units"] else {**plain, "units": [tree(session).units[unit_id].code]}


def _about(session: Session, subject: Subject, by: Actor) -> dict[str, Any]:
    """The columns that say what it is about, and whose it is where the system opens it."""
    if isinstance(subject, Lesson):
        opener = by.id or subject.owner_id
        return {
            "lesson_id": subject.id,
            "subject_edition": subject.edition,
            "cycle": subject.cycle,
            "opener_id": opener,
        }
    if isinstance(subject, News):
        opener = by.id or subject.author_id
        return {"news_id": subject.id, "subject_edition": subject.edition, "opener_id": opener}
    opener = by.id or session.get_one(Procedure, subject.procedure_id).owner_id
    return {"revision_id": subject.id, "subject_edition": subject.number, "opener_id": opener}


def _told(subject: Subject, briefing: Briefing, people: int) -> dict[str, Any]:
    return {
        "about": subject.code, "edition": briefing.subject_edition, "audience": briefing.audience,
        "share": briefing.share, "due_on": briefing.due_on, "people": people,
    }  # fmt: skip


def usual_share(session: Session, subject: Subject) -> float:
    """The share that has to have read it where nobody asks for another: money and regulation all, a tip fewer."""
    shares = policy_of(session, subject.unit_id).shares
    if isinstance(subject, Lesson):
        return shares.tip if subject.debrief_id is None else shares.usual
    if isinstance(subject, News):
        return shares.usual
    procedure = session.get_one(Procedure, subject.procedure_id)
    grave = procedure.regulated or procedure.policy_kind == PolicyKind.COMPENSATION
    return shares.regulated if grave else shares.usual


def ask_again(session: Session, subject: Lesson | News, *, by: Actor, at: datetime) -> None:
    """A new edition ends the briefings about the one before and asks their audiences again."""
    for old in _to_renew(session, subject):
        if old.state == BriefingState.OPEN:
            end(session, old, by=SYSTEM, at=at, told={"edition": subject.edition})
        open_about(
            session, subject=subject, by=by, at=at, audience=old.audience, share=old.share, check=old.check,
        )  # fmt: skip


def _to_renew(session: Session, subject: Lesson | News) -> Sequence[Briefing]:
    """Those open; else the last one, unless somebody ended it."""
    mine = sa.select(Briefing).where(_is_about(subject))
    open_ = session.scalars(mine.where(Briefing.state == BriefingState.OPEN).order_by(Briefing.id)).all()
    last = session.scalars(mine.order_by(Briefing.id.desc()).limit(1)).all()
    return open_ or [one for one in last if not one.end_reason]


def _is_about(subject: Subject) -> Any:
    column = {"lessons": Briefing.lesson_id, "revisions": Briefing.revision_id, "news": Briefing.news_id}[subject.noun]
    return column == subject.id


# ── what it counts ───────────────────────────────────────────────────────────────────────────────────────────────────
def is_met(known: BriefingFacts, share: float) -> bool:
    """Whether that share of the people who count has read it; nobody counts: it is."""
    return known.acknowledged >= known.counted * share - NEARLY


def is_read(known: BriefingFacts, due_on: date) -> bool:
    """Whether everybody who counts has read it; where nobody does, that is known once its day is over."""
    return known.acknowledged >= known.counted and (known.counted > 0 or known.today > due_on)


def known_of(session: Session, briefings: Sequence[Briefing], *, at: datetime) -> list[BriefingFacts]:
    """How far each is."""
    found: list[BriefingFacts] = facts(session, briefings, by=SYSTEM, at=at) if briefings else []
    return found


def count(session: Session, briefing: Briefing, *, at: datetime) -> bool:
    """Note when the share is first met; where all have read it, the system ends it. Whether anything changed."""
    session.flush()
    known = known_of(session, [briefing], at=at)[0]
    if newly := briefing.reached_at is None and is_met(known, briefing.share):
        briefing.reached_at = at
        session.add(briefing)
    if is_read(known, briefing.due_on):
        end(session, briefing, by=SYSTEM, at=at)
        return True
    return newly


def shares(session: Session, lesson: Lesson, *, at: datetime) -> list[dict[str, Any]]:
    """The true shares of what it still asks to be read in this cycle, for the record."""
    rows = _open_of_cycle(session, lesson)
    return [
        {"briefing": row.code, "read": known.acknowledged, "of": known.counted, "share": row.share}
        for row, known in zip(rows, known_of(session, rows, at=at), strict=True)
    ]


def gone_on(session: Session, lesson: Lesson, *, at: datetime) -> None:
    """Its manager decided to go on without the missing readers: that decision is not owed any more."""
    for briefing in _open_of_cycle(session, lesson):
        if briefing.decision_owed:
            briefing.decision_owed = False
            session.add(briefing)
            settle_duties(session, briefing, at=at)


def _open_of_cycle(session: Session, lesson: Lesson) -> Sequence[Briefing]:
    because = sa.select(RevisionLesson.revision_id).where(
        RevisionLesson.lesson_id == lesson.id, RevisionLesson.cycle == lesson.cycle
    )
    own = sa.and_(Briefing.lesson_id == lesson.id, Briefing.cycle == lesson.cycle)
    return session.scalars(
        sa.select(Briefing)
        .where(Briefing.state == BriefingState.OPEN, sa.or_(own, Briefing.revision_id.in_(because)))
        .order_by(Briefing.id)
    ).all()


def lessons_behind(session: Session, row: Briefing | Revision) -> Sequence[Lesson]:
    """The lesson that a briefing is about, or those because of which its revision was written."""
    own = row.lesson_id if isinstance(row, Briefing) else None
    revision_id = row.revision_id if isinstance(row, Briefing) else row.id
    because = sa.select(RevisionLesson.lesson_id).where(RevisionLesson.revision_id == revision_id)
    return session.scalars(
        sa.select(Lesson).where(sa.or_(Lesson.id == own, Lesson.id.in_(because))).order_by(Lesson.id)
    ).all()


# ── its end ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def end(
    session: Session,
    briefing: Briefing,
    asked: Mapping[str, Any] | None = None,
    *,
    by: Actor,
    at: datetime,
    told: Mapping[str, Any] | None = None,
) -> None:
    """Stop asking. What was read stays; whether the share had been reached is kept."""
    known = known_of(session, [briefing], at=at)[0]
    reason = (asked or {}).get("reason", "")
    changes = {"ended_at": at, "end_reason": reason, "unreached": briefing.reached_at is None, "decision_owed": False}
    take(session, briefing, "end", by=by, at=at, asked=asked, changes=changes,
         told={"read": known.acknowledged, "of": known.counted, **(told or {})})  # fmt: skip


def end_about(session: Session, subject: Subject, *, at: datetime) -> None:
    """It left use: nobody is asked to read it any more."""
    open_ = session.scalars(
        sa.select(Briefing).where(_is_about(subject), Briefing.state == BriefingState.OPEN).order_by(Briefing.id)
    ).all()
    for briefing in open_:
        end(session, briefing, by=SYSTEM, at=at, told={"because": subject.code})
