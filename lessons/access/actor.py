"""Whoever acts: a person with their roles and those they stand in for; or system, operator, an anonymous reporter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from lessons.models.people import Absence, Grant, Person, Unit
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
    """All units by id, with their ancestors (self first) and everything below (self included)."""

    units: dict[int, Unit]
    above: dict[int, tuple[int, ...]]
    below: dict[int, frozenset[int]]

    def under(self, unit_ids: Iterable[int]) -> frozenset[int]:
        return frozenset().union(*(self.below.get(u, frozenset()) for u in unit_ids))

    def by_code(self, code: str) -> Unit | None:
        return next((u for u in self.units.values() if u.code.casefold() == code.casefold()), None)

    def today(self, unit_id: int, at: datetime) -> date:
        """The calendar day at that moment in the unit's zone."""
        return at.astimezone(ZoneInfo(self.units[unit_id].zone)).date()


def tree(session: Session) -> Tree:
    """The units, read once a transaction."""
    known = session.info.get("tree")
    if isinstance(known, Tree):
        return known
    units = {u.id: u for u in session.scalars(sa.select(Unit)) if u.id is not None}
    above = {unit_id: _above(units, unit_id) for unit_id in units}
    below = {unit_id: frozenset(u for u, up in above.items() if unit_id in up) for unit_id in units}
    found = session.info["tree"] = Tree(units, above, below)
    return found


def forget_tree(session: Session) -> None:
    session.info.pop("tree", None)


def _above(units: dict[int, Unit], unit_id: int) -> tuple[int, ...]:
    path: list[int] = []
    here: int | None = unit_id
    while here is not None and here not in path:
        path.append(here)
        here = units[here].parent_id
    return tuple(path)


GRANTS = sa.select(Grant.role, Grant.unit_id, Grant.person_id).where(
    Grant.person_id.in_(sa.bindparam("people", expanding=True)),
    Grant.from_at <= sa.bindparam("at"),
    sa.or_(Grant.until_at.is_(None), Grant.until_at > sa.bindparam("at")),
)
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


def actor_of(session: Session, person: Person, *, at: datetime, scope: str = "write", locale: str = "") -> Actor:
    """The person as they may act at that moment: own roles and, while others are away, theirs too."""
    if person.closed_at is not None and person.closed_at <= at:
        return Actor("person", person, scope=scope, locale=locale or person.locale)
    units = tree(session)
    day = units.today(person.unit_id, at)
    stands_in = frozenset(session.execute(AWAY, {"person": person.id, "day": day}).scalars())
    rows = session.execute(GRANTS, {"people": [person.id, *stands_in], "at": at}).all()
    # standing in for someone brings their roles over records, not the keys to people and settings
    grants = tuple((r.value, u, p) for r, u, p in rows if p == person.id or r != Role.ADMIN)
    return Actor("person", person, grants, stands_in, scope, locale or person.locale)
