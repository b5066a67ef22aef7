"""Whoever acts: a person with their roles and those they stand in for; or system, operator, an anonymous reporter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db, i18n
from lessons.errors import Forbidden
from lessons.models.people import Absence, Grant, Person, Unit
from lessons.models.words import OwnWord
from lessons.workflow.states import Role


@dataclass(frozen=True)
class Actor:
    """`grants` are (role, unit id, id of the person through whom); the person's own come with their own id."""

    kind: str
    person: Person | None = None
    grants: tuple[tuple[str, int, int], ...] = ()
    stands_in: frozenset[int] = frozenset()
    scope: str = "write"
    locale: str = field(default="")

    @property
    def id(self) -> int | None:
        return self.person.id if self.person else None

    @property
    def acting(self) -> frozenset[int]:
        """The ids of the person and of everyone they stand in for today."""
        return self.stands_in | ({self.person.id} if self.person and self.person.id else frozenset())

    @property
    def name(self) -> str:
        return self.person.name if self.person else self.kind

    def units_of(self, *roles: str) -> frozenset[int]:
        """Units at which one of these roles is granted (they hold below too)."""
        return frozenset(unit for role, unit, _ in self.grants if role in roles)


SYSTEM = Actor("system")
OPERATOR = Actor("operator")
ANONYMOUS = Actor("anonymous")


@dataclass(frozen=True)
class Tree:
    """All units by id, with their ancestors (self first) and everything below (self included). They are shared by all
    sessions: read, and never written."""

    units: dict[int, Unit]
    above: dict[int, tuple[int, ...]]
    below: dict[int, frozenset[int]]
    reckoned: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """What was reckoned from the units alone: it holds as long as they do."""

    @cached_property
    def shape(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """Which unit hangs under which: the same for two trees that differ in names or numbers alone."""
        return tuple(self.above.items())

    def under(self, unit_ids: Iterable[int]) -> frozenset[int]:
        return frozenset().union(*(self.below.get(u, frozenset()) for u in unit_ids))

    def by_code(self, code: str) -> Unit | None:
        return next((u for u in self.units.values() if u.code.casefold() == code.casefold()), None)

    def today(self, unit_id: int, at: datetime) -> date:
        """The calendar day at that moment in the unit's zone."""
        return at.astimezone(ZoneInfo(self.units[unit_id].zone)).date()


def over_all(units: Tree, by: Actor, *roles: str) -> bool:
    """Whether one of these roles is theirs over the whole organisation: at every unit on top that is open."""
    tops = {one.id for one in units.units.values() if one.parent_id is None and one.until_on is None}
    return by.kind in ("operator", "system") or tops <= by.units_of(*roles)


def check_over_all(session: Session, by: Actor, *roles: str, refusal: i18n.Sentence) -> None:
    """Raises Forbidden, in these words, for whoever has none of these roles over the whole organisation."""
    if not over_all(tree(session), by, *roles):
        raise Forbidden(refusal)


UNITS = sa.select(Unit.__table__)
WORDS = sa.select(OwnWord.__table__)
STAMP = sa.select(sa.func.count(), sa.func.sum(Unit.version), sa.select(sa.func.sum(OwnWord.version)).scalar_subquery())
_trees: WeakKeyDictionary[Any, tuple[Any, Tree]] = WeakKeyDictionary()


def tree(session: Session) -> Tree:
    """The units as this session sees them, read once; across sessions they are read again when one has changed."""
    known = session.info.get("tree")
    if isinstance(known, Tree):
        return known
    found = session.info["tree"] = _read(session) if db.written(session) else _shared(session)
    return found


def _shared(session: Session) -> Tree:
    """What is committed: every change of a unit raises its version, so the stamp never comes back."""
    engine, stamp = session.get_bind(), tuple(db.connection(session).execute(STAMP).one())
    known = _trees.get(engine)
    if known is None or known[0] != stamp:
        if known is None or known[0][-1] != stamp[-1]:
            i18n.use(own_words(session))
        known = _trees[engine] = stamp, _read(session)
    return known[1]


def own_words(session: Session) -> dict[str, dict[i18n.Key, i18n.Forms]]:
    """What this installation says in words of its own, by locale."""
    found: dict[str, dict[i18n.Key, i18n.Forms]] = {}
    for row in db.connection(session).execute(WORDS):
        if row.forms:
            forms = tuple(row.forms) if len(row.forms) > 1 else row.forms[0]
            found.setdefault(row.locale, {})[row.context or None, row.word] = forms
    return found


def _read(session: Session) -> Tree:
    units: dict[int, Any] = {u.id: u for u in db.connection(session).execute(UNITS)}
    above = {unit_id: _above(units, unit_id) for unit_id in units}
    below: dict[int, set[int]] = {unit_id: set() for unit_id in units}
    for unit_id, path in above.items():
        for each in path:
            below[each].add(unit_id)
    return Tree(units, above, {unit_id: frozenset(ids) for unit_id, ids in below.items()})


def forget_tree(session: Session) -> None:
    session.info.pop("tree", None)


def _above(units: dict[int, Any], unit_id: int) -> tuple[int, ...]:
    path: list[int] = []
    here: int | None = unit_id
    while here is not None and here not in path:
        path.append(here)
        here = units[here].parent_id
    return tuple(path)


AWAY = (
    sa.select(Absence.person_id)
    .join(Person, Person.id == Absence.person_id)
    .where(
        Absence.delegate_id == sa.bindparam("person"),
        Absence.cancelled_at.is_(None),
        Absence.from_on <= sa.bindparam("day"),
        Absence.until_on >= sa.bindparam("day"),
        Person.closed_at.is_(None),
    )
)
# the person, and everyone for whom they stand in, a row for each of their roles; without any a row all the same
ROLES = (
    sa.select(Person.id, Grant.role, Grant.unit_id)
    .outerjoin(
        Grant,
        sa.and_(
            Grant.person_id == Person.id,
            Grant.from_at <= sa.bindparam("at"),
            sa.or_(Grant.until_at.is_(None), Grant.until_at > sa.bindparam("at")),
        ),
    )
    .where(Person.id.in_(AWAY.union_all(sa.select(sa.bindparam("person", type_=sa.Integer)))))
)


def actor_of(session: Session, person: Person, *, at: datetime, scope: str = "write", locale: str = "") -> Actor:
    """The person as they may act at that moment: own roles and, while others are away, theirs too."""
    if person.closed_at is not None and person.closed_at <= at:
        return Actor("person", person, scope=scope, locale=locale or person.locale)
    day = tree(session).today(person.unit_id, at)
    rows = db.connection(session).execute(ROLES, {"person": person.id, "day": day, "at": at}).all()
    stands_in = frozenset(p for p, _, _ in rows if p != person.id)
    # standing in for someone brings their roles over records, not the keys to people and settings
    grants = tuple((r.value, u, p) for p, r, u in rows if r and (p == person.id or r != Role.ADMIN))
    return Actor("person", person, grants, stands_in, scope, locale or person.locale)
