"""The journey that the documentation shows is the one that programs can walk."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def walked() -> str:
    done = subprocess.run(
        [sys.executable, ROOT / "bin" / "journey"], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _without_years(text: str) -> str:
    return re.sub(r"\b20\d\d\b", "YEAR", text).strip()


def test_six_people_carry_a_debrief_from_its_report_to_a_proved_lesson(walked: str) -> None:
    lines = walked.splitlines()
    assert any(re.search(r"L-\d{4}-0001 is verified", line) for line in lines)
    assert re.search(r"D-\d{4}-0001 is closed", lines[-1])
    assert {line.split()[0] for line in lines[:6]} == {"Avi", "Naomi", "Dana", "Ilan", "Yossi", "Ruth"}


def test_every_refusal_on_the_way_says_what_to_do(walked: str) -> None:
    refused = [line for line in walked.splitlines() if "✗" in line]
    assert {re.search(r"✗ (\d+)", line)[1] for line in refused} == {"403", "409", "422"}
    assert len(refused) >= 12


def test_the_documentation_shows_what_happens(walked: str) -> None:
    shown = (ROOT / "docs" / "journey.md").read_text().rsplit("```", 2)[1]
    assert _without_years(shown) == _without_years(walked)
