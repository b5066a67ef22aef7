"""Ten customers call; whoever answers finds the card with the keyboard alone, while they are still speaking.

Each story is what the customer says and what an agent types of it, over the demo's own cards.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import site
from tests.browser.hand import PATIENCE, Hand

pytestmark = pytest.mark.browser
MOST_KEYS = 4
"""From the words to the open card, beside the words themselves."""


@dataclass(frozen=True)
class Story:
    """`keys`: how this agent opens what was found."""

    says: str
    types: str
    card: str
    keys: tuple[str, ...]


STORIES = (
    Story("הבטיחו לי הנחה בטלפון, והחשבון הגיע במחיר מלא!", "הבטיחו הנחה",
          "מזינים את ההטבה לפני סיום השיחה", ("Enter",)),
    Story("העבירו אותי ארבע פעמים, ובכל פעם סיפרתי הכול מהתחלה.", "העבירו אותי ארבע פעמים",
          "מעבירים רק בהעברה חמה", ("ArrowDown", "Enter")),
    Story("החזרתי את הממיר לפני חודש, למה אני עדיין משלמת עליו?", "החזרתי ממיר וחויבתי",
          "בכל החזרת ציוד סורקים את הברקוד", ("Alt+1",)),
    Story("אין לי אינטרנט, וגם לשכנים אין.", "תקלה באזור שלי", "עשר שיחות זהות באותו אזור", ("Alt+2",)),
    Story("ראיתי מודעה על מבצע. למה הוא לא אצלי?", "מבצע שראיתי בפרסום", "מבצע לא עולה לאוויר",
          ("ArrowDown", "Enter")),
    Story("נשבר לי המסך. כמה זה יעלה לי?", "כמה ההשתתפות העצמית", "מקריאים את ההשתתפות העצמית", ("Enter",)),
    Story("כבר סגרתי עם חברה אחרת, הם באים ביום שלישי.", "עובר לחברה אחרת, כבר נקבעה התקנה",
          "שואלים מתי ההתקנה", ("Alt+1",)),
    Story("המבצע שלי נגמר בסוף החודש, נכון?", "המבצע שלי מסתיים", "פותחים בבדיקת חשבון ולא בהצעה",
          ("ArrowDown", "ArrowDown", "Enter")),
    Story("האינטרנט איטי. לכבות ולהדליק את הנתב?", "לאפס את הנתב", "מאפסים נתב רק אחרי ששואלים",
          ("ArrowDown", "Enter")),
    Story("אממ… אני צריך לחשוב על זה.", "הלקוח שותק אחרי ההצעה", "כשלקוח שותק אחרי הצעה", ("Alt+1",)),
)  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("demo")
    surroundings = site.environment(folder, 8000)
    for words in (["db", "upgrade"], ["demo"]):
        subprocess.run([sys.executable, "-m", "lessons.cli", *words], env=surroundings, check=True, capture_output=True)
    with site.served(folder) as address:
        yield address


@pytest.fixture(scope="module")
def avi(demo: str, chromium: Browser) -> Iterator[Hand]:
    """At his desk: he went there by keys."""
    page = site.opened(chromium, demo, language="he")
    site.sign_in(page, "אבי")
    hand = Hand(page, "he")
    hand.press("g", "k")
    hand.arrives("**/desk")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield hand
    page.context.close()


@pytest.mark.parametrize("story", STORIES, ids=[f"{n}" for n in range(1, len(STORIES) + 1)])
def test_a_customer_is_answered_with_the_keyboard_alone(avi: Hand, story: Story) -> None:
    avi.press("Escape")  # from the last customer's card back to the words, which are chosen and typed over
    avi.focused("#words")
    keys, clicks = avi.keys, avi.clicks
    avi.type(story.types)
    first = avi.page.locator("#found .answers .hits > li").first
    expect(first).to_be_visible(timeout=PATIENCE)
    avi.focused("#words")
    avi.press(*story.keys)
    avi.focused("#opened")
    avi.sees(story.card, "#opened .one")
    assert avi.keys - keys <= MOST_KEYS
    assert avi.clicks == clicks
    avi.press("Escape")
    avi.focused("#words")
    assert avi.page.locator("#words").input_value() == story.types


def test_the_sentence_goes_along_with_one_key_and_it_is_said(avi: Hand) -> None:
    avi.page.goto("/desk")
    avi.type("הבטיחו הנחה")
    expect(avi.page.locator("#found .answers .hits")).to_be_visible(timeout=PATIENCE)
    avi.press("Enter")
    avi.focused("#opened")
    avi.press("w")
    expect(avi.page.locator("#opened .card .copying [role=status]")).to_have_text(
        "הועתק. ברווחים משלימים את הנתונים של הלקוח הזה."
    )
    copied = avi.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("ההנחה כבר רשומה. החשבון הבא יהיה ____ שקלים")


def test_a_digit_opens_a_row_once_the_words_are_left(avi: Hand) -> None:
    avi.page.goto("/desk")
    avi.type("המבצע שלי מסתיים")
    expect(avi.page.locator("#found .answers .hits > li").nth(1)).to_be_visible(timeout=PATIENCE)
    avi.press("ArrowDown", "2")
    avi.focused("#opened")
    avi.sees("פותחים בבדיקת חשבון ולא בהצעה", "#opened .one")


def test_a_row_keeps_the_focus_while_the_list_is_refined(avi: Hand) -> None:
    avi.page.goto("/desk")
    avi.type("המבצע")
    expect(avi.page.locator("#found .answers .hits > li").nth(1)).to_be_visible(timeout=PATIENCE)
    avi.press("ArrowDown")
    held = avi.page.evaluate("document.activeElement.id")
    with avi.page.expect_response("**/desk/found?**"):
        avi.page.evaluate("htmx.ajax('GET', '/desk/found?q=' + encodeURIComponent('מבצע'), '#found')")
    avi.focused(f"#{held}")


def test_what_nobody_wrote_becomes_a_question_by_keys(avi: Hand) -> None:
    avi.page.goto("/desk")
    avi.type("פקס")
    expect(avi.page.locator("#found .empty")).to_be_visible(timeout=PATIENCE)
    avi.press("Tab", "Tab", "Enter")
    avi.arrives("**/questions/new?**")
    assert avi.page.locator("main textarea").input_value() == "פקס"


def test_what_is_new_today_is_found_with_the_cards_and_opens_whole(avi: Hand) -> None:
    avi.page.goto("/desk")
    avi.type("קליטת ערוצים")
    expect(avi.page.locator("#found .answers .hits > li").first).to_contain_text("תקלה בקליטת ערוצים באזור השרון")
    avi.press("Enter")
    avi.focused("#opened")
    avi.sees("לא פותחים קריאת טכנאי.", "#opened")


def test_a_topic_leads_to_all_its_cards(avi: Hand) -> None:
    avi.page.goto("/desk")
    avi.type("החזרת ציוד")
    topic = avi.page.locator("#found .hits a", has_text="נושא")
    expect(topic).to_be_visible(timeout=PATIENCE)
    topic.click()
    avi.arrives("**/lessons?topic=**")
    avi.sees("החזרת ציוד", "h1")
    avi.sees("סורקים את הברקוד", "main")
