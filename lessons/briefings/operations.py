"""What people do with a briefing: open it, say that they have read and understood, move its date, end it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons.access import Actor
from lessons.access.refs import invalid
from lessons.briefings.passages import Passage, passage
from lessons.errors import FieldError, Forbidden
from lessons.i18n import say
from lessons.models import Briefing, BriefingMember
from lessons.repository import briefed
from lessons.repository import operations as repository
from lessons.steps import dates, ready, take

TERMS = ("audience", "share", "due_on", "check")


@dataclass(frozen=True)
class Answered:
    """What became of it. After a wrong answer: the passage to read once more; the question is asked again."""

    briefing: Briefing
    right: bool
    wrong: int = 0
    passage: Passage | None = None


# ── open ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def open_briefing(session: Session, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Briefing:
    """About the lesson, revision or news item that `subject` names."""
    return brief(session, asked["subject"], asked, by=by, at=at)


def brief(session: Session, subject: briefed.Subject, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Briefing:
    """Ask its audience, or the one that is sent, to read the present edition."""
    terms = {name: asked[name] for name in TERMS if asked.get(name) is not None}
    made: list[Briefing] = []

    def opened() -> None:
        made.append(briefed.open_about(session, subject=subject, by=by, at=at, **terms))

    take(session, subject, "brief", by=by, at=at, asked=asked, after=opened)
    settle_behind(session, made[0], at=at)
    return made[0]


# ── read ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def acknowledge(session: Session, briefing: Briefing, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Answered:
    """I have read and understood; said by each person for themself, once. A wrong answer is counted, not refused:
    a refusal would take the count back with it. Raises Forbidden, NotAllowed, Invalid."""
    # a shift reads at the same minute: they wait for each other, nobody is told that the page changed
    session.refresh(briefing, with_for_update=True)
    ready(session, briefing, "acknowledge", by=by, at=at)
    member = session.get(BriefingMember, (briefing.id, by.id))
    if member is None:
        raise Forbidden(say("Reading is confirmed by each person for themself, and this is addressed to others."))
    if member.acknowledged_at is not None:
        return Answered(briefing, right=True, wrong=member.wrong)
    if not _answers_rightly(briefing, asked):
        member.wrong += 1
        session.add(member)
        return Answered(briefing, right=False, wrong=member.wrong, passage=passage(session, briefing))
    _read(session, briefing, member, asked, by=by, at=at)
    return Answered(briefing, right=True, wrong=member.wrong)


def _answers_rightly(briefing: Briefing, asked: Mapping[str, Any]) -> bool:
    """Raises Invalid where a question is put and none of its answers was chosen."""
    question: Mapping[str, Any] | None = briefing.check
    if not question:
        return True
    answer = asked.get("answer")
    if answer is None or answer >= len(question["answers"]):
        raise invalid([FieldError("/answer", "missing", say("One question first: which of the answers is right?"))])
    return bool(answer == question["right"])


def _read(
    session: Session, briefing: Briefing, member: BriefingMember, asked: Mapping[str, Any], *, by: Actor, at: datetime
) -> None:
    def read() -> None:
        member.acknowledged_at = at
        session.add(member)

    take(session, briefing, "acknowledge", by=by, at=at, asked=asked, after=read)
    if briefed.count(session, briefing, at=at):
        settle_behind(session, briefing, at=at)


# ── another date, the end ────────────────────────────────────────────────────────────────────────────────────────────
def set_date(session: Session, briefing: Briefing, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """The manager gives those who have not read it yet until another day."""
    line = dates.line(session, briefing, asked["due_on"], how="decided", by=by, at=at, reason=asked["reason"])
    take(session, briefing, "set_date", by=by, at=at, asked=asked, changes={**line, "decision_owed": False},
         told={"due_on": asked["due_on"]})  # fmt: skip
    briefed.count(session, briefing, at=at)
    settle_behind(session, briefing, at=at)


def remind(session: Session, briefing: Briefing, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """It comes up once more on the desks of those who have not read it; nobody is mailed about reading."""
    take(session, briefing, "remind", by=by, at=at, asked=asked, changes={"reminded_at": at})


def end(session: Session, briefing: Briefing, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    briefed.end(session, briefing, asked, by=by, at=at)
    settle_behind(session, briefing, at=at)


def settle_behind(session: Session, briefing: Briefing, *, at: datetime) -> None:
    """The system's own steps on the lessons that it brings to people follow."""
    for lesson in briefed.lessons_behind(session, briefing):
        repository.settle(session, lesson, at=at)


VERBS = {
    ("lessons", "brief"): brief,
    ("revisions", "brief"): brief,
    ("news", "brief"): brief,
    ("briefings", "acknowledge"): acknowledge,
    ("briefings", "set_date"): set_date,
    ("briefings", "remind"): remind,
    ("briefings", "end"): end,
}
__all__ = ["VERBS", "Answered", "acknowledge", "brief", "end", "open_briefing", "remind", "set_date", "settle_behind"]
