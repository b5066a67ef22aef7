"""Reads of units and people: lists for administrators, choices for forms, what is one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access.actor import Actor, tree
from lessons.errors import NotFound
from lessons.i18n import say
from lessons.models.people import Absence, Grant, Person, SignIn, Token, Unit
from lessons.people.keys import HANDLE
from lessons.workflow.states import Role

NOT_THERE = say("Nobody here is called that. Perhaps they left.")
PAGE, LATEST = 50, 8


@dataclass(frozen=True)
class Key:
    """A sign-in or token as its owner sees it; `handle` names it in forms."""

    handle: str
    name: str
    since: datetime
    seen: datetime | None
    ends: datetime | None
    scope: str = ""
    current: bool = False


def person_by_pid(session: Session, pid: str) -> Person:
    found = session.scalars(sa.select(Person).where(Person.pid == pid.replace("\0", ""))).first()
    if found is None:
        raise NotFound(NOT_THERE)
    return found


def person_called(session: Session, called: str) -> Person:
    """By number, else by `pid`: as notices name them."""
    named = sa.select(Person).where(Person.number == called.replace("\0", ""))
    return session.scalars(named).first() or person_by_pid(session, called)


def active(session: Session, *, limit: int = 2000) -> list[Person]:
    """Everyone who is here, by name."""
    here = sa.select(Person).where(Person.closed_at.is_(None))
    return list(session.scalars(here.order_by(Person.name, Person.id).limit(limit)))


def administered(session: Session, by: Actor, *, text: str = "", after: str = "") -> tuple[list[Person], str]:
    """People of the units that the actor administers, by name, a page; and the key of the next page, "" at the end."""
    under = tree(session).under(by.units_of("admin"))
    rows = sa.select(Person).where(Person.unit_id.in_(sorted(under)))
    if text:
        like = f"%{_escaped(text.strip().casefold()[:100])}%"
        named = [
            sa.func.lower(c).like(like, escape="\\") for c in (Person.name, Person.name_en, Person.email, Person.number)
        ]
        rows = rows.where(sa.or_(*named))
    name, _, number = after.rpartition("|")
    if number.isascii() and number.isdigit() and len(number) <= 9:  # longer ones are no key of a row
        rows = rows.where(sa.tuple_(Person.name, Person.id) > (name, int(number)))
    found = list(session.scalars(rows.order_by(Person.name, Person.id).limit(PAGE + 1)))
    more = f"{found[PAGE - 1].name}|{found[PAGE - 1].id}" if len(found) > PAGE else ""
    return found[:PAGE], more


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def roles_of(session: Session, person_ids: list[int], *, at: datetime) -> dict[int, list[Grant]]:
    now = (Grant.from_at <= at, sa.or_(Grant.until_at.is_(None), Grant.until_at > at))
    rows = session.scalars(sa.select(Grant).where(Grant.person_id.in_(person_ids), *now).order_by(Grant.id))
    found: dict[int, list[Grant]] = {one: [] for one in person_ids}
    for grant in rows:
        found[grant.person_id].append(grant)
    return found


def administrators(session: Session, *, at: datetime) -> list[Person]:
    """Whoever administers something now and is here, by name."""
    now = (Grant.from_at <= at, sa.or_(Grant.until_at.is_(None), Grant.until_at > at))
    ids = sa.select(Grant.person_id).where(Grant.role == Role.ADMIN, *now)
    rows = sa.select(Person).where(Person.id.in_(ids), Person.closed_at.is_(None))
    return list(session.scalars(rows.order_by(Person.name, Person.id)))


def grant_of(session: Session, person: Person, role: str, unit: Unit) -> Grant | None:
    """The role as it is held now."""
    if role not in set(Role):
        return None
    same = (Grant.person_id == person.id, Grant.role == role, Grant.unit_id == unit.id, Grant.until_at.is_(None))
    return session.scalars(sa.select(Grant).where(*same)).first()


def unit_by_code(session: Session, code: str) -> Unit:
    found = tree(session).by_code(code)
    if found is None:
        raise NotFound(say("No unit has the code %(code)s.", code=code[:80]))
    return found


def units_in_order(session: Session) -> list[tuple[Unit, int]]:
    """Every unit beneath its parent, with how deep it lies; names in order among siblings."""
    units = tree(session).units
    below: dict[int | None, list[Unit]] = {}
    for unit in sorted(units.values(), key=lambda one: (one.name, one.code)):
        below.setdefault(unit.parent_id, []).append(unit)

    def walk(parent: int | None, depth: int) -> list[tuple[Unit, int]]:
        return [line for unit in below.get(parent, []) for line in ((unit, depth), *walk(unit.id, depth + 1))]

    return walk(None, 0)


def people_per_unit(session: Session) -> dict[int, int]:
    counted = sa.select(Person.unit_id, sa.func.count()).where(Person.closed_at.is_(None)).group_by(Person.unit_id)
    return dict(session.execute(counted).all())


def absences(session: Session, person_ids: list[int] | None, *, day: date) -> list[tuple[Absence, Person, Person]]:
    """Those that are not over, of these people (None: of everyone): the absence, who is away, who stands in."""
    away, standing = sa.orm.aliased(Person), sa.orm.aliased(Person)
    rows = sa.select(Absence, away, standing).join(away, away.id == Absence.person_id)
    rows = rows.join(standing, standing.id == Absence.delegate_id)
    rows = rows.where(Absence.cancelled_at.is_(None), Absence.until_on >= day)
    if person_ids is not None:
        rows = rows.where(Absence.person_id.in_(person_ids))
    return [(one, who, delegate) for one, who, delegate in session.execute(rows.order_by(Absence.from_on, Absence.id))]


def absence_by_pid(session: Session, pid: str) -> Absence:
    found = session.scalars(sa.select(Absence).where(Absence.pid == pid)).first()
    if found is None:
        raise NotFound(say("This absence is not there."))
    return found


def sign_ins_of(session: Session, person: Person, *, current: str, since: datetime) -> list[Key]:
    """The latest open ones begun after `since`; `current` is the hash of the one that asks."""
    open_ = (SignIn.person_id == person.id, SignIn.ended_at.is_(None), SignIn.created_at > since)
    mine = SignIn.token_hash != current
    return [
        Key(row.token_hash[:HANDLE], "", row.created_at, row.seen_at, None, current=row.token_hash == current)
        for row in session.scalars(sa.select(SignIn).where(*open_).order_by(mine, SignIn.seen_at.desc()).limit(LATEST))
    ]


def tokens_of(session: Session, person: Person) -> list[Key]:
    open_ = (Token.person_id == person.id, Token.ended_at.is_(None))
    return [
        Key(row.token_hash[:HANDLE], row.name, row.created_at, row.seen_at, row.expires_at, scope=row.scope)
        for row in session.scalars(sa.select(Token).where(*open_).order_by(Token.id))
    ]


def village(session: Session, *, limit: int) -> list[Person]:
    """The people of the demo: here, and without a password. In the order in which they came."""
    open_ = (Person.closed_at.is_(None), Person.password_hash.is_(None))
    return list(session.scalars(sa.select(Person).where(*open_).order_by(Person.id).limit(limit)))


def left(session: Session, named: str) -> Person:
    """Somebody who left, by e-mail, number or lasting id. Raises NotFound."""
    folded = named.strip().casefold()[:255]
    called = sa.or_(Person.email == folded, sa.func.lower(Person.number) == folded, Person.pid == folded)
    found = session.scalars(sa.select(Person).where(called)).first()
    if found is None:
        raise NotFound(say("Nobody here is called %(named)s.", named=named))
    return found
