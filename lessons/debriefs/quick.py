"""The quick path: four lines become a fact, a finding, a contributing cause and a lesson."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, tree
from lessons.access.numbers import calendar_of
from lessons.debriefs.topics import guessed, set_topics
from lessons.models import Cause, Debrief, Fact, Finding, Lesson
from lessons.models.base import random_id
from lessons.steps import make
from lessons.workdays import Calendar
from lessons.workflow.debrief import FOUR_LINES
from lessons.workflow.states import CauseKind, Direction, FindingDirection, LessonState

SENTENCE, FIRST_WORDS, GLANCE, LEAST = 120, 80, 60, 20
ENDED = re.compile(r"(?<=[.!?])\s")


def fill_in(session: Session, debrief: Debrief, applies_when: str, *, by: Actor, at: datetime) -> None:
    """Make the parts out of the four lines, once; where a line is missing, nothing is made. The lesson applies when it
    is said to, else in a case like this one, as short as is read on a card at a glance."""
    made = session.scalar(sa.select(sa.func.count()).select_from(Finding).where(Finding.debrief_id == debrief.id))
    if made or not all(getattr(debrief, name) for name in FOUR_LINES):
        return
    shared: dict[str, Any] = {"lang": debrief.lang, "created_at": at}
    keep = debrief.direction == Direction.KEEP
    session.add(Fact(debrief_id=debrief.id, at=_noon(calendar_of(session, debrief.unit_id), debrief, at),
                     text=debrief.actual or debrief.what_happened, **shared))  # fmt: skip
    finding = Finding(
        debrief_id=debrief.id, n=1, text=debrief.title,
        direction=FindingDirection.SUSTAIN if keep else FindingDirection.IMPROVE, **shared,
    )  # fmt: skip
    session.add(finding)
    session.flush()
    session.add(Cause(finding_id=finding.id, text=debrief.why, kind=CauseKind.SYSTEM, root=False, **shared))
    _lesson(session, debrief, finding, applies_when or first_words(debrief.title, GLANCE), by=by, at=at)


def _noon(calendar: Calendar, debrief: Debrief, at: datetime) -> datetime:
    """The event's day; its hour is not asked for on this path."""
    day = debrief.happened_on
    return at if day is None or day == calendar.today(at) else calendar.start_of(day)


def _lesson(
    session: Session, debrief: Debrief, finding: Finding, applies_when: str, *, by: Actor, at: datetime
) -> None:
    title, steps = sentence_and_steps(debrief.differently)
    lesson = Lesson(
        state=LessonState.DRAFT, debrief_id=debrief.id, finding_id=finding.id, author_id=debrief.leader_id,
        unit_id=debrief.unit_id, severity=debrief.severity, title=title, direction=debrief.direction,
        applies_when=applies_when, why=debrief.why, steps=steps, lang=debrief.lang, short=random_id(8),
    )  # fmt: skip
    make(session, lesson, by=by, at=at, trigger="write")
    text = f"{debrief.title} {debrief.what_happened} {debrief.differently}"
    unit = tree(session).units[debrief.unit_id]
    set_topics(session, lesson, guessed(session, text) or [unit.name])


def first_words(text: str, most: int = FIRST_WORDS) -> str:
    """The first line; where it is longer, its first sentence, or as many words as fit."""
    line = text.strip().split("\n")[0].strip()
    opening = ENDED.split(line)[0]
    if len(line) <= most:
        return line
    if LEAST <= len(opening) <= most:
        return opening.rstrip(".")
    return line[:most].rsplit(" ", 1)[0].rstrip(" ,;:.–-") + "…"


def sentence_and_steps(text: str) -> tuple[str, list[str]]:
    """The first sentence as the lesson's one sentence (at most 120 characters), the rest as steps."""
    lines = [line.strip(" -•*–") for line in text.strip().split("\n") if line.strip()]
    first, rest = lines[0], lines[1:]
    if len(first) <= SENTENCE:
        return first, rest
    opening = ENDED.split(first)[0]
    if len(opening) <= SENTENCE:
        return opening, [first[len(opening) :].strip(), *rest]
    return first[: SENTENCE - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…", [first, *rest]
