"""Loads what guards look at, for one row or a hundred of a noun by the same number of queries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons import db
from lessons.access.actor import Actor
from lessons.access.facts_actions import actions
from lessons.access.facts_briefings import briefings
from lessons.access.facts_debriefs import debriefs
from lessons.access.facts_lessons import lessons
from lessons.access.facts_news import news
from lessons.access.facts_procedures import procedures, revisions
from lessons.access.facts_questions import questions
from lessons.access.facts_sentences import sentences
from lessons.access.facts_shared import Ground
from lessons.access.facts_verifications import verifications

_LOADERS: dict[str, Callable[[Ground], Sequence[Any]]] = {
    "debriefs": debriefs,
    "lessons": lessons,
    "actions": actions,
    "procedures": procedures,
    "revisions": revisions,
    "verifications": verifications,
    "briefings": briefings,
    "news": news,
    "questions": questions,
    "sentences": sentences,
}

# how many an approved revision is meant for is counted only then: what was read a state before does not hold
BY_STATE = frozenset({"revisions"})


def facts(session: Session, rows: Sequence[Any], *, by: Actor, at: datetime) -> list[Any]:
    """The facts of each row, in the order of rows; all of them are of one noun and stand in the database. They are read
    once, and again after anything was written."""
    known = db.held(session, "facts")
    keys = [(row.noun, row.id, by.kind, by.id, at) for row in rows]
    new = {key: row for key, row in zip(keys, rows, strict=True) if key not in known}
    known.update(zip(new, _read(session, list(new.values()), by, at), strict=True))
    return [known[key] for key in keys]


def forget_facts(session: Session) -> None:
    """Where others may have written meanwhile."""
    db.note_written(session)


def _read(session: Session, rows: Sequence[Any], by: Actor, at: datetime) -> list[Any]:
    return list(_LOADERS[rows[0].noun](Ground(session, rows, by, at))) if rows else []
