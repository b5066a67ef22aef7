"""The four answers under a card, for every page that shows one: its own, the desk, a frame in another system."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.access.named import people_by_id
from lessons.i18n import Word, isolate
from lessons.models import Feedback, Lesson, Person
from lessons.repository import feedback
from lessons.repository.queries import Story
from lessons.workflow.states import LESSON_PUBLIC, REASONS, Verdict

ANSWER_FOR_IT = frozenset({"owner", "lessons_manager", "manager", "auditor"})


def say_so(session: Session, lesson: Lesson, *, by: Actor, onward: str) -> dict[str, Any] | None:
    """Finished values of `repository/say_so.html`; None where there is nobody to say anything, or nothing to say it
    of. `onward`: the page to come back to. Two queries."""
    if by.id is None or lesson.state not in LESSON_PUBLIC:
        return None
    said = feedback.mine(session, lesson, by=by)
    return answers(lesson, said, heard(session, [said])[0] if said is not None else None, onward)


def beside(found: Story, *, by: Actor, onward: str) -> dict[str, Any] | None:
    """The same beside a whole story, which knows it."""
    lesson, said = found.lesson, found.said
    if by.id is None or lesson.state not in LESSON_PUBLIC:
        return None
    mine = _heard(said, found.person(said.answered_by_id)) if said is not None else None
    return answers(lesson, said, mine, onward)


def answers(lesson: Lesson, said: Feedback | None, mine: dict[str, Any] | None, onward: str) -> dict[str, Any]:
    verdicts = [_verdict(verdict, said) for verdict in Verdict]
    return {"action": f"/lessons/{lesson.code}/add/feedback", "next": onward, "verdicts": verdicts, "mine": mine}


def readers(found: Story) -> dict[str, Any] | None:
    """How often each was said of the present edition, for whoever answers for the card; else None."""
    lesson = found.lesson
    if lesson.state not in LESSON_PUBLIC or not found.relations & ANSWER_FOR_IT:
        return None
    return {
        "counts": [(Word("verdict", verdict.value), str(n)) for verdict, n in found.verdicts.items()],
        "waiting": found.waits,
        "href": f"/lessons/{lesson.code}/answer_feedback" if found.relations & {"owner", "lessons_manager"} else "",
    }


def said_of(session: Session, lesson: Lesson) -> list[dict[str, Any]]:
    """What waits for an answer, as choices of the form that answers."""
    waits = feedback.waiting(session, lesson)
    people = people_by_id(session, (one.person_id for one in waits))
    return [{"value": one.pid, "label": _line(one, web.name_of(people.get(one.person_id)))} for one in waits]


def _line(said: Feedback, who: str) -> str:
    reason = str(web.spoken(Word("feedback_reason", said.reason.value))) if said.reason else ""
    parts = (str(web.spoken(Word("verdict", said.verdict.value))), reason, said.words, who)
    return " · ".join(isolate(part) for part in parts if part)


def _verdict(verdict: Verdict, said: Feedback | None) -> dict[str, Any]:
    return {
        "value": verdict.value,
        "label": Word("verdict", verdict.value),
        "current": said is not None and said.verdict == verdict,
        "reasons": [
            {"value": one.value, "label": Word("feedback_reason", one.value)} for one in REASONS.get(verdict, ())
        ],
    }


def heard(session: Session, said: Sequence[Feedback]) -> list[dict[str, Any]]:
    """What somebody said, and what came of it. One query, however much it is."""
    people = people_by_id(session, (one.answered_by_id for one in said))
    return [_heard(one, people.get(one.answered_by_id or 0)) for one in said]


def _heard(said: Feedback, who: Person | None) -> dict[str, Any]:
    return {
        "verdict": Word("verdict", said.verdict.value),
        "why": said.words or (Word("feedback_reason", said.reason.value) if said.reason else ""),
        "waits": said.verdict != Verdict.USEFUL and said.answered_at is None,
        "outcome": Word("feedback_outcome", said.outcome.value) if said.outcome else "",
        "answer": said.answer,
        "who": web.name_of(who),
        "when": web.when(said.answered_at),
    }
