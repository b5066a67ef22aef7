"""How far a reading is, unit by unit, as pages show it: in alphabetical order and never as a ranking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from lessons.access import tree
from lessons.access.sharing import UnitShare
from lessons.web.speech import name_of


def by_unit(session: Session, shares: Sequence[UnitShare]) -> list[dict[str, Any]]:
    units = tree(session).units
    rows = [
        {"unit": name_of(units[one.unit_id]), "read": one.read, "of": one.of, "percent": round(100 * one.read / one.of)}
        for one in shares
    ]
    return sorted(rows, key=lambda row: str(row["unit"]))
