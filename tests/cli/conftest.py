"""The command line as a program that is called: with these words, in this village, with this small register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from lessons import db
from lessons.cli import main
from lessons.settings import Settings
from tests.intake.valves import written
from tests.village import Village


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def lessons(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """The program, called with these words."""
    for name, value in {
        "DATABASE_URL": database, "DATA_DIR": str(tmp_path / "data"), "SECRET_KEY": "village-" * 4, "LOCALE": "en"
    }.items():  # fmt: skip
        monkeypatch.setenv(f"LESSONS_{name}", value)

    def run(*words: str) -> Said:
        capfd.readouterr()
        try:
            code = main(words)
        except SystemExit as ended:
            code = int(ended.code or 0)
        return Said(code, *capfd.readouterr())

    return run


@pytest.fixture
def village(settings: Settings, lessons: Run) -> Village:
    with db.transaction() as session:
        return Village(session)


@pytest.fixture
def register(tmp_path: Path) -> str:
    file = tmp_path / "register.csv"
    file.write_bytes(written())
    return str(file)
