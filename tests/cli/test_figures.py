"""Numbers of units come in as a table: all of them or none, and a second time they replace the first."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.models import UnitFigure
from lessons.settings import Settings
from tests.cli.conftest import Run
from tests.village import Village

TABLE = 'unit,day,name,value\nRET,2026-02-01,נשארו,61\nSRV,2026-02-01,שיחות,"1,412"\n'


@pytest.fixture(autouse=True)
def units(settings: Settings) -> None:
    with db.transaction() as session:
        Village(session)


def kept() -> list[tuple[str, float]]:
    with db.reading() as session:
        return [tuple(row) for row in session.execute(sa.select(UnitFigure.name, UnitFigure.value).order_by("id"))]


def test_a_table_is_taken_and_taken_again(lessons: Run, tmp_path: Path) -> None:
    file = tmp_path / "figures.csv"
    file.write_text(TABLE, encoding="utf-8")
    assert lessons("import", "--into", "figures", "--dry-run", str(file)).code == 0
    assert kept() == []
    said = lessons("import", "--into", "figures", str(file))
    assert (said.code, "2 numbers of units" in said.out) == (0, True)
    file.write_text(TABLE.replace("61", "63.5"), encoding="utf-8")
    lessons("import", "--into", "figures", str(file))
    assert sorted(kept()) == [("נשארו", 63.5), ("שיחות", 1412.0)]


@pytest.mark.parametrize(
    "table",
    [TABLE.replace("SRV", "XXX"), TABLE.replace("61", "רבים"), TABLE.replace("2026-02-01", "1.2.2026"), "a,b\n1,2\n"],
)
def test_what_cannot_be_read_is_said_and_nothing_is_kept(lessons: Run, tmp_path: Path, table: str) -> None:
    file = tmp_path / "figures.csv"
    file.write_text(table, encoding="utf-8")
    said = lessons("import", "--into", "figures", str(file))
    assert (said.code, bool(said.err)) == (1, True)
    assert kept() == []
