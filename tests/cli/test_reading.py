"""`import` tells what it understood of a loose document and brings it in, all of it or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.intake import papers
from tests.intake.papers import EN, EN_ROW


@pytest.fixture
def debrief(tmp_path: Path) -> str:
    file = tmp_path / "debrief.docx"
    file.write_bytes(
        papers.docx(papers.heading("One"), papers.heading("Action items", 2), papers.ticked("Fix it", True))
    )
    return str(file)


@pytest.mark.only("sqlite")
def test_what_was_understood_of_each_file_is_told(lessons: Run, tmp_path: Path, debrief: str) -> None:
    register = tmp_path / "register.xlsx"
    register.write_bytes(papers.xlsx([EN, (*EN_ROW[:7], "mauve")]))
    said = lessons("import", debrief, str(register), "--dry-run")
    assert said.code == 0
    assert said.out.splitlines()[:2] == [
        "debrief.docx (docx): one debrief, 0 lessons, one action.",
        "Action: Fix it, done",
    ]
    assert "Lesson Learned → lesson" in said.out
    assert said.out.splitlines()[-3].endswith("Nothing was changed.")
    assert said.err.splitlines() == [
        "register.xlsx: Sheet “Sheet1”, row 2, Status: The state “mauve” is not known; it was left open.",
        "Not one person and no other here: Dana Levi.",
    ]


@pytest.mark.only("sqlite")
def test_a_file_that_cannot_be_read_is_told_with_the_reason_and_the_others_are_read(
    lessons: Run, tmp_path: Path, debrief: str
) -> None:
    (tmp_path / "a.docx").write_bytes(b"%PDF-1.7")
    said = lessons("import", str(tmp_path / "a.docx"), debrief, "--dry-run")
    assert (said.code, said.out.splitlines()[0]) == (1, "debrief.docx (docx): one debrief, 0 lessons, one action.")
    assert "a.docx: This is a PDF" in said.err


@pytest.mark.only("sqlite")
def test_loose_documents_come_in_once_and_a_second_time_changes_nothing(lessons: Run, debrief: str) -> None:
    assert lessons("import", debrief, "--dry-run").out.splitlines()[-1] == (
        "Would be brought in: one debrief, 0 lessons, one action. Nothing was changed."
    )
    assert lessons("import", debrief).out.splitlines()[0] == "Brought in: one debrief, 0 lessons, one action."
    again = lessons("import", debrief)
    assert (again.code, again.out.splitlines()[:2]) == (
        0,
        ["Brought in: 0 debriefs, 0 lessons, 0 actions.", "One was here already."],
    )


@pytest.mark.only("sqlite")
def test_what_cannot_be_read_keeps_the_others_out_unless_it_is_to_be_left_out(
    lessons: Run, tmp_path: Path, debrief: str
) -> None:
    broken = tmp_path / "a.docx"
    broken.write_bytes(b"%PDF-1.7")
    refused = lessons("import", debrief, str(broken))
    assert (refused.code, refused.out) == (1, "")
    assert "Could not be read: a.docx. Nothing was changed." in refused.err
    assert lessons("import", debrief, str(broken), "--skip-faulty").out.startswith("Brought in: one debrief")


@pytest.mark.only("sqlite")
def test_columns_are_told_by_a_map(lessons: Run, tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_text("Alpha,Lesson,Owner\nIt broke,Look first,Dana\nIt fell,Hold it,Dana\n")
    (tmp_path / "map.json").write_text('{"Alpha": "what_happened"}')
    said = lessons("import", str(tmp_path / "odd.csv"), "--map", str(tmp_path / "map.json"), "--dry-run")
    assert "Alpha → what happened" in said.out
    (tmp_path / "map.json").write_text('{"Alpha": "nothing such"}')
    refused = lessons("import", str(tmp_path / "odd.csv"), "--map", str(tmp_path / "map.json"))
    assert (refused.code, "is no map of columns" in refused.err) == (1, True)
