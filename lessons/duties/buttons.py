"""What a manager who is to decide on a late duty may do about it now: the steps that are open to this reader alone.

For any number of decisions by the same number of queries; a letter, my day and the record's page show the same ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, facts, visible_to
from lessons.access.numbers import policy_of
from lessons.duties.queries import holds
from lessons.models import RECORDS, Duty
from lessons.models.base import among
from lessons.workflow.decisions import WAYS, Way
from lessons.workflow.lives import LIVES

TABLE = Duty.__table__
NAMED = frozenset({"set_date", "hand_on"})
"""Steps whose form asks which duty they are about."""
LATE = sa.select(TABLE).where(among(TABLE.c.id, "ids"))
Ref = tuple[str, int]


@dataclass(frozen=True)
class Button:
    """A step by its name among what a manager decides; `path` leads to its form, which does nothing yet."""

    name: str
    path: str


@dataclass(frozen=True)
class Decision:
    """What is to be decided about: a late duty. Without buttons where none is open to the reader."""

    late: Any
    buttons: tuple[Button, ...]


def decisions_on(session: Session, row: Any, *, by: Actor, at: datetime) -> list[Decision]:
    """The decisions on a record that are this reader's."""
    if by.kind != "person" or not facts(session, [row], by=by, at=at)[0].has("duty:set_date"):
        return []  # every such decision may be another date
    asked = sa.select(TABLE).where(
        TABLE.c.of_noun == row.noun, TABLE.c.of_id == row.id, TABLE.c.closed_at.is_(None), TABLE.c.about != ""
    )
    mine = [duty for duty in session.execute(asked.order_by(TABLE.c.id)) if holds(by, duty)]
    return list(decisions(session, mine, by=by, at=at).values())


def decisions(session: Session, duties: Iterable[Any], *, by: Actor, at: datetime) -> dict[int, Decision]:
    """Of these duties those that are such decisions and still open, by their id."""
    asked = [duty for duty in duties if duty.about and duty.closed_at is None]
    if not asked:
        return {}
    late = {row.id: row for row in session.execute(LATE, {"ids": sorted({duty.after_id for duty in asked})})}
    looked_at = _Looked(session, by, at)
    looked_at.at_records(asked)
    return {duty.id: Decision(late[duty.after_id], looked_at.buttons(duty, late[duty.after_id])) for duty in asked}


class _Looked:
    """The records that decisions are about, and the lessons of these, with what guards look at for this reader."""

    def __init__(self, session: Session, by: Actor, at: datetime) -> None:
        self.session, self.by, self.at = session, by, at
        self.known: dict[Ref, tuple[Any, Any]] = {}

    def at_records(self, asked: Sequence[Any]) -> None:
        for noun in dict.fromkeys(duty.of_noun for duty in asked):
            self._at(noun, {duty.of_id for duty in asked if duty.of_noun == noun})
        of_lessons = {row.lesson_id for row, _ in self.known.values() if getattr(row, "lesson_id", None)}
        self._at("lessons", of_lessons - {row_id for noun, row_id in self.known if noun == "lessons"})

    def _at(self, noun: str, ids: set[int]) -> None:
        if not ids:
            return
        model = RECORDS[noun]
        seen = sa.select(model).where(model.id.in_(sorted(ids)), visible_to(self.session, noun, self.by))
        rows = self.session.scalars(seen.order_by(model.id)).all()
        its = facts(self.session, rows, by=self.by, at=self.at)
        self.known |= {(noun, row.id): (row, one) for row, one in zip(rows, its, strict=True)}

    def buttons(self, duty: Any, late: Any) -> tuple[Button, ...]:
        found = self.known.get((duty.of_noun, duty.of_id))
        if found is None:
            return ()
        rule = policy_of(self.session, found[0].unit_id).duties.get(duty.about)
        ways = ((name, WAYS[duty.about].get(name)) for name in (rule.decision if rule else ()))
        made = (self._button(name, way, found[0], late) for name, way in ways if way is not None)
        return tuple(button for button in made if button is not None)

    def _button(self, name: str, way: Way, row: Any, late: Any) -> Button | None:
        on = self.known.get(("lessons", row.lesson_id or 0)) if way.of_lesson else self.known[row.noun, row.id]
        if on is None or not _is_open(*on, way.trigger, late):
            return None
        path = f"/{on[0].noun}/{on[0].code}/{way.trigger}"
        asks = f"?duty={late.kind}" if way.trigger in NAMED else f"?relation={way.relation}" if way.relation else ""
        return Button(name, path + asks)


def _is_open(row: Any, known: Any, trigger: str, late: Any) -> bool:
    """Whether the reader may take the step, as far as is known before its form is filled."""
    about = {"of": frozenset({late.person_id} if late.person_id else ())}
    return any(
        step.is_for(known.relations)
        and all(guard.unmet(row, known, about) is None for guard in step.needs if guard.separation or not guard.asked)
        for step in LIVES[row.noun].candidates(row.state, trigger)
    )
