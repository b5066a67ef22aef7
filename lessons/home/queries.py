"""Reads for my day: what is owed, to whom it waits, what came of one's reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor
from lessons.access.facts_actions import asked_until
from lessons.duties.buttons import Decision, decisions
from lessons.duties.queries import owed_by
from lessons.duties.records import Waiting, records
from lessons.home import why
from lessons.i18n import Name, Sentence
from lessons.models import Action, Notice, Person
from lessons.post.titles import titles
from lessons.workflow.states import ActionState

MOST = 200
OUTCOMES = ("lesson_on_desk", "proved", "not_proved", "declined", "decided")


@dataclass(frozen=True)
class Owed:
    """A duty with the record it is about, as far as the reader may see it. A decision says about what, and of whom."""

    duty: Any
    row: Waiting
    title: str
    holder: Name | None = None
    aim: str = ""
    decision: Decision | None = None
    of_whom: Name | None = None
    asked: bool = False
    """Whether another date was asked for and nobody answered yet."""
    held_up: Sentence | None = None
    """Of an action that is held up: whom it waits for."""


def day(session: Session, by: Actor, *, at: datetime) -> tuple[list[Owed], list[tuple[Notice, str]]]:
    """What this person owes, in the order it is due, and the latest three things that came of their reports."""
    duties, notices = owed_by(session, by)[:MOST], _outcomes(session, by)
    known = _known(session, (one.of_id for one in duties if one.of_noun == "actions"))
    aims = {of: _aim(action) for of, action in known.items()}
    names = titles(session, [*((one.of_noun, one.of_id) for one in (*duties, *notices)), *aims.values()], by)
    outcomes = [(notice, names.get((notice.of_noun, notice.of_id), notice.of_code)) for notice in notices]
    owed = with_records(session, duties, by, names, decisions(session, duties, by=by, at=at))
    return [_aimed(one, names, known.get(one.row.id)) if one.row.noun == "actions" else one for one in owed], outcomes


def _aimed(one: Owed, names: Mapping[Any, str], action: Any) -> Owed:
    """What an action is for, and whom it waits for; to whoever is waited for, why it waits."""
    if action is None:
        return one
    if one.duty.kind == "unblock_action":
        return replace(one, aim=action.block_reason, asked=action.asked_until is not None)
    held_up = why.held_up(Name.of(action) if action.name else None) if action.state == ActionState.BLOCKED else None
    return replace(one, aim=names.get(_aim(action), ""), asked=action.asked_until is not None, held_up=held_up)


def _aim(action: Any) -> tuple[str, int]:
    """The lesson or debrief that it is for."""
    return ("lessons", action.lesson_id) if action.lesson_id else ("debriefs", action.debrief_id)


def _known(session: Session, ids: Iterable[int]) -> dict[int, Any]:
    """By action what it is for, why it waits and for whom, and whether another date is asked for."""
    wanted = sorted({*ids})
    until = asked_until(Action.noun, Action.id).label("asked_until")
    own = (Action.id, Action.state, Action.lesson_id, Action.debrief_id, Action.block_reason)
    told = sa.select(*own, until, Person.name, Person.name_en).outerjoin(Person, Person.id == Action.waiting_on_id)
    return {row.id: row for row in session.execute(told.where(Action.id.in_(wanted)))} if wanted else {}


def with_records(
    session: Session, duties: Sequence[Any], by: Actor, names: Mapping[Any, str],
    asked: Mapping[int, Decision] = MappingProxyType({}),
) -> list[Owed]:  # fmt: skip
    """A record that may not be seen keeps its code alone."""
    rows = records(session, ((d.of_noun, d.of_id) for d in duties))
    late = {duty_id: one.late.person_id for duty_id, one in asked.items()}
    people = _people(session, (*(d.person_id for d in duties), *late.values()), by)
    return [
        Owed(
            d,
            rows[d.of_noun, d.of_id],
            names.get((d.of_noun, d.of_id), ""),
            people.get(d.person_id),
            decision=asked.get(d.id),
            of_whom=people.get(late.get(d.id)),
        )
        for d in duties
        if (d.of_noun, d.of_id) in rows
    ]


def _people(session: Session, ids: Iterable[int | None], by: Actor) -> dict[int | None, Name]:
    wanted = sorted({person_id for person_id in ids if person_id is not None} - {by.id})
    named = sa.select(Person.id, Person.name, Person.name_en).where(Person.id.in_(wanted))
    rows = session.execute(named).all() if wanted else []
    own = {by.id: Name.of(by.person)} if by.person else {}
    return own | {row.id: Name.of(row) for row in rows}


def waiting_for_others(session: Session, by: Actor, owed: Sequence[Owed]) -> Sequence[Action]:
    """What this person did or cannot go on with, and now lies with somebody else; what they owe all the same stands
    there."""
    known = [one.row.id for one in owed if one.row.noun == "actions"]
    waits = (Action.state.in_([ActionState.DONE, ActionState.BLOCKED]), Action.id.not_in(known))
    return session.scalars(
        sa.select(Action).where(Action.owner_id == by.id, *waits).order_by(Action.due_on, Action.id).limit(20)
    ).all()


def _outcomes(session: Session, by: Actor) -> Sequence[Notice]:
    told = sa.select(Notice).where(Notice.person_id == by.id, Notice.kind.in_(OUTCOMES))
    return session.scalars(told.order_by(Notice.at.desc()).limit(3)).all()
