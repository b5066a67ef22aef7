"""The sections of a revision: words, and where money is given away a table of who may grant what. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Section = Mapping[str, Any]
LEVELS = ("agent", "debrief_leader", "manager", "finance")
"""Whose limit a table names, the lowest first: whoever answers the call, their team leader, who heads the centre, and
who decides on what is beyond them."""
SITUATION = ("situation", "tier")


def text(section: Section) -> str:
    """All of its words but the heading: the table row by row under them. What differs here differs for everybody."""
    return "\n".join(filter(None, (section.get("body", "").strip(), *map(line, limits(section)))))


def line(row: Mapping[str, str]) -> str:
    return " | ".join(row[name] for name in (*SITUATION, *LEVELS) if row.get(name))


def limits(section: Section) -> Sequence[Mapping[str, str]]:
    """One row a situation and customers' tier: what each level may grant, in words as they are read to a customer."""
    return section.get("limits") or ()


def words(sections: Sequence[Section]) -> dict[str, tuple[str, str]]:
    """By its lasting id, the heading and the text of each section."""
    return {one["id"]: (one.get("heading", "").strip(), text(one)) for one in sections}
