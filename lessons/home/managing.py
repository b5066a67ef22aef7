"""Reads of the managers' page: what waits and for whom, by which dates, and what the two measures are counted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, tree, visible_to
from lessons.duties.queries import OPEN, TABLE
from lessons.duties.records import Waiting, records
from lessons.home import why
from lessons.i18n import Name, Sentence
from lessons.models import Debrief, DueChange, Lesson, SavedView, Unit, Verification
from lessons.post.titles import titles
from lessons.workflow.states import VerificationState

MOST = 1_000
HELD_UP = ("do_action", "unblock_action")
VERDICTS = (VerificationState.EFFECTIVE, VerificationState.NOT_EFFECTIVE, VerificationState.INCONCLUSIVE)


@dataclass(frozen=True)
class Stuck:
    """A duty with its record. `who` is the person or role it waits for; `first_due_on` the day first promised; `why`
    it waits, as far as that is known."""

    duty: Any
    row: Waiting
    title: str
    who: str
    name: Name | None
    first_due_on: date
    late: bool
    late_at_first: bool
    why: Sequence[Sentence | str]


def stuck(session: Session, unit: Unit | None, *, by: Actor, at: datetime) -> list[Stuck]:
    """Everything owed that this person may see, the longest waiting first; nine queries, however many."""
    narrowed = [TABLE.c.unit_id.in_(sorted(tree(session).below[unit.id or 0]))] if unit else []
    duties = _once(session.execute(OPEN.where(visible_to(session, "duties", by), *narrowed).limit(MOST)).all())
    named = titles(session, [(d.of_noun, d.of_id) for d in duties], by)
    rows = records(session, ((d.of_noun, d.of_id) for d in duties))
    first, known = _first_days(session, duties), why.around(session, duties, at=at)
    return [
        Stuck(
            d, rows[of], named.get(of, ""), *known.who(d),
            *_dates(_kept(first, d), d, late=d.due_at <= at, today=known.today[d.unit_id]),
            why.reasons(session, d, known, seen=of in named),
        )
        for d in duties
        if (of := (d.of_noun, d.of_id)) in rows
    ]  # fmt: skip


def _once(duties: Sequence[Any]) -> list[Any]:
    """To do an action that is held up, and to let it go on, wait for the same person: the one that is due first stands
    for both."""
    first: dict[int, int] = {}
    for duty in duties:
        if duty.kind in HELD_UP:
            first.setdefault(duty.of_id, duty.id)
    return [duty for duty in duties if duty.kind not in HELD_UP or first[duty.of_id] == duty.id]


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
