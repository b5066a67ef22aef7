"""The journeys of the product, each walked by whoever it belongs to, in both languages, every click and key counted.

What a journey may cost is its budget (`budgets.py`); what it costs is told in docs/tour.md. In Hebrew there is a mouse;
in English they are walked with the keyboard alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from lessons import clock
from lessons.i18n import Word, say
from lessons.models import Debrief, Lesson, Procedure
from tests.browser.budgets import BUDGETS, told
from tests.browser.hand import FIELDS, PATIENCE, Hand
from tests.browser.place import Place
from tests.walking import AUDIENCE, Walk, mail

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("language", ["he", "en"])]
TEXTS = {
    "he": {
        "event": "המספר הוקרא פעמיים ואיש לא רשם אותו",
        "expected": "המספר נרשם בזמן השיחה",
        "why": "אין במסך מקום לרשום בו",
        "lesson": "רושמים את המספר בזמן שהוא מוקרא",
        "note": "השדה נוסף למסך ונבדק עם שתי נציגות",
        "reason": "הספק יחזיר תשובה רק בשבוע הבא",
        "alike": "מחזירים שיחה שנותקה בתוך שעה",
        "text": "מקריאים את הסכום, ומחכים לאישור",
        "found": "בודקים את מספר החוזה לפני העברה",
        "name": "נועה ברק",
        "spoken": "בואו נפתח יחד את החשבון, ונראה על מה משלמים",
    },
    "en": {
        "event": "The number was read out twice and nobody wrote it down",
        "expected": "The number is written down during the call",
        "why": "The screen has no place to write it",
        "lesson": "Write the number down while it is read out",
        "note": "The field is on the screen, checked with two agents",
        "reason": "The supplier answers only next week",
        "alike": "Call back within the hour when a call was cut off",
        "text": "The sum is read out, then we wait for a yes",
        "found": "Check the contract number before passing a call on",
        "name": "Noa Barak",
        "spoken": "Let's open the bill together and see what it is for",
    },
}


Sit = Callable[..., Hand]


@pytest.fixture
def texts(language: str) -> dict[str, str]:
    return TEXTS[language]


@pytest.fixture
def sit(place: Place, chromium: Browser, language: str) -> Iterator[Callable[..., Hand]]:
    """Somebody sits down; their windows are closed after the test."""
    hands: list[Hand] = []

    def down(who: str, width: int = 1280) -> Hand:
        hands.append(place.sat_down(chromium, who, language=language, width=width))
        return hands[-1]

    yield down
    for hand in hands:
        hand.page.context.close()


def proposed(walk: Walk, sentence: str) -> Lesson:
    """A lesson of Dana's that waits for lessons management."""
    asked = {"title": sentence, "applies_when": "בסוף שיחת שימור", "direction": "do", "topics": ["שימור"]}
    lesson: Lesson = walk.make("lessons", "dana", **asked)
    if lesson.state == "draft":
        walk.do(lesson, "propose", "dana")
    return lesson


def adopted(walk: Walk, sentence: str) -> Lesson:
    lesson = proposed(walk, sentence)
    walk.do(lesson, "accept", "naomi", owner=mail("yossi"), audience=AUDIENCE)
    return lesson


def in_review(walk: Walk, sentence: str) -> Debrief:
    """A debrief whose draft lesson says this."""
    debrief: Debrief = walk.debriefs("investigating")
    walk.inquire(debrief)
    walk.do(walk.lesson_of(debrief), "edit", "dana", title=sentence)
    walk.do(debrief, "submit", "dana")
    return debrief


def costs(hand: Hand, journey: str) -> None:
    """No more than its budget, and what the tour says."""
    assert hand.spent.fits(BUDGETS[journey]), hand.spent
    assert hand.spent == told()[journey]


def test_an_event_is_reported_from_a_phone(sit: Sit, texts: dict[str, str]) -> None:
    rana = sit("rana", width=390)
    rana.click("link", say("Report an event"))
    expect(rana.page.locator("main").locator(FIELDS)).to_have_count(1, timeout=PATIENCE)
    rana.type(texts["event"])
    rana.click("button", say("Something went wrong"))
    rana.sees(say("Thank you. It arrived."))
    rana.sees(texts["event"])
    costs(rana, "An event is reported from a phone")


def test_a_shift_is_debriefed_in_four_lines(sit: Sit, texts: dict[str, str]) -> None:
    dana = sit("dana")
    dana.click("link", say("Debriefs"))
    dana.click("link", say("Quick debrief"))
    for line in ("event", "expected", "why", "lesson"):
        dana.type(texts[line])
        dana.press("Tab")
    dana.choose(Word("direction", "do"))
    dana.click("button", say("Send"))
    dana.arrives("**/recorded")
    dana.sees(texts["lesson"], "main .card")
    costs(dana, "A shift is debriefed in four lines")


def test_work_is_reported_done_with_what_shows_it(sit: Sit, place: Place, texts: dict[str, str]) -> None:
    with place.records() as walk:
        action = walk.record("actions", "assigned").code
    avi = sit("avi")
    avi.click("link", Word("actions.trigger", "report_done"), f"#{action}")
    avi.type(texts["note"])
    avi.click("button", Word("actions.trigger", "report_done"), f"#{action}")
    avi.arrives("**/")
    avi.page.locator(f"#{action}").wait_for(state="detached")
    avi.page.goto(f"/actions/{action}")
    avi.sees(texts["note"], "#evidence")
    costs(avi, "Work is reported done with what shows it")


def test_a_later_date_is_asked_for_with_a_reason(sit: Sit, place: Place, texts: dict[str, str]) -> None:
    with place.records() as walk:
        soon = (clock.now() + timedelta(days=2)).date().isoformat()
        given = {"owner": mail("avi"), "due_on": soon, "reason": texts["reason"]}
        action = walk.do(walk.record("actions", "assigned"), "reassign", "naomi", **given).code
    avi = sit("avi")
    avi.click("link", Word("actions.trigger", "ask_extension"), f"#{action}")
    avi.use(avi.page.locator(f"#{action} .chips [type=radio]").nth(1))
    avi.press("Tab")
    avi.type(texts["reason"])
    avi.click("button", Word("actions.trigger", "ask_extension"), f"#{action}")
    avi.arrives("**/")
    avi.page.goto(f"/actions/{action}")
    avi.sees(texts["reason"])
    costs(avi, "A later date is asked for")


def test_a_sentence_is_offered_kept_copied_and_told_of(sit: Sit, texts: dict[str, str]) -> None:
    avi = sit("avi")
    avi.click("link", say("Desk"))
    avi.click("link", say("Offer a sentence"))
    avi.type(texts["spoken"])
    avi.click("button", say("Send the sentence"))
    avi.sees(texts["spoken"], "main .spoken")
    costs(avi, "A sentence that works is offered")
    it = f"#{avi.code('main .head')}"
    hila = sit("hila")
    hila.page.goto("/sentences")
    hila.click("button", Word("sentences.trigger", "keep"), "#waiting")
    hila.sees(texts["spoken"], "main .spoken")
    dana = sit("dana")
    dana.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    dana.page.goto("/desk")
    dana.click("button", say("Copy"), it)
    dana.sees(say("Copied."), it)
    assert dana.page.evaluate("navigator.clipboard.readText()") == texts["spoken"]
    dana.click("button", say("It worked for me too"), it)
    dana.sees(say("Take it back"), it)
    assert dana.page.url.partition("#")[0].endswith("/desk")


def test_a_debrief_is_issued_with_an_answer_about_each_similar_lesson(
    sit: Sit, place: Place, texts: dict[str, str]
) -> None:
    with place.records() as walk:
        adopted(walk, texts["alike"])
        debrief = in_review(walk, texts["alike"]).code
    naomi = sit("naomi")
    naomi.follow(f"/debriefs/{debrief}")
    naomi.click("link", Word("debriefs.trigger", "issue"))
    naomi.choose(say("Related"), "main .alike")
    naomi.click("button", Word("debriefs.trigger", "issue"))
    naomi.sees(Word("debriefs.state", "issued"), "main .head")
    costs(naomi, "A debrief is issued, one similar lesson answered")


def test_a_proposed_lesson_is_decided_on_the_bench_with_keys_alone(
    sit: Sit, place: Place, texts: dict[str, str]
) -> None:
    with place.records() as walk:
        proposed(walk, texts["lesson"])
    naomi = sit("naomi")
    naomi.press("g", "b")
    naomi.arrives("**/bench")
    decided = naomi.code("main .card")
    naomi.press("a")
    naomi.focused("[name=owner]")
    naomi.press("Enter")
    naomi.sees(say("Recorded: %(what)s.", what=Word("lessons.event", "accept")))
    naomi.page.goto(f"/lessons/{decided}")
    naomi.sees(Word("lessons.state", "accepted"), "main .head")
    costs(naomi, "A proposed lesson is adopted on the bench")


def test_a_manager_sees_who_is_waited_for_and_opens_the_month_on_paper(sit: Sit, place: Place) -> None:
    with place.records() as walk:
        walk.record("actions", "assigned")
    ilan = sit("ilan")
    ilan.click("link", say("For managers"))
    ilan.sees("אבי כהן", "main .waiting")
    with ilan.page.expect_response("**/managers/month.pdf*") as answer:
        ilan.click("link", say("What we learned this month"))
    assert answer.value.status == 200
    assert answer.value.headers["content-type"] == "application/pdf"
    costs(ilan, "Who is waited for is seen, the month opened on paper")


def test_a_revision_is_written_and_its_change_is_seen(sit: Sit, place: Place, texts: dict[str, str]) -> None:
    with place.records() as walk:
        procedure = walk.session.get(Procedure, walk.record("revisions", "effective").procedure_id)
    hila = sit("hila")
    hila.click("link", say("Procedures"))
    hila.follow(f"/procedures/{procedure.code}")
    hila.click("link", Word("procedures.trigger", "draft"))
    hila.click("button", Word("procedures.trigger", "draft"))
    hila.into(say("Text"))
    hila.type(f" {texts['text']}")
    hila.click("button", say("Save"))
    hila.sees(texts["text"], "main .diff ins")
    costs(hila, "A procedure is revised and its change seen")


def test_an_agent_opens_a_card_with_keys_alone(sit: Sit, place: Place, texts: dict[str, str]) -> None:
    with place.records() as walk:
        card = adopted(walk, texts["found"]).code
    avi = sit("avi")
    avi.press("/")
    avi.type(texts["found"])
    avi.press("Enter")
    avi.arrives("**/search?**")
    avi.press("j", "Enter")
    avi.arrives(f"**/lessons/{card}/card")
    avi.sees(texts["found"], "main .card")
    costs(avi, "A card is found and opened")


def test_an_administrator_adds_a_person(sit: Sit, texts: dict[str, str], language: str) -> None:
    michal = sit("michal")
    michal.click("link", say("Administration"))
    michal.click("link", say("Somebody new"))
    michal.type(f"77{len(language)}{language}")
    michal.press("Tab")
    michal.type(texts["name"])
    michal.press("Tab", "Tab", "Tab", "Tab")
    michal.focused("select")
    michal.press("ArrowDown", "Tab", "Enter")
    michal.arrives("**/admin/people/*")
    michal.sees(texts["name"], "main .head")
    costs(michal, "A person is added")
