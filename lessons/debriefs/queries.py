"""Reads of debriefs: lists with filters, and one debrief with its parts, as far as the reader may see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, facts, tree, visible_to
from lessons.access.listing import USUAL, Order, Page, containing, page
from lessons.access.named import people_by_id
from lessons.access.visible import view_of
from lessons.models import (
    Action,
    Attachment,
    Cause,
    Debrief,
    Extension,
    Fact,
    Finding,
    Lesson,
    Person,
    Unit,
)
from lessons.workflow.states import DebriefState

NEWEST = Order(backwards=True)


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to. A unit counts with everything below it."""

    states: Sequence[str] = ()
    unit: Unit | None = None
    kind: str = ""
    severity: int | None = None
    q: str = ""


@dataclass(frozen=True)
class Listed:
    debrief: Debrief
    leader: Person | None
    unit: Unit
    header_only: bool


def debriefs(
    session: Session, wanted: Wanted, *, by: Actor, at: datetime, limit: int = USUAL, cursor: str | None = None
) -> Page[Listed]:
    """The debriefs that this person may know of, the newest first."""
    where = [visible_to(session, "debriefs", by), *_narrowed(session, wanted)]
    found = page(session, Debrief, where, NEWEST, limit=limit, cursor=cursor)
    known = facts(session, found.items, by=by, at=at) if found.items else []
    people = people_by_id(session, (row.leader_id for row in found.items))
    units = tree(session).units
    return Page(
        [
            Listed(row, people.get(row.leader_id or 0), units[row.unit_id], view_of(row, one.relations) == "header")
            for row, one in zip(found.items, known, strict=True)
        ],
        found.next,
    )


def _narrowed(session: Session, wanted: Wanted) -> Iterable[Any]:
    if wanted.states:
        yield Debrief.state.in_(wanted.states)
    else:  # what came in by an import that was taken back is no report that somebody declined
        yield sa.or_(Debrief.state != DebriefState.DECLINED, sa.not_(Debrief.imported_from.startswith("import:")))
    if wanted.unit is not None:
        yield Debrief.unit_id.in_(sorted(tree(session).below[wanted.unit.id]))
    if wanted.kind:
        yield Debrief.kind == wanted.kind
    if wanted.severity is not None:
        yield Debrief.severity == wanted.severity
    if wanted.q:
        # the words of a confidential one are not searched: its header alone may be open to the reader
        open_words = sa.and_(sa.not_(Debrief.confidential), containing(wanted.q, Debrief.title, Debrief.what_happened))
        yield sa.or_(Debrief.code.icontains(wanted.q, autoescape=True), open_words)


@dataclass
class Inquiry:
    """One debrief with its parts, in order. `view` is full, header or reporter: see view_of."""

    debrief: Debrief
    view: str
    unit: Unit
    people: dict[int, Person]
    facts: Sequence[Fact] = ()
    findings: Sequence[Finding] = ()
    causes: dict[int, list[Cause]] = field(default_factory=dict)
    lessons: Sequence[Lesson] = ()
    actions: Sequence[Action] = ()
    participants: Sequence[Person] = ()
    named: Sequence[Person] = ()
    attachments: Sequence[Attachment] = ()
    extension: Extension | None = None
    merged_into: Debrief | None = None

    def person(self, person_id: int | None) -> Person | None:
        return self.people.get(person_id or 0)


def inquiry(session: Session, debrief: Debrief, *, by: Actor, at: datetime) -> Inquiry:
    """Everything that this person may read of it, with a fixed number of queries."""
    known = facts(session, [debrief], by=by, at=at)[0]
    view = view_of(debrief, known.relations)
    found = Inquiry(debrief, view, tree(session).units[debrief.unit_id], {})
    ids = [debrief.leader_id, debrief.reviewer_id, debrief.reporter_id]
    if debrief.merged_into_id:
        there = sa.and_(Debrief.id == debrief.merged_into_id, visible_to(session, "debriefs", by))
        found.merged_into = session.scalars(sa.select(Debrief).where(there)).first()
    if view == "full":
        _fill_in(session, found, by)
    if view != "header":
        seen = sa.and_(Lesson.debrief_id == debrief.id, visible_to(session, "lessons", by))
        found.lessons = session.scalars(sa.select(Lesson).where(seen).order_by(Lesson.id)).all()
    ids += [row.owner_id for row in (*found.lessons, *found.actions)] + [file.by_id for file in found.attachments]
    parts = {part: known.people.get(part, ()) if view == "full" else () for part in ("participant", "named")}
    found.people = people_by_id(session, [*ids, *parts["participant"], *parts["named"]])
    found.participants, found.named = (
        sorted((found.people[one] for one in ids), key=lambda person: person.name) for ids in parts.values()
    )
    return found


def _fill_in(session: Session, found: Inquiry, by: Actor) -> None:
    own = found.debrief.id

    def parts(model: Any, *order: Any) -> Sequence[Any]:
        return session.scalars(sa.select(model).where(model.debrief_id == own).order_by(*order)).all()

    found.facts = parts(Fact, Fact.at, Fact.id)
    found.findings = parts(Finding, Finding.n)
    seen = sa.and_(Action.debrief_id == own, visible_to(session, "actions", by))
    found.actions = session.scalars(sa.select(Action).where(seen).order_by(Action.due_on, Action.id)).all()
    of = sa.select(Cause).where(Cause.finding_id.in_([finding.id for finding in found.findings])).order_by(Cause.id)
    for cause in session.scalars(of):
        found.causes.setdefault(cause.finding_id, []).append(cause)
    mine = {"of_noun": "debriefs", "of_id": own}
    found.attachments = session.scalars(sa.select(Attachment).filter_by(**mine).order_by(Attachment.id)).all()
    found.extension = session.scalars(sa.select(Extension).filter_by(**mine, state="asked")).first()
