"""What the quick debrief ends with: the card as agents will see it, who decides on it and when."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlmodel import Session, col, select

from lessons import web
from lessons.access.named import by_code
from lessons.errors import NotFound
from lessons.i18n import say
from lessons.models import Debrief, Duty, Lesson
from lessons.repository import shown

blueprint = Blueprint("recorded", __name__)
NOT_THERE = say("This is not there, or not open to you.")


@blueprint.get("/debriefs/<code>/recorded")
def recorded(code: str) -> ResponseReturnValue:
    """The lesson that the four lines became."""
    with web.reading() as (session, by, _):
        debrief = by_code(session, Debrief, code, by=by)
        lesson = _lesson_of(session, debrief) if debrief else None
        if debrief is None or lesson is None or by_code(session, Lesson, lesson.code, by=by) is None:
            raise NotFound(NOT_THERE)
        return web.show(
            "repository/recorded.html",
            title=say("This is how agents will see it"),
            debrief=debrief,
            lesson=lesson,
            card=shown.card(lesson),
            due=_decided_by(session, lesson),
        )


def _lesson_of(session: Session, debrief: Debrief) -> Lesson | None:
    return session.exec(select(Lesson).where(Lesson.debrief_id == debrief.id).order_by(col(Lesson.id))).first()


def _decided_by(session: Session, lesson: Lesson) -> Duty | None:
    """The decision that is owed on it."""
    owed = select(Duty).where(Duty.of_noun == "lessons", Duty.of_id == lesson.id, col(Duty.closed_at).is_(None),
                              Duty.about == "")  # fmt: skip
    return session.exec(owed.order_by(col(Duty.due_at))).first()
