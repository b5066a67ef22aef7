"""A life drawn as SVG: the main line from left to right, the ends beneath, on each way its number in the table.

Only shapes, words and classes; what they look like stands in static/charts.css.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html import escape
from textwrap import wrap

from lessons.i18n import Word, direction, say, word
from lessons.workflow.layout import GAP, HEIGHT, STRAIGHT, WIDTH, Bus, Layout
from lessons.workflow.lives import LIVES
from lessons.workflow.telling import transitions

TITLE = say("The life of this record: %(noun)s")
LINE, LETTERS = 15, 16


@cache
def svg(noun: str, locale: str, here: str = "") -> str:
    """The life of a noun; where `here` is a state, it is filled and those that can follow it are outlined."""
    layout = Layout(LIVES[noun])
    title = TITLE.with_(noun=Word("noun", noun)).in_(locale)
    told = "; ".join(transitions(noun, locale))
    parts = [*_straights(layout), *(line for bus in layout.buses for line in _bus(layout, bus))]
    parts += [_box(layout, state, locale, here) for state in layout.states]
    width, height = _px(layout.width), _px(layout.height)
    return (
        f'<svg class="chart life-line" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="{escape(title)}"><title>{escape(title)}</title><desc>{escape(told)}</desc>{"".join(parts)}</svg>'
    )


# ── states ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _box(layout: Layout, state: str, locale: str, here: str) -> str:
    x, y = layout.left(state), layout.top(state)
    name = word(f"{layout.life.noun}.state", state, locale)
    return (
        f'<g class="{_kind(layout, state, here)}"><rect x="{_px(x)}" y="{_px(y)}" width="{WIDTH}" height="{HEIGHT}" '
        f'rx="4"/>{_words(name, x + WIDTH / 2, y + HEIGHT / 2, locale)}</g>'
    )


def _kind(layout: Layout, state: str, here: str) -> str:
    """Filled where the record stands, outlined what can come next, quiet the ends."""
    kinds = ["box"]
    if state == here:
        kinds.append("here")
    elif (here, state) in layout.ways:
        kinds.append("next")
    if state not in layout.life.live:
        kinds.append("end")
    return " ".join(kinds)


def _words(text: str, x: float, y: float, locale: str) -> str:
    lines = wrap(text, LETTERS)
    first = y - (len(lines) - 1) * LINE / 2 + 4.5
    turned = ' direction="rtl"' if direction(locale) == "rtl" else ""
    return "".join(
        f'<text x="{_px(x)}" y="{_px(first + n * LINE)}" text-anchor="middle"{turned}>{escape(line)}</text>'
        for n, line in enumerate(lines)
    )


# ── ways ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def _straights(layout: Layout) -> Iterator[str]:
    for (source, target), ns in layout.ways.items():
        if layout.side(source, target) == STRAIGHT:
            x, y = layout.left(source) + WIDTH, layout.top(source) + HEIGHT / 2
            yield _path(f"M{_px(x)} {_px(y)}H{_px(x + GAP)}")
            yield f'<path class="tip" d="M{_px(x + GAP)} {_px(y)}l-8 -4v8z"/>'
            yield _number(ns, x + GAP / 2 - 4, y - 6)


def _bus(layout: Layout, bus: Bus) -> Iterator[str]:
    """From every source to the lane, along it, and from it into the target."""
    lane = layout.lane(bus)
    for source, ns in bus.ways.items():
        x, y = layout.port(source, bus)
        into, edge = layout.port(bus.target, bus)
        yield _path(f"M{_px(x)} {_px(y)}V{_px(lane)}H{_px(into)}V{_px(edge)}")
        if len(bus.ways) > 1:
            yield f'<circle class="tip" cx="{_px(x)}" cy="{_px(lane)}" r="2.2"/>'
        yield _number(ns, x, y + (10 if lane > y else -4), beside=True)
    into, edge = layout.port(bus.target, bus)
    yield f'<path class="tip" d="M{_px(into)} {_px(edge)}l-4 {-8 if lane < edge else 8}h8z"/>'


def _path(way: str) -> str:
    return f'<path class="way" d="{way}"/>'


def _number(ns: tuple[int, ...], x: float, y: float, *, beside: bool = False) -> str:
    anchor, shift = ("start", 3) if beside else ("middle", 0)
    said = ", ".join(map(str, ns))
    return f'<text class="n" x="{_px(x + shift)}" y="{_px(y)}" text-anchor="{anchor}">{said}</text>'


def _px(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
