from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from exports.register_xlsx import Book, Cell, Column, Link, pressed

MADE = datetime(2026, 2, 3, 10)  # noqa: DTZ001 - a sheet knows no zones
CODE, TEXT, DAY = (
    Column(heading="קוד", meaning="מזהה", kind="link"),
    Column(heading="נוסח", meaning="מה כתוב", kind="long"),
    Column(heading="מועד", meaning="עד מתי", kind="day"),
)


def book(lang: str = "he") -> Book:
    return Book(lang=lang, name="משימות [1]", meanings="עמודות", heads=("עמודה", "מה יש בה"), notes=("הופק היום.",),
                columns=(CODE, TEXT, DAY), made=MADE)  # fmt: skip


ROWS: list[list[Cell]] = [
    [Link("A-1", 'http://x/"/A-1'), "=1+1", date(2026, 2, 4)],
    [Link("A-2", "http://x/A-2"), "א\x00ב\ud800", None],
]


def test_texts_are_texts_days_are_days_and_a_code_leads_to_its_record() -> None:
    with pressed(book(), iter(ROWS)) as file:
        read = CalamineWorkbook.from_filelike(file)
        register, meanings = (read.get_sheet_by_index(n).to_python() for n in (0, 1))
        assert register == [["קוד", "נוסח", "מועד"], ["A-1", "=1+1", date(2026, 2, 4)], ["A-2", "אב", ""]]
        assert meanings == [["", "הופק היום."], ["עמודה", "מה יש בה"], ["קוד", "מזהה"], ["נוסח", "מה כתוב"],
                            ["מועד", "עד מתי"]]  # fmt: skip
        sheet = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<f>") == 2
    assert '<f>HYPERLINK("http://x/""/A-1","A-1")</f>' in sheet
    assert '<autoFilter ref="A1:C3"/>' in sheet
    assert 'topLeftCell="B2"' in sheet
    assert 'rightToLeft="1"' in sheet


def test_a_sheet_reads_from_left_to_right_in_english_and_the_same_rows_make_the_same_bytes() -> None:
    with pressed(book("en"), iter(ROWS)) as one, pressed(book("en"), iter(ROWS)) as other:
        assert one.read() == other.read()
        assert b"rightToLeft" not in zipfile.ZipFile(one).read("xl/worksheets/sheet1.xml")


def test_what_breaks_off_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def breaking() -> Iterator[list[Cell]]:
        yield ROWS[0]
        raise ConnectionError

    with pytest.raises(ConnectionError):
        pressed(book(), breaking())
    assert list(tmp_path.iterdir()) == []
