"""The faces that set-up cuts for paper and for the screen."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from exports import fonts


@pytest.fixture(scope="module")
def cut() -> Path:
    fonts.build()
    return fonts.folder()


def test_the_fonts_are_cut_once_and_found_the_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(fonts, "TYPEFACES", [replace(fonts.TYPEFACES[0], weights=(400,))])
    with pytest.raises(FileNotFoundError, match=r"exports\.fonts build"):
        fonts.paper_faces()
    assert fonts.build()
    first = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.*")}
    assert not fonts.build()
    (fonts.folder() / "stamp").write_text("of another version")
    assert fonts.build()
    assert {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.*")} == first


def test_every_face_has_every_letter_that_a_page_needs(cut: Path) -> None:
    faces = [*fonts.paper_faces(), *cut.glob("*.woff2")]
    assert len(faces) == 6
    for face in faces:
        with TTFont(face) as font:
            assert fonts.missing(font.getBestCmap(), fonts.NEEDED) == [], face.name


def test_faces_for_paper_stand_still_and_faces_for_the_screen_take_every_weight(cut: Path) -> None:
    for face in fonts.paper_faces():
        with TTFont(face) as font:
            assert "fvar" not in font
            assert font["name"].getBestFamilyName() in {"Card Text", "Card Voice"}
    for face in cut.glob("*.woff2"):
        with TTFont(face) as font:
            assert font["fvar"].axes[0].axisTag == "wght"
        assert face.stat().st_size < 80_000


def test_the_screens_sheet_names_files_that_lie_beside_it(cut: Path) -> None:
    sheet = (cut / "fonts.css").read_text("utf-8")
    files = re.findall(r'url\("([^"/:]+)"\)', sheet)
    assert sheet.count("url(") == len(files) == 2
    assert all((cut / file).is_file() for file in files)
    assert re.findall(r'font-family: "([^"]+)"', sheet) == ["Assistant", "Frank Ruhl Libre"]


def test_the_licence_of_each_face_lies_beside_it(cut: Path) -> None:
    for path in cut.glob("*.woff2"):
        assert "SIL Open Font License" in path.with_name(f"{path.stem}-licence.txt").read_text("utf-8")


def test_a_letter_without_a_glyph_stops_the_cutting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "NEEDED", "א→ב✓")
    with pytest.raises(ValueError, match="→ ✓"):
        fonts._subset(fonts._open(fonts.TYPEFACES[0]))
