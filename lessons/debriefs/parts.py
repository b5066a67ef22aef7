"""The parts of an inquiry: facts, findings, causes. The leader writes and removes them while investigating."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor
from lessons.access.refs import invalid
from lessons.access.visible import answered_findings, whole_debriefs
from lessons.errors import FieldError, NotFound
from lessons.i18n import language_of, say
from lessons.models import Cause, Debrief, Fact, Finding, Lesson
from lessons.steps import take
from lessons.workflow import asks

FORMS = {
    "facts": (asks.Fact, asks.EditFact),
    "findings": (asks.Finding, asks.EditFinding),
    "causes": (asks.Cause, asks.EditCause),
}
P = TypeVar("P", Fact, Finding, Cause)
MODELS: dict[str, Any] = {"facts": Fact, "findings": Finding, "causes": Cause}


def add_fact(session: Session, debrief: Debrief, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Fact:
    fact = Fact(debrief_id=debrief.id, lang=language_of(asked["text"], debrief.lang), created_at=at, **asked)
    return _added(session, debrief, fact, by=by, at=at)


def add_finding(session: Session, debrief: Debrief, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Finding:
    last = session.scalar(sa.select(sa.func.max(Finding.n)).where(Finding.debrief_id == debrief.id)) or 0
    lang = language_of(asked["text"], debrief.lang)
    given = {"direction": "improve", **asked}
    return _added(
        session, debrief, Finding(debrief_id=debrief.id, n=last + 1, lang=lang, created_at=at, **given), by=by, at=at
    )


def add_cause(session: Session, finding: Finding, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Cause:
    debrief = session.get_one(Debrief, finding.debrief_id)
    values = _cause_values(finding, asked, by, at)
    lang = language_of(asked["text"], debrief.lang)
    cause = Cause(finding_id=finding.id, lang=lang, created_at=at, **{"kind": "system", **values})
    return _added(session, debrief, cause, by=by, at=at)


def _cause_values(finding: Finding, asked: Mapping[str, Any], by: Actor, at: datetime) -> dict[str, Any]:
    values = {name: value for name, value in asked.items() if name not in ("parent", "no_action")}
    parent: Cause | None = asked.get("parent")
    if parent is not None and parent.finding_id != finding.id:
        raise invalid([FieldError("/parent", "not_there", say("This cause belongs to another finding."))])
    if "parent" in asked:
        values["parent_id"] = parent.id if parent else None
    if asked.get("no_action"):
        values |= {"no_action_reason": asked["no_action"]["reason"], "no_action_by_id": by.id, "no_action_at": at}
    return values


def _added(session: Session, debrief: Debrief, part: P, *, by: Actor, at: datetime) -> P:
    told = {"part": part.noun, "id": part.pid, "what": "added"}
    take(session, debrief, "edit", by=by, at=at, told=told, after=lambda: session.add(part))
    session.flush()
    return part


def change(session: Session, part: Any, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Change a fact, a finding or a cause."""
    debrief = debrief_of(session, part)
    values = dict(asked)
    if isinstance(part, Cause):
        values = _cause_values(session.get_one(Finding, part.finding_id), asked, by, at)
        _refuse_circle(session, part, values.get("parent_id"))

    def changed() -> None:
        for name, value in values.items():
            if value is not None or name in ("at", "parent_id"):
                setattr(part, name, value)
        session.add(part)

    told = {"part": part.noun, "id": part.pid, "what": "changed", "fields": sorted(values)}
    take(session, debrief, "edit", by=by, at=at, told=told, after=changed)


def _refuse_circle(session: Session, cause: Cause, parent_id: int | None) -> None:
    here = parent_id
    while here is not None:
        if here == cause.id:
            raise invalid([FieldError("/parent", "circle", say("A cause cannot be its own cause."))])
        here = session.get_one(Cause, here).parent_id


def remove(session: Session, part: Any, *, by: Actor, at: datetime) -> None:
    """Take a part out while the debrief is investigated; a finding goes with its causes, never with its lessons."""
    debrief = debrief_of(session, part)
    answered = sa.select(Lesson.id).where(Lesson.finding_id == part.id).limit(1)
    if isinstance(part, Finding) and session.scalar(answered):
        raise invalid([FieldError("", "in_use", say("A lesson answers this finding, so the finding stays."))])

    def removed() -> None:
        if isinstance(part, Finding):
            session.execute(sa.update(Cause).where(Cause.finding_id == part.id).values(parent_id=None))
            session.execute(sa.delete(Cause).where(Cause.finding_id == part.id))
        if isinstance(part, Cause):
            session.execute(sa.update(Cause).where(Cause.parent_id == part.id).values(parent_id=part.parent_id))
        session.delete(part)

    take(
        session,
        debrief,
        "edit",
        by=by,
        at=at,
        told={"part": part.noun, "id": part.pid, "what": "removed"},
        after=removed,
    )


def waive(session: Session, cause: Cause, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """No action is needed about this cause: why, and by whom. By the leader while it is investigated."""
    change(session, cause, {"no_action": {"reason": asked["reason"]}}, by=by, at=at)


def debrief_of(session: Session, part: Any) -> Debrief:
    if isinstance(part, Cause):
        part = session.get_one(Finding, part.finding_id)
    return session.get_one(Debrief, part.debrief_id)


def is_read(session: Session, part: Any, by: Actor) -> bool:
    """Whether a fact, a finding or a cause is open: with the whole of its debrief, or with a lesson that answers it."""
    own = session.get_one(Finding, part.finding_id) if isinstance(part, Cause) else part
    open_ = sa.and_(Debrief.id == own.debrief_id, whole_debriefs(session, by))
    if session.scalar(sa.select(Debrief.id).where(open_)) is not None:
        return True
    answered = sa.select(Finding.id).where(Finding.id == own.id, Finding.id.in_(answered_findings(by)))
    return isinstance(own, Finding) and session.scalar(answered) is not None


def find(session: Session, noun: str, pid: str) -> Any:
    """A part by its random id. Raises NotFound."""
    known = "\0" not in pid
    found = session.scalars(sa.select(MODELS[noun]).where(MODELS[noun].pid == pid)).first() if known else None
    if found is None:
        raise NotFound(say("This is not there."))
    return found
