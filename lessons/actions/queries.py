"""Reads of actions: lists with filters, one action with its evidence, dates and causes, what a lesson shows of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm
from sqlmodel import Session

from lessons.access import Actor, tree, visible_to
from lessons.access.listing import USUAL, Order, Page, containing, over, page
from lessons.access.named import called, people_by_id
from lessons.access.numbers import calendar_of, policy_of
from lessons.models import (
    Action,
    ActionCause,
    Attachment,
    Cause,
    Debrief,
    DueChange,
    Evidence,
    Extension,
    Lesson,
    Person,
    Revision,
    Unit,
)
from lessons.workflow.states import ActionState

DOING = (ActionState.ASSIGNED, ActionState.IN_PROGRESS, ActionState.BLOCKED)
UNKNOWN_SEVERITY = 2
ORDERS = {
    "due": Order(Action.due_on),
    "-due": Order(Action.due_on, backwards=True),
    "created": Order(),
    "-created": Order(backwards=True),
}


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; nothing given is nothing narrowed. A unit counts with everything below it."""

    states: Sequence[str] = ()
    unit: Unit | None = None
    owner: Person | None = None
    overdue: bool | None = None
    lesson: Lesson | None = None
    debrief: Debrief | None = None
    kind: str = ""
    severity: int | None = None
    q: str = ""


@dataclass(frozen=True)
class Parent:
    """The lesson or debrief that an action hangs on, as far as the reader may know of it."""

    noun: str
    code: str
    title: str


@dataclass(frozen=True)
class Listed:
    """A line of a list."""

    action: Action
    owner: Person | None
    of: Parent | None
    overdue: bool


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def actions(
    session: Session,
    wanted: Wanted | None = None,
    *,
    by: Actor,
    at: datetime,
    sort: str = "due",
    limit: int = USUAL,
    cursor: str | None = None,
) -> Page[Listed]:
    """The actions that this person may see, soonest date first, those without a date last."""
    wanted = wanted or Wanted()
    where = [visible_to(session, "actions", by), *_narrowed(session, wanted, at)]
    order = ORDERS.get(sort, ORDERS["due"])
    found = page(session, Action, where, order, states=wanted.states, limit=limit, cursor=cursor)
    return Page(listed(session, found.items, by=by, at=at), found.next)


def _narrowed(session: Session, wanted: Wanted, at: datetime) -> list[Any]:
    where: list[Any] = []
    if wanted.unit is not None:
        where.append(Action.unit_id.in_(sorted(tree(session).below[wanted.unit.id])))
    if wanted.owner is not None:
        where.append(Action.owner_id == wanted.owner.id)
    if wanted.overdue is not None:
        late = is_late(session, at)
        where.append(late if wanted.overdue else sa.not_(late))
    if wanted.kind:
        where.append(Action.kind == wanted.kind)
    return [*where, *_of(wanted), containing(wanted.q, Action.code, Action.text, Action.done_when)]


def _of(wanted: Wanted) -> Iterable[Any]:
    """Criteria on the lesson or debrief that they hang on. Of a debrief: its own and those of its lessons."""
    if wanted.lesson is not None:
        yield Action.lesson_id == wanted.lesson.id
    if wanted.debrief is not None:
        its = sa.select(Lesson.id).where(Lesson.debrief_id == wanted.debrief.id)
        yield sa.or_(Action.debrief_id == wanted.debrief.id, Action.lesson_id.in_(its))
    if wanted.severity is not None:
        grave = [
            sa.select(m.id).where(sa.func.coalesce(m.severity, UNKNOWN_SEVERITY) == wanted.severity)
            for m in (Lesson, Debrief)
        ]
        yield sa.or_(Action.lesson_id.in_(grave[0]), Action.debrief_id.in_(grave[1]))


def is_late(session: Session, at: datetime) -> Any:
    """The criterion that an action is overdue: still to be done, its day over in its unit's zone."""
    return sa.and_(
        Action.state.in_(DOING), Action.due_on.is_not(None), over(session, Action.unit_id, Action.due_on, at=at)
    )


def overdue(session: Session, action: Action, at: datetime) -> bool:
    today = tree(session).today(action.unit_id, at)
    return action.state in DOING and action.due_on is not None and action.due_on < today


def listed(session: Session, rows: Sequence[Action], *, by: Actor, at: datetime) -> list[Listed]:
    """Lines of these actions, in their order: three queries, however many."""
    owners = people_by_id(session, (row.owner_id for row in rows))
    parents = {
        **_parents(session, Lesson, "lesson_id", rows, by),
        **_parents(session, Debrief, "debrief_id", rows, by),
    }
    return [
        Listed(
            row,
            owners.get(row.owner_id or 0),
            parents.get(("lessons", row.lesson_id)) or parents.get(("debriefs", row.debrief_id)),
            overdue(session, row, at),
        )
        for row in rows
    ]


def _parents(
    session: Session, model: Any, column: str, rows: Sequence[Action], by: Actor
) -> dict[tuple[str, int | None], Parent]:
    ids = {getattr(row, column) for row in rows} - {None}
    # lists are read over shoulders: a confidential debrief is named by its code alone
    title = sa.case((Debrief.confidential, ""), else_=Debrief.title) if model is Debrief else model.title
    found = session.execute(
        sa.select(model.id, model.code, title).where(model.id.in_(sorted(ids)), visible_to(session, model.noun, by))
    )
    return {(model.noun, row_id): Parent(model.noun, code, text) for row_id, code, text in found}


def of_lessons(session: Session, lesson_ids: Sequence[int]) -> dict[int, list[Action]]:
    """By lesson, every action that hangs on it, oldest first: the one line that its readers see, with or without the
    right to open the action."""
    rows = session.scalars(sa.select(Action).where(Action.lesson_id.in_(list(lesson_ids))).order_by(Action.id))
    found: dict[int, list[Action]] = {lesson_id: [] for lesson_id in lesson_ids}
    for row in rows:
        found[row.lesson_id].append(row)
    return found


# ── one ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
def one(session: Session, code: str, by: Actor) -> Action:
    """The action with this code. Raises NotFound where there is none that the person may see."""
    return called(session, Action, code, by=by)


@dataclass(frozen=True)
class Shown:
    """A piece of evidence with what it points to and whose it is."""

    evidence: Evidence
    by: Person | None
    revision_code: str | None
    file: Attachment | None


@dataclass(frozen=True)
class Moved:
    """A line in the history of dates, and by whom."""

    line: DueChange
    by: Person | None


@dataclass(frozen=True)
class Asked:
    """A request for another date: by whom, and who decided it."""

    extension: Extension
    by: Person | None
    decided_by: Person | None


def evidence(session: Session, action: Action, by: Actor) -> list[Shown]:
    """What shows that it was done, oldest first; a revision's code where the reader may know of it."""
    seen = sa.and_(Revision.id == Evidence.revision_id, visible_to(session, "revisions", by))
    rows = session.execute(
        sa.select(Evidence, Person, Revision.code, Attachment)
        .join(Person, Person.id == Evidence.by_id, isouter=True)
        .join(Revision, seen, isouter=True)
        .join(Attachment, Attachment.id == Evidence.attachment_id, isouter=True)
        .where(Evidence.action_id == action.id)
        .order_by(Evidence.id)
    )
    return [Shown(*row) for row in rows]


def dates(session: Session, action: Action) -> list[Moved]:
    """The history of its due dates, from the first on."""
    rows = session.execute(
        sa.select(DueChange, Person)
        .join(Person, Person.id == DueChange.person_id, isouter=True)
        .where(DueChange.noun == "actions", DueChange.record_id == action.id, DueChange.duty == "")
        .order_by(DueChange.id)
    )
    return [Moved(*row) for row in rows]


def extensions(session: Session, action: Action) -> list[Asked]:
    """Requests for another date, oldest first."""
    asker, decider = orm.aliased(Person), orm.aliased(Person)
    rows = session.execute(
        sa.select(Extension, asker, decider)
        .join(asker, asker.id == Extension.asked_by_id, isouter=True)
        .join(decider, decider.id == Extension.decided_by_id, isouter=True)
        .where(Extension.of_noun == "actions", Extension.of_id == action.id)
        .order_by(Extension.id)
    )
    return [Asked(*row) for row in rows]


def covers(session: Session, action: Action) -> list[Cause]:
    """The causes that it covers."""
    return list(
        session.scalars(
            sa.select(Cause)
            .join(ActionCause, ActionCause.cause_id == Cause.id)
            .where(ActionCause.action_id == action.id)
            .order_by(Cause.id)
        )
    )


def chips(session: Session, unit_id: int, at: datetime) -> list[date]:
    """The due dates that a form offers: so many working days from today."""
    calendar = calendar_of(session, unit_id)
    today = calendar.today(at)
    return [calendar.add(today, days) for days in policy_of(session, unit_id).action.chips]
