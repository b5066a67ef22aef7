"""Shorthand of these tests: a procedure of the retention centre, its revisions, and steps as somebody takes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from lessons.errors import NotAllowed
from lessons.models import Duty, Notice, Procedure, Revision
from lessons.procedures.operations import VERBS, create
from tests.village import AT, Village

REASON = "הטבלה אינה תואמת לתעריף"
HOW = {"id": "how", "heading": "איך מזינים", "body": "בסוף השיחה"}
SUMS = {"id": "sums", "heading": "סכומים", "body": "עד 40 ₪"}
NEW_HOW = {**HOW, "body": "לפני סוף השיחה"}


def procedure_of(village: Village, **given: Any) -> Procedure:
    """Hila owns it, Ilan approves."""
    asked = {"title": "נוהל זיכוי", "owner": village.hila, "approver": village.ilan, "unit": village.units["RET"]}
    return create(village.session, asked | given, by=village.by("hila"), at=AT)


def draft(village: Village, procedure: Procedure, who: str = "hila", at: datetime = AT, **asked: Any) -> Revision:
    made: Revision = VERBS["procedures", "draft"](village.session, procedure, asked, by=village.by(who, at), at=at)
    return made


def do(village: Village, row: Any, trigger: str, who: str, at: datetime = AT, **asked: Any) -> Any:
    return VERBS[row.noun, trigger](village.session, row, asked, by=village.by(who, at), at=at)


def refused(village: Village, row: Any, trigger: str, who: str, **asked: Any) -> list[str]:
    """The guards that are not met."""
    with pytest.raises(NotAllowed) as refusal:
        do(village, row, trigger, who, **asked)
    return [point.guard for point in refusal.value.unmet]


def submitted(village: Village, procedure: Procedure | None = None, **asked: Any) -> Revision:
    """Handed in by Hila, with a text that changed."""
    given = {"sections": [NEW_HOW, SUMS]} | asked
    revision = draft(village, procedure or procedure_of(village), **given)
    do(village, revision, "submit", "hila", summary="מזינים לפני סוף השיחה")
    return revision


def approved(village: Village, procedure: Procedure | None = None, **asked: Any) -> Revision:
    revision = submitted(village, procedure, **asked)
    do(village, revision, "approve", "ilan")
    return revision


def published(village: Village, procedure: Procedure | None = None, at: datetime = AT, **asked: Any) -> Revision:
    """In force, told to the agents of the retention centre: Yossi and Avi."""
    revision = approved(village, procedure, **asked)
    do(village, revision, "publish", "hila", at, audience={"units": [village.units["RET"]], "roles": ["agent"]})
    return revision


def owed(village: Village, row: Any) -> dict[str, Any]:
    """Open duties of a record: kind → the person, or the role."""
    rows = village.session.scalars(
        sa.select(Duty).where(Duty.of_noun == row.noun, Duty.of_id == row.id, Duty.closed_at.is_(None))
    )
    return {duty.kind: duty.person_id or str(duty.role) for duty in rows}


def told(village: Village, kind: str) -> set[int]:
    """Who was told that kind of thing, by id."""
    return set(village.session.scalars(sa.select(Notice.person_id).where(Notice.kind == kind)))
