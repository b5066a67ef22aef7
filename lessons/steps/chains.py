"""Whether each record's events are what they were: hashes, order, the columns beside the body, what may be erased."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.models import RECORDS, Event, EventDetail, Person
from lessons.steps.history import digest, plain

EVENTS, DETAILS = Event.__table__, EventDetail.__table__
AT_ONCE = {"stream_results": True, "yield_per": 2_000}
CHAINED: Mapping[str, Any] = {**RECORDS, Person.noun: Person}
MOST_NAMED = 5
CODES = {Person.noun: "pid"}
BESIDE = ("noun", "code", "n", "at", "trigger", "from_state", "to_state", "actor_kind", "previous")
"""Columns of an event that its body says too, under these names."""
IN_BODY = itemgetter("noun", "code", "n", "at", "trigger", "from", "to", "actor", "previous")
EVERY = (
    sa.select(
        EVENTS.c.record_id, EVENTS.c.noun, EVENTS.c.code, EVENTS.c.n,
        sa.type_coerce(EVENTS.c.at, sa.String).label("at"),  # as it is kept: to make a moment of it takes long
        EVENTS.c.trigger, EVENTS.c.from_state, EVENTS.c.to_state, EVENTS.c.actor_kind, EVENTS.c.previous,
        EVENTS.c.body, EVENTS.c.hash, DETAILS.c.salt, sa.type_coerce(DETAILS.c.private, sa.String), DETAILS.c.actor_id,
    )
    .join(DETAILS, DETAILS.c.event_id == EVENTS.c.id, isouter=True)
    .order_by(EVENTS.c.noun, EVENTS.c.record_id, EVENTS.c.n)
)  # fmt: skip


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
        self._pids = {one.id: one.pid for one in session.execute(sa.select(Person.id, Person.pid))}
        self._erased, self._told = 0, 0
        self._some: list[str] = []

    def faults(self, rows: Any, *, everything: bool) -> Iterator[str]:
        chain, last, n = None, "", 0
        for row in rows:
            record_id, *columns, body, hash_, salt, private, actor_id = row
            columns[3] = _moment(columns[3])
            if (record_id, columns[0]) != chain:
                chain, last, n = (record_id, columns[0]), "", 0
            if columns[2] != n + 1:
                yield f"{columns[1]}: event {n + 1} is missing before event {columns[2]}"
            if columns[8] != last:
                yield f"{columns[1]}: event {columns[2]} does not follow the one before it"
            yield from self._of(columns, _body(body, hash_), salt, private, actor_id)
            n, last = columns[2], hash_
        if everything and self._erased > self._told:
            some = ", ".join(self._some)
            yield (
                f"{self._erased} events have lost what was kept beside them, and the history tells of {self._told} "
                f"that were erased; the first: {some}"
            )

    def _of(self, columns: list[Any], body: Any, salt: str | None, private: Any, actor_id: int | None) -> list[str]:
        event = f"{columns[1]}: event {columns[2]}"
        if body is None:
            return [f"{event} is not what it was"]
        found = []
        if (said := list(IN_BODY(body))) != columns:
            others = [name for name, one, other in zip(BESIDE, columns, said, strict=True) if one != other]
            found += [f"{event} says otherwise than what was hashed: {', '.join(others)}"]
        if salt:
            if wrong := self._beside(salt, _private(private), actor_id, body["private"]):
                found += [f"{event}: what is kept beside it is not what it was: {', '.join(wrong)}"]
        elif body["private"]:
            self._erased += 1
            self._some += [event] if len(self._some) < MOST_NAMED else []
        if columns[0] == Person.noun and columns[4] == "erase":
            self._told += body["facts"].get("details", 0)
        return found

    def _beside(self, salt: str, private: Any, actor_id: int | None, digests: Mapping[str, str]) -> list[str]:
        """The private values that are not those of the digests. What was erased has no salt any more."""
        wrong = [] if {name: digest(salt, value) for name, value in private.items()} == digests else [
            name for name in sorted({*digests, *private})
            if name not in private or digest(salt, private[name]) != digests.get(name)
        ]  # fmt: skip
        actor = private.get("actor")
        if isinstance(actor, dict) and self._pids.get(actor_id) != actor.get("person"):
            wrong += ["actor_id"]
        return wrong


def _moment(at: Any) -> str:
    """A moment in the body's words, from the text that SQLite keeps or the moment that PostgreSQL gives."""
    return f"{at[:10]}T{at[11:]}Z" if isinstance(at, str) else str(plain(at))


def _private(kept: Any) -> dict[str, Any]:
    """The details, from the text that SQLite keeps or the values that PostgreSQL gives; none where it is none."""
    try:
        found = json.loads(kept) if isinstance(kept, str) else kept
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}


def _body(text: str, hash_: str) -> dict[str, Any] | None:
    """What was hashed; None where it is not that any more, or nothing of ours."""
    if sha256(text.encode()).hexdigest() != hash_:
        return None
    try:
        body = json.loads(text)
        IN_BODY(body), body["facts"].get, body["private"].get
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return body  # type: ignore[no-any-return]


def _ends(session: Session, noun: str) -> Iterator[str]:
    """Records whose last event is not the one that they name, and events of records that are not there."""
    ends, lost = _asked(noun)
    for one in session.scalars(ends):
        yield f"{one}: its history does not end where the record says"
    for one in session.scalars(lost):
        yield f"{one}: there are events of it, and no such record"


@cache
def _asked(noun: str) -> tuple[Any, Any]:
    model, own = CHAINED[noun].__table__, EVENTS.c.noun == noun
    code, later = model.c[CODES.get(noun, "code")], EVENTS.alias()
    last = sa.and_(own, EVENTS.c.record_id == model.c.id, EVENTS.c.n == model.c.event_n)
    longer = sa.exists().where(later.c.noun == noun, later.c.record_id == model.c.id, later.c.n > model.c.event_n)
    other = sa.func.coalesce(EVENTS.c.hash, "") != model.c.event_hash
    ends = sa.select(code).select_from(model.outerjoin(EVENTS, last)).where(sa.or_(other, longer))
    lost = sa.select(EVENTS.c.code).select_from(EVENTS.outerjoin(model, model.c.id == EVENTS.c.record_id))
    return ends.order_by(model.c.id), lost.where(own, sa.or_(code.is_(None), code != EVENTS.c.code)).distinct()
