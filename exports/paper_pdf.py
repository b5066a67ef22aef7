"""Prints a paper on as many A4 pages as it takes. Only a printing process calls this, as of cards."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Template
from weasyprint import CSS, HTML

from exports import bidi
from exports.card_pdf import OPENS_NOTHING, PRINT, VARIANT, faces, templates
from exports.paper import Paper

NUMBERS = {"{n}": "counter(page)", "{all}": "counter(pages)"}


def render(paper: Paper) -> bytes:
    """The PDF."""
    page = HTML(string=markup(paper), url_fetcher=OPENS_NOTHING)
    laid = page.render(font_config=faces(), stylesheets=[style(), _numbers(paper)], pdf_variant=VARIANT)
    return bytes(laid.write_pdf(pdf_variant=VARIANT))


def markup(paper: Paper) -> str:
    return _template().render(p=paper, dir_of=bidi.direction)


def _numbers(paper: Paper) -> CSS:
    """What stands in the margins of each page: which paper this is, and which page."""
    outer, inner = ("left", "right") if bidi.direction(paper.lang) == "rtl" else ("right", "left")
    page = " ".join(NUMBERS.get(part) or _quoted(part) for part in re.split(r"(\{n\}|\{all\})", paper.page) if part)
    name = _quoted(" · ".join(filter(None, (paper.sort, paper.code))))
    text = f"@page {{ @bottom-{outer} {{ content: {page} }} @bottom-{inner} {{ content: {name} }} }}"
    return CSS(string=text, url_fetcher=OPENS_NOTHING, font_config=faces())


def _quoted(text: str) -> str:
    """As CSS writes a string: letters and figures as they are, every other sign by its number."""
    return '"{}"'.format("".join(c if c.isalnum() else f"\\{ord(c):06x}" for c in text if c.isprintable()))


@cache
def _template() -> Template:
    return templates().get_template("paper.html.j2")


@cache
def style() -> CSS:
    text = (PRINT / "paper.css").read_text(encoding="utf-8")
    return CSS(string=text, url_fetcher=OPENS_NOTHING, font_config=faces())
