"""What lists share: pages that cost the same at any depth, and which days are past in each unit's zone."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access.actor import tree
from lessons.errors import FieldError, Invalid
from lessons.i18n import say

USUAL, MOST = 50, 200
UNDATED = date(9999, 12, 31)
T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some items of a list in order; `next` asks for those after them, None where these are the last."""

    items: Sequence[T]
    next: str | None = None


@dataclass(frozen=True)
class Order:
    """By the days of a column, undated last, then by age; without a column by age alone."""

    column: Any = None
    backwards: bool = False

    @property
    def key(self) -> Any:
        return sa.func.coalesce(self.column, UNDATED)

    def by(self, model: Any) -> list[Any]:
        keys = [model.id] if self.column is None else [self.key, model.id]
        return [key.desc() for key in keys] if self.backwards else keys

    def day(self, row: Any) -> date:
        return UNDATED if self.column is None else getattr(row, self.column.key) or UNDATED


def page(
    session: Session, model: Any, where: Iterable[Any], order: Order, *,
    states: Sequence[str] = (), limit: int = USUAL, cursor: str | None = None,
) -> Page[Any]:  # fmt: skip
    """The records that meet every criterion and are in one of the states, where any are given, from the cursor on.
    Raises Invalid where the cursor is none of ours."""
    limit = max(1, min(limit, MOST))
    day, code = _read(cursor) if cursor else (None, "")
    where = [*where, _beyond(model, order, day, code)] if day else [*where]
    if order.column is not None:
        where = [model.id.in_(first_by_day(model, order, where, limit + 1, since=day, states=states))]
    elif states:
        where.append(model.state.in_(states))
    statement = sa.select(model).where(*where).order_by(*order.by(model)).limit(limit + 1)
    rows = session.scalars(statement).all()
    more = len(rows) > limit
    return Page(rows[:limit], _write(order.day(rows[limit - 1]), rows[limit - 1].code) if more else None)


def first_by_day(
    model: Any, order: Order, where: Iterable[Any], n: int, *, since: date | None, states: Sequence[str] = ()
) -> Any:
    """The ids of the first `n`: two short walks a state, with and without a day, where one over all would have to read
    all."""
    day, latest_first = order.column, order.backwards
    walk = sa.select(model.id).where(*where).limit(n)
    dated = walk.where(day.is_not(None)).order_by(*((day.desc(), model.id.desc()) if latest_first else (day, model.id)))
    if since is not None:
        dated = dated.where(day <= since if latest_first else day >= since)
    undated = walk.where(day.is_(None)).order_by(model.id.desc() if latest_first else model.id)
    in_state = [model.state == state for state in states] or [sa.true()]
    walks = (half.where(each) for half in (dated, undated) for each in in_state)
    return sa.union_all(*(sa.select(one.subquery().c.id) for one in walks))


def _beyond(model: Any, order: Order, day: date, code: str) -> Any:
    last = sa.select(model.id).where(model.code == code).scalar_subquery()
    further = model.id < last if order.backwards else model.id > last
    if order.column is None:
        return further
    later = order.key < day if order.backwards else order.key > day
    return sa.or_(later, sa.and_(order.key == day, further))


def _write(day: date, code: str) -> str:
    # the code, never the key: database keys are not shown
    return base64.urlsafe_b64encode(f"{day.isoformat()} {code}".encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[date, str]:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
        day, code = text.replace("\0", " ").split(" ")
        return date.fromisoformat(day), code
    except (ValueError, binascii.Error):
        wrong = say("This cursor leads nowhere. The list can be read again from its beginning.")
        raise Invalid(wrong, [FieldError("/cursor", "cursor", wrong)]) from None


def over(session: Session, unit: Any, day: Any, *, at: datetime, today_too: bool = False) -> Any:
    """The criterion that a day has ended (or with `today_too`: has come) in the zone of the record's unit."""
    units: dict[date, list[int]] = {}
    known = tree(session)
    for unit_id in known.units:
        units.setdefault(known.today(unit_id, at), []).append(unit_id)
    ended = (sa.and_(unit.in_(ids), day <= today if today_too else day < today) for today, ids in units.items())
    return sa.or_(sa.false(), *ended)


def containing(q: str, *columns: Any) -> Any:
    """The criterion that each word of `q` stands somewhere in the columns, whatever its case."""
    words = q.split()[:10]
    return sa.and_(
        sa.true(), *(sa.or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words)
    )
