"""What happened: one record's history with its chain, and the feed of every record's events, each once."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import request
from sqlmodel import Session

from lessons.access import Actor, facts, visible_to
from lessons.access.visible import view_of
from lessons.debriefs.reviewing import SEEN
from lessons.doors import ways
from lessons.doors.calls import Answer
from lessons.doors.columns import handle, plain
from lessons.doors.parameters import Query, sealed, unsealed
from lessons.doors.shapes import ROOT
from lessons.models import RECORDS, Debrief, Event, Person
from lessons.post import happened
from lessons.post.happened import BEGINNING
from lessons.steps.history import Past, history
from lessons.workflow.lives import LETTERS

Shape = dict[str, Any]
FEED = "changes"
DEBRIEF = re.compile(rf"\b{LETTERS['debriefs']}-\d{{4}}-\d+\b")
# reasons and names are read by whoever works on the record, not by everyone who may read it
OUTSIDE = frozenset({"anyone", "agent", "member", "reporter"})


def events(session: Session, noun: str, code: str, *, by: Actor, at: datetime) -> Answer:
    """First to last. `body` is what was hashed: whoever keeps it can check the chain without us."""
    row = ways.find(session, noun, code, by=by)
    relations = facts(session, [row], by=by, at=at)[0].relations
    view = view_of(row, relations) if isinstance(row, Debrief) else "full"
    inside = view == "full" and bool({one for one in relations if not one.startswith("duty:")} - OUTSIDE)
    pasts = history(session, row)
    people = _people(session, pasts) if inside else {}
    secret = _naming_hidden(session, [past.event for past in pasts], by)
    items = [_past(past, people, told=view == "full" and past.event.id not in secret, inside=inside) for past in pasts]
    return Answer({"items": items, "next": None, "head": {"n": row.event_n, "hash": row.event_hash}})


def _naming_hidden(session: Session, rows: Sequence[Event], by: Actor) -> frozenset[int | None]:
    """Ids of the events whose facts name a debrief that this person may not know of: these are told without them."""
    named = {row.id: set(DEBRIEF.findall(row.body)) for row in rows}
    codes = set().union(*named.values())
    if not codes:
        return frozenset()
    seen = sa.select(Debrief.code).where(Debrief.code.in_(codes), visible_to(session, "debriefs", by))
    hidden = codes - set(session.scalars(seen))
    return frozenset(event_id for event_id, its in named.items() if its & hidden)


def _people(session: Session, pasts: Sequence[Past]) -> dict[str, str]:
    """Whoever the details name, by their lasting id."""
    ids = {value["person"] for past in pasts for value in past.private.values() if _is_person(value)}
    rows = session.scalars(sa.select(Person).where(Person.pid.in_(ids))) if ids else ()
    return {person.pid: handle(person) for person in rows}


def _is_person(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"person"}


def _past(past: Past, people: dict[str, str], *, told: bool, inside: bool) -> Shape:
    shape = _shape(past.event, told=told)
    if inside:
        shape["actor"] = handle(past.actor) if past.actor else past.event.actor_kind
        shape["on_behalf_of"] = handle(past.behalf) if past.behalf else None
        shape["private"] = {
            name: people.get(one["person"]) if _is_person(one) else one
            for name, one in past.private.items()
            if name not in ("actor", "behalf", SEEN)
        }
    return shape


def _shape(event: Event, *, told: bool) -> Shape:
    shape = {
        "n": event.n,
        "at": plain(event.at),
        "trigger": event.trigger,
        "from": event.from_state,
        "to": event.to_state,
        "actor": event.actor_kind,
        "previous": event.previous,
        "hash": event.hash,
    }
    return shape | {"facts": json.loads(event.body)["facts"], "body": event.body} if told else shape


# ── the feed ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def changes(session: Session, *, by: Actor, at: datetime) -> Answer:
    """Events after a place, in the order in which they became readable: what commits late comes later, never not."""
    query = Query(request.args, ("after", "limit"))
    limit, after = query.limit(), query.text("after", most=2000)
    tx, last = unsealed(FEED, after, "after") if after else BEGINNING
    rows = happened.after(session, (tx, last), _seen(session, by), limit=limit + 1)
    found = rows[:limit]
    place = sealed(FEED, [found[-1].tx, found[-1].id] if found else [tx, last])
    items = _feed(session, found, by=by, at=at)
    return Answer({"items": items, "next": place, "more": len(rows) > limit})


def _seen(session: Session, by: Actor) -> Any:
    return sa.or_(
        *(
            sa.and_(Event.noun == noun, Event.record_id.in_(sa.select(model.id).where(visible_to(session, noun, by))))
            for noun, model in RECORDS.items()
        )
    )


def _feed(session: Session, rows: Sequence[Event], *, by: Actor, at: datetime) -> list[Shape]:
    ids = {row.record_id for row in rows if row.noun == "debriefs"}
    debriefs = session.scalars(sa.select(Debrief).where(Debrief.id.in_(ids))).all() if ids else []
    known = facts(session, debriefs, by=by, at=at) if debriefs else []
    full = {row.id for row, one in zip(debriefs, known, strict=True) if view_of(row, one.relations) == "full"}
    secret = _naming_hidden(session, rows, by)
    return [
        {"noun": row.noun, "code": row.code}
        | _shape(row, told=(row.noun != "debriefs" or row.record_id in full) and row.id not in secret)
        | {"links": {"item": f"{ROOT}/{row.noun}/{row.code}"}}
        for row in rows
    ]
