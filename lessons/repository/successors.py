"""What holds now in place of a lesson that was merged or retired."""

from __future__ import annotations

from sqlmodel import Session

from lessons.access import Actor
from lessons.access.named import by_code
from lessons.models import Lesson

FURTHER = 5
"""So many successors are followed."""


def in_use(session: Session, lesson: Lesson, *, by: Actor) -> Lesson:
    """The last that came in its place, as far as this person may see; else itself."""
    for _ in range(FURTHER):
        after = lesson.merged_into_id or lesson.successor_id
        found = session.get(Lesson, after) if after else None
        if found is None or by_code(session, Lesson, found.code, by=by) is None:
            break
        lesson = found
    return lesson
