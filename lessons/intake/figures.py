"""A table of units' figures, as a telephone exchange or a spreadsheet writes it: unit, day, name, value."""

from __future__ import annotations

from typing import Any

from lessons.intake import letters, tables

HEADINGS = ("unit", "day", "name", "value")


def items(content: bytes) -> list[dict[str, Any]]:
    """What stands in the table, as programs send it. Raises Unreadable."""
    found = tables.rows(letters.read(content)[0], lambda header: {*map(tables.header_name, header)} >= {*HEADINGS})
    header = [tables.header_name(cell) for cell in next(found)]
    return [_item(dict(zip(header, map(tables.clean, row), strict=False))) for row in found if any(row)]


def _item(row: dict[str, str]) -> dict[str, Any]:
    return {**{name: row.get(name, "") for name in HEADINGS[:3]}, "value": _number(row.get("value", ""))}


def _number(cell: str) -> float | str:
    """Left as it is where it is none: then the form says so beside its row."""
    try:
        return float(cell.replace(",", ""))
    except ValueError:
        return cell
