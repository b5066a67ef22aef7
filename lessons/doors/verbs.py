"""The one table of what each step does beyond moving its record, gathered from the rooms; and of what can be made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from lessons.actions import operations as actions
from lessons.briefings import operations as briefings
from lessons.cases import operations as cases
from lessons.debriefs import operations as debriefs
from lessons.debriefs import parts
from lessons.news import operations as news
from lessons.procedures import operations as procedures
from lessons.questions import operations as questions
from lessons.repository import feedback
from lessons.repository import operations as repository
from lessons.sentences import operations as sentences
from lessons.steps import decided
from lessons.verifications import operations as verifications
from lessons.workflow import asks
from lessons.workflow.lives import LIVES

Verb = Callable[..., Any]

ROOMS: tuple[Any, ...] = (
    debriefs, repository, actions, verifications, procedures, briefings, news, questions, sentences, decided,
)  # fmt: skip
VERBS: dict[tuple[str, str], Verb] = {step: verb for room in ROOMS for step, verb in room.VERBS.items()}

# noun → (what it asks, what makes it)
CREATED: dict[str, tuple[type[BaseModel], Verb]] = {
    "debriefs": (asks.Report, debriefs.report),
    "lessons": (asks.Lesson, repository.write),
    "procedures": (asks.Procedure, procedures.create),
    "briefings": (asks.Briefing, briefings.open_briefing),
    "news": (asks.News, news.publish),
    "questions": (asks.Question, questions.ask),
    "sentences": (asks.Sentence, sentences.offer),
    "cases": (asks.Case, cases.enter),
}

# (noun, part) → (what it asks, what adds it); a part that is a step of its record is in PART_STEPS
PARTS: dict[tuple[str, str], tuple[type[BaseModel], Verb]] = {
    ("debriefs", "facts"): (asks.Fact, parts.add_fact),
    ("debriefs", "findings"): (asks.Finding, parts.add_finding),
    ("findings", "causes"): (asks.Cause, parts.add_cause),
    ("causes", "no_action"): (asks.NoAction, repository.waive),
    ("news", "acknowledgements"): (asks.Nothing, news.acknowledge),
    ("lessons", "feedback"): (asks.Feedback, feedback.say_so),
    ("sentences", "votes"): (asks.Vote, sentences.vote),
}
PART_STEPS: dict[tuple[str, str], str] = {
    ("debriefs", "lessons"): "write_lesson",
    ("debriefs", "actions"): "assign",
    ("lessons", "actions"): "assign",
    ("lessons", "verifications"): "plan",
    ("lessons", "briefings"): "brief",
    ("revisions", "briefings"): "brief",
    ("news", "briefings"): "brief",
    ("procedures", "revisions"): "draft",
    ("actions", "evidence"): "add_evidence",
    ("actions", "extensions"): "ask_extension",
    ("debriefs", "extensions"): "ask_extension",
    ("briefings", "acknowledgements"): "acknowledge",
}


def form_of(noun: str, trigger: str) -> type[BaseModel] | None:
    """What a step asks for, by the table."""
    return next((step.asks for step in LIVES[noun].steps if step.trigger == trigger and step.asks), None)
