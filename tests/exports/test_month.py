"""A month on one page, in either language, however much was learned in it."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdf
import pytest

from exports import month_pdf
from exports.month import Line, Measure, MonthSheet, Part
from exports.press import Press
from tests.exports.reading import text_of

TOLD = "Before: 43. After: 2. The aim: 3"
LESSON = Line(lang="he", title="מזינים את ההטבה לפני סיום השיחה", note=TOLD, code="L-2026-0007")
MONTH = MonthSheet(
    lang="en", title="What we learned this month", month="October 2026", where="Retention centre",
    measures=(
        Measure(name="From the event to the desk", value="4", note="working days", aim=3.0, aim_word="aim 3",
                points=(("9.26", 6.0, "6"), ("10.26", 4.0, "4"))),
        Measure(name="Lessons that proved themselves", value="67%", note="2 of 3", points=(("10.26", 67.0, "67"),)),
    ),
    parts=(
        Part(name="What proved itself", empty="", lines=(LESSON,)),
        Part(name="What was stopped", empty="Nothing was stopped.", lines=()),
    ),
    more="and {n} more", foot="Printed on 1.11.2026",
)  # fmt: skip


def pages(pdf: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_it_tells_the_measures_what_was_proved_and_that_nothing_was_stopped() -> None:
    pdf = month_pdf.render(MONTH)
    shown = text_of(pdf)
    assert pages(pdf) == 1
    for said in ("What we learned this month", "67%", TOLD, "L-2026-0007"):
        assert said in shown
    assert "Nothing was stopped." in shown


@pytest.mark.parametrize("lang", ["he", "en"])
def test_much_is_told_on_one_page_and_the_rest_is_counted(lang: str) -> None:
    long = replace(LESSON, title="מזינים את ההטבה לפני סיום השיחה ומקריאים ללקוח את הסכום הבא " * 4)
    part = Part(name="What proved itself", empty="", lines=(long,) * 40)
    pdf = month_pdf.render(replace(MONTH, lang=lang, parts=(part, part, part)))
    assert pages(pdf) == 1
    assert "more" in text_of(pdf)


def test_the_press_prints_it_beside_cards() -> None:
    with Press(workers=1) as press:
        assert press.month(MONTH) == month_pdf.render(MONTH)
