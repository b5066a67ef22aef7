"""Tables of authority as pages show and take them: what each level may grant, the reader's own level first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import Session

from lessons.access import Actor, tree
from lessons.i18n import Word
from lessons.web.forms import Typed
from lessons.web.markdown import rendered
from lessons.workflow.sections import LEVELS, SITUATION, Section, limits

FIELDS = (*SITUATION, *LEVELS)
SPARE = 2


def level_of(session: Session, by: Actor, unit_id: int) -> str:
    """The highest level that this person has where the unit's procedures hold; "" for whoever has none."""
    units = tree(session)
    here = {*units.above[unit_id], *units.below[unit_id]}
    return next((level for level in reversed(LEVELS) if by.units_of(level) & here), "")


def read(sections: Iterable[Section], own: str = "") -> list[dict[str, Any]]:
    """Sections as they are read: marks drawn, tables with the column of one's `own` level first."""
    return [{**one, "body": rendered(one.get("body", "")), "limits": _table(limits(one), own)} for one in sections]


def _table(rows: Sequence[Mapping[str, str]], own: str) -> dict[str, Any] | None:
    """Headings and cells; a level that no row speaks of has no column."""
    if not rows:
        return None
    told = [level for level in LEVELS if any(row.get(level) for row in rows)]
    levels = sorted(told, key=lambda level: level != own)
    return {
        "headers": [Word("authority", "situation"), *(Word("authority", level) for level in levels)],
        "own": own in told,
        "rows": [_row(row, levels) for row in rows],
    }


def _row(row: Mapping[str, str], levels: Sequence[str]) -> dict[str, Any]:
    cells = [row.get(level, "–") for level in levels]
    return {"situation": row["situation"], "tier": row.get("tier", ""), "cells": cells}


# ── where it is written ──────────────────────────────────────────────────────────────────────────────────────────────
def grid(section: Section, n: int) -> dict[str, Any]:
    """The controls of the n-th section's table, with room for rows to come."""
    empty: Mapping[str, str] = {}
    rows = [[row.get(name, "") for name in FIELDS] for row in (*limits(section), *[empty] * SPARE)]
    return {
        "name": f"limits-{n}",
        "heads": [Word("authority", name) for name in FIELDS],
        "rows": rows,
        "open": bool(limits(section)),
    }


def typed(form: Typed, n: int) -> dict[str, Any]:
    """The rows that were written in the n-th section's table; nothing where there are none."""
    cells = [cell.strip() for cell in form.getlist(f"limits-{n}")]
    starts = range(0, len(cells) - len(FIELDS) + 1, len(FIELDS))
    rows = [dict(zip(FIELDS, cells[at : at + len(FIELDS)], strict=True)) for at in starts]
    found = [row for row in rows if any(row.values())]
    return {"limits": found} if found else {}
