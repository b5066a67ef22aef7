"""Every life by its noun, and who may bring a new record into the world."""

from lessons.workflow import action, briefing, debrief, lesson, revision, verification
from lessons.workflow.engine import Lifecycle

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
}
NOUN_OF = {letter: noun for noun, letter in LETTERS.items()}
