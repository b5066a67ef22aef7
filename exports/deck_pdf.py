"""Prints many cards as one document: a cover, contents that lead to each card, then one card a page, numbered.

The cards are laid out one after the other and joined before they are written, so that the whole is tagged as one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from jinja2 import Template
from weasyprint import CSS
from weasyprint.document import Page

from exports import bidi, signs
from exports.card_pdf import OPENS_NOTHING, PRINT, faces, laid, lay_out, templates, written
from exports.deck import Deck, DeckSheet
from exports.sheet import CardSheet, CardTooLong


def render(sheet: DeckSheet, step: Callable[[int], None]) -> Deck:
    """Tells after each card how many are done. Raises CardTooLong where none of them fits."""
    pages: list[Page] = []
    shown: list[CardSheet] = []
    left_out: list[str] = []
    for n, card in enumerate(sheet.cards, 1):
        try:
            pages += laid(card, sheet.size, number=len(shown) + 1).pages
            shown.append(card)
        except CardTooLong as fault:
            if len(sheet.cards) == len(left_out) + 1:
                raise CardTooLong(fault.field) from None
            left_out.append(card.code)
        step(n)
    front = lay_out(markup(sheet, shown), sheet.size, style())
    return Deck(written(front.copy([*front.pages, *pages]), sheet.size), tuple(left_out))


def markup(sheet: DeckSheet, cards: list[CardSheet]) -> str:
    lines = [(card, bidi.direction(card.text_lang), signs.DIRECTIONS[card.direction]) for card in cards]
    return _template().render(s=sheet, page_dir=bidi.direction(sheet.lang), lines=lines)


@cache
def _template() -> Template:
    return templates().get_template("deck.html.j2")


@cache
def style() -> CSS:
    text = (PRINT / "deck.css").read_text(encoding="utf-8")
    return CSS(string=text, url_fetcher=OPENS_NOTHING, font_config=faces())
