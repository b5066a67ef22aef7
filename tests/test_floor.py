"""The floor under every room: rows, moments and choices, and what the database itself refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import Session, select

from lessons import db
from lessons.models import Action, Debrief, DueChange, Event, Extension, Lesson, Procedure, Revision, Unit, Verification
from lessons.settings import Settings
from lessons.workflow.states import (
    ActionKind,
    ActionState,
    DebriefKind,
    DebriefState,
    ExtensionState,
    LessonState,
    PolicyKind,
    ProcedureState,
    RevisionState,
    VerificationState,
)

AT = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
TIMES: dict[str, Any] = {"created_at": AT, "changed_at": AT, "entered_at": AT}
FIRST, LATER = date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture
def village(session: Session) -> Session:
    """A unit with one of each record, in one transaction."""
    session.add(Unit(code="tel-aviv", name="תל אביב", from_on=date(2026, 1, 1)))
    session.flush()
    session.add(debrief())
    session.add(
        Lesson(code="L-2026-0001", state=LessonState.ACCEPTED, title="להקשיב", short="k3x9", unit_id=1, **TIMES)
    )
    session.add(procedure())
    session.flush()
    session.add(action())
    session.flush()
    return session


def debrief(**given: Any) -> Debrief:
    plain: dict[str, Any] = {
        "code": "D-2026-0001",
        "state": DebriefState.REPORTED,
        "kind": DebriefKind.FAILURE,
        "due_on": None,
    }
    return Debrief(title="חיוב כפול", what_happened="חויבה פעמיים", unit_id=1, **TIMES, **plain | given)


def action(**given: Any) -> Action:
    plain: dict[str, Any] = {"code": "A-2026-0001", "state": ActionState.ASSIGNED, "lesson_id": 1, "due_on": FIRST}
    return Action(text="לתקן", done_when="תוקן", kind=ActionKind.CORRECTIVE, unit_id=1, **TIMES, **plain | given)


def procedure() -> Procedure:
    plain: dict[str, Any] = {"state": ProcedureState.KEPT, "policy_kind": PolicyKind.SERVICE}
    return Procedure(code="P-0001", title="זיכוי", unit_id=1, **TIMES, **plain)


def revision(number: int, state: RevisionState) -> Revision:
    return Revision(code=f"R-{number}", number=number, state=state, procedure_id=1, unit_id=1, **TIMES)


def event(n: int) -> Event:
    return Event(
        noun="lessons", record_id=1, code="L-2026-0001", n=n, at=AT, trigger="accept", to_state="accepted",
        actor_kind="person", body="{}", hash="0" * 64,
    )  # fmt: skip


def line(version: int, day: date | None, noun: str = "actions") -> DueChange:
    return DueChange(noun=noun, record_id=1, version=version, new_due_on=day, how="extended", at=AT)


def tell(session: Session, statement: str) -> None:
    """Plain SQL, as an administrator would type it."""
    session.execute(sa.text(statement))


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_finds_no_row_and_counts_from_one(settings: Settings, turn: int) -> None:
    with db.transaction() as session:
        unit = Unit(code="tel-aviv", name="תל אביב", from_on=date(2026, 1, 1))
        session.add(unit)
        session.flush()
        assert unit.id == 1
    with db.reading() as session:
        assert [unit.name for unit in session.exec(select(Unit))] == ["תל אביב"]


def test_a_moment_without_a_zone_is_refused(village: Session) -> None:
    with pytest.raises(StatementError, match="naive moment"):
        village.execute(sa.update(Action).values(done_at=datetime(2026, 1, 5, 8, 30)))  # noqa: DTZ001


def test_a_moment_comes_back_in_utc_whatever_zone_it_was_given_in(village: Session) -> None:
    in_israel = datetime(2026, 1, 5, 10, 30, tzinfo=timezone(timedelta(hours=2)))
    village.execute(sa.update(Action).values(done_at=in_israel))
    village.expire_all()
    kept = village.exec(select(Action.done_at)).one()
    assert kept == in_israel
    assert kept.tzinfo is UTC


def test_a_choice_that_is_none_of_the_stored_ones_is_refused(village: Session) -> None:
    with pytest.raises(IntegrityError, match="ck_actions_actionstate"):
        tell(village, "UPDATE actions SET state = 'nonsense'")


@pytest.fixture
def history(village: Session) -> Session:
    village.add_all([event(1), event(2)])
    village.flush()
    return village


@pytest.mark.parametrize("statement", ["UPDATE events SET body = 'another story'", "DELETE FROM events"])
def test_history_is_only_added_to_even_by_plain_sql(history: Session, statement: str) -> None:
    with pytest.raises(IntegrityError, match="history is only added to"):
        tell(history, statement)


@pytest.mark.only("postgresql")
def test_history_is_not_emptied(history: Session) -> None:
    with pytest.raises(IntegrityError, match="history is only added to"):
        tell(history, "TRUNCATE events CASCADE")


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("place", ["id = 1, n = 3", "id = 3, n = 1"])
def test_history_is_not_replaced(history: Session, place: str) -> None:
    tell(history, "CREATE TEMP TABLE forged AS SELECT * FROM events WHERE n = 2")
    tell(history, f"UPDATE forged SET {place}")  # noqa: S608  both places are ours
    with pytest.raises(IntegrityError, match="history is only added to"):
        tell(history, "INSERT OR REPLACE INTO events SELECT * FROM forged")


@pytest.mark.only("postgresql")
def test_an_event_carries_the_transaction_that_wrote_it(village: Session) -> None:
    village.add(event(1))
    village.flush()
    assert village.scalar(sa.text("SELECT tx = pg_current_xact_id()::text::bigint FROM events"))


def test_an_actions_due_date_changes_with_a_line_in_its_history(village: Session) -> None:
    village.add(line(2, LATER))
    village.flush()
    tell(village, "UPDATE actions SET due_on = '2026-03-01', version = 2")
    assert village.exec(select(Action)).one().due_on == LATER


@pytest.mark.parametrize(
    ("lines", "assignment"),
    [
        ([], "due_on = '2026-03-01'"),
        ([], "due_on = NULL"),
        ([line(1, LATER)], "due_on = '2026-03-01', version = 2"),
        ([line(2, FIRST)], "due_on = '2026-03-01', version = 2"),
        ([line(2, LATER, noun="debriefs")], "due_on = '2026-03-01', version = 2"),
    ],
    ids=["no line", "no line for taking it away", "line of another version", "line of another day", "line of another"],
)
def test_an_actions_due_date_does_not_change_otherwise(
    village: Session, lines: list[DueChange], assignment: str
) -> None:
    village.add_all([DueChange(**each.model_dump()) for each in lines])
    village.flush()
    with pytest.raises(IntegrityError, match="a line in its history of dates"):
        tell(village, f"UPDATE actions SET {assignment}")  # noqa: S608  all of them are ours


def test_what_else_changes_on_an_action_asks_for_no_line(village: Session) -> None:
    tell(village, "UPDATE actions SET due_on = '2026-02-01', text = 'לתקן היום', version = 2")
    assert village.exec(select(Action.version)).one() == 2


def test_a_debriefs_first_due_date_is_free_and_every_other_has_its_line(village: Session) -> None:
    tell(village, "UPDATE debriefs SET due_on = '2026-02-01', version = 2")
    village.add(line(3, LATER, noun="debriefs"))
    village.flush()
    tell(village, "UPDATE debriefs SET due_on = '2026-03-01', version = 3")
    with pytest.raises(IntegrityError, match="a line in its history of dates"):
        tell(village, "UPDATE debriefs SET due_on = NULL, version = 4")


def test_one_revision_is_in_force_and_one_is_being_written_per_procedure(village: Session) -> None:
    old = [RevisionState.SUPERSEDED, RevisionState.WITHDRAWN, RevisionState.CANCELLED, RevisionState.SUPERSEDED]
    for number, state in enumerate([*old, RevisionState.EFFECTIVE, RevisionState.DRAFTING]):
        village.add(revision(number, state))
    village.flush()
    for state in (RevisionState.EFFECTIVE, RevisionState.DRAFTING, RevisionState.IN_REVIEW, RevisionState.APPROVED):
        with pytest.raises(IntegrityError), village.begin_nested():
            village.add(revision(99, state))


def test_one_verification_is_live_per_cycle_of_a_lesson(village: Session) -> None:
    def verification(number: int, cycle: int, state: VerificationState) -> Verification:
        at = AT if state is VerificationState.INCONCLUSIVE else None
        return Verification(
            code=f"V-{number}", lesson_id=1, cycle=cycle, state=state, concluded_at=at, unit_id=1, **TIMES
        )

    village.add(verification(1, 1, VerificationState.INCONCLUSIVE))
    village.add(verification(2, 1, VerificationState.PLANNED))
    village.add(verification(3, 2, VerificationState.DUE))
    village.flush()
    with pytest.raises(IntegrityError):
        tell(village, "UPDATE verifications SET state = 'due' WHERE code = 'V-1'")


def test_one_extension_is_open_per_record(village: Session) -> None:
    def asked(pid: str, state: ExtensionState) -> Extension:
        return Extension(
            pid=pid, of_noun="actions", of_id=1, new_due_on=LATER, reason="ממתינים לספק", state=state, created_at=AT
        )

    village.add_all([asked("a", ExtensionState.DENIED), asked("b", ExtensionState.ASKED)])
    village.flush()
    village.add(asked("c", ExtensionState.ASKED))
    with pytest.raises(IntegrityError):
        village.flush()


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE actions SET lesson_id = NULL", "of_lesson_or_debrief"),
        ("UPDATE actions SET state = 'confirmed'", "confirmed_when"),
        ("UPDATE lessons SET state = 'risk_accepted'", "risk_until_when"),
        ("UPDATE lessons SET severity = 5", "severity_of_four"),
        ("UPDATE debriefs SET severity = 0", "severity_of_four"),
    ],
)
def test_a_state_stands_on_what_belongs_to_it(village: Session, statement: str, rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule):
        tell(village, statement)


def test_an_action_of_a_debrief_needs_no_lesson(village: Session) -> None:
    tell(village, "UPDATE actions SET lesson_id = NULL, debrief_id = 1")
    assert village.exec(select(Action.debrief_id)).one() == 1
