"""The parts of an action: what shows that it was done, and the causes that it covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor
from lessons.access.refs import invalid
from lessons.errors import FieldError
from lessons.i18n import Sentence, language_of, say
from lessons.models import Action, ActionCause, Cause, Debrief, Evidence, Finding, Lesson
from lessons.workflow.states import EvidenceKind

WEB = ("http://", "https://")
NEEDS: dict[EvidenceKind, tuple[str, Sentence]] = {
    EvidenceKind.LINK: ("url", say("A link is needed here.")),
    EvidenceKind.FILE: ("file", say("A file is needed here.")),
    EvidenceKind.REVISION: ("revision", say("A procedure revision is needed here, by its code.")),
    EvidenceKind.NOTE: ("note", say("A note is needed here.")),
}


def evidence_of(action: Action, asked: Mapping[str, Any], *, by: Actor, at: datetime, inside: str = "") -> Evidence:
    """The evidence that was described; `inside` is where in the form. Raises Invalid where its kind lacks its own."""
    kind = EvidenceKind(asked["kind"])
    faults = [*_missing(kind, asked, inside), *_foreign(kind, asked, inside), *_wrong(action, asked, inside)]
    if faults:
        raise invalid(faults)
    revision, file = asked.get("revision"), asked.get("file")
    return Evidence(
        action_id=action.id, kind=kind, url=asked.get("url", ""), note=asked.get("note", ""), by_id=by.id,
        revision_id=revision.id if revision else None, attachment_id=file.id if file else None,
        lang=language_of(asked.get("note", ""), action.lang), created_at=at,
    )  # fmt: skip


def _missing(kind: EvidenceKind, asked: Mapping[str, Any], inside: str) -> list[FieldError]:
    field, sentence = NEEDS[kind]
    return [] if asked.get(field) else [FieldError(f"{inside}/{field}", "missing", sentence)]


def _foreign(kind: EvidenceKind, asked: Mapping[str, Any], inside: str) -> list[FieldError]:
    other = say("Evidence is one thing at a time: this field belongs to another kind of evidence.")
    fields = ("url", "file", "revision")
    return [FieldError(f"{inside}/{f}", "other_kind", other) for f in fields if asked.get(f) and f != NEEDS[kind][0]]


def _wrong(action: Action, asked: Mapping[str, Any], inside: str) -> list[FieldError]:
    url, file = asked.get("url", ""), asked.get("file")
    if url and (not url.lower().startswith(WEB) or any(c.isspace() for c in url)):
        return [FieldError(f"{inside}/url", "url", say("A link starts with https:// or http://."))]
    if file is not None and (file.of_noun, file.of_id) != ("actions", action.id):
        return [FieldError(f"{inside}/file", "not_there", say("This file is not attached to the action."))]
    return []


def cover(session: Session, action: Action, causes: Sequence[Cause]) -> None:
    """The action covers these causes and no others."""
    session.execute(sa.delete(ActionCause).where(ActionCause.action_id == action.id))
    for cause_id in dict.fromkeys(cause.id for cause in causes):
        session.add(ActionCause(action_id=action.id, cause_id=cause_id))
    session.flush()


def check_causes(session: Session, parent: Any, causes: Sequence[Cause]) -> None:
    """Causes are those of the action's own debrief, or of the debrief of its lesson. Raises Invalid."""
    debrief_id = parent.id if isinstance(parent, Debrief) else parent.debrief_id
    ids = sa.select(Cause.id).join(Finding, Finding.id == Cause.finding_id).where(Finding.debrief_id == debrief_id)
    known = set(session.scalars(ids)) if causes else set()
    foreign = say("This cause belongs to another debrief.")
    faults = [FieldError(f"/covers/{n}", "not_there", foreign) for n, c in enumerate(causes) if c.id not in known]
    if faults:
        raise invalid(faults)


def parent_of(session: Session, action: Action) -> Lesson | Debrief:
    if action.lesson_id is not None:
        return session.get_one(Lesson, action.lesson_id)
    return session.get_one(Debrief, action.debrief_id)
