"""Cuts the two typefaces out of their packages: static faces for paper, small variable ones for the screen.

`python -m exports.fonts build` is run by set-up; no font file is committed. Both faces are under the SIL Open Font
License, and a copy of it lies beside what was cut.
"""

from __future__ import annotations

import importlib.resources
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any


@dataclass(frozen=True)
class Typeface:
    """`paper` is its name in print, of our own: a face installed on the machine is never mistaken for it."""

    family: str
    package: str
    paper: str
    weights: tuple[int, ...]


TYPEFACES = (
    Typeface("Assistant", "fontpkg_assistant", "Card Text", (400, 700)),
    Typeface("Frank Ruhl Libre", "fontpkg_frank_ruhl_libre", "Card Voice", (500, 700)),
)
LETTERS = [
    *range(0x20, 0x7F),  # Latin
    *range(0xA0, 0x180),
    *range(0x5B0, 0x5F5),  # Hebrew with its points, maqaf, geresh and gershayim
    *range(0xFB1D, 0xFB50),
    *range(0x2010, 0x2028),  # dashes, quotation marks, bullet, ellipsis
    *range(0x2030, 0x203B),
    *(0x20AA, 0x20AC, 0x2122, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265),  # ₪ € ™ − ≈ ≠ ≤ ≥
]
NEEDED = "אבגדהוזחטיכךלמםנןסעפףצץקרשת־׳״₪«»“”„‘’–—…•·×±%€0123456789" + "".join(map(chr, range(0x20, 0x7F)))


def folder() -> Path:
    """Where set-up puts what was cut: the screen's faces and fonts.css here, the faces for paper in `paper/`."""
    return Path(sys.prefix, "share", "lessons", "fonts")


def paper_faces() -> list[Path]:
    """The static faces, in a settled order. Raises FileNotFoundError that tells how to cut them."""
    faces = sorted(folder().glob("paper/*.ttf"))
    if len(faces) != sum(len(typeface.weights) for typeface in TYPEFACES):
        raise FileNotFoundError(f"The fonts are not in {folder()}: run `python -m exports.fonts build`.")
    return faces


def build() -> bool:
    """False where everything was there already."""
    place, stamp = folder(), _fingerprint()
    if (place / "stamp").is_file() and (place / "stamp").read_text() == stamp:
        return False
    place.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=place.parent) as drawer:
        cut = Path(drawer, "fonts")
        (cut / "paper").mkdir(parents=True)
        for typeface in TYPEFACES:
            _cut(typeface, cut)
        (cut / "fonts.css").write_text("".join(map(_face_rule, TYPEFACES)), encoding="utf-8")
        (cut / "stamp").write_text(stamp)
        shutil.rmtree(place, ignore_errors=True)
        cut.rename(place)
    return True


def _fingerprint() -> str:
    """Changes with what is cut, how, and by what."""
    tools = ("fonttools", "brotli", *(typeface.package for typeface in TYPEFACES))
    how = Path(__file__).read_bytes() + "".join(version(tool) for tool in tools).encode()
    return sha256(how).hexdigest()


def _cut(typeface: Typeface, place: Path) -> None:
    for weight in typeface.weights:
        _for_paper(typeface, weight).save(place / "paper" / f"{_slug(typeface)}-{weight}.ttf")
    screen = _subset(_open(typeface))
    screen.flavor = "woff2"
    screen.save(place / f"{_slug(typeface)}.woff2")
    licence = importlib.resources.files(typeface.package) / "LICENSE"
    (place / f"{_slug(typeface)}-licence.txt").write_bytes(licence.read_bytes())


def _for_paper(typeface: Typeface, weight: int) -> Any:
    from fontTools.varLib.instancer import instantiateVariableFont

    face = _subset(instantiateVariableFont(_open(typeface), {"wght": weight}))
    style = "Bold" if weight >= 600 else "Regular"
    names = {
        1: typeface.paper,
        2: style,
        4: f"{typeface.paper} {weight}",
        6: f"{typeface.paper}-{weight}".replace(" ", ""),
    }
    face["name"].names = [name for name in face["name"].names if name.nameID in {0, 13, 14}]
    for number, words in names.items():
        face["name"].setName(words, number, 3, 1, 0x409)
    return face


def _open(typeface: Typeface) -> Any:
    from fontTools.ttLib import TTFont

    name = f"{typeface.family.replace(' ', '')}[wght].ttf"
    with importlib.resources.as_file(importlib.resources.files(typeface.package) / "files" / name) as path:
        return TTFont(path, recalcTimestamp=False, lazy=False)


def _subset(face: Any) -> Any:
    """Raises ValueError where a letter that every page needs has no glyph."""
    from fontTools.subset import Options, Subsetter

    lacking = missing(face.getBestCmap(), NEEDED)
    if lacking:
        raise ValueError(f"{face['name'].getBestFamilyName()} has no glyph for: {' '.join(lacking)}")
    cutter = Subsetter(Options(layout_features=["*"], name_IDs=["*"], notdef_outline=True))
    cutter.populate(unicodes=LETTERS)
    cutter.subset(face)
    return face


def missing(glyphs: Iterable[int], letters: str) -> list[str]:
    there = set(glyphs)
    return [letter for letter in letters if ord(letter) not in there]


def _face_rule(typeface: Typeface) -> str:
    low, high = _weight_range(typeface)
    return (
        f'@font-face {{ font-family: "{typeface.family}"; src: url("{_slug(typeface)}.woff2") format("woff2"); '
        f"font-weight: {low} {high}; font-style: normal; font-display: optional; }}\n"
    )  # optional: a face that comes late is kept for the next page, and nothing moves under the reader's finger


def _weight_range(typeface: Typeface) -> tuple[int, int]:
    axis = next(axis for axis in _open(typeface)["fvar"].axes if axis.axisTag == "wght")
    return int(axis.minValue), int(axis.maxValue)


def _slug(typeface: Typeface) -> str:
    return typeface.family.lower().replace(" ", "-")


def main(asked: list[str]) -> int:
    if asked != ["build"]:
        print("usage: python -m exports.fonts build", file=sys.stderr)
        return 2
    if build():
        print(f"Cut into {folder()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
