"""What is to be done next is found by its index, whatever lies behind it: as the databases themselves say of the
statements that run."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.duties.counsel import COUNSEL
from lessons.duties.sweep import DUE
from lessons.models import Duty, Letter
from lessons.post import outbox, queries
from lessons.workflow.states import LetterState
from tests.duties.owing import Village, at

MORNING = at("2026-09-09 08:00")
OLD, TIED = 3000, 400
Asked = list[tuple[str, Any]]


@pytest.fixture
def full(village: Village) -> Village:
    """Years of letters and duties that are over, and a morning on which many things have the same moment."""
    with db.transaction() as session:
        session.execute(sa.insert(Letter), [letter(village, n) for n in range(OLD + TIED)])
        session.execute(sa.insert(Duty), [duty(village, n) for n in range(OLD + TIED)])
    with db.transaction() as session:
        session.execute(sa.text("ANALYZE"))
    return village


def letter(village: Village, n: int) -> dict[str, Any]:
    over = n < OLD
    return {
        "pid": f"p{n}", "person_id": village.people["dana"], "kind": "invitation", "key": f"k{n}", "lang": "en",
        "to_address": "dana@village.test", "subject": "s", "text": "t", "html": "h", "message_id": f"<{n}@x>",
        "state": LetterState.SENT if over else LetterState.WAITING, "next_at": MORNING, "created_at": MORNING,
        "sent_at": MORNING if over else None, "why": "", "thread": "", "attempts": 0, "fence": 0,
    }  # fmt: skip


def duty(village: Village, n: int) -> dict[str, Any]:
    return {
        "pid": f"d{n}", "kind": "do_action", "of_noun": "actions", "of_id": n, "of_code": f"A-{n}", "severity": 2,
        "unit_id": village.units["EVE"], "person_id": village.people["dana"], "excluding": [], "opened_at": MORNING,
        "due_on": MORNING.date(), "due_at": MORNING, "next_at": MORNING, "rung": 0, "closed_how": "",
        "closed_at": MORNING if n < OLD else None,
    }  # fmt: skip


def asked_by(work: Callable[[], object]) -> Asked:
    """The statements that a piece of work sent, as they were sent."""
    found: Asked = []

    def note(*call: Any) -> None:
        if "SELECT" in call[2] and "version_num" not in call[2]:
            found.append((call[2], call[3]))

    sa.event.listen(db.engine(), "before_cursor_execute", note)
    work()
    sa.event.remove(db.engine(), "before_cursor_execute", note)
    return found


def explained(asked: tuple[str, Any]) -> tuple[str, float]:
    """The plan, and how many rows it read from a table or an index at the most."""
    statement, values = asked
    with db.transaction() as session:
        connection = session.connection()
        if db.is_sqlite(session):
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            return "\n".join(row[3] for row in rows), 0
        plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values).scalar_one()
    return json.dumps(plan), max(scanned(plan[0]["Plan"]))


def scanned(plan: dict[str, Any]) -> list[float]:
    own = [plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)] if "Scan" in plan["Node Type"] else []
    return own + [rows for part in plan.get("Plans", ()) for rows in scanned(part)]


def test_the_next_letter_is_found_by_its_index_and_nothing_else_is_read(full: Village) -> None:
    first, *_ = asked_by(lambda: outbox.claim(MORNING, COUNSEL))
    plan, rows = explained(first)
    assert "ix_letters_due" in plan
    assert "B-TREE" not in plan
    assert "Sort" not in plan
    assert rows <= 2  # the one that was just taken lies behind it until the database tidies up


def test_the_next_duties_are_found_by_their_index_and_no_more_are_read_than_are_due(full: Village) -> None:
    def look() -> None:
        with db.transaction() as session:
            assert len(session.execute(DUE, {"at": MORNING, "limit": 20}).all()) == 20

    (first,) = asked_by(look)
    plan, rows = explained(first)
    assert "ix_duties_next" in plan
    assert "B-TREE" not in plan
    assert "Sort" not in plan
    assert rows <= 20


@pytest.mark.parametrize("number", ["age", "flow"])
def test_the_numbers_of_the_queue_read_the_queue_and_not_what_is_over(full: Village, number: str) -> None:
    def look() -> None:
        with db.reading() as session:
            if number == "age":
                assert outbox.oldest_waiting(session) == MORNING
            else:
                assert queries.flow(session, at=MORNING, since=MORNING).waiting == TIED

    for each in asked_by(look):
        plan, rows = explained(each)
        assert "SCAN letters\n" not in f"{plan}\n"
        assert "Seq Scan" not in plan
        assert rows <= TIED
