"""Any step of any record, from a script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.models import Debrief, Event, Lesson
from lessons.workflow.lives import LIVES, NOUN_OF
from lessons.workflow.states import LessonState
from tests.actions.work import action_for, do
from tests.cli.conftest import Run
from tests.village import Village


def fields(**given: str) -> list[str]:
    return [f"{name}={value}" for name, value in given.items()]


def one(session_table: Any, **where: Any) -> Any:
    with db.reading() as session:
        return session.scalars(sa.select(session_table).filter_by(**where)).one()


def test_a_debrief_is_reported_opened_and_inquired_from_a_script(village: Village, lessons: Run) -> None:
    dana, naomi = ("--as", "dana@village.example"), ("--as", "naomi@village.example")
    report = fields(what_happened="לקוחה חויבה פעמיים", kind="failure", severity="3", urgent="false", unit="RET")
    code = lessons("do", "debriefs", "report", *report, *dana).out.strip()
    debrief = one(Debrief, code=code)
    assert (debrief.state, debrief.severity, debrief.urgent) == ("reported", 3, False)
    opened = fields(leader="dana@village.example", reviewer="naomi@village.example", severity="3")
    assert lessons("do", code.lower(), "open", *opened, *naomi).out == f"{code} investigating\n"
    assert lessons("do", code, "edit", "expected=חיוב אחד", *dana).out == f"{code} investigating\n"
    fact = lessons("do", code, "add.facts", "text=[1] החיוב יצא", "at=2026-02-01T08:00:00Z", *dana)
    assert fact.code == 0
    assert lessons("do", f"facts/{fact.out.strip()}", "edit", "text=החיוב יצא פעמיים", *dana).code == 0
    finding = lessons("do", code, "add.findings", "text=ההטבה לא הוזנה", *dana).out.strip()
    cause = ["text=אין שדה במסך", "root=true", 'no_action={"reason": "המסך יוחלף ממילא השנה"}']
    assert lessons("do", f"findings/{finding}", "add.causes", *cause, *dana).code == 0
    title = ["title=מזינים לפני סיום השיחה", "direction=do", 'topics=["שימור"]', f"finding={finding}"]
    lesson = lessons("do", code, "add.lessons", *title, *dana).out.strip()
    assert one(Lesson, code=lesson).finding_id is not None


def test_an_anonymous_report_prints_its_tracking_code_below_its_own(village: Village, lessons: Run) -> None:
    words = ["what_happened=משהו קרה", "kind=near_miss", "anonymous=true", "--as", "avi@village.example"]
    code, tracking = lessons("do", "debriefs", "report", *words).out.split()
    assert code.startswith("D-")
    assert len(tracking) > 10


def test_fields_come_from_a_file_too_and_those_that_are_typed_win(
    village: Village, lessons: Run, tmp_path: Path
) -> None:
    file = tmp_path / "report.json"
    file.write_text('{"what_happened": "from the file", "kind": "success", "severity": 1}', encoding="utf-8")
    words = ["--json", str(file), "--as", "avi@village.example", "title=007"]
    code = lessons("do", "debriefs", "report", *words).out.strip()
    debrief = one(Debrief, code=code)
    assert (debrief.what_happened, debrief.title, debrief.severity) == ("from the file", "007", 1)


def test_a_dot_leads_into_a_field(village: Village, lessons: Run) -> None:
    with db.transaction() as session:
        village.session = session
        code = village.lesson(state=LessonState.PROPOSED, owner_id=None).code
    words = ["owner=yossi@village.example", 'audience.units=["RET"]', "briefing.share=0.8", "level=2"]
    assert lessons("do", code, "accept", *words, "--as", "naomi@village.example").out == f"{code} accepted\n"
    lesson = one(Lesson, code=code)
    assert (lesson.audience["units"], lesson.level) == (["RET"], 2)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["D-2026-0001", "open", "--as", "naomi@village.example"], 1, "not there, or not open to you"),
        (["X-1", "open", "--as", "naomi@village.example"], 1, "not there, or not open to you"),
        (["facts/none", "edit", "--as", "naomi@village.example"], 1, "This is not there."),
        (["debriefs", "open", "--as", "avi@village.example"], 1, "is made by “report”"),
        (["debriefs", "report", "kind=failure"], 1, "--as PERSON says who"),
        (["debriefs", "report", "kind=failure", "--as", "avi@village.example"], 1, "what_happened: "),
        (["debriefs", "report", "kind", "--as", "avi@village.example"], 2, "a field is given as name=value"),
        (["debriefs", "report", "named_people=[1", "--as", "avi@village.example"], 2, "this is not JSON"),
        (["debriefs", "report", "--json", "nowhere.json", "--as", "avi@village.example"], 2, "nowhere.json: No such"),
        (["debriefs", "report", "--as", "avi@village.example", "--loud"], 2, "unrecognized arguments: --loud"),
        (["debriefs", "--as", "avi@village.example"], 2, "A new one is made by: report"),
        (["facts/none", "--as", "avi@village.example"], 1, "This is not there."),
    ],
)
@pytest.mark.only("sqlite")
def test_what_cannot_be_done_is_said_on_stderr(
    village: Village, lessons: Run, words: list[str], code: int, says: str
) -> None:
    said = lessons("do", *words)
    assert (said.code, said.out) == (code, "")
    assert says in said.err
    with db.reading() as session:
        assert session.scalars(sa.select(Event)).all() == []


def test_a_refusal_names_everything_that_is_missing(village: Village, lessons: Run) -> None:
    with db.transaction() as session:
        village.session = session
        code = village.lesson().code
    said = lessons("do", code, "start", "--as", "yossi@village.example")
    assert said.code == 1
    assert "There is no way to people yet" in said.err
    assert "A verification plan is needed." in said.err


def test_who_names_no_step_and_who_is_refused_reads_the_steps_that_are_theirs(village: Village, lessons: Run) -> None:
    with db.transaction() as session:
        village.session = session
        action = action_for(village, "yossi")
        codes = (village.lesson().code, action.code)
        do(village, action, "start", "yossi")
    said = lessons("do", codes[1], "--as", "yossi@village.example")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"{codes[1]}: the step is missing. Possible now: block, report_done, ")
    refused = lessons("do", codes[1], "start", "--as", "yossi@village.example")
    assert refused.code == 1
    assert "Possible now: block, report_done, " in refused.err
    assert "grant_extension" not in said.err + refused.err
    waits = lessons("do", codes[0], "--as", "yossi@village.example")
    assert waits.err.endswith("  Not yet: start\n")


def test_every_noun_that_has_a_life_is_reached_by_the_letter_of_its_codes() -> None:
    assert set(NOUN_OF.values()) == set(LIVES)
