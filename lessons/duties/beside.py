"""What a mail tells beside what its reader owes: what they wait for, and how the units that they manage stand.

It is never a reason to send one. By a fixed number of queries, and only of what the reader may see.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import tree, visible_to
from lessons.duties.queries import OPEN
from lessons.duties.told import Known, Reader, href, lies_with, line_of_others
from lessons.i18n import Name, Sentence, Word, say, say_n
from lessons.models import Action, Debrief, Duty, Person
from lessons.post.letters import Line, Section, shortened, spoken_day
from lessons.workflow.states import ActionState

MOST_WAITS, MOST_OF_UNITS = 10, 5
YOU_WAIT, YOUR_UNITS = say("You wait for"), say("Your units")
WAITS = {
    "confirm_action": say("Reported done; it waits to be confirmed"),
    "decide_extension": say("A later date was asked for; it waits for a decision"),
    "blocked": say("Held up"),
}
TABLE = Duty.__table__


@dataclass(frozen=True)
class Units:
    """How many duties of others are late in the units that the reader manages, and the most pressing of them."""

    late: int = 0
    named: tuple[Any, ...] = ()


# ── what they wait for ───────────────────────────────────────────────────────────────────────────────────────────────
def waits(session: Session, to: Reader) -> Section:
    """What they did or asked for, and what is held up, with whom it lies and since when: the longest waiting first."""
    rows = [row for asked in (_of_actions(session, to), _of_debriefs(session, to)) for row in session.execute(asked)]
    lines = [_wait(row, to) for row in sorted(rows, key=lambda row: (row.since, row.code))]
    return Section(None, tuple(lines[:MOST_WAITS]), max(len(lines) - MOST_WAITS, 0), under=YOU_WAIT)


def _of_actions(session: Session, to: Reader) -> Any:
    asked = _open("actions", Action.id, ("confirm_action", "decide_extension"))
    with_whom = sa.case((Duty.id.is_(None), Action.waiting_on_id), else_=Duty.person_id)
    stuck = Action.state.in_([ActionState.DONE, ActionState.BLOCKED])
    why, since = (
        sa.func.coalesce(Duty.kind, sa.cast(Action.state, sa.String)),
        sa.func.coalesce(Duty.opened_at, Action.entered_at),
    )
    return (
        _waiting("actions", Action.code, Action.text, why, since)
        .select_from(Action)
        .join(Duty, asked, isouter=True)
        .join(Person, Person.id == with_whom, isouter=True)
        .where(
            Action.owner_id == to.person.id, visible_to(session, "actions", to.by), sa.or_(stuck, Duty.id.is_not(None))
        )
    )


def _of_debriefs(session: Session, to: Reader) -> Any:
    title = sa.case((Debrief.confidential, ""), else_=Debrief.title)
    return (
        _waiting("debriefs", Debrief.code, title, Duty.kind, Duty.opened_at)
        .select_from(Debrief)
        .join(Duty, _open("debriefs", Debrief.id, ("decide_extension",)))
        .join(Person, Person.id == Duty.person_id, isouter=True)
        .where(Debrief.leader_id == to.person.id, visible_to(session, "debriefs", to.by))
    )


def _open(noun: str, record_id: Any, kinds: Sequence[str]) -> Any:
    return sa.and_(
        Duty.of_noun == noun, Duty.of_id == record_id, Duty.closed_at.is_(None), Duty.kind.in_(kinds), Duty.about == ""
    )


def _waiting(noun: str, code: Any, title: Any, why: Any, since: Any) -> Any:
    return (
        sa.select(
            sa.literal(noun, sa.String).label("noun"),
            code.label("code"),
            title.label("title"),
            why.label("why"),
            since.label("since"),
            Duty.role,
            Person.name,
            Person.name_en,
        )
        .order_by("since")
        .limit(MOST_WAITS * 5)
    )


def _wait(row: Any, to: Reader) -> Line:
    whom = lies_with(Name(row.name, row.name_en).in_(to.lang) if row.name else "", row.role)
    since = spoken_day(to.calendar.today(row.since), to.lang)
    notes = [WAITS.get(row.why, WAITS["confirm_action"]), whom, say("Since %(day)s", day=since)]
    return Line(
        says=shortened(row.title) if row.title else Word("noun", row.noun),
        code=row.code,
        href=href(to.base_url, row.noun, row.code),
        notes=tuple(note for note in notes if note),
    )


# ── their units ──────────────────────────────────────────────────────────────────────────────────────────────────────
def units(session: Session, to: Reader, *, but: Collection[int]) -> Units:
    """`but` are duties that the reader owes: those are told already."""
    managed = tree(session).under(to.by.units_of("manager"))
    if not managed:
        return Units()
    late = OPEN.add_columns(sa.func.count().over().label("late")).where(
        TABLE.c.unit_id.in_(sorted(managed)),
        TABLE.c.due_at <= to.at,
        TABLE.c.id.not_in(sorted(but)),
        visible_to(session, "duties", to.by),
    )
    first = late.order_by(None).order_by(TABLE.c.severity.desc(), TABLE.c.due_on, TABLE.c.id).limit(MOST_OF_UNITS)
    rows = session.execute(first).all()
    return Units(rows[0].late if rows else 0, tuple(rows))


def of_units(found: Units, to: Reader, facts: Known) -> Section:
    """How many, the few that press most, with whom they are and since when; the rest stands on the managers' page."""
    lines = tuple(line_of_others(duty, to, facts) for duty in found.named)
    title: Sentence = say_n("One thing is late", "%(n)d things are late", found.late)
    onward = (say("To the managers’ page"), f"{to.base_url}/managers")
    return Section(title, lines, max(found.late - len(lines), 0), under=YOUR_UNITS, is_late=True, link=onward)
