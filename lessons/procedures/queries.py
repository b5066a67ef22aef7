"""Reads of procedures and their revisions: lists with filters, one with its editions, and what a revision changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, tree, visible_to
from lessons.access.listing import USUAL, Order, Page, containing, page
from lessons.access.named import called, people_by_id
from lessons.models import Debrief, Duty, Lesson, Person, Procedure, Revision, RevisionEditor, RevisionLesson, Unit
from lessons.procedures.differences import Compared, diff
from lessons.procedures.parts import in_force, open_draft
from lessons.workflow.states import REVISION_DRAFT, RevisionState

ORDERS = {
    "effective": Order(Revision.effective_on),
    "-effective": Order(Revision.effective_on, backwards=True),
    "created": Order(),
    "-created": Order(backwards=True),
}


# ── procedures ───────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class WantedProcedures:
    """What a list is narrowed to; nothing given is nothing narrowed. `lesson` led to a revision of it."""

    unit: Unit | None = None
    owner: Person | None = None
    kind: str = ""
    lesson: Lesson | None = None
    q: str = ""


@dataclass(frozen=True)
class ListedProcedure:
    """A line of a list: with the revision in force, and the draft where the reader may know of it."""

    procedure: Procedure
    owner: Person | None
    in_force: Revision | None
    draft: Revision | None


def procedures(
    session: Session,
    wanted: WantedProcedures | None = None,
    *,
    by: Actor,
    sort: str = "created",
    limit: int = USUAL,
    cursor: str | None = None,
) -> Page[ListedProcedure]:
    """The procedures that this person may see, the oldest first; `-created` turns that round."""
    where = [visible_to(session, "procedures", by), *_narrowed_procedures(session, wanted or WantedProcedures())]
    order = ORDERS["-created"] if sort == "-created" else ORDERS["created"]
    found = page(session, Procedure, where, order, limit=limit, cursor=cursor)
    return Page(listed_procedures(session, found.items, by), found.next)


def _narrowed_procedures(session: Session, wanted: WantedProcedures) -> Iterable[Any]:
    if wanted.unit is not None:
        yield Procedure.unit_id.in_(sorted(tree(session).below[wanted.unit.id]))
    if wanted.owner is not None:
        yield Procedure.owner_id == wanted.owner.id
    if wanted.kind:
        yield Procedure.policy_kind == wanted.kind
    if wanted.lesson is not None:
        its = sa.select(Revision.procedure_id).join(RevisionLesson, RevisionLesson.revision_id == Revision.id)
        yield Procedure.id.in_(its.where(RevisionLesson.lesson_id == wanted.lesson.id))
    yield containing(wanted.q, Procedure.code, Procedure.title)


def listed_procedures(session: Session, rows: Sequence[Procedure], by: Actor) -> list[ListedProcedure]:
    """Lines of these procedures, in their order: two queries, however many."""
    owners = people_by_id(session, (row.owner_id for row in rows))
    current = session.scalars(
        sa.select(Revision).where(
            Revision.procedure_id.in_([row.id for row in rows]),
            Revision.state.in_([RevisionState.EFFECTIVE, *REVISION_DRAFT]),
            visible_to(session, "revisions", by),
        )
    ).all()
    force = {row.procedure_id: row for row in current if row.state == RevisionState.EFFECTIVE}
    drafts = {row.procedure_id: row for row in current if row.state in REVISION_DRAFT}
    return [
        ListedProcedure(row, owners.get(row.owner_id or 0), force.get(row.id or 0), drafts.get(row.id or 0))
        for row in rows
    ]


def one(session: Session, code: str, by: Actor) -> Procedure:
    """The procedure with this code. Raises NotFound where there is none that the person may see."""
    return called(session, Procedure, code, by=by)


def one_revision(session: Session, code: str, by: Actor) -> Revision:
    """The revision with this code. Raises NotFound where there is none that the person may see."""
    return called(session, Revision, code, by=by)


def editions(session: Session, procedure: Procedure, by: Actor) -> Sequence[Revision]:
    """Its revisions that this person may see, the newest first."""
    return session.scalars(
        sa.select(Revision)
        .where(Revision.procedure_id == procedure.id, visible_to(session, "revisions", by))
        .order_by(Revision.id.desc())
    ).all()


def before(editions: Sequence[Revision], moment: datetime) -> Revision | None:
    """The edition that was in force just before a moment, None where none was."""
    began = (row for row in editions if row.effective_at is not None and row.effective_at < moment)
    return next((row for row in began if row.ended_at is None or row.ended_at >= moment), None)


# ── revisions ────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Wanted:
    """What a list of revisions is narrowed to. `owner` owns the procedure or edits the draft."""

    states: Sequence[str] = ()
    unit: Unit | None = None
    owner: Person | None = None
    overdue: bool | None = None
    procedure: Procedure | None = None
    lesson: Lesson | None = None
    debrief: Debrief | None = None
    kind: str = ""
    q: str = ""


@dataclass(frozen=True)
class Listed:
    """A line of a list of revisions."""

    revision: Revision
    procedure: Procedure
    editor: Person | None
    overdue: bool


def revisions(
    session: Session,
    wanted: Wanted | None = None,
    *,
    by: Actor,
    at: datetime,
    sort: str = "-created",
    limit: int = USUAL,
    cursor: str | None = None,
) -> Page[Listed]:
    """The revisions that this person may see, the newest first."""
    where = [visible_to(session, "revisions", by), *_narrowed(session, wanted or Wanted(), at)]
    found = page(session, Revision, where, ORDERS.get(sort, ORDERS["-created"]), limit=limit, cursor=cursor)
    return Page(listed(session, found.items, at=at), found.next)


def _narrowed(session: Session, wanted: Wanted, at: datetime) -> Iterable[Any]:
    if wanted.states:
        yield Revision.state.in_(wanted.states)
    if wanted.unit is not None:
        yield Revision.unit_id.in_(sorted(tree(session).below[wanted.unit.id]))
    if wanted.overdue is not None:
        late = Revision.id.in_(_late(at))
        yield late if wanted.overdue else sa.not_(late)
    if wanted.procedure is not None:
        yield Revision.procedure_id == wanted.procedure.id
    yield from _narrowed_around(wanted)


def _narrowed_around(wanted: Wanted) -> Iterable[Any]:
    """By the procedure that they are of, and the lessons because of which they were written."""
    of = sa.select(Procedure.id)
    if wanted.owner is not None:
        owned = of.where(Procedure.owner_id == wanted.owner.id)
        yield sa.or_(Revision.procedure_id.in_(owned), Revision.editor_id == wanted.owner.id)
    if wanted.kind:
        yield Revision.procedure_id.in_(of.where(Procedure.policy_kind == wanted.kind))
    because = sa.select(RevisionLesson.revision_id).join(Lesson, Lesson.id == RevisionLesson.lesson_id)
    if wanted.lesson is not None:
        yield Revision.id.in_(because.where(Lesson.id == wanted.lesson.id))
    if wanted.debrief is not None:
        yield Revision.id.in_(because.where(Lesson.debrief_id == wanted.debrief.id))
    if wanted.q:
        title = sa.select(Procedure.title).where(Procedure.id == Revision.procedure_id).scalar_subquery()
        yield containing(wanted.q, Revision.code, Revision.summary, title)


def _late(at: datetime) -> Any:
    """Ids of those on which something is owed since longer than was promised."""
    return sa.select(Duty.of_id).where(Duty.of_noun == "revisions", Duty.closed_at.is_(None), Duty.due_at <= at)


def listed(session: Session, rows: Sequence[Revision], *, at: datetime) -> list[Listed]:
    """Lines of these revisions, in their order: three queries, however many."""
    late = set(session.scalars(_late(at).where(Duty.of_id.in_([row.id for row in rows]))))
    editors = people_by_id(session, (row.editor_id for row in rows))
    ids = sorted({row.procedure_id for row in rows})
    of = {row.id: row for row in session.scalars(sa.select(Procedure).where(Procedure.id.in_(ids)))}
    return [Listed(row, of[row.procedure_id], editors.get(row.editor_id or 0), row.id in late) for row in rows]


def editors(session: Session, revision: Revision) -> Sequence[Person]:
    """Everybody who edited it, by name."""
    return session.scalars(
        sa.select(Person)
        .join(RevisionEditor, RevisionEditor.person_id == Person.id)
        .where(RevisionEditor.revision_id == revision.id)
        .order_by(Person.name, Person.id)
    ).all()


def because_of(session: Session, revision: Revision, by: Actor) -> list[tuple[Lesson, int]]:
    """The lessons because of which it was written, as far as the reader may know of them, each with its cycle then."""
    rows = session.execute(
        sa.select(Lesson, RevisionLesson.cycle)
        .join(RevisionLesson, RevisionLesson.lesson_id == Lesson.id)
        .where(RevisionLesson.revision_id == revision.id, visible_to(session, "lessons", by))
        .order_by(Lesson.id)
    )
    return [(lesson, cycle) for lesson, cycle in rows]


def changes(session: Session, revision: Revision) -> list[Compared]:
    """What it changed against the text that was in force when it was drafted."""
    base = session.get(Revision, revision.base_id) if revision.base_id else None
    return diff(base.sections if base else [], revision.sections)


__all__ = [
    "Compared", "Listed", "ListedProcedure", "Wanted", "WantedProcedures", "because_of", "changes", "diff",
    "editions", "editors", "in_force", "listed", "listed_procedures", "one", "one_revision", "open_draft",
    "procedures", "revisions",
]  # fmt: skip
