"""What people do with a question: ask it, answer it, take it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons.access import Actor
from lessons.errors import Forbidden
from lessons.i18n import language_of, say
from lessons.models import Lesson, Question
from lessons.post import notices
from lessons.steps import make, take
from lessons.workflow.states import QuestionState

FOR_THEMSELF = say("A question is asked by a person, who then hears the answer.")


def ask(session: Session, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Question:
    """Of the asker's own unit, where no other is named. Raises Forbidden."""
    if by.person is None:
        raise Forbidden(FOR_THEMSELF)
    unit = asked.get("unit")
    question = Question(state=QuestionState.ASKED, text=asked["text"], asker_id=by.id, lang=language_of(asked["text"]),
                        unit_id=unit.id if unit else by.person.unit_id)  # fmt: skip
    made: Question = make(session, question, by=by, at=at, trigger="ask")
    return made


def answer(session: Session, question: Question, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """In words, and with the card that says it where there is one; whoever asked is told."""
    lesson: Lesson | None = asked.get("lesson")
    changes = {"answer": asked["answer"], "lesson_id": lesson.id if lesson else None, "answered_by_id": by.id,
               "answered_at": at}  # fmt: skip
    told = {"lesson": lesson.code} if lesson else {}
    take(session, question, "answer", by=by, at=at, asked=asked, changes=changes, told=told)
    notices.tell(session, [question.asker_id], "answered", question, at=at)


VERBS = {("questions", "answer"): answer}
