"""What an organisation calls things: renamed on a page, said everywhere, and never markup."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from werkzeug.test import TestResponse

from lessons import i18n
from lessons.i18n import Word, isolate, say, say_n
from lessons.models import OwnWord
from lessons.workflow.states import Role
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.filling import count, here, only

ROLE = {"context": "role", "word": "lessons_manager"}
PAGE = "/admin/words/one"


@pytest.fixture
def michal(screens: Screens) -> Browser:
    """Michal administers the village."""
    with screens.records() as village:
        village.grant(village.michal, Role.ADMIN, "CUS")
    return screens.as_("michal", "en")


@pytest.fixture(autouse=True)
def _as_the_product_says() -> Iterator[None]:
    yield
    i18n.use({})


def put(person: Browser, context: str = "", word: str = "", **texts: str) -> TestResponse:
    answer = person.client.get(PAGE, query_string={"context": context, "word": word})
    assert answer.status_code == 200, answer.text
    person.page = answer
    return person.send(PAGE, {"context": context, "word": word, **texts})


def test_a_role_is_called_otherwise_on_every_page_from_now_on(screens: Screens, michal: Browser) -> None:
    assert "ניהול לקחים" in michal.read("/admin/words").text
    assert put(michal, **ROLE, **{"he-0": "ועדת הלקחים", "en-0": ""}).status_code == 303
    michal.read("/")
    assert Word("role", "lessons_manager").in_("he") == "ועדת הלקחים"
    assert Word("role", "lessons_manager").in_("en") == "Lessons management"
    assert "ועדת הלקחים" in screens.as_("michal", "he").read("/admin/roles").text
    assert put(michal, **ROLE, **{"he-0": "", "en-0": ""}).status_code == 303
    assert "ועדת הלקחים" not in screens.as_("michal", "he").read("/admin/roles").text
    assert "ניהול לקחים" in screens.as_("michal", "he").read("/admin/roles").text
    assert only(OwnWord).version == 2


@here
def test_a_sentence_is_found_in_either_language_and_said_otherwise(screens: Screens, michal: Browser) -> None:
    for text in ("לטיפולך", "My day"):
        assert "word=My+day" in michal.read(f"/admin/words?q={text}").text
    put(michal, word="My day", **{"he-0": "השולחן שלי"})
    assert "השולחן שלי" in screens.as_("dana").read("/").text
    assert "word=My+day" in michal.read("/admin/words?q=השולחן").text
    assert "word=My+day" in michal.read("/admin/words").text  # what was renamed stands there without a search


@here
def test_each_form_of_what_is_counted_has_its_own_words(michal: Browser) -> None:
    one = "One lesson was adopted."
    forms = {"he-0": "לקח אחד נקלט.", "he-1": "שני לקחים נקלטו.", "he-2": "%(n)s לקחים נקלטו."}
    assert put(michal, word=one, **forms).status_code == 303
    michal.read("/")
    adopted = say_n(one, "%(n)s lessons were adopted.")
    assert [adopted.with_(n=n).in_("he") for n in (1, 2, 7)] == [
        "לקח אחד נקלט.", "שני לקחים נקלטו.", "7 לקחים נקלטו."
    ]  # fmt: skip
    assert adopted.with_(n=7).in_("en") == "7 lessons were adopted."


@here
@pytest.mark.parametrize(
    ("word", "text", "said"),
    [
        ("Recorded: %(what)s.", "נרשם %(when)s", "Only these places are filled here: %(what)s."),
        ("Recorded: %(what)s.", "נרשם %s", "A percent sign cannot stand here."),
        ("Recorded: %(what)s.", "נרשם 100%", "A percent sign cannot stand here."),
        ("My day", "100% לטיפולך", "A percent sign cannot stand here."),
        ("My day", "א" * 601, "Here up to 600 characters are possible."),
    ],
)
def test_what_could_break_a_sentence_is_refused_beside_its_field(
    michal: Browser, word: str, text: str, said: str
) -> None:
    answer = put(michal, word=word, **{"he-0": text})
    assert answer.status_code == 422
    assert said in answer.text
    assert text in answer.text
    assert count(OwnWord) == 0


@here
def test_a_place_runs_in_its_own_direction_in_a_hebrew_sentence(michal: Browser) -> None:
    page = michal.client.get(PAGE, query_string={"word": "What you waited for is there: %(what)s", "lang": "he"}).text
    assert isolate(f"העיכוב הוסר, אפשר להמשיך: {isolate('%(what)s')}") in page


@here
def test_own_words_are_text_and_never_markup(screens: Screens, michal: Browser) -> None:
    put(michal, word="Search", **{"he-0": '"><script>alert(1)</script>'})
    put(michal, **ROLE, **{"he-0": "<b>ועדה</b>"})
    for path in ("/", "/admin/roles", "/desk"):
        page = screens.as_("michal", "he").read(path).text
        assert "<script>alert(1)" not in page
        assert "<b>ועדה" not in page
    assert "&lt;script&gt;alert(1)" in screens.as_("michal", "he").read("/").text
    assert say("Search").in_("he").startswith('">')


def test_what_everybody_reads_is_for_whoever_administers_everything(screens: Screens, michal: Browser) -> None:
    with screens.records() as village:
        village.grant(village.ilan, Role.ADMIN, "RET")
    assert put(screens.as_("ilan", "en"), **ROLE, **{"he-0": "אחר"}).status_code == 403
    assert put(michal, **ROLE, **{"he-0": "ועדת הלקחים"}).status_code == 303


@here
def test_words_are_for_administrators_and_only_what_is_said_here_can_be_renamed(
    screens: Screens, michal: Browser
) -> None:
    assert screens.as_("naomi").read("/admin/words").status_code == 403
    assert michal.client.get(PAGE, query_string={"word": "Nobody says this"}).status_code == 404
    assert "Nothing here says that." in michal.read("/admin/words?q=qqqq").text
