"""What the words of a search find for an agent: one shape for everything that can be read on the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.procedures.queries import ListedProcedure, WantedProcedures, procedures
from lessons.repository import queries, shown
from lessons.steps.codes import typed

MOST = 9
"""As many as there are keys for them."""
NOUNS = ("lessons", "procedures")


@dataclass(frozen=True)
class Hit:
    """`direction`: do, dont, keep, or "" where there is none; `state`: word, shape and tone as the kit draws them;
    `why`: what of it fits, in finished words."""

    noun: str
    code: str
    title: str
    direction: str
    state: dict[str, Any]
    why: Sequence[str] = ()


def found(session: Session, q: str, *, by: Actor, limit: int = MOST) -> list[Hit]:
    """The best first: the record whose code it is, lessons that hold the words, procedures in force so called."""
    if not q.strip():
        return []
    named = typed(q, web.today().year)
    q = named[1] if named is not None and named[0] in NOUNS else q
    lessons = [_lesson(one) for one in queries.lessons(session, queries.Wanted(q=q), by=by, limit=limit).items]
    held = procedures(session, WantedProcedures(q=q), by=by, limit=limit).items
    in_force = [_procedure(one) for one in held if one.in_force is not None]
    return [*lessons, *in_force][:limit]


def _lesson(one: queries.Listed) -> Hit:
    lesson = one.lesson
    direction = lesson.direction.value if lesson.direction else ""
    return Hit(lesson.noun, lesson.code, lesson.title, direction, shown.desk_state(lesson), one.topics)


def _procedure(one: ListedProcedure) -> Hit:
    return Hit(one.procedure.noun, one.procedure.code, one.procedure.title, "", web.state_of(one.in_force))
