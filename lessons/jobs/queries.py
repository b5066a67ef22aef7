"""Reads of long work: one's own alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, visible_to
from lessons.errors import NotFound
from lessons.i18n import Sentence, Word, say
from lessons.models import Job
from lessons.workflow.states import JobState

NOT_THERE = say("There is no such thing here, or it is somebody else’s.")
MOST = 50


def mine(session: Session, by: Actor) -> Sequence[Job]:
    """The newest."""
    return session.scalars(_mine(session, by).order_by(Job.id.desc()).limit(MOST)).all()


def under_way(session: Session, by: Actor) -> Sequence[Job]:
    open_ = Job.state.in_((JobState.WAITING, JobState.RUNNING))
    return session.scalars(_mine(session, by).where(open_).order_by(Job.id)).all()


def one(session: Session, pid: str, *, by: Actor) -> Job:
    """Raises NotFound."""
    found: Job | None = session.scalars(_mine(session, by).where(Job.pid == pid[:24].replace("\0", ""))).first()
    if found is None:
        raise NotFound(NOT_THERE)
    return found


def _mine(session: Session, by: Actor) -> Any:
    return sa.select(Job).where(Job.person_id == by.id, visible_to(session, Job.noun, by))


# ── a sentence in a row ──────────────────────────────────────────────────────────────────────────────────────────────
def kept(one: Sentence) -> dict[str, Any]:
    """A sentence as JSON, not yet in a language."""
    params = {name: _kept(value) for name, value in one.params.items()}
    return {"text": one.text, "params": params, "plural": one.plural, "n": one.n}


def _kept(value: Any) -> Any:
    if isinstance(value, Sentence):
        return kept(value)
    if isinstance(value, Word):
        return {"context": value.context, "value": value.value}
    return value


def sentence(told: Mapping[str, Any]) -> Sentence | None:
    """What was kept; None where nothing was."""
    if not told:
        return None
    params = {name: _said(value) for name, value in told["params"].items()}
    return Sentence(told["text"], params, told["plural"], told["n"])


def _said(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return Word(value["context"], value["value"]) if "context" in value else sentence(value)
