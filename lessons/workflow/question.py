"""The life of an agent's question: asked → answered · withdrawn."""

from __future__ import annotations

from lessons.workflow import asks
from lessons.workflow.engine import Lifecycle, Step
from lessons.workflow.owed import Owes
from lessons.workflow.shared import decision_steps
from lessons.workflow.states import QuestionState as S

ANSWERERS = ("lessons_manager", "editor", "manager")

STEPS = (
    Step("answer", (S.ASKED,), S.ANSWERED, by=ANSWERERS, asks=asks.AnswerQuestion),
    Step("withdraw", (S.ASKED,), S.WITHDRAWN, by=("asker",), asks=asks.Nothing),
    *decision_steps(S.ASKED),
)
OWES = (Owes("answer_question", (S.ASKED,), to=ANSWERERS, by=("answer",)),)

LIFE = Lifecycle("questions", S, STEPS, initial=(S.ASKED,), live=(S.ASKED,), owes=OWES)
