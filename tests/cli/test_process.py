"""`process check` and `process draw` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons import db
from lessons.workflow import checking
from lessons.workflow.lives import LIVES
from lessons.workflow.policy import Policy
from lessons.workflow.states import DebriefState
from tests.actions.work import action_for
from tests.cli.conftest import Run
from tests.village import Village

pytestmark = pytest.mark.only("sqlite")


def test_a_process_that_holds_together_is_said_to(lessons: Run) -> None:
    said = lessons("process", "check")
    assert (said.code, said.out.split("\n")[0], said.err) == (0, "the process holds together", "")


def test_the_policy_in_force_is_printed_and_loads_again(
    lessons: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a note beside each number that this installation changed."""
    own = tmp_path / "own.toml"
    own.write_text("[risk]\ndays = 61\n")
    monkeypatch.setenv("LESSONS_POLICY", str(own))
    said = lessons("process", "check")
    printed = tmp_path / "printed.toml"
    printed.write_text(said.out.partition("\n")[2])
    assert Policy.load(printed) == Policy.load(own) != Policy.load()
    (changed,) = [line for line in said.out.splitlines() if "61" in line]
    assert "#" in changed


def test_a_fault_is_named_and_ends_with_1(lessons: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "KINDS", (*checking.KINDS, "boil"))
    said = lessons("process", "check")
    assert said.code == 1
    assert "boil" in said.err


def test_staffing_names_whom_a_unit_hangs_on_without_calling_it_a_fault(lessons: Run, village: Village) -> None:
    said = lessons("process", "check", "--staffing")
    assert said.code == 0
    assert f"CUS: lessons “accept_risk” (not_its_owner) – only {village.michal.name} could" in said.err


def test_every_life_is_drawn(lessons: Run) -> None:
    said = lessons("process", "draw")
    assert said.code == 0
    assert said.out.count("stateDiagram-v2") == len(LIVES)


def test_a_rehearsal_begins_today_unless_a_day_is_given(village: Village, lessons: Run) -> None:
    said = lessons("reminders", "rehearse", "--json")
    assert (said.code, said.out) == (0, "[]\n")


def test_a_rehearsal_calls_records_by_the_titles_that_their_readers_may_read(village: Village, lessons: Run) -> None:
    with db.transaction() as session:
        village.session = session
        action = action_for(village, "yossi")
        hidden = village.debrief(state=DebriefState.REPORTED, confidential=True, title="חויבה פעמיים")
        texts = (action.text, hidden.code)
    for words in ((), ("--json",)):
        said = lessons("reminders", "rehearse", "--from", "2026-02-02", *words)
        assert all(text in said.out for text in texts)
        assert "חויבה פעמיים" not in said.out
