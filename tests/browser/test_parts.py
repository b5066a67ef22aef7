"""Parts of a page that change by themselves: the card while a lesson is written, and who else is here now."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser import site

INQUIRY = "/debriefs?state=investigating"


def test_the_card_is_seen_while_a_lesson_is_written(chromium: Browser, address: str) -> None:
    page = site.opened(chromium, address, language="en")
    site.sign_in(page, "אבי")
    page.goto("/lessons/new")
    page.fill("[name=title]", "Read the number out before you part")
    page.locator("#preview h2", has_text="Read the number out").wait_for()
    page.fill("[name=steps]", "Scan\nRead it out")
    page.locator("#preview li", has_text="Read it out").wait_for()
    assert page.input_value("[name=title]") == "Read the number out before you part"


def test_two_who_have_a_debrief_open_see_each_other(chromium: Browser, address: str) -> None:
    dana, naomi = (site.opened(chromium, address, language="he") for _ in range(2))
    site.sign_in(dana, "דנה")
    site.sign_in(naomi, "נעמי")
    dana.goto(INQUIRY)
    where = dana.locator("main a[href^='/debriefs/D-']").first.get_attribute("href")
    dana.goto(f"{where}/edit")
    dana.wait_for_load_state("networkidle")
    naomi.goto(where)
    naomi.locator(".also-here", has_text="דנה").wait_for()
    assert "בכתיבה" in naomi.inner_text(".also-here")


def test_a_report_without_a_network_waits_and_goes_by_itself(chromium: Browser, address: str) -> None:
    page = site.opened(chromium, address, language="en", width=390)
    site.sign_in(page, "אבי")
    page.goto("/report")
    page.context.set_offline(True)
    page.fill("#f-what_happened", "The line went dead in the middle of the call")
    page.click("button[value=failure]")
    page.locator(".wait-note").wait_for()
    assert page.input_value("#f-what_happened").startswith("The line went dead")
    page.context.set_offline(False)
    page.wait_for_url("**/report/thanks**")
