"""How a revision comes into force, on its day, and how it leaves: the one before it goes in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import SYSTEM, Actor, audience_people, tree
from lessons.access.numbers import calendar_of
from lessons.access.refs import invalid
from lessons.errors import FieldError
from lessons.i18n import say
from lessons.models import Lesson, Procedure, Revision, RevisionLesson
from lessons.procedures import found, parts
from lessons.repository import briefed
from lessons.repository import operations as repository
from lessons.steps import ready, take
from lessons.workflow.states import LessonState, RevisionState


# ── publish ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def publish(session: Session, revision: Revision, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Into force now; with a later day it stays approved until that day begins in the unit."""
    day: date = asked.get("effective_on") or _today(session, revision, at)
    _check_days(asked, day, _today(session, revision, at))
    _publish(session, revision, asked, day, by=by, at=at)


def publish_on_its_day(session: Session, revision: Revision, *, at: datetime) -> None:
    """The day that its owner chose has begun."""
    _publish(session, revision, {}, revision.effective_on or _today(session, revision, at), by=SYSTEM, at=at)


def _publish(
    session: Session, revision: Revision, asked: Mapping[str, Any], day: date, *, by: Actor, at: datetime
) -> None:
    terms = _terms(session, revision, asked, day)
    asked = {**asked, "effective_on": day, "audience_size": _audience_on(session, revision, terms, day, at)}
    told = {name: terms[name] for name in ("effective_on", "audience", "share")}
    if day > _today(session, revision, at):
        take(session, revision, "publish", by=by, at=at, asked=asked, changes=terms, told=told)
    else:
        _come_into_force(session, revision, asked, terms, told, by=by, at=at)
    parts.settle_behind(session, revision, at=at)


def _today(session: Session, revision: Revision, at: datetime) -> date:
    return tree(session).today(revision.unit_id, at)


def _terms(session: Session, revision: Revision, asked: Mapping[str, Any], day: date) -> dict[str, Any]:
    """Columns of what was asked, now or when the day was chosen; the unit and the policy say the rest."""
    return {
        "effective_on": day,
        "audience": briefed.whole(session, asked.get("audience") or revision.audience, revision.unit_id),
        "share": asked.get("share") or revision.share or briefed.usual_share(session, revision),
        "reading_due_on": asked.get("due_on") or revision.reading_due_on,
    }


def _check_days(asked: Mapping[str, Any], day: date, today: date) -> None:
    faults = []
    due_on: date | None = asked.get("due_on")
    if day < today:
        faults.append(FieldError("/effective_on", "past", say("This day is over. From which day on does it hold?")))
    if due_on is not None and due_on < day:
        early = say("Nobody can be asked to read it by a day on which it does not hold yet.")
        faults.append(FieldError("/due_on", "before_effective", early))
    if faults:
        raise invalid(faults)


def _audience_on(session: Session, revision: Revision, terms: Mapping[str, Any], day: date, at: datetime) -> int:
    """How many it is meant for as that day begins, as far as is known now."""
    begins = max(calendar_of(session, revision.unit_id).start_of(day), at)
    return len(audience_people(session, terms["audience"], revision.unit_id, at=begins))


def _come_into_force(
    session: Session,
    revision: Revision,
    asked: Mapping[str, Any],
    terms: Mapping[str, Any],
    told: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> None:
    ready(session, revision, "publish", by=by, at=at)
    before = parts.in_force(session, revision.procedure_id)
    if before is not None and asked["audience_size"]:  # without anybody to know it, the step below is refused
        _supersede(session, before, revision, at=at)
    take(session, revision, "publish", by=by, at=at, asked=asked, changes={**terms, "effective_at": at}, told=told)
    found.keep(session, revision.procedure_id)
    due_on = terms["reading_due_on"]
    if due_on is not None and due_on < _today(session, revision, at):
        due_on = None  # it was chosen for a day on which there was nobody to read
    briefed.open_about(session, subject=revision, by=by, at=at, audience=terms["audience"], share=terms["share"],
                       due_on=due_on)  # fmt: skip
    parts.tell_around(session, revision, "in_force", by=by, at=at)
    if before is not None:
        _review_lessons(session, before, revision, at=at)


def _supersede(session: Session, before: Revision, revision: Revision, *, at: datetime) -> None:
    """A procedure has one text in force; a rule of the database holds that too."""
    take(session, before, "supersede", by=SYSTEM, at=at, changes={"ended_at": at}, told={"by": revision.code})
    briefed.end_about(session, before, at=at)
    parts.settle_behind(session, before, at=at)


def _review_lessons(session: Session, before: Revision, revision: Revision, *, at: datetime) -> None:
    """Proved lessons whose sections were changed now, but not because of them, are due for review."""
    touched = parts.changed_ids(before.sections, revision.sections)
    own = {lesson.id for lesson in briefed.lessons_behind(session, revision)}
    for lesson in _tied_to(session, revision, touched):
        if lesson.id not in own:
            repository.section_changed(session, lesson, revision, at=at)


def _tied_to(session: Session, revision: Revision, touched: frozenset[str]) -> list[Lesson]:
    """Lessons because of which earlier editions changed these sections."""
    rows = session.scalars(sa.select(Revision).where(Revision.procedure_id == revision.procedure_id)).all()
    texts = {row.id: row.sections for row in rows}
    lasted = (RevisionState.EFFECTIVE, RevisionState.SUPERSEDED)
    earlier = [
        row.id
        for row in rows
        if row.id != revision.id
        and row.state in lasted
        and touched & parts.changed_ids(texts.get(row.base_id, []), row.sections)
    ]
    because = sa.select(RevisionLesson.lesson_id).where(RevisionLesson.revision_id.in_(earlier))
    proved = sa.select(Lesson).where(Lesson.id.in_(because), Lesson.state == LessonState.VERIFIED)
    return list(session.scalars(proved.order_by(Lesson.id)))


# ── leave ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def cancel(session: Session, revision: Revision, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Give the draft up; its lessons have one way to people fewer."""
    take(session, revision, "cancel", by=by, at=at, asked=asked, changes={"ended_at": at})
    parts.tell_around(session, revision, "cancelled", by=by, at=at)
    parts.settle_behind(session, revision, at=at)


def withdraw(session: Session, revision: Revision, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Out of force, with nothing in its place but the successor that is named. What rested on it hears of it."""
    successor: Procedure | None = asked.get("successor")
    changes = {"ended_at": at, "successor_id": successor.id if successor else None}
    told = {"successor": successor.code} if successor else {}
    take(session, revision, "withdraw", by=by, at=at, asked=asked, changes=changes, told=told,
         private={"requested_by": asked.get("requested_by")})  # fmt: skip
    found.keep(session, revision.procedure_id)
    briefed.end_about(session, revision, at=at)
    parts.tell_around(session, revision, "withdrawn", by=by, at=at)
    for lesson in briefed.lessons_behind(session, revision):
        repository.revision_withdrawn(session, lesson, revision, at=at)


VERBS = {
    ("revisions", "publish"): publish,
    ("revisions", "cancel"): cancel,
    ("revisions", "withdraw"): withdraw,
}
