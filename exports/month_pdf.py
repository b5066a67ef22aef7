"""Prints what was learned in a month on exactly one A4 page. Only a printing process calls this, as of cards."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Template
from weasyprint import CSS

from exports import bidi, fit
from exports.card_pdf import OPENS_NOTHING, PRINT, VARIANT, faces, lay_out, templates
from exports.month import Measure, MonthSheet, Part

LINES = (9, 7, 6, 5, 4, 3, 2, 1)  # of each part, as many as the page has room for
TITLE, NOTE = 150, 160  # characters
WIDE, TALL, TOP, FOOT = 260.0, 54.0, 12.0, 12.0  # of a drawing, in its own units


def render(sheet: MonthSheet) -> bytes:
    """The PDF."""
    pages = (lay_out(markup(sheet, most), look=style()) for most in LINES)
    page = next((one for one in pages if len(one.pages) == 1), None) or lay_out(markup(sheet, 0), look=style())
    return bytes(page.write_pdf(pdf_variant=VARIANT))


def markup(sheet: MonthSheet, most: int) -> str:
    return _template().render(
        s=sheet,
        dir=bidi.direction(sheet.lang),
        parts=[_part(sheet, one, most) for one in sheet.parts],
        measures=[(one, _drawn(one)) for one in sheet.measures],
        wide=WIDE,
        tall=TOP + TALL + FOOT,
        base=TOP + TALL,
    )


def _part(sheet: MonthSheet, part: Part, most: int) -> dict[str, Any]:
    left = len(part.lines) - most
    return {
        "name": part.name,
        "empty": part.empty if not part.lines else "",
        "more": sheet.more.replace("{n}", str(left)) if left > 0 else "",
        "lines": [
            (line, bidi.direction(line.lang), fit.shortened(line.title, TITLE), fit.shortened(line.note, NOTE))
            for line in part.lines[:most]
        ],
    }


def _drawn(one: Measure) -> dict[str, Any]:
    """Columns from left to right: the last is black, what was before it hollow."""
    most = max([height for _, height, _ in one.points] + [one.aim or 0, 0.001])
    step = WIDE / max(len(one.points), 1)
    columns = [
        {
            "x": round(n * step + step * 0.2, 2),
            "mid": round(n * step + step / 2, 2),
            "wide": round(step * 0.6, 2),
            "tall": round(height / most * TALL, 2),
            "label": label,
            "word": word,
            "last": n == len(one.points) - 1,
        }
        for n, (label, height, word) in enumerate(one.points)
    ]
    return {"columns": columns, "aim": None if one.aim is None else round(TOP + TALL - one.aim / most * TALL, 2)}


@cache
def _template() -> Template:
    return templates().get_template("month.html.j2")


@cache
def style() -> CSS:
    text = (PRINT / "month.css").read_text(encoding="utf-8")
    return CSS(string=text, url_fetcher=OPENS_NOTHING, font_config=faces())
