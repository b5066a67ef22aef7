"""What is said beside a date that was moved: the day first promised stays in sight."""

from __future__ import annotations

from datetime import date
from typing import Any

from lessons.i18n import Sentence, isolate, say, say_n
from lessons.workflow.decisions import RECORDS_OWN_DATE

MOVABLE = frozenset({"actions", "debriefs"})
"""Nouns whose day an extension moves."""


def promised(row: Any) -> Sentence | None:
    """Of a record with a date; None where it stands as it was promised."""
    return moved(row.first_due_on, row.due_on, row.extension_count)


def of_duty(duty: Any, row: Any) -> Sentence | None:
    """Of a duty whose day is its record's own."""
    follows = duty.kind in RECORDS_OWN_DATE and duty.due_on == row.due_on
    return promised(row) if follows else None


def moved(first: date | None, due: date | None, times: int) -> Sentence | None:
    """`times` counts extensions alone: another owner or a manager's decision moves a date as well."""
    if first is None or (first == due and not times):
        return None
    day = isolate(f"{first.day}.{first.month}" if due and due.year == first.year else f"{first:%-d.%-m.%Y}")
    if not times:
        return say("first promised for %(day)s", day=day)
    return say_n("first promised for %(day)s, moved once", "first promised for %(day)s, moved %(n)s times", times,
                 day=day)  # fmt: skip
