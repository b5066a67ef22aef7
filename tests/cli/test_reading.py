"""`import --dry-run` tells what it understood of a loose document; nothing is brought in of it yet, and it says so."""

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
    assert said.out.splitlines()[-1] == "Nothing was changed."
    assert (
        said.err == "register.xlsx: Sheet “Sheet1”, row 2, Status: The state “mauve” is not known; it was left open.\n"
    )


@pytest.mark.only("sqlite")
def test_a_file_that_cannot_be_read_is_told_with_the_reason_and_the_others_are_read(
    lessons: Run, tmp_path: Path, debrief: str
) -> None:
    (tmp_path / "a.docx").write_bytes(b"%PDF-1.7")
    said = lessons("import", str(tmp_path / "a.docx"), debrief, "--dry-run")
    assert (said.code, said.out.splitlines()[0]) == (1, "debrief.docx (docx): one debrief, 0 lessons, one action.")
    assert "a.docx: This is a PDF" in said.err


@pytest.mark.only("sqlite")
def test_a_loose_document_is_not_brought_in_yet_and_that_is_said(lessons: Run, debrief: str) -> None:
    said = lessons("import", debrief)
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("debrief.docx can be read but not yet brought in;")
