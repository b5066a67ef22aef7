"""The walk of a sentence on the desk: offered within three clicks, kept, told of by colleagues, met in its order."""

from __future__ import annotations

import re

import pytest

from lessons.models import Sentence, SentenceVote
from tests.browsing import Browser
from tests.desk.conftest import on_desk
from tests.desk.test_questions import rows
from tests.screens.conftest import Screens
from tests.screens.filling import CSRF, beside, count, fill
from tests.screens.test_bench import cost

FIRST = "בואו נפתח יחד את החשבון, ונראה על מה משלמים"
SECOND = "תודה שאמרת את זה, נבדוק מה באמת אפשר"
REASON = "הבטחה שלא תלויה בנו חוזרת כתלונה, ואפשר להציע שוב"


def codes(page: str) -> list[str]:
    """Of the sentences on a page, from above."""
    return re.findall(r'<li id="(S-2026-\d{4})">', page)


@pytest.fixture
def offered(avi: Browser) -> str:
    """The code of what Avi offered."""
    assert fill(avi, "/sentences/new", text=FIRST, said_when="יקר לי").status_code == 303
    return str(rows(Sentence)[0].code)


@pytest.fixture
def kept(screens: Screens, offered: str) -> str:
    hila = screens.as_("hila", "en")
    hila.read("/sentences")
    assert hila.send(f"/sentences/{offered}/keep", {"next": "/sentences"}).location == "/sentences"
    return offered


def test_it_is_offered_kept_and_told_of_and_comes_first(screens: Screens, avi: Browser, offered: str) -> None:
    dana, hila = screens.as_("dana", "en"), screens.as_("hila", "en")
    assert 'href="/sentences/new"' in avi.read("/desk").text
    assert FIRST in avi.read("/sentences").text, "what waits is among one's own"
    assert FIRST not in dana.read("/desk").text
    assert f'action="/sentences/{offered}/keep"' in hila.read("/sentences").text
    hila.send(f"/sentences/{offered}/keep", {"next": "/sentences"})
    fill(hila, "/sentences/new", text=SECOND)
    newest, first = codes(dana.read("/desk").text)
    assert first == offered
    back = dana.send(f"/sentences/{offered}/vote", {"next": f"/desk#{offered}"})
    assert (back.status_code, back.location) == (303, f"/desk#{offered}")
    page = dana.read("/desk").text
    assert codes(page) == [offered, newest]
    assert "It helped one person" in page
    assert "Your sentence helped one person" in avi.read("/desk").text
    assert "on the desk, thank you" in avi.read("/notices").text


def test_a_vote_is_taken_back_where_it_was_given(screens: Screens, kept: str) -> None:
    dana = screens.as_("dana", "en")
    dana.read("/desk")
    dana.send(f"/sentences/{kept}/vote", {"next": "/desk"})
    assert "Take it back" in dana.read("/desk").text
    dana.send(f"/sentences/{kept}/vote", {"next": "/desk", "worked": "0"})
    assert count(SentenceVote) == 0
    assert "Take it back" not in dana.read("/desk").text


def test_ones_own_has_no_vote_and_the_server_refuses_it(avi: Browser, kept: str) -> None:
    page = avi.read("/desk").text
    token = CSRF.search(page)
    assert token
    assert f'action="/sentences/{kept}/vote"' not in page
    assert avi.post(f"/sentences/{kept}/vote", {"csrf_token": token[1]}).status_code == 403
    assert count(SentenceVote) == 0


def test_nobody_is_led_away_from_here_by_a_vote(screens: Screens, kept: str) -> None:
    dana = screens.as_("dana", "en")
    dana.read("/desk")
    assert dana.send(f"/sentences/{kept}/vote", {"next": "https://else.example/"}).location == f"/sentences/{kept}"


def test_reading_it_counts_nothing_and_no_page_says_who_it_helped(screens: Screens, kept: str) -> None:
    dana, hila = screens.as_("dana", "en"), screens.as_("hila", "en")
    for path in ("/desk", "/sentences", f"/sentences/{kept}"):
        assert FIRST in dana.read(path).text
    assert count(SentenceVote) == 0
    dana.send(f"/sentences/{kept}/vote", {})
    assert screens.people["dana"].name not in hila.read(f"/sentences/{kept}").text


def test_a_card_opens_with_its_sentences_and_offers_one_more_with_the_card_filled_in(
    screens: Screens, avi: Browser
) -> None:
    with screens.records() as village:
        card = on_desk(village, "פותחים בבדיקת חשבון").code
    new = f"/sentences/new?lesson={card}"
    assert f'href="{new}"' in avi.read(f"/desk?card={card}").text
    assert f'name="lesson" value="{card}"' in avi.read(new).text
    assert fill(avi, new, text=FIRST, lesson=card).status_code == 303
    code = rows(Sentence)[0].code
    fill(screens.as_("hila", "en"), f"/sentences/{code}/keep")
    page = avi.read(f"/desk?card={card}").text
    assert codes(page) == [code]
    assert f'data-copies="{FIRST}"' in page


def test_three_at_most_stand_on_the_front(screens: Screens, avi: Browser) -> None:
    hila = screens.as_("hila", "en")
    for n in range(5):
        fill(hila, "/sentences/new", text=f"{FIRST} {n}")
    assert len(codes(avi.read("/desk").text)) == 3
    assert len(codes(avi.read("/sentences").text)) == 5


def test_a_declined_sentence_says_why_to_its_author_alone(screens: Screens, avi: Browser, offered: str) -> None:
    assert fill(screens.as_("hila", "en"), f"/sentences/{offered}/decline", reason=REASON).status_code == 303
    assert REASON in avi.read(f"/sentences/{offered}").text
    assert screens.as_("dana", "en").read(f"/sentences/{offered}").status_code == 404
    assert "Thank you for a sentence" in avi.read("/notices").text


def test_what_names_a_customer_comes_back_filled_with_what_to_do(avi: Browser) -> None:
    refused = fill(avi, "/sentences/new", text="נחזור אליך למספר 052-1234567", said_when="מנתקים")
    assert "written without them" in beside(refused, "text")
    assert "052-1234567</textarea>" in refused.text
    assert 'value="מנתקים"' in refused.text
    assert count(Sentence) == 0


def test_three_hundred_characters_are_enough(avi: Browser) -> None:
    assert fill(avi, "/sentences/new", text="א" * 301).status_code == 422
    assert fill(avi, "/sentences/new", text="א" * 300).status_code == 303


def test_the_list_is_narrowed_by_topic_and_unit(screens: Screens, avi: Browser) -> None:
    hila = screens.as_("hila", "en")
    fill(hila, "/sentences/new", text=FIRST, topic="שימור")
    fill(hila, "/sentences/new", text=SECOND, topic="הקשבה")
    assert FIRST not in avi.read("/sentences?topic=הקשבה").text
    assert SECOND in avi.read("/sentences?topic=הקשבה").text
    assert codes(avi.read("/sentences?unit=SRV").text) == []
    assert codes(avi.read("/sentences?unit=nowhere&cursor=x").text) != []


@pytest.mark.parametrize("path", ["/sentences?topic=x&unit=x", "/sentences/new?lesson=x", "/sentences?cursor=-1"])
def test_what_no_address_of_ours_says_breaks_nothing(avi: Browser, path: str) -> None:
    assert avi.read(path).status_code == 200


def test_a_lesson_that_is_not_there_is_asked_for_again(avi: Browser) -> None:
    avi.read("/sentences/new")
    refused = avi.send("/sentences/new", {"text": FIRST, "lesson": "L-2026-9999"})
    assert refused.status_code == 422
    assert 'value="L-2026-9999"' in refused.text


def test_many_sentences_cost_as_many_queries_as_one(screens: Screens, avi: Browser, kept: str) -> None:
    hila = screens.as_("hila", "en")
    paths = "/desk", "/sentences", f"/sentences/{kept}"
    before = [cost(who, path) for who in (avi, hila) for path in paths]
    for _ in range(3):
        fill(hila, "/sentences/new", text=SECOND, topic="הקשבה")
        fill(avi, "/sentences/new", text=SECOND)
    assert [cost(who, path) for who in (avi, hila) for path in paths] == before
