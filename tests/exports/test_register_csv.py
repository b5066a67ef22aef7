from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports import register_csv


def read_back(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_register_is_a_table_that_every_program_reads() -> None:
    rows = [["L-2026-0001", 'הנחה של 10%, "עד" סוף החודש\nוגם אחריו'], ["L-2026-0002", ""]]
    content = b"".join(register_csv.lines(["code", "title"], rows))
    assert content.startswith(b"\xef\xbb\xbfcode,title\r\nL-2026-0001,")
    assert read_back(content) == [["code", "title"], *rows]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\rx", "\x00=1", " =1", '"=1', "'=1", "＝1"])
def test_no_cell_is_taken_for_a_formula(cell: str) -> None:
    ((kept,),) = read_back(b"".join(register_csv.lines([cell], [])))
    assert kept.startswith("'")
    assert register_csv.plain(register_csv.neutral(cell)) == cell


@pytest.mark.parametrize("cell", ["", "plain", "a=b", "'tis so", "03-1234567", "“כן”", "5 - 3"])
def test_every_other_cell_stays_as_it_is(cell: str) -> None:
    assert register_csv.neutral(cell) == cell


@given(st.text())
def test_what_was_written_is_read_back(cell: str) -> None:
    assert register_csv.plain(register_csv.neutral(cell)) == cell
