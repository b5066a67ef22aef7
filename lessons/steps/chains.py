"""Whether each record's events are what they were: hashes, order, the columns beside the body, and what may be erased."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.models import RECORDS, Event, EventDetail, Person
from lessons.steps.history import digest, plain

EVENTS, DETAILS = Event.__table__, EventDetail.__table__
AT_ONCE = {"stream_results": True, "yield_per": 2_000}
CHAINED: Mapping[str, Any] = {**RECORDS, Person.noun: Person}
CODES = {Person.noun: Person.pid}
BESIDE = {"code": "code", "n": "n", "trigger": "trigger", "from_state": "from", "to_state": "to",
          "actor_kind": "actor", "previous": "previous"}  # fmt: skip
"""Columns of an event and what its body calls them."""
EVERY = (
    sa.select(EVENTS, DETAILS.c.salt, DETAILS.c.private, DETAILS.c.actor_id)
    .join(DETAILS, DETAILS.c.event_id == EVENTS.c.id, isouter=True)
    .order_by(EVENTS.c.noun, EVENTS.c.record_id, EVENTS.c.n)
)


def faults(session: Session, *, noun: str | None = None) -> Iterator[str]:
    """Everything that is wrong with the chains, a line each; none where the history is whole."""
    rows = EVERY.where(EVENTS.c.noun == noun) if noun else EVERY
    yield from Reading(session).faults(session.execute(rows, execution_options=AT_ONCE), everything=noun is None)
    for name in CHAINED if noun is None else (noun,):
        yield from _ends(session, name)
    if noun is None:
        others = sa.select(EVENTS.c.noun).where(EVENTS.c.noun.not_in(list(CHAINED))).distinct()
        yield from (f"{other}: there are no records of that kind" for other in session.scalars(others))


class Reading:
    """One event after the other; what is known of the one before, and how many lost what was kept beside them."""

    def __init__(self, session: Session) -> None:
        self._pids = {id_: pid for id_, pid in session.execute(sa.select(Person.id, Person.pid))}
        self._erased, self._told = 0, 0
        self._some: list[str] = []

    def faults(self, rows: Any, *, everything: bool) -> Iterator[str]:
        chain, last = None, (0, "")
        for row in rows:
            if (row.noun, row.record_id) != chain:
                chain, last = (row.noun, row.record_id), (0, "")
            yield from self._of(row, *last)
            last = row.n, row.hash
        if everything and self._erased > self._told:
            some = ", ".join(self._some)
            yield (
                f"{self._erased} events have lost what was kept beside them, and the history tells of {self._told} "
                f"that were erased; the first: {some}"
            )

    def _of(self, row: Any, n: int, previous: str) -> Iterator[str]:
        if row.n != n + 1:
            yield f"{row.code}: event {n + 1} is missing before event {row.n}"
        if row.previous != previous:
            yield f"{row.code}: event {row.n} does not follow the one before it"
        body = _body(row)
        if body is None:
            yield f"{row.code}: event {row.n} is not what it was"
            return
        others = [column for column, name in BESIDE.items() if getattr(row, column) != body.get(name)]
        others += ["noun"] * (row.noun != body.get("noun")) + ["at"] * (plain(row.at) != body.get("at"))
        if others:
            yield f"{row.code}: event {row.n} says otherwise than what was hashed: {', '.join(others)}"
        wrong = list(self._beside(row, body.get("private") or {}))
        if wrong:
            yield f"{row.code}: what is kept beside event {row.n} is not what it was: {', '.join(wrong)}"
        if row.noun == Person.noun and row.trigger == "erase":
            self._told += body["facts"].get("details", 0)

    def _beside(self, row: Any, digests: Mapping[str, str]) -> Iterator[str]:
        """The private values that are not those of the digests. What was erased has no salt any more."""
        if not row.salt:
            if digests:
                self._erased += 1
                self._some += [f"event {row.n} of {row.code}"] if len(self._some) < 5 else []
            return
        for name in sorted({*digests, *row.private}):
            if name not in row.private or digest(row.salt, row.private[name]) != digests.get(name):
                yield name
        actor = row.private.get("actor")
        if isinstance(actor, dict) and self._pids.get(row.actor_id) != actor.get("person"):
            yield "actor_id"


def _body(row: Any) -> dict[str, Any] | None:
    """What was hashed; None where it is not that any more."""
    if hashlib.sha256(row.body.encode()).hexdigest() != row.hash:
        return None
    try:
        body = json.loads(row.body)
    except ValueError:
        return None
    return body if isinstance(body, dict) and isinstance(body.get("facts"), dict) else None


def _ends(session: Session, noun: str) -> Iterator[str]:
    """Records whose last event is not the one that they name, and events of records that are not there."""
    model = CHAINED[noun]
    code, event = CODES.get(noun, getattr(model, "code", None)), sa.orm.aliased(EVENTS)
    later = sa.exists().where(event.c.noun == noun, event.c.record_id == model.id, event.c.n > model.event_n)
    last = sa.and_(EVENTS.c.noun == noun, EVENTS.c.record_id == model.id, EVENTS.c.n == model.event_n)
    names_it = sa.func.coalesce(EVENTS.c.hash, "") == model.event_hash
    ends = sa.select(code).outerjoin(EVENTS, last).where(sa.or_(sa.not_(names_it), later)).order_by(model.id)
    for one in session.scalars(ends):
        yield f"{one}: its history does not end where the record says"
    lost = sa.select(EVENTS.c.code).outerjoin(model, model.id == EVENTS.c.record_id).where(EVENTS.c.noun == noun)
    for one in session.scalars(lost.where(sa.or_(code.is_(None), code != EVENTS.c.code)).distinct()):
        yield f"{one}: there are events of it, and no such record"
