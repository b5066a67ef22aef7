"""The press of this installation: the server, the worker and the command line find what any of them has printed."""

from __future__ import annotations

from exports.press import Press
from exports.sheet import CardSheet
from exports.shelf import Shelf
from lessons import db
from lessons.i18n import Word, say
from lessons.repository.card import words


def press(*, workers: int = 2) -> Press:
    """Its processes start with the first sheet that was not printed before."""
    return Press(workers=workers, kept=Shelf(db.settings().data_dir / "printed"))


def sample(locale: str) -> CardSheet:
    """A card of no lesson, to try the press with."""
    return CardSheet(
        lang=locale, text_lang=locale, words=words(locale), direction="do", code="L-0000-0000", short="", edition="1",
        direction_word=Word("direction", "do").in_(locale), state_shape="open", state_word="", units=(),
        edition_date="", title=say("This card tries whether cards are printed").in_(locale), url=db.settings().base_url,
    )  # fmt: skip
