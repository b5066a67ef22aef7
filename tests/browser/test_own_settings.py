"""What a reader has set on their machine holds here: their own few colours, and that nothing moves."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import site

PAGES = ("/", "/report", "/debriefs", "/lessons", "/lessons/L-2026-0001/card", "/managers", "/bench", "/search?q=הטבה",
         "/account", "/help")  # fmt: skip
GROUND = """
const canvas = () => {
    const plain = document.body.appendChild(document.createElement('i'));
    plain.style.background = 'Canvas';
    const colour = getComputedStyle(plain).backgroundColor;
    plain.remove();
    return colour;
};
const ground = one => {
    for (; one; one = one.parentElement) {
        const colour = getComputedStyle(one).backgroundColor;
        if (!/^rgba.*, 0\\)$/.test(colour)) return colour;
    }
    return canvas();
};
const shown = one => one.getClientRects().length
    && one.checkVisibility({ opacityProperty: true, visibilityProperty: true });
const named = one => one.outerHTML.slice(0, 120);
"""
UNREAD = f"""() => {{ {GROUND}
    const words = [...document.querySelectorAll('main *, header *')].filter(one => shown(one) &&
        [...one.childNodes].some(node => node.nodeType == 3 && node.data.trim()));
    return words.filter(one => getComputedStyle(one).color == ground(one)).map(named);
}}"""
"""Words in the colour of their ground."""
EDGELESS = f"""() => {{ {GROUND}
    const edge = one => ['Top', 'Bottom', 'Left', 'Right'].some(side => {{
        const style = getComputedStyle(one);
        return style[`border${{side}}Style`] != 'none' && parseFloat(style[`border${{side}}Width`]) > 0
            && style[`border${{side}}Color`] != ground(one.parentElement);
    }});
    return [...document.querySelectorAll(
        'main button.b:not(.bare, .go), main textarea, main select, main input[type=text], main input[type=search]')]
        .filter(one => shown(one) && !edge(one)).map(named);
}}"""
"""What is pressed or written in, without an edge to be known by."""
ALIKE = f"""() => {{ {GROUND}
    const look = one => {{
        const s = getComputedStyle(one);
        return [s.borderBlockEndColor, s.borderBlockStartColor, s.borderInlineStartColor, s.outlineStyle, s.fontWeight,
                s.textDecorationLine, s.backgroundColor, s.color].join();
    }};
    return [...document.querySelectorAll('[aria-current]')].filter(one => shown(one)).filter(one => {{
        const other = [...one.parentElement.children].find(each => each.tagName == one.tagName && each !== one
            && !each.hasAttribute('aria-current') && shown(each));
        return other && look(one) == look(other);
    }}).map(named);
}}"""
"""Where one is, looking like all the others."""
MOVING = """() => [...document.querySelectorAll('*')].filter(one => {
    const style = getComputedStyle(one);
    return style.transitionDuration.split(', ').some(time => parseFloat(time) > 0) || style.animationName != 'none'
        || style.scrollBehavior == 'smooth';
}).map(one => one.outerHTML.slice(0, 120))"""


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_a_readers_own_colours_leave_nothing_unread_and_nothing_moves(
    chromium: Browser, address: str, dark: bool
) -> None:
    page = site.opened(chromium, address, language="he", dark=dark)
    site.sign_in(page, "נעמי")
    page.emulate_media(forced_colors="active", reduced_motion="reduce", color_scheme="dark" if dark else "light")
    wrong = {path: found for path in PAGES if (found := _wrong(page, path))}
    assert wrong == {}


def _wrong(page: Page, path: str) -> dict[str, list[str]]:
    page.goto(path)
    asked = {"unread": UNREAD, "without an edge": EDGELESS, "alike": ALIKE, "moving": MOVING}
    return {what: found for what, script in asked.items() if (found := page.evaluate(script))}
