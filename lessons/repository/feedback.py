"""What readers say of a card: one voice a person, lesson and edition; what is not useful is answered by its owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, audience_people
from lessons.access.numbers import policy_of
from lessons.access.refs import invalid
from lessons.errors import FieldError, Forbidden, NotAllowed
from lessons.i18n import language_of, say
from lessons.models import Feedback, Lesson
from lessons.post import notices
from lessons.repository import cycle
from lessons.steps import settle_duties, take, wait_for
from lessons.workflow.states import LESSON_PUBLIC, REASONS, FeedbackOutcome, LessonState, Verdict

A_REASON = say("What is wrong with it? One of the reasons, or a few words, helps whoever answers.")
NOT_ITS_REASON = say("This reason belongs to another answer. One that fits can be chosen, or words written.")
FOR_THEMSELF = say("What a card is good for is said by each person for themself.")
NOT_IN_USE = say("This card is not in use, so there is nothing to say of it any more.")


def say_so(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Feedback:
    """Said again of the same edition, it takes the place of what was said. Raises Forbidden, NotAllowed, Invalid."""
    if by.id is None:
        raise Forbidden(FOR_THEMSELF)
    if lesson.state not in LESSON_PUBLIC:
        raise NotAllowed(NOT_IN_USE, state=lesson.state.value, trigger="feedback")
    _check(asked)
    if asked["verdict"] != Verdict.USEFUL:
        wait_for(session, lesson)  # of two who say it in one moment, the second counts both
    new = {"lesson_id": lesson.id, "edition": lesson.edition, "person_id": by.id, "created_at": at}
    said = mine(session, lesson, by=by) or Feedback(**new)
    _write(said, asked, at)
    session.add(said)
    session.flush()
    if said.verdict == Verdict.OUTDATED:
        _age(session, lesson, at)
    settle_duties(session, lesson, at=at, by=by)
    return said


def _check(asked: Mapping[str, Any]) -> None:
    verdict, reason = asked["verdict"], asked.get("reason")
    if verdict != Verdict.USEFUL and not (reason or asked.get("words")):
        raise invalid([FieldError("/reason", "missing", A_REASON)])
    if reason is not None and reason not in REASONS.get(verdict, ()):
        raise invalid([FieldError("/reason", "not_its_reason", NOT_ITS_REASON)])


def _write(said: Feedback, asked: Mapping[str, Any], at: datetime) -> None:
    """What was answered before was an answer to other words."""
    said.verdict, said.reason, said.words = asked["verdict"], asked.get("reason"), asked.get("words") or ""
    said.lang, said.at = language_of(said.words), at
    said.outcome = said.answered_by_id = said.answered_at = None
    said.answer = ""


def _age(session: Session, lesson: Lesson, at: datetime) -> None:
    """A proved lesson that enough readers call outdated is due for review."""
    rule = policy_of(session, lesson.unit_id).outdated
    if lesson.state != LessonState.VERIFIED:
        return
    since = max(at - timedelta(days=rule.days), lesson.proved_at or at - timedelta(days=rule.days))
    flags = session.scalar(
        sa.select(sa.func.count())
        .select_from(Feedback)
        .where(*_of_edition(lesson), Feedback.verdict == Verdict.OUTDATED, Feedback.at >= since)
    )
    if (flags or 0) >= rule.flags(len(audience_people(session, lesson.audience, lesson.unit_id, at=at))):
        cycle.age(session, lesson, at=at, outdated=flags or 0)
        notices.tell(session, [lesson.owner_id], "outdated", lesson, at=at, facts={"flags": flags})
        cycle.settle(session, lesson, at=at)


def answer(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Those who are named, or all who wait, hear it with thanks. Raises Invalid where one was answered before."""
    waits = waiting(session, lesson)
    chosen = [one for one in waits if one in asked["feedback"]] if asked.get("feedback") else waits
    if asked.get("feedback") and len(chosen) < len({one.pid for one in asked["feedback"]}):
        gone = say("One of these does not wait for an answer here.")
        raise invalid([FieldError("/feedback", "not_waiting", gone)])
    told = {"outcome": asked["outcome"], "feedback": [one.pid for one in chosen]}

    def answered() -> None:
        for one in chosen:
            one.outcome, one.answer, one.answered_by_id, one.answered_at = asked["outcome"], asked["answer"], by.id, at
            session.add(one)
        session.flush()

    take(session, lesson, "answer_feedback", by=by, at=at, asked=asked, told=told,
         private={"answer": asked["answer"]}, after=answered)  # fmt: skip
    notices.tell(session, [one.person_id for one in chosen], "feedback_answered", lesson, at=at)


def left_use(session: Session, lesson: Lesson, *, at: datetime) -> None:
    """It was retired or merged: whoever waited for an answer hears that it is not on the desk any more."""
    waits = waiting(session, lesson)
    for one in waits:
        one.outcome, one.answered_at = FeedbackOutcome.CHANGED, at
        session.add(one)
    notices.tell(session, [one.person_id for one in waits], "feedback_answered", lesson, at=at)


# ── reads ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _of_edition(lesson: Lesson) -> tuple[Any, ...]:
    return Feedback.lesson_id == lesson.id, Feedback.edition == lesson.edition


def mine(session: Session, lesson: Lesson, *, by: Actor) -> Feedback | None:
    """What this person said of the present edition."""
    own = sa.select(Feedback).where(*_of_edition(lesson), Feedback.person_id == by.id)
    return session.scalars(own).first()


def waiting(session: Session, lesson: Lesson) -> Sequence[Feedback]:
    """What waits for an answer, the oldest first; the owner's own words are a note to themself."""
    return session.scalars(
        sa.select(Feedback)
        .where(
            Feedback.lesson_id == lesson.id,
            Feedback.verdict != Verdict.USEFUL,
            Feedback.answered_at.is_(None),
            Feedback.person_id.is_distinct_from(lesson.owner_id),
        )
        .order_by(Feedback.at, Feedback.id)
    ).all()


def counts(session: Session, lesson: Lesson) -> dict[Verdict, int]:
    """How often each was said of the present edition: never by whom."""
    said = sa.select(Feedback.verdict, sa.func.count()).where(*_of_edition(lesson)).group_by(Feedback.verdict)
    known = dict(session.execute(said).all())
    return {verdict: known.get(verdict, 0) for verdict in Verdict}


VERBS = {("lessons", "answer_feedback"): answer}
