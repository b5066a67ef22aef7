from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime

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


def whole(lang: str = "he", rows: list[list[Cell]] = ROWS) -> io.BytesIO:
    return io.BytesIO(b"".join(pressed(book(lang), iter(rows))))


def test_texts_are_texts_days_are_days_and_a_code_leads_to_its_record() -> None:
    read = CalamineWorkbook.from_filelike(whole())
    register, meanings = (read.get_sheet_by_index(n).to_python() for n in (0, 1))
    assert register == [["קוד", "נוסח", "מועד"], ["A-1", "=1+1", date(2026, 2, 4)], ["A-2", "אב", ""]]
    assert meanings == [["", "הופק היום."], ["עמודה", "מה יש בה"], ["קוד", "מזהה"], ["נוסח", "מה כתוב"],
                        ["מועד", "עד מתי"]]  # fmt: skip
    sheet = zipfile.ZipFile(whole()).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<f>") == 2
    assert '<f>HYPERLINK("http://x/""/A-1","A-1")</f>' in sheet
    assert '<autoFilter ref="A1:C3"/>' in sheet
    assert 'topLeftCell="B2"' in sheet
    assert 'rightToLeft="1"' in sheet


NOON = datetime(2026, 2, 4, 12, 30)  # noqa: DTZ001 - a sheet knows no zones


def test_every_cell_is_read_as_what_it_is_and_what_a_sheet_cannot_tell_is_text() -> None:
    cells: list[Cell] = [NOON, date(1900, 3, 1), date(1850, 5, 6), 1.5, 7, " <&> ", "x" * 40_000, "_x0041_"]
    file = whole(rows=[cells])
    *said, long, _ = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()[1]
    assert said == [NOON, date(1900, 3, 1), "1850-05-06", 1.5, 7, " <&> "]
    assert len(str(long)) == 32_767
    sheet = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    assert "<v>61</v>" in sheet, "the day after one that never was"
    assert ">_x005F_x0041_<" in sheet, "which a sheet would take for an A"


def test_a_sheet_reads_from_left_to_right_in_english_and_the_same_rows_make_the_same_bytes() -> None:
    one = whole("en")
    assert one.getvalue() == whole("en").getvalue()
    assert b"rightToLeft" not in zipfile.ZipFile(one).read("xl/worksheets/sheet1.xml")


def test_it_is_sent_while_its_rows_are_read_and_what_breaks_off_is_no_workbook() -> None:
    def breaking() -> Iterator[list[Cell]]:
        yield ROWS[0]
        raise ConnectionError

    parts = pressed(book(), breaking())
    sent = next(parts)
    assert sent.startswith(b"PK")
    with pytest.raises(ConnectionError):
        next(parts)
    assert not zipfile.is_zipfile(io.BytesIO(sent))
