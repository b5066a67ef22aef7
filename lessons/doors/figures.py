"""A unit's figures as other systems send them: through the API, and as a table through the command line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons.access import Actor
from lessons.access.refs import read
from lessons.doors.calls import Answer
from lessons.people import figures
from lessons.workflow import asks

Raw = dict[str, Any]


def enter(session: Session, *, by: Actor, at: datetime, raw: Raw) -> Answer:  # noqa: ARG001 - every write is given its moment
    """Each item is a number of a unit on a day; one that is there already is replaced."""
    asked = read(session, asks.Figures, raw, by=by)
    return Answer({"taken": figures.enter(session, figures.rows_of(asked), by=by)})
