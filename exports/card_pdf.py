"""Prints a lesson card on exactly one page, A4 or A5.

The print engine is not safe under threads: only a printing process (press.py) or a program of one thread calls this.
Same sheet, same bytes.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NoReturn

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from weasyprint import CSS, HTML, Document
from weasyprint.text.ffi import ffi, fontconfig, pangoft2
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from exports import bidi, fit, fonts, signs
from exports.sheet import CardSheet, CardTooLong, Size

PRINT = Path(__file__).parent / "print"
VARIANT = "pdf/ua-1"  # tagged, for whoever has it read aloud
OURS = frozenset({"what_changed", "how_we_know"})  # told in the labels' language, not in the lesson's
ZOOM = {"a4": 1.0, "a5": 148 / 210}
ONE_LINE = 72  # characters, at the foot


def render(sheet: CardSheet) -> bytes:
    """The PDF. Raises CardTooLong."""
    return written(laid(sheet, sheet.size), sheet.size)


def laid(sheet: CardSheet, size: Size, *, number: int = 0) -> Document:
    """One page, with a number in a deck. Raises CardTooLong."""
    for look, shown in fit.looks(sheet):
        page = lay_out(markup(shown, look.density, number), size)
        if len(page.pages) == 1:
            return page
    raise CardTooLong(fit.longest(sheet))


def written(page: Document, size: Size) -> bytes:
    return bytes(page.write_pdf(pdf_variant=VARIANT, zoom=ZOOM[size]))


def warm() -> None:
    """Does beforehand what every card needs."""
    style()
    _template()


def lay_out(html: str, size: Size = "a4", look: CSS | None = None) -> Document:
    page = HTML(string=html, url_fetcher=OPENS_NOTHING)
    looks = [look or style(), *([small_sheet()] if size == "a5" else [])]
    return page.render(font_config=faces(), stylesheets=looks, pdf_variant=VARIANT)


def markup(sheet: CardSheet, density: str, number: int = 0) -> str:
    words = sheet.words
    return _template().render(
        s=sheet,
        w=words,
        number=number,
        density=density,
        page_dir=bidi.direction(sheet.lang),
        text_dir=bidi.direction(sheet.text_lang),
        direction_sign=signs.DIRECTIONS[sheet.direction],
        state_sign=signs.STATES[sheet.state_shape],
        avoid=bidi.lines(sheet.avoid),
        history=[(getattr(words, n), getattr(sheet, n), n in OURS) for n in fit.HISTORY if getattr(sheet, n)],
        source=fit.shortened(sheet.source, ONE_LINE),
        owner=fit.shortened(sheet.owner, ONE_LINE),
        edition=", ".join(filter(None, [sheet.edition, sheet.edition_date])),
        qr=signs.qr(sheet.url),
    )


@cache
def _template() -> Template:
    return templates().get_template("card.html.j2")


@cache
def templates() -> Environment:
    """Where the pages of the press lie, with the one filter for their texts."""
    room = Environment(
        loader=FileSystemLoader(PRINT), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    room.filters |= {"told": bidi.told, "run": bidi.run, "clean": bidi.clean, "together": bidi.together}
    return room


class OpensNothing(URLFetcher):  # type: ignore[misc]
    """A card needs no address at all: its style, its faces and its signs are ours and are given, not fetched."""

    def fetch(self, url: str, headers: object = None) -> NoReturn:  # noqa: ARG002 - as the engine calls it
        raise ValueError(f"a card opens no address: {url[:80]}")


class OurFaces(FontConfiguration):  # type: ignore[misc]
    """Takes the faces from where set-up put them. `@font-face` would copy them to a temporary folder, and a killed
    process would leave it behind. The machine's own faces stand in for letters that ours lack."""

    def __init__(self) -> None:
        super().__init__()
        for face in fonts.paper_faces():
            fontconfig.FcConfigAppFontAddFile(self._config, str(face).encode())
        pangoft2.pango_fc_font_map_config_changed(ffi.cast("PangoFcFontMap *", self.font_map))


OPENS_NOTHING = OpensNothing()


@cache
def faces() -> OurFaces:
    return OurFaces()


@cache
def style() -> CSS:
    text = (PRINT / "card.css").read_text(encoding="utf-8")
    return CSS(string=text, url_fetcher=OPENS_NOTHING, font_config=faces())


@cache
def small_sheet() -> CSS:
    """A5 is laid out on a sheet of its own proportions and the width of A4, and written smaller."""
    text = f"@page {{ size: 210mm {210 * 210 / 148:.3f}mm }}"
    return CSS(string=text, url_fetcher=OPENS_NOTHING, font_config=faces())
