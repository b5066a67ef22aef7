"""What readers said of a card is answered by its owner: with words, and with what was done about it."""

from __future__ import annotations

from typing import Any

from lessons.i18n import say
from lessons.workflow import asks
from lessons.workflow.engine import Step, guard
from lessons.workflow.facts import LessonFacts
from lessons.workflow.owed import Owes
from lessons.workflow.states import LESSON_PUBLIC


@guard(say("Nothing that readers said of it waits for an answer."))
def feedback_waits(lesson: Any, facts: LessonFacts) -> bool:
    return facts.feedback_waits > 0


STEPS = (
    Step(
        "answer_feedback",
        LESSON_PUBLIC,
        None,
        by=("owner", "lessons_manager"),
        needs=(feedback_waits,),
        asks=asks.AnswerFeedback,
        on_call=True,
    ),
)
OWES = (
    Owes(
        "answer_feedback",
        LESSON_PUBLIC,
        to=("owner", "lessons_manager", "manager"),
        by=("answer_feedback",),
        when=lambda ls, f: f.feedback_waits > 0,
    ),
)
