"""A person's hand: every click, key and text is counted, and what is typed goes where the page has put the focus."""

from __future__ import annotations

import re
from typing import Any, Literal

from playwright.sync_api import Locator, Page, expect

from tests.browser.budgets import Spent

PATIENCE = 20_000  # milliseconds, on a machine that does much else
FIELDS = "textarea:visible, select:visible, input:visible:not([type=hidden])"
STOPS = 150
"""So many things at the most can have the focus on a page before whatever is looked for."""
HAS_FOCUS = "one => one === document.activeElement"
SEEN = "one => getComputedStyle(one).outlineStyle != 'none' && parseFloat(getComputedStyle(one).outlineWidth) >= 2"
Role = Literal["button", "link", "radio", "heading"]


class Hand:
    """`name` is always what is read on the page, or read out, in the person's language."""

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language = page, language
        self.clicks = self.keys = self.texts = 0

    @property
    def spent(self) -> Spent:
        return Spent(self.clicks, self.keys, self.texts)

    def said(self, name: Any) -> str:
        return name if isinstance(name, str) else str(name.in_(self.language))

    def find(self, role: Role, name: Any, within: str = "body") -> Locator:
        return self.page.locator(within).get_by_role(role, name=self.said(name), exact=True).first

    # ── what costs ───────────────────────────────────────────────────────────────────────────────────────────────────
    def click(self, role: Role, name: Any, within: str = "body") -> None:
        self.use(self.find(role, name, within))

    def use(self, what: Locator) -> None:
        what.click()
        self.clicks += 1

    def follow(self, href: str) -> None:
        """The first link on the page that leads there."""
        self.use(self.page.locator(f"main a[href='{href}']").first)

    def choose(self, name: Any, within: str = "main") -> None:
        """One of several chips."""
        self.click("radio", name, within)

    def into(self, name: Any) -> None:
        """A click into a field by its label."""
        self.use(self.page.locator("main").get_by_label(self.said(name), exact=True).first)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.keys += 1

    def type(self, text: str) -> None:
        """Only where a field has the focus: whoever types does not look for it."""
        self.focused(FIELDS.replace(":visible", ""))
        self.page.keyboard.type(text)
        self.texts += 1

    # ── what is free ─────────────────────────────────────────────────────────────────────────────────────────────────
    def focused(self, what: str) -> None:
        """Something of this kind has the focus, or gets it while the page settles."""
        expect(self.page.locator(":focus").and_(self.page.locator(what))).to_have_count(1, timeout=PATIENCE)

    def code(self, within: str) -> str:
        """The first record's code that is read there."""
        found = re.search(r"[A-Z]-\d{4}-\d{4}", self.page.locator(within).first.inner_text())
        assert found, f"no code in {within}"
        return found[0]

    def arrives(self, pattern: str) -> None:
        self.page.wait_for_url(pattern)

    def sees(self, text: Any, within: str = "body") -> None:
        expect(self.page.locator(within).get_by_text(self.said(text)).filter(visible=True).first).to_be_visible(
            timeout=PATIENCE
        )


class Keyboard(Hand):
    """The same without a mouse: what is clicked otherwise is come to with Tab, is seen to be there, and is pressed."""

    def use(self, what: Locator) -> None:
        expect(what).to_be_visible(timeout=PATIENCE)
        self.reach(what)
        if what.evaluate("one => one.matches('a, button')"):
            assert what.evaluate(SEEN), "whoever comes to it with Tab does not see that they are there"
            self.page.keyboard.press("Enter")
        elif what.evaluate("one => one.type == 'radio'"):
            self.page.keyboard.press("Space")
        self.clicks += 1

    def reach(self, what: Locator) -> None:
        """With Tab alone; among chips of one choice with the arrows, as every form has it."""
        for _ in range(STOPS):
            if what.evaluate(HAS_FOCUS):
                return
            chips = what.evaluate("one => one.type == 'radio' && one.name == document.activeElement.name")
            self.page.keyboard.press("ArrowDown" if chips else "Tab")
        raise AssertionError(f"{STOPS} times Tab do not lead to it")
