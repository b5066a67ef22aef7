"""What narrows a list: one criterion a parameter, asked only where it was sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, tree
from lessons.access.listing import containing, over
from lessons.actions.queries import DOING
from lessons.debriefs.topics import called
from lessons.doors.columns import words_open
from lessons.doors.parameters import Query
from lessons.models import (
    Action,
    Briefing,
    Case,
    CaseLink,
    Debrief,
    Duty,
    Lesson,
    LessonTopic,
    Revision,
    RevisionLesson,
)
from lessons.repository.queries import search
from lessons.workflow.states import BriefingState, DebriefState, Direction

if TYPE_CHECKING:
    from lessons.doors.lists import Listing

PLAIN = ("sort", "limit", "cursor")
DUTY_STATES = ("open", "fulfilled", "ended", "handed_on")


@dataclass(frozen=True)
class Wanted:
    session: Session
    listing: Listing
    query: Query
    by: Actor
    at: datetime


Where = Callable[[Wanted], Any]


def criteria(wanted: Wanted) -> list[Any]:
    given = [name for name in wanted.listing.known if name not in PLAIN and wanted.query.args.get(name)]
    if wanted.listing.noun == "debriefs" and {"q", "kind", "severity", "direction"} & set(given):
        # what is hidden answers no question about itself
        return [words_open(wanted.by), *(FILTERS[name](wanted) for name in given)]
    return [FILTERS[name](wanted) for name in given]


def _state(wanted: Wanted) -> Any:
    states, model = wanted.query.several("state", wanted.listing.states), wanted.listing.model
    if wanted.listing.noun != "duties":
        return model.state.in_(states)
    closed = model.closed_how.in_([state for state in states if state != "open"])
    return sa.or_(closed, model.closed_at.is_(None)) if "open" in states else closed


def _unit(wanted: Wanted) -> Any:
    unit = wanted.query.row(wanted.session, "unit", "units", by=wanted.by)
    return wanted.listing.model.unit_id.in_(sorted(tree(wanted.session).below[unit.id]))


def _owner(wanted: Wanted) -> Any:
    person = wanted.query.row(wanted.session, "owner", "people", by=wanted.by)
    return getattr(wanted.listing.model, wanted.listing.owner) == person.id


def _overdue(wanted: Wanted) -> Any:
    noun = wanted.listing.noun
    late = OVERDUE.get(noun, _late_by_duty)(wanted)
    return late if wanted.query.flag("overdue") else sa.not_(late)


def _late_by_duty(wanted: Wanted) -> Any:
    mine = sa.select(Duty.of_id).where(Duty.of_noun == wanted.listing.noun, Duty.closed_at.is_(None))
    return wanted.listing.model.id.in_(mine.where(Duty.due_at < wanted.at))


def _late(states: Sequence[str]) -> Where:
    def late(wanted: Wanted) -> Any:
        model = wanted.listing.model
        past = over(wanted.session, model.unit_id, model.due_on, at=wanted.at)
        return sa.and_(model.state.in_(states), model.due_on.is_not(None), past)

    return late


OVERDUE: dict[str, Where] = {
    "debriefs": _late([DebriefState.INVESTIGATING]),
    "actions": _late(DOING),
    "briefings": _late([BriefingState.OPEN]),
    "duties": lambda wanted: sa.and_(Duty.closed_at.is_(None), Duty.due_at < wanted.at),
}


def _q(wanted: Wanted) -> Any:
    q, model = wanted.query.text("q"), wanted.listing.model
    plain = containing(q, *(sa.func.coalesce(getattr(model, name), "") for name in wanted.listing.words))
    if wanted.listing.noun != "lessons":
        return plain
    hits = [hit.record_id for hit in search(wanted.session, q, by=wanted.by, limit=200)]
    return sa.or_(Lesson.id.in_(hits), plain)


def _kind(wanted: Wanted) -> Any:
    column = getattr(wanted.listing.model, wanted.listing.kind)
    kinds = getattr(column.type, "enums", None)
    return column == (wanted.query.choice("kind", kinds) if kinds else wanted.query.text("kind"))


def _severity(wanted: Wanted) -> Any:
    return wanted.listing.model.severity == int(wanted.query.choice("severity", ("1", "2", "3", "4")))


def _direction(wanted: Wanted) -> Any:
    return wanted.listing.model.direction == wanted.query.choice("direction", tuple(Direction))


def _topic(wanted: Wanted) -> Any:
    named = sa.select(LessonTopic.lesson_id)
    return Lesson.id.in_(named.where(LessonTopic.topic_id.in_(called(wanted.query.text("topic")))))


def _lesson(wanted: Wanted) -> Any:
    lesson = wanted.query.row(wanted.session, "lesson", "lessons", by=wanted.by)
    model = wanted.listing.model
    if model is Revision:
        because = sa.select(RevisionLesson.revision_id).where(RevisionLesson.lesson_id == lesson.id)
        return Revision.id.in_(because)
    if model is Case:
        return Case.id.in_(sa.select(CaseLink.case_id).where(CaseLink.lesson_id == lesson.id))
    if model is Duty:
        return sa.and_(Duty.of_noun == "lessons", Duty.of_id == lesson.id)
    return model.lesson_id == lesson.id


def _debrief(wanted: Wanted) -> Any:
    debrief = wanted.query.row(wanted.session, "debrief", "debriefs", by=wanted.by)
    model = wanted.listing.model
    # a confidential one leads to what came of it for those alone who may read its words
    known = sa.exists().where(Debrief.id == debrief.id, words_open(wanted.by))
    if model is Duty:
        return sa.and_(Duty.of_noun == "debriefs", Duty.of_id == debrief.id)
    if model is Action:
        its = sa.select(Lesson.id).where(Lesson.debrief_id == debrief.id)
        return sa.and_(known, sa.or_(Action.debrief_id == debrief.id, Action.lesson_id.in_(its)))
    return sa.and_(known, model.debrief_id == debrief.id)


def _procedure(wanted: Wanted) -> Any:
    procedure = wanted.query.row(wanted.session, "procedure", "procedures", by=wanted.by)
    if wanted.listing.model is Revision:
        return Revision.procedure_id == procedure.id
    return Briefing.revision_id.in_(sa.select(Revision.id).where(Revision.procedure_id == procedure.id))


FILTERS: dict[str, Where] = {
    "state": _state,
    "unit": _unit,
    "owner": _owner,
    "overdue": _overdue,
    "q": _q,
    "kind": _kind,
    "severity": _severity,
    "direction": _direction,
    "topic": _topic,
    "lesson": _lesson,
    "debrief": _debrief,
    "procedure": _procedure,
}
