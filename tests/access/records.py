"""Rows put straight into the village, past the door: facts are read from whatever stands in the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, Self, TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, facts
from lessons.models import (
    Action,
    Briefing,
    Cause,
    Debrief,
    Duty,
    Evidence,
    Extension,
    Fact,
    Finding,
    Hand,
    Lesson,
    News,
    Procedure,
    Question,
    Revision,
    Sentence,
    Verification,
)
from lessons.models.base import Part, Record, random_id
from lessons.workflow.states import (
    ActionKind,
    ActionState,
    BriefingState,
    CauseKind,
    DebriefKind,
    DebriefState,
    EvidenceKind,
    ExtensionState,
    FindingDirection,
    LessonState,
    NewsKind,
    NewsState,
    PolicyKind,
    ProcedureState,
    QuestionState,
    RevisionState,
    SentenceState,
    VerificationState,
)
from tests.village import Village

AT = datetime(2026, 6, 10, 8, tzinfo=UTC)
"""A Wednesday morning; no holiday is near."""
TODAY = date(2026, 6, 10)

_numbers = count(1)
PLAIN: dict[Any, Callable[[Village], dict[str, Any]]] = {
    Debrief: lambda v: {
        "state": DebriefState.INVESTIGATING, "kind": DebriefKind.FAILURE, "leader_id": v.dana.id,
        "reviewer_id": v.naomi.id, "title": "חיוב כפול", "what_happened": "הלקוחה חויבה פעמיים",
    },
    Lesson: lambda v: {
        "state": LessonState.IMPLEMENTING, "title": "מקריאים את הסכום", "author_id": v.dana.id,
        "owner_id": v.yossi.id, "short": random_id(8),
    },
    Question: lambda v: {"state": QuestionState.ASKED, "text": "אפשר להקפיא את הקו?", "asker_id": v.avi.id},
    Sentence: lambda v: {"state": SentenceState.OFFERED, "text": "בואו נבדוק יחד את החשבון", "author_id": v.avi.id},
    Action: lambda v: {
        "state": ActionState.ASSIGNED, "text": "להוסיף בדיקה", "kind": ActionKind.CORRECTIVE, "owner_id": v.avi.id,
        "assigner_id": v.yossi.id,
    },
    Verification: lambda v: {"state": VerificationState.PLANNED, "verifier_id": v.ruth.id},
    Procedure: lambda v: {
        "state": ProcedureState.KEPT, "policy_kind": PolicyKind.PROCEDURE, "title": "נוהל זיכוי", "owner_id": v.hila.id,
        "approver_id": v.ilan.id,
    },
    Revision: lambda v: {"state": RevisionState.DRAFTING, "number": next(_numbers), "editor_id": v.dana.id},
    Briefing: lambda v: {"state": BriefingState.OPEN, "due_on": date(2026, 6, 14), "opener_id": v.yossi.id},
    News: lambda v: {
        "state": NewsState.LIVE, "kind": NewsKind.NEWS, "title": "תקלה באזור השרון", "author_id": v.hila.id,
        "valid_from": AT, "valid_until": AT + timedelta(days=7),
    },
    Finding: lambda _: {"n": 1, "text": "אין בדיקה", "direction": FindingDirection.IMPROVE},
    Cause: lambda _: {"text": "המערכת אינה מזהירה", "kind": CauseKind.SYSTEM, "root": True},
    Fact: lambda _: {"text": "הלקוחה התקשרה"},
    Evidence: lambda _: {"kind": EvidenceKind.LINK},
    Extension: lambda _: {"state": ExtensionState.ASKED, "new_due_on": date(2026, 7, 1), "reason": "ממתינים לספק"},
    Hand: lambda _: {"since_at": AT, "until_at": AT},
    Duty: lambda v: {
        "pid": random_id(), "of_code": "", "unit_id": v.units["RET"].id, "opened_at": AT, "due_at": AT, "due_on": TODAY,
    },
}  # fmt: skip
Row = TypeVar("Row")


def put(village: Village, model: type[Row], **given: Any) -> Row:
    """A row as the village would have it, with what the test says about it."""
    plain = PLAIN[model](village) if model in PLAIN else {}
    if issubclass(model, Record):
        code = f"{model.noun[0].upper()}-2026-{next(_numbers):04}"
        plain |= {"code": code, "unit_id": village.units["RET"].id}
        plain |= {"created_at": AT, "changed_at": AT, "entered_at": AT}
    elif issubclass(model, Part):
        plain |= {"created_at": AT}
    row = model(**plain | given)
    village.session.add(row)
    village.session.flush()
    return row


def owed(village: Village, row: Any, kind: str, **given: Any) -> Duty:
    return put(village, Duty, of_noun=row.noun, of_id=row.id, kind=kind, **given)


def known(village: Village, row: Any, by: Actor | str = "dana", at: datetime = AT) -> Any:
    """The facts of one row, as they are for a person of the village."""
    actor = village.by(by, at) if isinstance(by, str) else by
    return facts(village.session, [row], by=actor, at=at)[0]


class Counted:
    """How many statements the block sent to the database."""

    def __init__(self, session: Session) -> None:
        self._connection = session.connection()
        self.statements: list[str] = []

    def __enter__(self) -> Self:
        sa.event.listen(self._connection, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        sa.event.remove(self._connection, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        self.statements.append(statement)

    def __len__(self) -> int:
        return len(self.statements)
