"""A lesson's card while it is still being written, and what the repository already holds like it. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from lessons.access import Actor
from lessons.i18n import language_of
from lessons.models import Lesson
from lessons.repository import queries, shown
from lessons.repository.writing import TEXTS
from lessons.workflow.states import Direction, LessonState

SHOWN = frozenset({("debriefs", "write_lesson"), ("lessons", "edit")})
MOST = 40_000


def is_one(noun: str, trigger: str) -> bool:
    return (noun, trigger) in SHOWN


def typed(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in a form that may be half written: only what a card could show."""
    found = {name: raw[name] for name in TEXTS if isinstance(raw.get(name), str) and len(raw[name]) < MOST}
    if found.get("direction") not in set(Direction):
        found.pop("direction", None)
    steps = raw.get("steps")
    return {**found, "steps": [one for one in steps if isinstance(one, str)] if isinstance(steps, list) else []}


def of(session: Session, row: Any, asked: Mapping[str, Any], *, by: Actor) -> dict[str, Any]:
    """These texts as agents would see them. `row`: the lesson that is edited, the debrief it belongs to, or None."""
    texts = {name: asked[name] for name in TEXTS if asked.get(name) is not None}
    lesson = Lesson(**{**_present(row, by), **texts})
    lesson.direction = Direction(lesson.direction) if lesson.direction else None
    lesson.lang = asked.get("language") or language_of(lesson.title)
    found = queries.similar(session, lesson, by=by) if lesson.title.strip() else []
    return {
        "card": {**shown.card(lesson), "href": ""},
        "similar": [{"title": one.title, "href": f"/lessons/{one.code}", "code": one.code} for one in found],
    }


def _present(row: Any, by: Actor) -> dict[str, Any]:
    if isinstance(row, Lesson):
        return {name: getattr(row, name) for name in Lesson.model_fields}
    unit_id = row.unit_id if row is not None else by.person.unit_id if by.person else None
    return {"state": LessonState.DRAFT, "unit_id": unit_id, "code": "", "short": "", "title": ""}
