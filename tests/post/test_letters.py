"""How letters look: in mail readers that keep no stylesheet, in the dark, in two directions, and as plain text."""

from __future__ import annotations

import re

import pytest

from lessons.i18n import FSI, PDI, direction, say
from lessons.post.letters import Contents, Foot, Line, Section, Written, written
from lessons.post.looks import TEMPLATES, dressed
from lessons.post.plain import WIDEST, laid

RLM, LRM = "\u200f", "\u200e"
CALM = Line(
    says="Scan the barcode", code="A-2026-0002", href="https://x.test/actions/A-2026-0002",
    notes=(say("With %(name)s", name="דנה"),), quote="long and longer " * 12,
    steps=((say("Approve"), "https://x.test/actions/A-2026-0002/confirm"),), calendar="https://x.test/a.ics",
)  # fmt: skip
KINDS = ("digest", "notice", "test")


def letter(kind: str = "digest", lang: str = "he") -> Written:
    sections = (
        Section(say("Late"), (CALM, CALM), 3, say("You owe"), True),
        Section(say("Today"), (CALM,), 0, say("You owe")),
    )
    foot = (Foot(say("What else happened"), say("My account"), "https://x.test/account"),)
    return written(Contents(kind, say("Soon"), "Dana", sections, "https://x.test/", foot), lang, organisation="כפר")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lang", ["he", "en"])
def test_every_element_carries_its_own_style_and_nothing_is_fetched_from_anywhere(kind: str, lang: str) -> None:
    html = letter(kind, lang).html
    shown = html.partition("<body")[2]
    plain = [tag for tag in re.findall(r"<(?:p|h2|h3|a|td)\b[^>]*>", shown) if "style=" not in tag]
    assert plain == []
    assert not re.search(r"<(img|link|script|iframe|object)|url\(|@import|src=", html)
    assert {link.split("/")[2] for link in re.findall(r'href="([^"]+)"', html)} == {"x.test"}
    assert f'<html lang="{lang}" dir="{direction(lang)}">' in html
    assert html.count("max-width: 600px") == 2


def test_a_letter_is_readable_in_the_dark() -> None:
    """What has a colour of its own has another one there."""
    html = letter().html
    assert '<meta name="color-scheme" content="light dark">' in html
    dark = html.partition("(prefers-color-scheme: dark)")[2].partition("</style>")[0]
    for name in re.findall(r"^\.(\w+) {[^}]*\bcolor:", (TEMPLATES / "letter.css").read_text(), re.MULTILINE):
        assert f".{name}" in dark, name


def test_a_group_is_titled_once_and_what_is_late_looks_so() -> None:
    html = letter(lang="en").html
    assert html.count(">You owe</h2>") == 1
    assert re.findall(r'<h3 class="(\w+)"', html) == ["late", "title"]


def test_a_template_whose_tags_stand_where_no_text_may_is_refused() -> None:
    assert dressed('<p class="note">{{ "a" }}</p>').startswith('<p class="note" style="margin: 0;')
    with pytest.raises(ValueError, match="moved"):
        dressed("<table>{% for row in rows %}<tr><td>{{ row }}</td></tr>{% endfor %}</table>")


def test_lines_of_the_plain_part_fit_a_window_and_addresses_stand_alone() -> None:
    for lang in ("he", "en"):
        lines = letter(lang=lang).text.splitlines()
        assert max(len(line) for line in lines) <= WIDEST + 2
        assert all(line.strip().startswith("https://") for line in lines if "://" in line)


def test_what_runs_the_other_way_turns_nothing_round() -> None:
    text = letter().text
    assert f"{RLM}- {FSI}Scan the barcode{PDI} (A-2026-0002)\n" in text
    assert f"שלום {FSI}Dana{PDI},\n" in text
    assert "  אצל דנה\n" in text
    assert f"  With {FSI}דנה{PDI}\n" in letter(lang="en").text
    assert laid("כפר\nVillage", "en") == f"{LRM}כפר\nVillage\n"
