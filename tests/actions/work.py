"""Shorthand of these tests: an action of the village's lesson, and steps as somebody takes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from lessons.actions.operations import VERBS, assign
from lessons.errors import NotAllowed
from lessons.models import Action, DueChange, Duty, Lesson, Notice
from tests.village import AT, Village

DUE = date(2026, 2, 10)
LINK = {"kind": "link", "url": "https://village.example/screen"}
REASON = "הספק לא השיב עדיין"


def action_for(village: Village, owner: str = "avi", *, parent: Any = None, by: str = "naomi", **given: Any) -> Action:
    """An action that Naomi assigned to Avi, on the lesson that Yossi owns."""
    of = parent if parent is not None else lesson_of(village)
    asked = {"text": "להוסיף שדה חובה במסך", "done_when": "השדה במסך", "owner": getattr(village, owner), "due_on": DUE}
    return assign(village.session, of, asked | given, by=village.by(by), at=AT)


def lesson_of(village: Village) -> Lesson:
    return village.session.scalars(sa.select(Lesson)).first() or village.lesson()


def do(village: Village, action: Action, trigger: str, who: str, at: datetime = AT, **asked: Any) -> Any:
    return VERBS["actions", trigger](village.session, action, asked, by=village.by(who, at), at=at)


def done_by(village: Village, owner: str = "avi", **given: Any) -> Action:
    """An action that its owner reports as done."""
    action = action_for(village, owner, **given)
    do(village, action, "report_done", owner, evidence=LINK)
    return action


def owed(village: Village, action: Action) -> dict[str, Any]:
    """Open duties of an action: kind → the person, or the role."""
    rows = village.session.scalars(
        sa.select(Duty).where(Duty.of_noun == "actions", Duty.of_id == action.id, Duty.closed_at.is_(None))
    )
    return {duty.kind: duty.person_id or str(duty.role) for duty in rows}


def told(village: Village, kind: str) -> list[int]:
    """Who was told that kind of thing, by id."""
    return list(village.session.scalars(sa.select(Notice.person_id).where(Notice.kind == kind)))


def dates(village: Village, action: Action) -> list[tuple[str, date | None]]:
    """The history of its due dates."""
    rows = village.session.scalars(
        sa.select(DueChange).where(DueChange.noun == "actions", DueChange.record_id == action.id).order_by(DueChange.id)
    )
    return [(row.how, row.new_due_on) for row in rows]


def refused(village: Village, action: Action, trigger: str, who: str, **asked: Any) -> list[str]:
    """The guards that are not met."""
    with pytest.raises(NotAllowed) as refusal:
        do(village, action, trigger, who, **asked)
    return [point.guard for point in refusal.value.unmet]
