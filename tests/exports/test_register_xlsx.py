from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from defusedxml import ElementTree
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from exports.register_xlsx import Book, Cell, Column, Link, pressed

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
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


def by_the_library(rows: list[list[Cell]]) -> io.BytesIO:
    """The same rows, each cell by the library that makes all the rest."""
    out = io.BytesIO()
    made = Workbook(out, {"constant_memory": True, "strings_to_formulas": False})
    sheet, day, moment = (
        made.add_worksheet(),
        made.add_format({"num_format": "d"}),
        made.add_format({"num_format": "h"}),
    )
    for n, cells in enumerate(rows, 1):
        for at, cell in enumerate(cells):
            if isinstance(cell, Link):
                sheet.write_formula(n, at, f'=HYPERLINK("{cell.url}","{cell.text}")', None, cell.text)
            elif isinstance(cell, str):
                sheet.write_string(n, at, cell)
            elif isinstance(cell, date):
                sheet.write_datetime(n, at, cell, moment if isinstance(cell, datetime) else day)
            elif cell is not None:
                sheet.write_number(n, at, cell)
    made.close()
    return out


def cells_of(file: io.BytesIO) -> dict[str, tuple[str | None, str | None, str]]:
    """Place → kind, formula and value, below the headings; its looks apart."""
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))  # every part is whole XML
        rows = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml")).iter(f"{SHEET}row")
    cells = (cell for row in rows if row.get("r") != "1" for cell in row)
    return {str(cell.get("r")): (cell.get("t"), cell.findtext(f"{SHEET}f"), "".join(
        text for one in cell if one.tag != f"{SHEET}f" for text in one.itertext())) for cell in cells}  # fmt: skip


def test_its_cells_are_those_that_the_library_itself_would_write() -> None:
    long = "ש" * 300
    rows: list[list[Cell]] = [
        [Link("A-1", "https://x.example/A-1?a=1&b=2"), "<b>\"'&</b>\n\tשורה", date(2026, 2, 4)],
        [Link("א־2", "https://x.example/א"), "  רווחים  ", NOON],
        [None, long, date(1900, 1, 1)],
        ["", "=SUM(A1)", date(1900, 2, 28)],
        ["@x", "+972", NOON.replace(year=2099)],
        [0, -7, 1.25],
        [1e15, 12345678901234, 0.1],
    ]
    ours = cells_of(whole(rows=rows))
    assert ours == {place: cell for place, cell in cells_of(by_the_library(rows)).items() if cell[2]}
