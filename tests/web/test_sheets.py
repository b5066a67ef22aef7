import re
from itertools import product
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "lessons" / "static"
SHEETS = sorted(STATIC.glob("*.css"))
PAINTED = [path for path in SHEETS if path.name not in {"tokens.css", "print.css"}]

PHYSICAL = re.compile(
    r"(?<![\w-])(margin|padding|border|scroll-margin|scroll-padding)-(left|right|top|bottom)\b"
    r"|(?<![\w-])(left|right|top|bottom)\s*:|(?<![\w-])(min-|max-)?(width|height)\s*:"
    r"|text-align\s*:\s*(left|right)|float\s*:\s*(left|right)|border-(top|bottom)-(left|right)-radius"
)


def declarations(path: Path) -> str:
    """A sheet without comments and without the conditions of its media and container queries."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r"@(media|container|page)[^{]*", "", text)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_sheet_speaks_of_beginnings_and_ends_not_of_left_and_right(path: Path) -> None:
    assert [found[0] for found in PHYSICAL.finditer(declarations(path))] == []


@pytest.mark.parametrize("path", PAINTED, ids=lambda path: path.name)
def test_a_colour_is_always_a_role(path: Path) -> None:
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgb|\bhsl", declarations(path)) == []


def test_every_role_that_a_sheet_uses_is_a_token() -> None:
    told = "".join(declarations(path) for path in SHEETS)
    used = set(re.findall(r"var\((--[\w-]+)\)", told))
    assert used - set(re.findall(r"(--[\w-]+)\s*:", told)) == set()


GROUNDS = ("paper", "sheet", "wash", "accent-wash")
WASHES = ("ok-wash", "wait-wash", "bad-wash")
INKS = ("ink", "ink-2", "ink-3", "accent", "accent-strong", "ok", "wait", "bad")


def roles(theme: str) -> dict[str, str]:
    found = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", (STATIC / "tokens.css").read_text("utf-8"))
    return {name: light if theme == "light" else dark for name, light, dark in found}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("theme", "least"), [("light", 5.0), ("dark", 5.2)])
def test_every_ink_can_be_read_on_every_ground(theme: str, least: float) -> None:
    colour = roles(theme)
    marks = ("mark", "add", "del") if theme == "light" else ()  # in dark only ink stands on these
    pairs = [*product(INKS, (*GROUNDS, *WASHES, *marks)), ("on-accent", "accent"), ("on-accent", "accent-strong")]
    pairs += [("ink", "mark"), ("ink", "add"), ("ink-2", "del"), ("paper", "ink")]
    poor = {pair: round(contrast(colour[pair[0]], colour[pair[1]]), 2) for pair in pairs}
    assert {pair: value for pair, value in poor.items() if value < least} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_edge_of_what_can_be_pressed_stands_out_from_its_ground(theme: str) -> None:
    colour = roles(theme)
    for edge, ground in product(("edge", "accent", "bad"), GROUNDS):
        assert contrast(colour[edge], colour[ground]) >= 3.0, (edge, ground)
