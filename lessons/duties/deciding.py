"""At the end of its ladder a duty becomes a manager's decision: a duty too, of whoever is above in the line.

The sweep asks for it in the transaction that passes the rung; it is over in the transaction in which the late duty is
(`lessons/duties/owed.py`). Left undecided it goes up, one level at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import SYSTEM, actor_of, can_see, facts, tree
from lessons.duties.away import away, with_delegates
from lessons.duties.climbs import Climb
from lessons.duties.holders import Holder, granted, holder, people_of
from lessons.duties.line import MANAGER, Level, active
from lessons.duties.owed import Owing, close
from lessons.models import RECORDS, Debrief, Duty, Person
from lessons.models.base import among
from lessons.post import notices
from lessons.workflow import deadlines
from lessons.workflow.deadlines import Rung

TABLE = Duty.__table__
KIND = "manager_decision"
ASKED = sa.select(TABLE.c.after_id, TABLE.c.asked_on).where(
    among(TABLE.c.after_id, "ids"), TABLE.c.closed_how != "handed_on"
)
LATE = sa.select(TABLE).where(
    among(TABLE.c.id, "ids"), TABLE.c.closed_at.is_(None)
).with_for_update(skip_locked=True)  # fmt: skip
LATER = sa.update(TABLE).where(TABLE.c.id == sa.bindparam("duty")).values(next_at=sa.bindparam("at"))
OPENED_BY_OWING = frozenset({"actions", "verifications", "revisions"})
"""What whoever owes something on it may see for that alone."""
A_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Asked:
    """A rung that was passed, of which duty, on which record."""

    climb: Climb
    rung: Rung
    owing: Owing


def ask_for_decisions(session: Session, climbs: Sequence[Climb], *, at: datetime) -> None:
    """Of the duties that passed such a rung: open the decision, or take one that nobody took a level up."""
    passed = [(climb, rung) for climb in climbs if (rung := climb.ladder.decision(at)) is not None]
    if not passed:
        return
    new = [(climb, rung) for climb, rung in passed if climb.policy.duties[climb.duty.kind].decision]
    for one in _on_their_records(session, _not_asked_yet(session, new), at):
        _open(session, one)
    old = [(climb, rung) for climb, rung in passed if not climb.policy.duties[climb.duty.kind].decision]
    free = _still_late(session, old, at)
    for one in _on_their_records(session, [pair for pair in old if pair[0].duty.id in free], at):
        _go_up(session, one, free[one.climb.duty.id])


def _not_asked_yet(session: Session, passed: Sequence[Any]) -> list[Any]:
    ids = sorted({climb.duty.id for climb, _ in passed})
    known = {tuple(row) for row in session.execute(ASKED, {"ids": ids})} if ids else set()
    return [pair for pair in passed if (pair[0].duty.id, pair[0].duty.due_on) not in known]


def _still_late(session: Session, passed: Sequence[Any], at: datetime) -> dict[int, Any]:
    """By open decision the late duty that it is about, or itself where it is about none. Somebody may be dealing with
    the late one in this moment: then the decision is looked at again a little later."""
    ids = sorted({climb.duty.after_id for climb, _ in passed if climb.duty.after_id is not None})
    late = {row.id: row for row in session.execute(LATE, {"ids": ids})} if ids else {}
    found: dict[int, Any] = {}
    for climb, _ in passed:
        about = climb.duty if climb.duty.after_id is None else late.get(climb.duty.after_id)
        if about is not None:
            found[climb.duty.id] = about
        else:
            session.execute(LATER, {"duty": climb.duty.id, "at": at + A_MOMENT})
    return found


def _on_their_records(session: Session, passed: Sequence[Any], at: datetime) -> Iterator[Asked]:
    """With their records and facts, read noun by noun."""
    for noun in dict.fromkeys(climb.duty.of_noun for climb, _ in passed):
        some = [pair for pair in passed if pair[0].duty.of_noun == noun]
        model = RECORDS[noun]
        ids = sorted({climb.duty.of_id for climb, _ in some})
        rows = session.scalars(sa.select(model).where(model.id.in_(ids))).all()
        known = zip(rows, facts(session, rows, by=SYSTEM, at=at), strict=True)
        owing = {row.id: Owing(session, row, its, at, None) for row, its in known}
        for climb, rung in some:
            yield Asked(climb, rung, owing[climb.duty.of_id])


def _open(session: Session, one: Asked) -> None:
    late, here = one.climb.duty, one.owing
    to = next_in_line(session, one.climb, late, _who_may(session, one)) or holder(late)
    due_on = deadlines.due(here.policy, KIND, here.severity, here.at, here.calendar)
    about = {"after_id": late.id, "asked_on": late.due_on, "about": late.kind}
    decision = here.open(KIND, to, due_on, quietly=True, **about)
    _tell(session, one, to, decision, late)


def _go_up(session: Session, one: Asked, late: Any) -> None:
    """Its day stays: whoever has it now has it late."""
    duty, here = one.climb.duty, one.owing
    to = next_in_line(session, one.climb, late, _who_may(session, one))
    if to is None:
        return
    close(session, duty.id, here.at, "handed_on")
    about = {"after_id": duty.after_id, "asked_on": duty.asked_on, "about": duty.about}
    decision = here.open(duty.kind, to, duty.due_on, quietly=True, handed_at=here.at, **about)
    _tell(session, one, to, decision, late)


def next_in_line(
    session: Session, climb: Climb, late: Any, may: Callable[[Level], Level] = lambda level: level
) -> Holder | None:
    """The first level above whoever holds the duty, of which somebody is here and `may`. Whoever owes what is late
    decides nothing about it, not even standing in."""
    owing = people_of(session, late)
    for level in climb.line:
        if some := may(tuple(sorted(active(session, set(level) - set(owing))))):
            return held_by(session, some, owing, climb.unit_id)
    return None


def _who_may(session: Session, one: Asked) -> Callable[[Level], Level]:
    """Of a level those who decide on such a record; nobody where none of them may see it. Where a report concerns its
    unit's managers, they decide nothing about it."""
    row, at = one.owing.row, one.owing.at
    concerned = granted(session, row.unit_id, MANAGER) if getattr(row, "concerns_managers", False) else ()

    def may(level: Level) -> Level:
        some = tuple(person for person in level if person not in concerned)
        return some if any(sees(session, row, person, at) for person in some) else ()

    return may


def sees(session: Session, row: Any, person_id: int, at: datetime) -> bool:
    """Whether that person may see the record, or would by owing something on it."""
    if row.noun in OPENED_BY_OWING and not _is_confidential(session, row):
        return True
    return can_see(session, row, actor_of(session, session.get_one(Person, person_id), at=at))


def _is_confidential(session: Session, row: Any) -> bool:
    debrief_id = getattr(row, "debrief_id", None)
    return bool(debrief_id and session.get_one(Debrief, debrief_id).confidential)


def held_by(session: Session, level: Level, barred: Sequence[int], of_unit: int) -> Holder:
    """As a role at a unit above the record's, where the level is all who have it: then it is their successor's too."""
    for unit_id in tree(session).above[of_unit]:
        there = set(granted(session, unit_id, MANAGER))
        if set(level) <= there <= {*level, *barred}:
            return Holder(role=MANAGER, unit_id=unit_id, excluding=tuple(sorted(barred)))
    return Holder(person_id=level[0], excluding=tuple(sorted(barred)))


def _tell(session: Session, one: Asked, to: Holder, decision: int, late: Any) -> None:
    """Whoever decides hears of it at once, and so does whoever stands in for them."""
    here = one.owing
    people, today = people_of(session, to), here.calendar.today(here.at)
    both = with_delegates(dict.fromkeys(people), away(session, people, [today]), today, to.excluding)
    told = sorted(active(session, set(both)))
    notices.drop_untold_to(session, late.id, told, at=here.at)
    notices.tell(
        session, told, "decision", here.row, at=here.at, facts={"duty": late.kind}, duty_id=decision,
        due_on=late.due_on, rung=one.rung.name, urgent=True,
    )  # fmt: skip
