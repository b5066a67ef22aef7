"""Keeps the search index in step with procedures, in the same transaction: the text in force and no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, visible_to
from lessons.models import Procedure, Revision
from lessons.search import index
from lessons.search.entries import Entry
from lessons.workflow.sections import text
from lessons.workflow.sections import words as words_of
from lessons.workflow.states import RevisionState

NOUN = "procedure"
IN_FORCE = Revision.state == RevisionState.EFFECTIVE


@dataclass(frozen=True)
class InForce:
    """A procedure with its revision in force."""

    procedure: Procedure
    revision: Revision


def keep(session: Session, procedure_id: int) -> None:
    """Found by the text in force, else not found."""
    session.flush()
    index.keep(session, NOUN, [procedure_id], entries(session, [procedure_id]))


# ── as every kind that is searched ───────────────────────────────────────────────────────────────────────────────────
def wanted() -> Any:
    return sa.select(Revision.procedure_id).where(IN_FORCE).order_by(Revision.procedure_id)


def readable(session: Session, by: Actor, at: datetime | None = None) -> Any:  # noqa: ARG001 - asked as of every kind
    return sa.select(Procedure.id).where(visible_to(session, "procedures", by))


def rows(session: Session, ids: Sequence[int]) -> dict[int, InForce]:
    both = sa.select(Procedure, Revision).join(Revision, Revision.procedure_id == Procedure.id)
    found = session.execute(both.where(Procedure.id.in_(ids), IN_FORCE).order_by(Procedure.id))
    return {procedure.id or 0: InForce(procedure, revision) for procedure, revision in found}


def words(row: InForce) -> tuple[str, str]:
    return row.procedure.title, "\n".join(map(text, row.revision.sections))


def entries(session: Session, ids: Sequence[int]) -> Iterator[Entry]:
    return map(_entry, rows(session, ids).values())


def _entry(one: InForce) -> Entry:
    parts = [said for heading, words in words_of(one.revision.sections).values() for said in (heading, words)]
    body = "\n".join([*parts, one.procedure.code])
    return Entry(NOUN, one.procedure.id or 0, one.procedure.lang, one.procedure.title, body)
