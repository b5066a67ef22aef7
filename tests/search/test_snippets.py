from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.search.snippets import snippet


def shown(text: str, q: str, width: int = 240) -> str:
    return "".join(f"[{piece}]" if hit else piece for piece, hit in snippet(text, q, width=width))


@pytest.mark.parametrize(
    ("text", "q", "marked"),
    [
        ("הלקוח קיבל (תשובה).", "תשובות לקוח", "[הלקוח] קיבל ([תשובה])."),
        ("«החזר ממיר», ואז", "החזר", "«[החזר] ממיר», ואז"),
        ("שָׁלוֹם לכולם", "שלום", "[שָׁלוֹם] לכולם"),
        ("דיבר עם צה״ל.", 'צה"ל', "דיבר עם [צה״ל]."),
        ("Refunds, refunded; fun", "refund", "[Refunds], [refunded]; fun"),
        ("עלה ב-50% בשנה", "50%", "עלה [ב-50%] בשנה"),
        ("nothing here", "refund", "nothing here"),
        ("nothing asked", "", "nothing asked"),
    ],
)
def test_the_words_asked_for_are_marked_without_the_signs_around_them(text: str, q: str, marked: str) -> None:
    assert shown(text, q) == marked


def test_a_long_text_is_cut_where_the_words_stand_closest() -> None:
    text = "refund " + "filler " * 100 + "the refund of the converter came late " + "filler " * 100
    short = shown(text, "refund converter", width=80)
    assert short.startswith("…")
    assert short.endswith("…")
    assert "the [refund] of the [converter] came" in short


@given(st.text(), st.text(max_size=20), st.integers(10, 300))
def test_the_pieces_are_the_text_as_written(text: str, q: str, width: int) -> None:
    pieces = snippet(text, q, width=width)
    whole = "".join(piece for piece, _ in pieces)
    assert whole.removeprefix("…").removesuffix("…") in text or whole in text
    assert len(whole) <= width + 2
