"""What the facts of every noun stand on: the hands that records went through, the duties on them, who acts, the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import operators, visitors
from sqlmodel import Session

from lessons import db
from lessons.access.actor import Actor, Tree, tree
from lessons.access.numbers import calendar_of, policy_of
from lessons.access.relations import held, people_of
from lessons.models import Duty, Hand, Person, Verification
from lessons.workflow import decisions
from lessons.workflow.facts import NONE, Reach
from lessons.workflow.lives import LIVES
from lessons.workflow.states import VerificationState

UNKNOWN_SEVERITY = 2
IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
ID: sa.BindParameter[Any] = sa.bindparam("id", type_=sa.Integer)
HANDS = sa.select(Hand.record_id, Hand.relation, Hand.person_id).where(
    Hand.noun == sa.bindparam("noun"), Hand.record_id.in_(IDS)
)
DUTIES = sa.select(Duty.of_id, Duty.kind, Duty.person_id, Duty.role, Duty.unit_id, Duty.excluding, Duty.about).where(
    Duty.of_noun == sa.bindparam("noun"), Duty.of_id.in_(IDS), Duty.closed_at.is_(None)
)
STAFF = (
    sa.select(Person.unit_id, sa.func.count())
    .where(Person.unit_id.in_(IDS), sa.or_(Person.closed_at.is_(None), Person.closed_at > sa.bindparam("at")))
    .group_by(Person.unit_id)
)


def verifier_of(lesson_id: Any) -> Any:
    """Who verifies a lesson: by its live verification, else by its last one."""
    return (
        sa.select(Verification.verifier_id)
        .where(Verification.lesson_id == lesson_id, Verification.state != VerificationState.VOID)
        .order_by(Verification.id.desc())
        .limit(1)
        .correlate_except(Verification)
        .scalar_subquery()
    )


@cache
def of_one(statement: Any) -> Any:
    """The statement for a single record: a list of ids is spelt out anew at each reading, an equality never."""

    def equal(element: Any, **_: Any) -> Any:
        listed = isinstance(element, sa.BinaryExpression) and element.operator is operators.in_op
        return element.left == ID if listed and getattr(element.right, "key", "") == IDS.key else None

    return visitors.replacement_traverse(statement, {}, equal)


def grouped(pairs: Iterable[Any]) -> dict[int, list[Any]]:
    """Rows by their first column."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in pairs:
        found[row[0]].append(row)
    return found


@dataclass(frozen=True)
class Ground:
    """Some rows of one noun, who looks at them and when. Everything shared is read once for all rows."""

    session: Session
    rows: Sequence[Any]
    by: Actor
    at: datetime

    @cached_property
    def units(self) -> Tree:
        return tree(self.session)

    @cached_property
    def connection(self) -> sa.Connection:
        return db.connection(self.session)

    @cached_property
    def ids(self) -> list[int]:
        return [row.id for row in self.rows]

    def read(self, statement: Any, **values: Any) -> Sequence[Any]:
        if len(self.ids) == 1:
            return self.connection.execute(of_one(statement), {"id": self.ids[0], **values}).all()
        return self.connection.execute(statement, {"ids": self.ids, **values}).all()

    def one_each(self, statement: Any, **values: Any) -> dict[int, Any]:
        """The statement's rows by the record's id."""
        return {row[0]: row for row in self.read(statement, **values)}

    def many_each(self, statement: Any, **values: Any) -> dict[int, list[Any]]:
        return grouped(self.read(statement, **values))

    @cached_property
    def today(self) -> Callable[[int], date]:
        """By the unit."""
        return cache(lambda unit_id: self.units.today(unit_id, self.at))

    @cached_property
    def past_hands(self) -> dict[int, list[Any]]:
        return self.many_each(HANDS, noun=self.rows[0].noun)

    @cached_property
    def duties(self) -> dict[int, list[Any]]:
        owes = LIVES[self.rows[0].noun].owes
        return self.many_each(DUTIES, noun=self.rows[0].noun) if owes and self.by.kind == "person" else {}

    @cached_property
    def small_units(self) -> frozenset[int]:
        """Units marked small that are small: with too many active people the mark relaxes nothing."""
        marked = {row.unit_id for row in self.rows if self.units.units[row.unit_id].small}
        if not marked:
            return NONE
        below = sorted(self.units.under(marked))
        staff = {row[0]: row[1] for row in self.connection.execute(STAFF, {"ids": below, "at": self.at})}
        return frozenset(
            unit
            for unit in marked
            if sum(staff.get(u, 0) for u in self.units.below[unit]) < policy_of(self.session, unit).small_unit.below
        )

    def hands(self, row: Any, people: Mapping[str, tuple[int, ...]]) -> dict[str, frozenset[int]]:
        """Relation → whoever holds it or ever did."""
        found = {relation: frozenset(ids) for relation, ids in people.items()}
        for hand in self.past_hands.get(row.id, ()):
            found[hand.relation] = found.get(hand.relation, NONE) | {hand.person_id}
        return found

    def shared(
        self,
        row: Any,
        derived: Mapping[str, Iterable[int | None]],
        *,
        severity: int | None = UNKNOWN_SEVERITY,
        asked_until: date | None = None,
    ) -> dict[str, Any]:
        """The fields that all facts have; `derived` are relations that stand in no column of the row."""
        people = people_of(row, derived)
        pairs = ((relation, person_id) for relation, ids in people.items() for person_id in ids)
        return {
            "today": self.today(row.unit_id),
            "relations": frozenset(held(row, self.by, self.units, pairs)) | self._by_duty(row),
            "acting": self.by.acting,
            "small": row.unit_id in self.small_units,
            "people": people,
            "hands": self.hands(row, people),
            "severity": severity or UNKNOWN_SEVERITY,
            "asked_until": asked_until,
            "reach": self._reach(row),
        }

    def _reach(self, row: Any) -> Reach | None:
        if not LIVES[row.noun].candidates(row.state, "ask_extension"):
            return None
        return self._reach_from(row.unit_id, row.due_on or self.today(row.unit_id), row.extension_count)

    @cached_property
    def _reach_from(self) -> Callable[[int, date, int], Reach]:
        """By the unit, the present day, and how often there was another."""

        def reach(unit_id: int, present: date, count: int) -> Reach:
            rule, calendar = policy_of(self.session, unit_id).extension, calendar_of(self.session, unit_id)
            return Reach(calendar.add(present, rule.most_days), rule.most_days, count + 1 >= rule.manager_from)

        return cache(reach)

    def _by_duty(self, row: Any) -> frozenset[str]:
        """Whoever holds a duty may fire what fulfils it; whoever is to decide on a late one, what decides it."""
        if row.id not in self.duties:
            return frozenset()
        held = [duty for duty in self.duties.get(row.id, ()) if self._holds(duty)]
        mine = {duty.kind for duty in held if not duty.about}
        owes = (owes for owes in LIVES[row.noun].owes if owes.kind in mine and row.state in owes.states)
        fulfil = {trigger for each in owes for trigger in each.by}
        decide = {trigger for duty in held if duty.about for trigger in decisions.triggers(duty.about)}
        return frozenset(f"duty:{trigger}" for trigger in fulfil | decide)

    def _holds(self, duty: Any) -> bool:
        if duty.person_id is not None:
            return duty.person_id in self.by.acting
        above = self.units.above[duty.unit_id]
        granted = any(role == duty.role and unit in above for role, unit, _ in self.by.grants)
        return granted and not self.by.acting & set(duty.excluding)
