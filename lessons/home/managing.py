"""Reads of the managers' page: what waits and for whom, by which dates, and what the two measures are counted from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, tree, visible_to
from lessons.duties.queries import OPEN, TABLE
from lessons.duties.records import Waiting, records
from lessons.i18n import Name
from lessons.models import Action, Debrief, DueChange, Lesson, Person, SavedView, Unit, Verification
from lessons.post.titles import titles
from lessons.workflow.states import ActionState, VerificationState

MOST = 1_000
VERDICTS = (VerificationState.EFFECTIVE, VerificationState.NOT_EFFECTIVE, VerificationState.INCONCLUSIVE)


@dataclass(frozen=True)
class Stuck:
    """A duty with its record. `who` is the person or role it waits for; `first_due_on` the day first promised."""

    duty: Any
    row: Waiting
    title: str
    who: str
    name: Name | None
    first_due_on: date
    late: bool
    late_at_first: bool


def stuck(session: Session, unit: Unit | None, *, by: Actor, at: datetime) -> list[Stuck]:
    """Everything owed that this person may see, the longest waiting first; six queries, however many."""
    narrowed = [TABLE.c.unit_id.in_(sorted(tree(session).below[unit.id or 0]))] if unit else []
    duties = session.execute(OPEN.where(visible_to(session, "duties", by), *narrowed).limit(MOST)).all()
    named = titles(session, [(d.of_noun, d.of_id) for d in duties], by)
    rows = records(session, ((d.of_noun, d.of_id) for d in duties))
    first, waiting = _first_days(session, duties), _waited_for(session, duties)
    holders = {d.id: waiting.get(d.of_id, d.person_id) if d.kind == "do_action" else d.person_id for d in duties}
    people = _people(session, holders.values())
    return [
        Stuck(
            d, rows[of], named.get(of, ""),
            f"role-{d.role.value}" if holders[d.id] is None else people[holders[d.id]][0],
            None if holders[d.id] is None else people[holders[d.id]][1],
            *_dates(_kept(first, d), d, late=d.due_at <= at, today=tree(session).today(d.unit_id, at)),
        )
        for d in duties
        if (of := (d.of_noun, d.of_id)) in rows
    ]  # fmt: skip


def _kept(first: Mapping[tuple[str, int, str], tuple[date, date]], duty: Any) -> tuple[date, date] | None:
    """A duty's own days where a decision gave it another, else its record's."""
    of = (duty.of_noun, duty.of_id)
    return first.get((*of, duty.kind)) or first.get((*of, ""))


def _dates(kept: tuple[date, date] | None, duty: Any, *, late: bool, today: date) -> tuple[date, bool, bool]:
    """The day first promised, whether the present day is past, and whether the first is. A duty that does not follow
    its record's own date, as to confirm it, was promised once."""
    first, last = kept or (duty.due_on, duty.due_on)
    if last != duty.due_on or first == last:
        return duty.due_on, late, late
    return first, late, first < today


def _first_days(session: Session, duties: Sequence[Any]) -> dict[tuple[str, int, str], tuple[date, date]]:
    """The first and the present day of records whose days are kept, and of duties that were given another."""
    ids = sorted({d.of_id for d in duties})
    kept = sa.select(DueChange.noun, DueChange.record_id, DueChange.duty, DueChange.old_due_on,
                     DueChange.new_due_on)  # fmt: skip
    found: dict[tuple[str, int, str], tuple[date, date]] = {}
    for noun, record_id, duty, old, new in session.execute(
        kept.where(DueChange.record_id.in_(ids)).order_by(DueChange.id)
    ):
        if new:
            first, _ = found.get((noun, record_id, duty), (old or new, new))
            found[noun, record_id, duty] = first, new
    return found


def _waited_for(session: Session, duties: Sequence[Any]) -> dict[int, int | None]:
    """Of actions that are held up, whom they wait for: the wait counts there, and nothing else that is owed on them."""
    ids = sorted({d.of_id for d in duties if d.kind == "do_action"})
    held_up = (Action.id.in_(ids), Action.state == ActionState.BLOCKED, Action.waiting_on_id.is_not(None))
    return {
        row.id: row.waiting_on_id for row in session.execute(sa.select(Action.id, Action.waiting_on_id).where(*held_up))
    }


def _people(session: Session, ids: Iterable[int | None]) -> dict[int | None, tuple[str, Name]]:
    wanted = sorted({one for one in ids if one is not None})
    rows = session.execute(sa.select(Person.id, Person.pid, Person.name, Person.name_en).where(Person.id.in_(wanted)))
    return {row.id: (row.pid, Name.of(row)) for row in rows}


# ── the two measures ─────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Reached:
    """A lesson that came to the desk, and when what it was learned from had happened."""

    unit_id: int
    at: datetime
    happened_on: date


@dataclass(frozen=True)
class Checked:
    """One check of a lesson: `state` says how it ended, where it did."""

    lesson_id: int
    due_on: date | None
    at: datetime | None
    state: VerificationState


def reached(session: Session, unit: Unit | None, since: datetime, *, by: Actor) -> list[Reached]:
    """Lessons adopted since then, of events whose day is known; what was imported came another way."""
    rows = session.execute(
        sa.select(Lesson.unit_id, Lesson.accepted_at, Debrief.happened_on)
        .join(Debrief, Debrief.id == Lesson.debrief_id)
        .where(
            visible_to(session, "lessons", by), *_of(session, unit), Lesson.accepted_at >= since,
            Lesson.imported_from == "", Debrief.happened_on.is_not(None),
        )
        .order_by(Lesson.accepted_at)
    )  # fmt: skip
    return [Reached(*row) for row in rows]


def checked(session: Session, unit: Unit | None, *, by: Actor) -> list[Checked]:
    """Every check that counts, oldest first."""
    rows = session.execute(
        sa.select(Verification.lesson_id, Verification.due_on, Verification.concluded_at, Verification.state)
        .join(Lesson, Lesson.id == Verification.lesson_id)
        .where(
            visible_to(session, "lessons", by), visible_to(session, "verifications", by), *_of(session, unit),
            Verification.state != VerificationState.VOID, sa.not_(Lesson.proved_elsewhere),
        )
        .order_by(Verification.id)
    )  # fmt: skip
    return [Checked(*row) for row in rows]


def _of(session: Session, unit: Unit | None) -> list[Any]:
    return [Lesson.unit_id.in_(sorted(tree(session).below[unit.id or 0]))] if unit else []


def saved(session: Session, *, by: Actor) -> Sequence[SavedView]:
    return session.scalars(sa.select(SavedView).where(SavedView.person_id == by.id).order_by(SavedView.name)).all()
