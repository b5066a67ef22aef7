"""Twelve mixed lines, printed as they were when somebody looked at them: order, brackets, points and places.

After a change that is meant: .venv/bin/python -m tests.exports.test_golden, and look at every picture again.
"""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from exports import card_pdf
from exports.sheet import CardSheet, Size
from tests.exports.cards import EMPTY, ENGLISH, HEBREW

PICTURES = Path(__file__).parent / "golden"
SCALE, BLOCK, DIFFERS = 1.25, 6, 0.08
"""Pixels a point, pixels a side of what is compared, and the share of black by which it may differ."""
LINES = (
    "CRM: שיחה 3/4, ואז CRM שוב",
    "₪1,200–1,500 ללקוח, או 1,200–1,500 ₪",
    "מתקשרים אל 03-1234567 (לא אל 1-800-555-0199)",
    "12:30–14:00 או 08:30–17:00, בימים א׳–ה׳",
    "נוהל P-0012 (מהדורה 4)",
    'צה"ל וגם צה״ל, ושר״פ',
    "חב' «אורן», ר' סעיף ב׳",
    "שָׁלוֹם, בַּקָּשָׁה אַחַת",
    "C++ ו-C# וגם R&D",
    "הקובץ ב־C:\\Users\\dana\\דוח.xlsx או /srv/files/he.csv",
    "ראו https://example.org/a?b=1&c=(2). או dana@example.org!",
)
TITLE = "Wi-Fi 6 לא עובד אצל הלקוח: בודקים את הנתב (ACME X-100)"
MIXED = replace(
    replace(HEBREW, **EMPTY), title=TITLE, steps=LINES, meanwhile="(בינתיים) 50% מהשיחות, +3 מאתמול"
)  # fmt: skip
SHEETS: dict[str, CardSheet] = {
    "hebrew": MIXED,
    "english": replace(MIXED, lang="en", words=ENGLISH.words, direction_word="Do", state_word="New"),
}
EACH = [(name, size) for name in SHEETS for size in ("a4", "a5")]


def picture(name: str, size: Size) -> Image.Image:
    paper = pypdfium2.PdfDocument(io.BytesIO(card_pdf.render(replace(SHEETS[name], size=size))))
    drawn: Image.Image = paper[0].render(scale=SCALE).to_pil().convert("L")
    return drawn


def blackness(image: Image.Image) -> np.ndarray:
    """The share of black of each block of the page."""
    dark = 1 - np.asarray(image, np.float32) / 255
    rows, columns = (side - side % BLOCK for side in dark.shape)
    blocks = dark[:rows, :columns].reshape(rows // BLOCK, BLOCK, columns // BLOCK, BLOCK)
    shares: np.ndarray = blocks.mean((1, 3))
    return shares


@pytest.mark.parametrize(("name", "size"), EACH)
def test_twelve_mixed_lines_are_printed_as_they_were_when_they_were_looked_at(name: str, size: Size) -> None:
    with Image.open(PICTURES / f"{name}-{size}.png") as kept:
        before, now = blackness(kept.convert("L")), blackness(picture(name, size))
    assert before.shape == now.shape
    places = np.argwhere(np.abs(before - now) > DIFFERS)
    assert not len(places), f"{len(places)} places differ, the first at {(places[0] * BLOCK / SCALE).tolist()} points"


def test_a_line_whose_brackets_change_their_places_would_be_seen() -> None:
    changed = replace(MIXED, steps=(*LINES[:4], "נוהל P-0012 )מהדורה 4(", *LINES[5:]))
    SHEETS["changed"] = changed
    try:
        differs = np.abs(blackness(picture("hebrew", "a4")) - blackness(picture("changed", "a4")))
    finally:
        del SHEETS["changed"]
    assert (differs > DIFFERS).any()


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    for name, size in EACH:
        picture(name, size).quantize(16).save(PICTURES / f"{name}-{size}.png", optimize=True)


if __name__ == "__main__":
    main()
