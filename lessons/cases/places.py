"""Places of a CRM and what they lead to: its own category path of up to four levels, or the id of a screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, visible_to
from lessons.access.actor import check_over_all
from lessons.cases.operations import levels
from lessons.debriefs.topics import called
from lessons.errors import FieldError, Invalid, NotFound
from lessons.i18n import Sentence, say
from lessons.models import Case, CrmPlace, Lesson, LessonTopic, Procedure, Topic
from lessons.models.base import random_id
from lessons.repository.successors import in_use
from lessons.workflow.rights import EVERYBODYS, KEEPERS
from lessons.workflow.states import LESSON_PUBLIC

KINDS = ("path", "screen")
LEVELS = 4
NOT_THERE = say("There is no such place.")
NO_TARGET = say("A lesson's or a procedure's code, or a topic's name, is needed: “%(given)s” is none.")


def check(session: Session, by: Actor) -> None:
    """Every desk goes by them. Raises Forbidden."""
    check_over_all(session, by, *KEEPERS, refusal=EVERYBODYS)


def add(session: Session, kind: str, place: str, target: str, *, by: Actor, at: datetime) -> CrmPlace:
    """From now on the place leads there; where it led elsewhere, no more. Raises Forbidden, Invalid."""
    check(session, by)
    key = key_of(kind, place)
    known = session.scalars(sa.select(CrmPlace).where(CrmPlace.kind == kind, CrmPlace.key == key)).first()
    leads = _target(session, target, by)
    made = known or CrmPlace(pid=random_id(), kind=kind, key=key, place=place.strip(), created_at=at)
    made.place = place.strip()
    for name in ("lesson_id", "topic_id", "procedure_id"):
        setattr(made, name, leads.get(name))
    session.add(made)
    session.flush()
    return made


def key_of(kind: str, place: str) -> str:
    """The same path or screen however it was typed. Raises Invalid."""
    if kind not in KINDS:
        raise _wrong("kind", say("A place is a category path or a screen."))
    parts = levels(place) if kind == "path" else [place.strip()]
    if not any(parts):
        raise _wrong("place", say("A category path such as billing/equipment, or a screen's id, is needed."))
    if len(parts) > LEVELS:
        raise _wrong("place", say("A category path has up to %(most)s levels.", most=LEVELS))
    return "/".join(" ".join(one.split()).casefold() for one in parts)[:300]


def _target(session: Session, target: str, by: Actor) -> Mapping[str, int | None]:
    text = target.strip()
    for model, noun, name in ((Lesson, "lessons", "lesson_id"), (Procedure, "procedures", "procedure_id")):
        seen = visible_to(session, noun, by)
        found = session.scalar(sa.select(model.id).where(model.code == text.upper()[:24], seen))
        if found is not None:
            return {name: found}
    topic = session.scalar(called(text)) if text else None
    if topic is None:
        raise _wrong("target", NO_TARGET.with_(given=text[:60]))
    return {"topic_id": topic}


def _wrong(field: str, sentence: Sentence) -> Invalid:
    return Invalid(say("This could not be taken"), [FieldError(f"/{field}", "place", sentence)])


def remove(session: Session, pid: str, *, by: Actor) -> None:
    """Raises Forbidden, NotFound."""
    check(session, by)
    found = session.scalars(sa.select(CrmPlace).where(CrmPlace.pid == pid[:24])).first()
    if found is None:
        raise NotFound(NOT_THERE)
    session.delete(found)


# ── reads ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def all_places(session: Session, *, by: Actor) -> Sequence[Any]:
    """Rows of (place, lesson or None, topic or None, procedure or None)."""
    check(session, by)
    found = (
        sa.select(CrmPlace, Lesson, Topic, Procedure)
        .outerjoin(Lesson, Lesson.id == CrmPlace.lesson_id)
        .outerjoin(Topic, Topic.id == CrmPlace.topic_id)
        .outerjoin(Procedure, Procedure.id == CrmPlace.procedure_id)
    )
    return session.execute(found.order_by(CrmPlace.kind, CrmPlace.key)).all()


def led_to(session: Session, kind: str, place: str, *, by: Actor) -> str:
    """The address that a path, a screen, a card's code or a topic's name leads to; of a path the longest beginning
    that is known. Raises NotFound, Invalid."""
    found = _named(session, kind, place, by) if kind in ("code", "topic") else _mapped(session, kind, place, by)
    if not found:
        raise NotFound(say("The place “%(place)s” of the CRM leads to no card yet.", place=place[:80]))
    return found


def _named(session: Session, kind: str, name: str, by: Actor) -> str:
    if kind == "topic":
        return _of_topic(session, session.scalar(called(name)), by)
    seen = visible_to(session, "lessons", by)
    lesson = session.scalars(sa.select(Lesson).where(Lesson.code == name.strip().upper(), seen)).first()
    return _desk(card=in_use(session, lesson, by=by).code) if lesson else ""


def _mapped(session: Session, kind: str, place: str, by: Actor) -> str:
    key = key_of(kind, "/".join(levels(place)[:LEVELS]) if kind == "path" else place)
    parts = key.split("/")
    keys = ["/".join(parts[:n]) for n in range(len(parts), 0, -1)] if kind == "path" else [key]
    known = sa.select(CrmPlace).where(CrmPlace.kind == kind, CrmPlace.key.in_(keys))
    found = {row.key: row for row in session.scalars(known)}
    return next((address for one in keys if one in found and (address := _address(session, found[one], by))), "")


def _address(session: Session, place: CrmPlace, by: Actor) -> str:
    if place.lesson_id:
        lesson = session.get(Lesson, place.lesson_id)
        return _desk(card=in_use(session, lesson, by=by).code) if lesson else ""
    if place.procedure_id:
        procedure = session.get(Procedure, place.procedure_id)
        return f"/procedures/{procedure.code}" if procedure else ""
    return _of_topic(session, place.topic_id, by)


def _of_topic(session: Session, topic_id: int | None, by: Actor) -> str:
    """The newest card on it that is in use, the topic's cards beside it."""
    topic = session.get(Topic, topic_id) if topic_id else None
    if topic is None:
        return ""
    newest = (
        sa.select(Lesson.code)
        .join(LessonTopic, LessonTopic.lesson_id == Lesson.id)
        .where(LessonTopic.topic_id == topic.id, Lesson.state.in_(LESSON_PUBLIC), visible_to(session, "lessons", by))
        .order_by(Lesson.accepted_at.desc(), Lesson.id.desc())
    )
    code = session.scalar(newest.limit(1))
    return _desk(q=topic.name, card=code) if code else _desk(q=topic.name)


def _desk(**args: str) -> str:
    return f"/desk?{urlencode(args)}"


def category_of(session: Session, case: Case, lesson: Lesson) -> str:
    """The CRM's category that the card stands for: the lesson's own, else one of its topics'; else the case's."""
    topics = sa.select(LessonTopic.topic_id).where(LessonTopic.lesson_id == lesson.id)
    mine = sa.or_(CrmPlace.lesson_id == lesson.id, CrmPlace.topic_id.in_(topics))
    found = sa.select(CrmPlace.place).where(CrmPlace.kind == "path", mine)
    known = session.scalar(found.order_by(CrmPlace.lesson_id.is_(None), CrmPlace.id).limit(1))
    return str(known or case.category)
