"""A question to whoever wrote a proposed lesson, and its answer, before it is decided: one at a time."""

from __future__ import annotations

from typing import Any

from lessons.i18n import say
from lessons.workflow import asks
from lessons.workflow.engine import Step, guard
from lessons.workflow.facts import LessonFacts
from lessons.workflow.owed import Owes
from lessons.workflow.states import LessonState as S


@guard(say("There is nobody to ask: whoever wrote it is not known, is not here any more, or is you."))
def an_author_to_ask(lesson: Any, facts: LessonFacts) -> bool:
    return facts.author_here and lesson.author_id not in facts.acting


@guard(say("A question to whoever wrote it waits for its answer already."), place="question")
def no_question_waits(lesson: Any, facts: LessonFacts) -> bool:
    return lesson.asked_at is None


@guard(say("No question waits for an answer."))
def a_question_waits(lesson: Any, facts: LessonFacts) -> bool:
    return lesson.asked_at is not None


STEPS = (
    Step(
        "ask_author",
        (S.PROPOSED,),
        None,
        by=("lessons_manager",),
        needs=(an_author_to_ask, no_question_waits),
        asks=asks.AskAuthor,
    ),
    Step(
        "answer",
        (S.PROPOSED,),
        None,
        by=("author",),
        needs=(a_question_waits,),
        asks=asks.AnswerAuthor,
        on_call=True,
    ),
)
OWES = (
    Owes(
        "answer_question",
        (S.PROPOSED,),
        to=("author", "lessons_manager"),
        by=("answer",),
        when=lambda ls, f: ls.asked_at is not None,
        left_to="lessons_manager",  # who asked
    ),
)
