"""Every life by its noun, and who may bring a new record into the world."""

from lessons.workflow import action, asks, briefing, debrief, lesson, news, question, revision, sentence, verification
from lessons.workflow.engine import ANYONE, Lifecycle, Step
from lessons.workflow.states import (
    DebriefState,
    LessonState,
    NewsState,
    ProcedureState,
    QuestionState,
    SentenceState,
)

LIVES: dict[str, Lifecycle] = {
    life.noun: life
    for life in (
        debrief.LIFE,
        lesson.LIFE,
        action.LIFE,
        briefing.PROCEDURE,
        revision.LIFE,
        verification.LIFE,
        briefing.LIFE,
        news.LIFE,
        question.LIFE,
        sentence.LIFE,
    )
}
LETTERS = {
    "debriefs": "D",
    "lessons": "L",
    "actions": "A",
    "procedures": "P",
    "revisions": "R",
    "verifications": "V",
    "briefings": "B",
    "news": "N",
    "questions": "Q",
    "sentences": "S",
}
NOUN_OF = {letter: noun for noun, letter in LETTERS.items()}

# What stands by itself; every other record is made by a step of the record it belongs to.
BEGINNINGS: dict[str, tuple[Step, ...]] = {
    "debriefs": (Step("report", (), DebriefState.REPORTED, by=(ANYONE,), asks=asks.Report),),
    "lessons": (Step("write", (), LessonState.DRAFT, by=(ANYONE,), asks=asks.Lesson),),
    "procedures": (Step("create", (), ProcedureState.KEPT, by=("editor_role", "manager"), asks=asks.Procedure),),
    "news": (
        Step("publish", (), NewsState.LIVE, by=news.EDITORS, asks=asks.News),
        Step("report", (), NewsState.REPORTED, by=(ANYONE,), asks=asks.News),
    ),
    "questions": (Step("ask", (), QuestionState.ASKED, by=(ANYONE,), asks=asks.Question),),
    "sentences": (
        Step("publish", (), SentenceState.LIVE, by=news.EDITORS, asks=asks.Sentence),
        Step("offer", (), SentenceState.OFFERED, by=(ANYONE,), asks=asks.Sentence),
    ),
}


def births(noun: str) -> list[tuple[str, Step]]:
    """The steps that bring such a record into the world, each with the noun whose step it is."""
    own = [(noun, step) for step in BEGINNINGS.get(noun, ())]
    return own + [(life.noun, step) for life in LIVES.values() for step in life.steps if step.makes == noun]


def next_step(noun: str, state: str, kind: str) -> str:
    """The first step that fulfils a duty and is in the table for its record's state; "" where there is none."""
    life = LIVES.get(noun)
    owes = next((one for one in life.owes if one.kind == kind and state in one.states), None) if life else None
    open_ = life.open_triggers(state) if life else []
    return next((trigger for trigger in owes.by if trigger in open_), "") if owes else ""
