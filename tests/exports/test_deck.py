"""Many cards as one document: a cover, contents that lead to them, one card a page, tagged as a whole."""

import io
from dataclasses import replace
from functools import cache
from typing import Any

import pypdf
import pytest

from exports import deck_pdf
from exports.deck import Deck, DeckSheet
from exports.press import Press
from exports.sheet import CardTooLong, Size
from tests.exports.cards import ENGLISH, HEBREW, SHORT, TOO_LONG
from tests.exports.reading import text_of

CARDS = (replace(HEBREW, code="L-2026-0001"), replace(TOO_LONG, code="L-2026-0002"), replace(SHORT, code="L-2026-0003"),
         replace(ENGLISH, code="L-2026-0004"))  # fmt: skip
SHEET = DeckSheet(lang="he", title="חדש החודש", about="3 כרטיסים", day="28.11.2026", organisation="הארגון",
                  contents="מה בחוברת", cards=CARDS)  # fmt: skip


@cache
def printed(size: Size) -> tuple[Deck, tuple[int, ...]]:
    told: list[int] = []
    return deck_pdf.render(replace(SHEET, size=size), told.append), tuple(told)


def paper(size: Size) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(printed(size)[0].pdf))


@pytest.mark.parametrize(("size", "sides"), [("a4", [595, 842]), ("a5", [420, 595])])
def test_a_deck_has_a_cover_contents_and_one_card_a_page(size: Size, sides: list[int]) -> None:
    pages = paper(size).pages
    assert len(pages) == 2 + 3
    assert {tuple(round(side) for side in page.mediabox[2:]) for page in pages} == {tuple(sides)}
    assert "חדש החודש" in text_of(printed(size)[0].pdf)


def test_a_card_that_fits_on_no_page_is_named_and_the_others_are_there() -> None:
    deck, told = printed("a4")
    assert deck.left_out == ("L-2026-0002",)
    assert told == (1, 2, 3, 4), "it is told after each card how many are done"
    with pytest.raises(CardTooLong):
        deck_pdf.render(replace(SHEET, cards=CARDS[1:2]), lambda _: None)


def test_contents_lead_to_each_card_and_the_whole_is_tagged() -> None:
    read = paper("a4")
    links: list[Any] = [one.get_object() for one in read.pages[1]["/Annots"]]
    places = [read.named_destinations[link["/A"]["/D"] if "/A" in link else link["/Dest"]] for link in links]
    assert [*dict.fromkeys(read.get_destination_page_number(place) for place in places)] == [2, 3, 4]
    root: Any = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "he"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


def test_the_press_prints_a_deck_as_a_program_of_its_own_would_and_tells_how_far_it_is() -> None:
    told: list[int] = []
    with Press(workers=1) as press:
        assert press.deck(SHEET, told.append) == printed("a4")[0]
    assert told == [1, 2, 3, 4]


def test_whoever_does_not_want_it_any_more_stops_the_printing() -> None:
    def enough(_: int) -> None:
        raise KeyError

    with Press(workers=1) as press:
        with pytest.raises(KeyError):
            press.deck(SHEET, enough)
        assert press.card(SHORT), "another process prints the next"
