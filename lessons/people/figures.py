"""A unit's figures of the day, as other systems send them: a few numbers under a name, never of a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import Actor, tree
from lessons.errors import Forbidden
from lessons.i18n import say
from lessons.models import Unit, UnitFigure

KEEPERS = ("manager", "lessons_manager", "admin")
SHOWN, KEPT_DAYS = 4, 14
NOT_YOURS = say("A unit's figures are brought in by its manager, by lessons management, or by administration.")


def enter(session: Session, rows: Sequence[tuple[Unit, date, str, float]], *, by: Actor) -> int:
    """Each of (unit, day, name, value); a number that is there already is replaced. How many. Raises Forbidden."""
    under = tree(session).under(by.units_of(*KEEPERS))
    if by.kind not in ("operator", "system") and any(unit.id not in under for unit, *_ in rows):
        raise Forbidden(NOT_YOURS)
    new = db.insert_into(session, UnitFigure.__table__)
    new = new.on_conflict_do_update(index_elements=["unit_id", "day", "name"], set_={"value": new.excluded.value})
    given = [{"unit_id": unit.id, "day": day, "name": name, "value": value} for unit, day, name, value in rows]
    if given:
        session.execute(new, given)
    return len(rows)


def rows_of(asked: Mapping[str, Any]) -> list[tuple[Unit, date, str, float]]:
    """What the form of figures was given, as `enter` takes it."""
    return [(one["unit"], one["day"], one["name"], float(one["value"])) for one in asked["items"]]


def line_of(session: Session, unit_id: int) -> list[dict[str, Any]]:
    """The last day's numbers of the unit, or of the nearest one above that has any, each with the one before it."""
    above = tree(session).above[unit_id]
    last = sa.select(sa.func.max(UnitFigure.day)).where(UnitFigure.unit_id.in_(above)).scalar_subquery()
    rows = session.scalars(
        sa.select(UnitFigure)
        .where(UnitFigure.unit_id.in_(above), UnitFigure.day <= last)
        .order_by(UnitFigure.day.desc(), UnitFigure.id)
        .limit(200)
    ).all()
    nearest = next((unit for unit in above if any(row.unit_id == unit for row in rows)), None)
    own = [row for row in rows if row.unit_id == nearest]
    latest = [row for row in own if row.day == own[0].day][:SHOWN]
    return [_told(row, own) for row in latest]


def _told(row: UnitFigure, own: Sequence[UnitFigure]) -> dict[str, Any]:
    oldest = row.day - timedelta(days=KEPT_DAYS)
    before = next((one for one in own if one.name == row.name and oldest <= one.day < row.day), None)
    return {"name": row.name, "value": number(row.value), "day": row.day, "before": number(before.value) if before
            else ""}  # fmt: skip


def number(value: float) -> str:
    """61, not 61.0; 4.25 with its two places."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")
