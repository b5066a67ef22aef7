"""The one door: a record is made, moved or edited here and nowhere else, in the caller's transaction.

`take` asks: may I, does the table have it, are the guards met, is the row still what it was – then state, event,
duties and notices follow together. Core statements, prebuilt: this is the hottest path of the product.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session

from lessons import db
from lessons.access import SYSTEM, Actor, facts, tree
from lessons.access.facts import BY_STATE, forget_facts
from lessons.access.relations import COLUMNS
from lessons.duties import owed
from lessons.duties.holders import ROLE_OF
from lessons.models import RECORDS, Action, Briefing, Duty, Hand, Person, Verification
from lessons.steps.codes import next_codes
from lessons.steps.fresh import write_new
from lessons.steps.history import Happened, append, begin, following
from lessons.steps.refusals import anywhere, forbidden, refuse_unmet, stale
from lessons.steps.similar import with_similar
from lessons.workflow.engine import Step
from lessons.workflow.lives import LIVES

EMPTY: Mapping[str, Any] = {}
PARTS: Mapping[str, tuple[Any, ...]] = {"debriefs": (Action,), "lessons": (Action, Briefing, Verification)}


# ── may it happen ────────────────────────────────────────────────────────────────────────────────────────────────────
def ready(
    session: Session, row: Any, trigger: str, *, by: Actor, at: datetime, version: int | None = None
) -> tuple[Step, Any]:
    """The step of the table and the facts, before the form is read. Raises Forbidden, Stale, NotAllowed, NotFound."""
    session.flush()
    known = with_similar(session, row, facts(session, [row], by=by, at=at)[0])
    life = LIVES[row.noun]
    found = life.candidates(row.state, trigger)
    permitted = [step for step in found or anywhere(row.noun, trigger) if step.is_for(known.relations)]
    if not permitted:
        raise forbidden(session, row, trigger, known)
    if version is not None and version != row.version:
        raise stale(row)
    if not found:
        life.choose(row, trigger, known, EMPTY)  # raises: not in this state
    refuse_unmet(session, row, permitted[0], known, life.unmet(permitted[0], row, known, None))
    return permitted[0], known


def take(
    session: Session,
    row: Any,
    trigger: str,
    *,
    by: Actor,
    at: datetime,
    asked: Mapping[str, Any] | None = None,
    changes: Mapping[str, Any] | None = None,
    told: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
    after: Callable[[], None] | None = None,
) -> Step:
    """Fire a trigger. `asked`: the form, its references resolved; `changes`: columns that change with it; `told`
    (public, structured) and `private` (persons, free text) enter the history; `after` writes the parts that belong to
    the step, before the duties are counted. Raises Forbidden, NotAllowed, Stale."""
    session.flush()
    asked = asked or EMPTY
    known = with_similar(session, row, facts(session, [row], by=by, at=at)[0])
    life = LIVES[row.noun]
    step, before = life.choose(row, trigger, known, asked), getattr(row, "severity", None)
    if not step.is_for(known.relations):
        raise forbidden(session, row, trigger, known)
    refuse_unmet(session, row, step, known, life.unmet(step, row, known, asked))
    _write(session, row, step.trigger, life.fire(row, step), known, by=by, at=at, changes=changes or EMPTY,
           told=told, private=_with_reason(private, asked), step=step)  # fmt: skip
    if after is not None:
        after()
    untouched = not changes and after is None and not by.stands_in and row.noun not in BY_STATE
    settle_duties(session, row, at=at, trigger=trigger, by=by, known=known if untouched else None)
    if getattr(row, "severity", None) != before:
        _settle_hanging(session, row, at)
    return step


def amend(
    session: Session,
    row: Any,
    *,
    by: Actor,
    at: datetime,
    changes: Mapping[str, Any],
    trigger: str = "edit",
    asked: Mapping[str, Any] | None = None,
    told: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
    after: Callable[[], None] | None = None,
) -> Step:
    """Change words of a record where its life lets this person; which fields is told, their text is not."""
    told = {"fields": sorted(changes), **(told or {})}
    return take(session, row, trigger, by=by, at=at, asked=asked, changes=changes, told=told, private=private,
                after=after)  # fmt: skip


def _with_reason(private: Mapping[str, Any] | None, asked: Mapping[str, Any]) -> Mapping[str, Any] | None:
    reason = asked.get("reason")
    return {"reason": reason, **(private or {})} if reason else private


# ── a new record ─────────────────────────────────────────────────────────────────────────────────────────────────────
def make(
    session: Session,
    row: Any,
    *,
    by: Actor,
    at: datetime,
    trigger: str,
    told: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
) -> Any:
    """Bring a record into the world: code, row, first event, duties. Whoever calls has checked that it may be."""
    make_all(
        session, [row], by=by, at=at, happened=[Happened(trigger, "", row.state.value, by, at, None, told, private)]
    )
    return row


def make_all(
    session: Session,
    rows: Sequence[Any],
    *,
    by: Actor,
    at: datetime,
    happened: Sequence[Happened],
    quietly: bool = False,
) -> None:
    """The same for many of one noun, by a handful of statements. `happened`: the first event of each; `quietly`: a role
    is not told of each duty that is now its."""
    _number(session, rows, at)
    entries = []
    for row, first in zip(rows, happened, strict=True):
        row.created_at = row.changed_at = row.entered_at = at
        row.version, row.event_n, row.event_hash = 1, 0, ""
        entries.append(following(row, first))
        row.event_n, row.event_hash = entries[-1].head
    write_new(session, rows)
    begin(session, rows, entries)
    owing = [row for row in rows if LIVES[row.noun].owes_in[row.state]]
    if owing:  # an import may end where nothing is owed
        known = facts(session, owing, by=by, at=at)
        owed.open_all(session, owing, known, at=at, by=by, quietly=quietly)


def _number(session: Session, rows: Sequence[Any], at: datetime) -> None:
    """Each its code, counted by the year of its unit."""
    by_year: dict[int, list[Any]] = {}
    year_at = cache(lambda unit_id: tree(session).today(unit_id, at).year)
    for row in (one for one in rows if not one.code):
        by_year.setdefault(year_at(row.unit_id), []).append(row)
    for year, some in by_year.items():
        for row, code in zip(some, next_codes(session, some[0].noun, year, len(some)), strict=True):
            row.code = code


# ── what follows ─────────────────────────────────────────────────────────────────────────────────────────────────────
def settle_duties(
    session: Session, row: Any, *, at: datetime, trigger: str = "", by: Actor | None = None, known: Any = None
) -> None:
    """The record's duties are what it owes now: after a step, and after something around it changed. `known` are its
    facts, where they were read and still hold."""
    if LIVES[row.noun].owes:
        known = known or facts(session, [row], by=by or SYSTEM, at=at)[0]
        owed.settle(session, row, known, at=at, trigger=trigger, by=by)


def _settle_hanging(session: Session, row: Any, at: datetime) -> None:
    """What hangs on a lesson or a debrief is as grave as that turned out to be."""
    for part in PARTS.get(row.noun, ()):
        owing = sa.select(Duty.of_id).where(Duty.of_noun == part.noun, Duty.closed_at.is_(None))
        parent = getattr(part, f"{row.noun.removesuffix('s')}_id")
        for one in session.scalars(sa.select(part).where(parent == row.id, part.id.in_(owing)).order_by(part.id)):
            settle_duties(session, one, at=at)


def wait_for(session: Session, row: Any) -> None:
    """The row as it is once nobody else is changing it or what is around it: of two who finish its last parts at once,
    the second sees both. SQLite has one writer at a time."""
    if not db.is_sqlite(session):
        session.refresh(row, with_for_update=True)
        forget_facts(session)


def hand_over(session: Session, row: Any, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Hand a relation to another person: both names stay, and the duty becomes a new one."""
    relation, to = asked["relation"], asked["to"]
    column = f"{relation}_id"
    before = getattr(row, column, None)
    former = session.get(Person, before) if before else None
    take(session, row, "hand_over", by=by, at=at, asked=asked, changes={column: to.id},
         told={"relation": relation}, private={"from": former, "to": to})  # fmt: skip


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _write(
    session: Session,
    row: Any,
    trigger: str,
    to: str,
    known: Any,
    *,
    by: Actor,
    at: datetime,
    changes: Mapping[str, Any],
    told: Mapping[str, Any] | None,
    private: Mapping[str, Any] | None,
    step: Step,
) -> None:
    who, behalf = _through(session, step, known, by)
    _keep_hands(
        session, row, changes, who if behalf else "", by=by, at=at, reason=str((private or {}).get("reason", ""))
    )
    happened = Happened(trigger, row.state.value, to, by, at, behalf, told, private)
    try:
        n, head = append(session, row, happened)
    except IntegrityError:  # somebody else wrote the next event in this moment: PostgreSQL lets both come so far
        raise stale(row) from None
    entered = {"entered_at": at} if to != row.state.value else {}
    values: dict[str, Any] = {
        **changes, **entered, "state": type(row.state)(to), "changed_at": at, "event_n": n, "event_hash": head,
        "version": row.version + 1,
    }  # fmt: skip
    statement = _moving(row.noun, tuple(values))
    given = {"row": row.id, "seen": row.version, **{f"_{k}": v for k, v in values.items()}}
    done = db.writing(session).execute(statement, given)
    if done.rowcount != 1:
        raise stale(row)
    _remember(row, values)


@cache
def _moving(noun: str, columns: tuple[str, ...]) -> Any:
    table = RECORDS[noun].__table__
    return (
        sa.update(table)
        .where(table.c.id == sa.bindparam("row"), table.c.version == sa.bindparam("seen"))
        .values({name: sa.bindparam(f"_{name}", type_=table.c[name].type) for name in columns})
    )


def _remember(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        set_committed_value(row, name, value)


def _keep_hands(
    session: Session, row: Any, changes: Mapping[str, Any], stood_in: str, *, by: Actor, at: datetime, reason: str
) -> None:
    """Whoever held a relation stays known, and so does whoever acted in it for them: separation looks here."""
    columns = COLUMNS[row.noun]
    for column in changes.keys() & columns.keys():
        former = getattr(row, column)
        if former is not None and former != changes[column]:
            session.add(_hand(row, columns[column], former, at, reason))
    if stood_in in columns.values():
        session.add(_hand(row, stood_in, by.id, at, reason))
    session.flush()


def _hand(row: Any, relation: str, person_id: int | None, at: datetime, reason: str) -> Hand:
    return Hand(noun=row.noun, record_id=row.id, relation=relation, person_id=person_id, since_at=row.created_at,
                until_at=at, reason=reason)  # fmt: skip


def _through(session: Session, step: Step, known: Any, by: Actor) -> tuple[str, Person | None]:
    """In which role or relation they act, and on whose behalf: None where they hold any of them themself."""
    if by.id is None or not by.stands_in:
        return "", None
    found: list[tuple[str, int]] = []
    for who in step.by:
        holders = _holders(who, known, by)
        if by.id in holders or (who == "anyone"):
            return who, None
        found += [(who, person_id) for person_id in sorted(holders)]
    if not found:
        return "", None
    return found[0][0], session.get(Person, found[0][1])


def _holders(who: str, known: Any, by: Actor) -> Iterable[int]:
    if who in known.people:
        return frozenset(known.people[who]) & by.acting
    role = ROLE_OF.get(who, who)
    return frozenset(person_id for name, _, person_id in by.grants if name == role) if who in known.relations else ()
