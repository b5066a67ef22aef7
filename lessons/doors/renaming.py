"""The full name of somebody who took part, in the texts of an inquiry: replaced by what they do, each text by the edit
that it would take by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor
from lessons.access.facts_debriefs import FIELDS, LESSON_TEXTS
from lessons.access.names import instead
from lessons.doors.ways import change
from lessons.i18n import say
from lessons.models import Cause, Debrief, Fact, Finding, Lesson, Person
from lessons.workflow.states import LessonState

SOMEBODY = say("whoever took part")
TEXTS = {
    "debriefs": FIELDS,
    "facts": ("text",),
    "findings": ("text", "no_lesson_because"),
    "causes": ("text",),
    "lessons": LESSON_TEXTS,
}


def replace(session: Session, debrief: Debrief, person: Person, *, by: Actor, at: datetime) -> int:
    """In how many texts the name stood. Raises as editing them does."""
    count = 0
    for row in _rows(session, debrief):
        raw: dict[str, Any] = {
            name: new for name in TEXTS[row.noun] if (new := _without(getattr(row, name), person)) != getattr(row, name)
        }
        if isinstance(row, Lesson) and (steps := [_without(line, person) for line in row.steps]) != row.steps:
            raw["steps"] = steps
        if raw:
            change(session, row, raw, by=by, at=at)
            count += len(raw)
    return count


def _without(text: str, person: Person) -> str:
    hebrew, english = person.function or SOMEBODY.in_("he"), person.function_en or SOMEBODY.in_("en")
    return instead(instead(text, person.name, hebrew), person.name_en, english)


def _rows(session: Session, debrief: Debrief) -> Iterator[Any]:
    """The inquiry and its parts. A fact that repeats the report as it was told stays as it was told."""
    yield debrief
    facts = sa.select(Fact).where(Fact.debrief_id == debrief.id)
    yield from (fact for fact in session.scalars(facts).all() if fact.text != debrief.what_happened)
    findings = session.scalars(sa.select(Finding).where(Finding.debrief_id == debrief.id)).all()
    yield from findings
    yield from session.scalars(sa.select(Cause).where(Cause.finding_id.in_([one.id for one in findings]))).all()
    drafts = sa.select(Lesson).where(Lesson.debrief_id == debrief.id, Lesson.state == LessonState.DRAFT)
    yield from session.scalars(drafts).all()
