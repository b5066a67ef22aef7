"""A lesson's card while it is still being written, and what the repository already holds like it. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session

from lessons.access import Actor
from lessons.access.refs import read
from lessons.i18n import language_of
from lessons.models import Lesson
from lessons.repository import queries, shown
from lessons.repository.writing import TEXTS
from lessons.workflow.states import LessonState

SHOWN = frozenset({("debriefs", "write_lesson"), ("lessons", "edit")})


def is_one(noun: str, trigger: str) -> bool:
    return (noun, trigger) in SHOWN


def of(
    session: Session, row: Any, form: type[BaseModel] | None, raw: Mapping[str, Any], *, by: Actor
) -> dict[str, Any]:
    """What was typed, as agents would see it. Raises Invalid."""
    asked = read(session, form, raw, by=by)
    texts = {name: asked[name] for name in TEXTS if asked.get(name) is not None}
    lesson = Lesson(**{**_present(row), **texts})
    lesson.lang = asked.get("language") or language_of(lesson.title)
    found = queries.similar(session, lesson, by=by)
    return {
        "card": {**shown.card(lesson), "href": ""},
        "similar": [{"title": one.title, "href": f"/lessons/{one.code}", "code": one.code} for one in found],
    }


def _present(row: Any) -> dict[str, Any]:
    if isinstance(row, Lesson):
        return {name: getattr(row, name) for name in Lesson.model_fields}
    return {"state": LessonState.DRAFT, "unit_id": row.unit_id, "code": "", "short": ""}
