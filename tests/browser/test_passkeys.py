"""A passkey as a browser makes and uses it: its own script, our policy for scripts, a device that Chromium plays."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.browser import site
from tests.browser.place import Place


def test_a_passkey_made_on_ones_own_page_is_the_way_in_the_next_time(chromium: Browser, place: Place) -> None:
    with site.served(place.folder, host="localhost") as address:  # an address of numbers can have no passkeys
        page = site.opened(chromium, address, language="en")
        faults: list[str] = []
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }  # fmt: skip
        device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        site.sign_in(page, "דנה")
        page.goto("/account")
        page.get_by_text("A new passkey").click()
        page.locator("#f-pk-name").fill("this laptop")
        page.get_by_role("button", name="Make a passkey").click()
        page.get_by_text("The passkey is kept").wait_for()
        assert page.get_by_text("this laptop").count() == 1
        page.context.clear_cookies()
        page.goto("/sign-in?next=/account&lang=en")
        page.get_by_text("Sign in with a password").click()
        page.get_by_role("button", name="Sign in with a passkey").click()
        page.wait_for_url("**/account")
        assert page.get_by_text("here, now").count() == 1
        assert faults == []
        page.context.close()
