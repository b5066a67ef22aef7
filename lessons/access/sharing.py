"""How far the reading of something is in a unit."""

from __future__ import annotations

from dataclasses import dataclass

LEADING = ("manager", "debrief_leader", "lessons_manager")
"""Roles that see by name who of their units is missing."""


@dataclass(frozen=True)
class UnitShare:
    """Of those of a unit who are asked to read, how many have."""

    unit_id: int
    read: int
    of: int
