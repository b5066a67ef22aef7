"""What was printed once is found again by whoever prints the same, and by nobody who prints anything else."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from exports import press, shelf
from exports.press import Press
from exports.shelf import Shelf
from tests.exports.cards import SHORT


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was really printed."""
    found: list[Any] = []

    def printing(_: Press, sheet: Any, *__: Any) -> bytes:
        found.append(sheet)
        return f"{sheet.title}, printed for the {len(found)}. time".encode()

    monkeypatch.setattr(press.Press, "_printed", printing)
    return found


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_card_that_did_not_change_is_not_printed_again_whoever_asks(tmp_path: Path, printed: list[Any]) -> None:
    first = Press(kept=Shelf(tmp_path)).card(SHORT)
    assert Press(kept=Shelf(tmp_path)).card(SHORT) == first
    assert len(printed) == 1
    for other in (replace(SHORT, title="x"), replace(SHORT, lang="en" if SHORT.lang == "he" else "he")):
        assert Press(kept=Shelf(tmp_path)).card(other) != first
    assert len(printed) == 3


def test_a_new_style_prints_it_anew(tmp_path: Path, printed: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    Press(kept=Shelf(tmp_path)).card(SHORT)
    monkeypatch.setattr(shelf, "look", lambda: "another")
    Press(kept=Shelf(tmp_path)).card(SHORT)
    assert len(printed) == 2


def test_what_is_not_whole_is_printed_again(tmp_path: Path, printed: list[Any]) -> None:
    kept = Press(kept=Shelf(tmp_path))
    first = kept.card(SHORT)
    [file] = files(tmp_path)
    file.write_bytes(file.read_bytes()[:-1])
    assert kept.card(SHORT) != first
    assert len(printed) == 2


def test_a_disk_that_takes_nothing_keeps_nobody_from_printing(tmp_path: Path, printed: list[Any]) -> None:
    (tmp_path / "shelf").write_text("a file where the folder would be")
    assert Press(kept=Shelf(tmp_path / "shelf")).card(SHORT)
    assert printed


def test_a_full_shelf_lets_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "LOOKS_EVERY", 0)
    kept = Shelf(tmp_path, most=500)
    names = [f"{n:02x}{'0' * 62}" for n in range(6)]
    for n, name in enumerate(names):
        kept.put(name, bytes(68))  # with its hash a hundred
        os.utime(tmp_path / name[:2] / name, (n, n))
    assert [kept.get(name) is None for name in names] == [True, True, False, False, False, False]
