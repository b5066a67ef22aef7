"""A revision on paper, with change marks against the text it was drafted from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from exports.paper import Block, Paper, Part
from lessons.access import Actor
from lessons.access.named import people_by_id
from lessons.differences import Run
from lessons.i18n import say
from lessons.models import Procedure, Revision
from lessons.procedures import queries
from lessons.procedures.differences import Compared
from lessons.web.paper import Pen
from lessons.workflow.sections import text

SORT = say("Procedure revision")
MARKS = say("Bold and underlined is new; struck through is gone. A bar stands beside what changed.")
KINDS = {"changed": say("changed"), "added": say("new"), "removed": say("gone")}


def paper(session: Session, revision: Revision, *, by: Actor, at: datetime, locale: str) -> Paper:
    """The whole text in its order, what is gone where it stood."""
    pen = Pen(session, by, at, locale)
    procedure = session.get_one(Procedure, revision.procedure_id)
    return pen.paper(SORT, revision, (procedure.title, revision.lang), _parts(pen, revision, procedure))


def _parts(pen: Pen, revision: Revision, procedure: Procedure) -> Iterator[list[Part]]:
    yield pen.part(say("At a glance"), pen.facts(_glance(pen, revision, procedure)))
    lessons = ((one.code, (one.title, one.lang)) for one, _ in queries.because_of(pen.session, revision, pen.by))
    yield pen.part(say("Because of"), pen.table(((say("Code"), 18), (say("Lesson"), 82)), lessons))
    first = revision.base_id is None
    if first:
        for section in revision.sections:
            yield pen.part((section["heading"], revision.lang), pen.text(text(section), revision.lang))
        return
    yield pen.part(say("What changed"), pen.text(pen.word(MARKS), pen.locale))
    for one in queries.changes(pen.session, revision):
        yield _section(pen, revision, one)


def _section(pen: Pen, revision: Revision, one: Compared) -> list[Part]:
    heading = "".join(run.text for run in one.heading if run.op != "del") or "".join(run.text for run in one.heading)
    changed = one.kind != "same"
    note = KINDS.get(one.kind) or (say("moved") if one.moved else "")
    body = _runs(one.body, revision.lang)
    is_renamed = one.kind == "changed" and any(run.op != "same" for run in one.heading)
    renamed = _runs(one.heading, revision.lang) if is_renamed else []
    return pen.part((heading, revision.lang), renamed, body, note=note, marked=changed or one.moved)


def _runs(runs: Sequence[Run], lang: str) -> list[Block]:
    if not runs:
        return []
    return [Block(kind="changes", rows=tuple(((run.text, lang),) for run in runs), marks=tuple(run.op for run in runs))]


def _glance(pen: Pen, revision: Revision, procedure: Procedure) -> Iterator[tuple[Any, Any]]:
    people = people_by_id(pen.session, [revision.approved_by_id, revision.money_approved_by_id])
    yield say("Procedure"), procedure.code
    yield say("Edition"), revision.number
    yield say("Summary"), (revision.summary, revision.lang)
    yield say("Written by"), pen.names(queries.editors(pen.session, revision))
    yield say("Sums approved by"), people.get(revision.money_approved_by_id or 0)
    yield say("Approved by"), people.get(revision.approved_by_id or 0)
    yield say("Approved"), revision.approved_at
    yield say("In force from"), revision.effective_on
    yield say("Ended"), revision.ended_at
