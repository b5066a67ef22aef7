"""Finishes questions into what templates lay out."""

from __future__ import annotations

from typing import Any

from lessons import web
from lessons.i18n import direction
from lessons.models import Lesson
from lessons.questions.queries import Listed


def row(one: Listed) -> dict[str, Any]:
    question = one.question
    return {
        "href": f"/questions/{question.code}",
        "code": question.code,
        "text": question.text,
        "lang": question.lang,
        "dir": direction(question.lang),
        "state": web.state_of(question),
        "asker": web.name_of(one.asker),
        "unit": web.name_of(one.unit),
        "asked": web.when(question.created_at),
        "answer": question.answer,
        "answerer": web.name_of(one.answerer),
        "answered": web.when(question.answered_at),
        "card": {"title": one.card.title, "href": f"/desk?card={one.card.code}"} if one.card else None,
    }


def made(lesson: Lesson) -> dict[str, Any]:
    """A lesson that was made of it."""
    return {
        "title": lesson.title,
        "href": f"/lessons/{lesson.code}",
        "state": web.state_of(lesson),
        "code": lesson.code,
    }
