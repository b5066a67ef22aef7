"""What a script, or the operator of the machine, types."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.cli.main import COMMANDS
from lessons.intake import operations
from lessons.models import Event, Lesson
from lessons.workflow.states import LessonState
from tests.cli.conftest import Run
from tests.intake.valves import ROWS, written
from tests.village import Village


# ── import ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_register_is_imported_once_and_the_report_says_what_was_odd(lessons: Run, register: str) -> None:
    said = lessons("import", register)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("4 lessons were brought in.\n")
    assert "One title is longer than 120 characters." in said.out
    again = lessons("import", register, "--into", "lessons")
    assert again.out.startswith("0 lessons were brought in.\n4 were here already.\n")


def test_a_dry_run_changes_nothing(lessons: Run, register: str) -> None:
    assert lessons("import", register, "--dry-run").out.startswith(
        "4 lessons would be brought in; nothing was changed."
    )
    assert lessons("import", register).out.startswith("4 lessons were brought in.")


def test_a_file_with_a_faulty_row_is_refused_whole_or_taken_without_it(lessons: Run, tmp_path: Path) -> None:
    file = tmp_path / "faulty.csv"
    file.write_bytes(written(*ROWS, {"lesson_id": "11", "title": "It says nothing"}))
    refused = lessons("import", str(file))
    assert (refused.code, refused.out) == (1, "")
    assert "faulty.csv cannot be taken like this. Nothing was changed." in refused.err
    assert "rows/6/lessons_learned: The row says nothing" in refused.err
    taken = lessons("import", str(file), "--skip-faulty")
    assert (taken.code, taken.out.splitlines()[0]) == (0, "4 lessons were brought in.")
    assert taken.err.startswith("Row 6, lessons_learned: The row says nothing")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.4", "Could not be read: other.csv. Nothing was changed."),
        (written() + b"11,caf\xe9\xff\xff\n", "The letters cannot be told for certain from character 7 on (e9)."),
        (written() + b'11,"open\n', "The table breaks off here"),
    ],
)
@pytest.mark.only("sqlite")
def test_a_file_that_is_no_register_is_refused_with_the_place(
    lessons: Run, tmp_path: Path, content: bytes, says: str
) -> None:
    file = tmp_path / "other.csv"
    file.write_bytes(content)
    refused = lessons("import", str(file))
    assert (refused.code, refused.out) == (1, "")
    assert says in refused.err


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["nowhere.csv"], 1, "nowhere.csv cannot be read: No such file or directory."),
        (
            ["REGISTER", "--into", "procedures"],
            1,
            "Nothing can be imported into procedures yet, only: debriefs, lessons, actions, figures, auto.",
        ),
        (["REGISTER", "--into", "somewhere"], 2, "invalid choice"),
        (["REGISTER", "--map", "map.toml"], 1, "map.toml cannot be read: No such file or directory."),
        (["REGISTER", "--unit", "NONE"], 1, "No unit is called NONE."),
        (["REGISTER", "--as", "nobody@village.example"], 1, "Nobody here is called nobody@village.example."),
    ],
)
def test_what_cannot_be_imported_is_refused_in_a_sentence(
    lessons: Run, register: str, words: list[str], code: int, says: str
) -> None:
    said = lessons("import", *(word.replace("REGISTER", register) for word in words))
    assert (said.code, said.out) == (code, "")
    assert says in said.err


@pytest.mark.only("sqlite")
def test_an_import_that_is_stopped_says_that_nothing_was_changed(
    lessons: Run, register: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(operations, "enter", stopped)
        said = lessons("import", register)
    assert (said.code, said.out, said.err) == (130, "", "Stopped. Nothing was changed.\n")
    assert lessons("import", register).out.startswith("4 lessons were brought in.")


def test_a_person_imports_where_they_curate(village: Village, lessons: Run, register: str) -> None:
    refused = lessons("import", register, "--unit", "RET", "--as", "avi@village.example")
    assert (refused.code, refused.err) == (1, "Lessons are imported by lessons management of the unit.\n")
    assert lessons("import", register, "--unit", "ret", "--as", "naomi@village.example").code == 0


# ── search, reindex, export ──────────────────────────────────────────────────────────────────────────────────────────
def test_lessons_are_found_by_their_words(lessons: Run, register: str) -> None:
    lessons("import", register)
    said = lessons("search", "nylon seats")
    first, *others = said.out.splitlines()
    assert first.startswith("L-")
    assert "Valves want seats that last" in first
    assert "nylon" in first.lower()
    assert not any("nylon" in other.lower() for other in others), "what holds some of the words comes after"
    found = json.loads(lessons("search", "nylon seats", "--json").out)
    item = found["items"][0]
    assert (item["title"], item["state"], item["direction"]) == ("Valves want seats that last", "verified", "do")
    assert {"code", "why", "score", "links"} <= item.keys()
    assert json.loads(lessons("search", "nothing like it", "--json").out)["items"] == []


def test_the_index_is_built_anew(lessons: Run, register: str) -> None:
    lessons("import", register)
    assert lessons("reindex").out == "6\n", "four lessons and their two topics"
    assert "Valves" in lessons("search", "nylon").out


def test_the_register_is_taken_out_as_a_table(lessons: Run, register: str) -> None:
    lessons("import", register)
    rows = list(csv.DictReader(io.StringIO(lessons("export", "register").out.removeprefix("\ufeff"), newline="")))[::-1]
    assert [row["state"] for row in rows] == ["verified"] * 4
    assert rows[0]["steps"] == "Replace nylon seats.\nTrain the crew."
    assert (rows[0]["topics"], rows[0]["unit"], rows[0]["audience"]) == ("Hardware, Spacecraft", "ORG", "units: ORG")
    assert rows[3]["why"] == "'=1+1 is no label."


def test_the_register_is_taken_out_as_programs_read_it(lessons: Run, register: str, tmp_path: Path) -> None:
    lessons("import", register)
    file = tmp_path / "register.json"
    assert lessons("export", "register", "--format", "json", "-o", str(file)).out == ""
    taken = json.loads(file.read_text(encoding="utf-8"))
    assert (len(taken["items"]), taken["next"]) == (4, None)
    assert taken["items"][-1]["steps"] == ["Replace nylon seats.", "Train the crew."]
    assert [found.name for found in tmp_path.glob("*.part")] == []


@pytest.mark.only("sqlite")
def test_a_place_that_cannot_be_written_is_told(lessons: Run, register: str, tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "none" / "r.csv", f"{register}/r.csv"):
        said = lessons("export", "register", "-o", str(place))
        assert (said.code, said.out) == (1, "")
        assert f"{place} cannot be written: " in said.err
    assert sorted(found.name for found in tmp_path.iterdir()) == ["data", "register.csv"]
    assert lessons("export", "register", "-o", "-").out.startswith("\ufeffcode,state,title")


def test_what_a_person_may_not_read_is_not_in_their_register(village: Village, lessons: Run) -> None:
    with db.transaction() as session:
        village.session = session
        village.lesson(state=LessonState.DRAFT, title="עוד לא הוצע")
        village.lesson(title="כבר אומץ")
    for who, count in (([], 1), (["--as", "avi@village.example"], 1), (["--as", "dana@village.example"], 2)):
        assert len(json.loads(lessons("export", "register", "--format", "json", *who).out)["items"]) == count


def test_cards_are_printed_into_a_folder(village: Village, lessons: Run, tmp_path: Path) -> None:
    with db.transaction() as session:
        village.session = session
        code = village.lesson().code
    folder = tmp_path / "cards" / "new"
    said = lessons("export", "cards", code.lower(), "-o", str(folder), "--lang", "he")
    assert (said.code, said.out) == (0, f"{folder / code}.pdf\n")
    assert (folder / f"{code}.pdf").read_bytes().startswith(b"%PDF")
    assert lessons("export", "cards", code, "L-2026-9999", "-o", str(folder)).code == 1


# ── audit ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_history_is_verified_and_its_head_can_be_kept_elsewhere(lessons: Run, register: str) -> None:
    lessons("import", register)
    first = lessons("audit", "verify")
    assert first.code == 0
    head = first.out.split()[-1]
    assert first.out == f"8 events, head {head}\n"
    more = Path(register).with_name("more.csv")
    more.write_bytes(written({**ROWS[0], "lesson_id": "70"}))
    lessons("import", str(more))
    assert lessons("audit", "verify", "--head", head).code == 0
    with db.reading() as session:
        third = session.get_one(Event, 3).hash
    assert lessons("audit", "verify", "--head", third.upper()).code == 0
    lost = lessons("audit", "verify", "--head", "f" * 64)
    assert (lost.code, lost.err) == (1, f"{'f' * 64}: this head is not part of the history\n")


def test_whoever_bends_the_history_is_found_out(lessons: Run, register: str) -> None:
    lessons("import", register)
    with db.transaction() as session:
        session.execute(sa.update(Lesson).where(Lesson.id == 1).values(event_hash="0" * 64))
        code = session.get_one(Lesson, 1).code
    said = lessons("audit", "verify")
    assert (said.code, said.err) == (1, f"{code}: its history does not end where the record says\n")


# ── the program ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_help_imports_nothing_that_takes_long() -> None:
    program = "import sys; from lessons.cli.main import parser; parser(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert {"sqlalchemy", "flask", "weasyprint", "pydantic", "babel"}.isdisjoint(loaded)


def test_every_command_says_what_it_does() -> None:
    assert all(command.says for command in COMMANDS)
    assert len({command.words for command in COMMANDS}) == len(COMMANDS)


@pytest.mark.only("sqlite")
def test_reports_and_everything_at_once_are_taken_out(village: Village, lessons: Run, tmp_path: Path) -> None:
    with db.transaction() as session:
        village.session = session
        code = village.debrief().code
    as_dana = ("--as", "dana@village.example")
    said = lessons("export", "debrief", code.lower(), "-o", str(tmp_path), *as_dana)
    assert (said.code, said.out) == (0, f"{tmp_path / code}.pdf\n")
    archive = tmp_path / "all.zip"
    assert lessons("export", "bundle", str(archive), *as_dana).code == 0
    assert f"debriefs/{code}.pdf" in zipfile.ZipFile(archive).namelist()
    workbook = tmp_path / "debriefs.xlsx"
    asked = ("--noun", "debriefs", "--format", "xlsx", "state=issued", "-o", str(workbook))
    assert lessons("export", "register", *asked, *as_dana).code == 0
    assert zipfile.is_zipfile(workbook)
