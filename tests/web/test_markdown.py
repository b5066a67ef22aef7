"""Light marks in written text: what they may do on a page, and what they may not."""

from __future__ import annotations

import pytest

from lessons.web.markdown import rendered


def test_marks_become_markup_each_in_its_own_direction() -> None:
    text = "**חשוב** בכל שיחה\nשורה שנייה\n\n- first\n- [טופס](https://forms.example/1)"
    assert rendered(text) == (
        '<p dir="auto"><strong>חשוב</strong> בכל שיחה<br />\nשורה שנייה</p>\n<ul dir="auto">\n<li>first</li>\n'
        '<li><a href="https://forms.example/1" rel="noopener noreferrer">טופס</a></li>\n</ul>\n'
    )


def test_a_heading_in_a_text_stands_below_those_of_the_page() -> None:
    assert rendered("# כותרת") == '<h3 dir="auto">כותרת</h3>\n'


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<div onclick=alert(1)>\n\nx\n\n</div>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](//evil.example)",
        "![x](https://tracker.example/p.png)",
        "<https://a.example/\"onmouseover=alert(1)>",
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)  # fmt: skip
def test_nothing_in_a_text_acts_on_the_page(text: str) -> None:
    found = rendered(text)
    for harm in ("<script", "<img", "<div", 'href="javascript', 'href="data', 'href="//', ' onmouseover="'):
        assert harm not in found.lower()
