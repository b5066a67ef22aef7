"""Cases as programs read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons.cases import queries
from lessons.doors.columns import Names
from lessons.models import Case

UNTOLD = ("looked_at",)


def cases(session: Session, rows: Sequence[Case], names: Names, at: datetime) -> list[dict[str, Any]]:  # noqa: ARG001 - as all that tells of rows
    """`repeat`: the same customer had called a few days before; `lessons` it is matched to, `came_back` those of them
    that had reached people before, `proposed` those that wait for a person's word."""
    return [
        {name: value for name, value in names.told(one.case).items() if name not in UNTOLD}
        | {
            "repeat": one.repeat,
            "lessons": [lesson.code for lesson, _ in one.links],
            "came_back": [lesson.code for lesson, again in one.links if again],
            "proposed": [lesson.code for lesson in one.proposals],
        }
        for one in queries.told(session, rows, by=names.by)
    ]
