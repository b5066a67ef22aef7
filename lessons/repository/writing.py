"""Writing a lesson: on its own or beside a finding, and changing its words, which may make a new edition."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons.access import Actor
from lessons.access.audience import plain_audience
from lessons.access.refs import invalid
from lessons.debriefs.topics import guessed, set_topics
from lessons.errors import FieldError
from lessons.i18n import language_of, say
from lessons.models import Debrief, Lesson, QuestionLesson, WordChange
from lessons.models.base import random_id
from lessons.repository import briefed, found
from lessons.repository.cycle import settle
from lessons.steps import make, take
from lessons.workflow.lesson import CARD_FIELDS
from lessons.workflow.states import LESSON_PUBLIC, LessonState

TEXTS = (
    "title", "direction", "applies_when", "why", "steps", "say", "avoid_saying", "limits", "transfer_to", "exceptions",
    "background",
)  # fmt: skip
ALSO = ("severity", "source", "consent", "level", "review_on")


def write(session: Session, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Lesson:
    """A lesson of its own: from a meeting, an interview, a tip, or of a question, whose asker then hears of the card.
    With a finding it belongs to that debrief."""
    if asked.get("finding") is not None:
        debrief = session.get_one(Debrief, asked["finding"].debrief_id)
        return write_in(session, debrief, asked, by=by, at=at)
    unit_id = asked["unit"].id if asked.get("unit") else by.person.unit_id if by.person else None
    if unit_id is None:
        raise invalid([FieldError("/unit", "missing", say("Which unit is it for?"))])
    lesson = _drafted(asked, unit_id, by)
    make(session, lesson, by=by, at=at, trigger="write")
    set_topics(session, lesson, asked.get("topics") or guessed(session, _words(lesson)))
    if asked.get("question") is not None:
        session.add(QuestionLesson(lesson_id=lesson.id or 0, question_id=asked["question"].id))
    return lesson


def write_in(session: Session, debrief: Debrief, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Lesson:
    """A draft lesson of a debrief, beside the finding it answers. By the leader while investigating."""
    finding = asked.get("finding")
    if finding is not None and finding.debrief_id != debrief.id:
        raise invalid([FieldError("/finding", "not_there", say("This finding belongs to another debrief."))])
    made: list[Lesson] = []

    def drafted() -> None:
        lesson = _drafted(asked, debrief.unit_id, by)
        lesson.debrief_id, lesson.finding_id = debrief.id, finding.id if finding else None
        lesson.severity = asked.get("severity") or debrief.severity
        made.append(make(session, lesson, by=by, at=at, trigger="write", told={"debrief": debrief.code}))
        set_topics(session, lesson, asked.get("topics") or guessed(session, _words(lesson)))

    take(session, debrief, "write_lesson", by=by, at=at, after=drafted)
    return made[0]


def _drafted(asked: Mapping[str, Any], unit_id: int, by: Actor) -> Lesson:
    texts = {name: asked[name] for name in TEXTS if asked.get(name) is not None}
    return Lesson(
        state=LessonState.DRAFT, unit_id=unit_id, author_id=by.id, short=random_id(8),
        lang=asked.get("language") or language_of(asked["title"]), severity=asked.get("severity") or 2,
        source=asked.get("source", ""), consent=bool(asked.get("consent")),
        interviewee_id=asked["interviewee"].id if asked.get("interviewee") else None, **texts,
    )  # fmt: skip


def _words(lesson: Lesson) -> str:
    return f"{lesson.title} {lesson.applies_when} {lesson.why}"


def edit(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Change its words. After accept, words that agents see make a new edition, and its briefing asks again."""
    changes = changes_of(asked)
    new_edition = _new_edition(lesson, changes, at)
    take(session, lesson, "edit", by=by, at=at, asked=asked, changes={**changes, **new_edition},
         told={"fields": sorted(asked)}, after=lambda: words_changed(session, lesson, asked, by, at))  # fmt: skip
    if new_edition:
        briefed.ask_again(session, lesson, by=by, at=at)
    found.keep(session, lesson)
    settle(session, lesson, at=at)


def changes_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of the texts and terms that were sent."""
    changes = {name: asked[name] for name in (*TEXTS, *ALSO) if asked.get(name) is not None}
    if asked.get("language"):
        changes["lang"] = asked["language"]
    if asked.get("interviewee"):
        changes["interviewee_id"] = asked["interviewee"].id
    if asked.get("audience"):
        changes["audience"] = plain_audience(asked["audience"])
    return changes


def _new_edition(lesson: Lesson, changes: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    seen = any(name in changes and changes[name] != getattr(lesson, name) for name in CARD_FIELDS)
    if not seen or lesson.state not in LESSON_PUBLIC:
        return {}
    return {"edition": lesson.edition + 1, "edition_at": at}


def words_changed(session: Session, lesson: Lesson, asked: Mapping[str, Any], by: Actor, at: datetime) -> None:
    if asked.get("topics") is not None:
        set_topics(session, lesson, asked["topics"])
    if by.id is not None and any(asked.get(name) is not None for name in TEXTS):
        session.add(WordChange(lesson_id=lesson.id, person_id=by.id, at=at))
