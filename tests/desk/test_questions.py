"""What no card says is asked from the desk, answered by whoever keeps the cards, and may become one."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.models import Duty, Notice, Question
from tests.browsing import Browser
from tests.desk.conftest import on_desk
from tests.screens.conftest import Screens
from tests.screens.filling import CSRF, fill
from tests.screens.test_bench import cost

TEXT = "אפשר להקפיא את הקו לחודשיים?"
ANSWER = "אין הקפאה. אפשר לעבור למסלול הבסיסי ולחזור."


def rows(model: Any, *where: Any) -> list[Any]:
    with db.reading() as session:
        return list(session.scalars(sa.select(model).where(*where).order_by(model.id)))


@pytest.fixture
def asked(avi: Browser) -> str:
    """The code of what Avi asked."""
    assert fill(avi, "/questions/new", text=TEXT).status_code == 303
    return str(rows(Question)[0].code)


def test_a_search_that_found_nothing_is_one_press_from_a_question_and_from_a_report(avi: Browser) -> None:
    page = avi.read("/desk?q=הקפאה").text
    words = "%D7%94%D7%A7%D7%A4%D7%90%D7%94"
    assert f'href="/questions/new?text={words}"' in page
    assert f'href="/report?what_happened={words}"' in page
    assert "הקפאה</textarea>" in avi.read("/questions/new?text=הקפאה").text
    assert "הקפאה</textarea>" in avi.read("/report?what_happened=הקפאה").text


def test_a_question_is_owed_an_answer_within_one_working_day(asked: str) -> None:
    duty = rows(Duty, Duty.of_code == asked)[0]
    assert (duty.kind, str(duty.role)) == ("answer_question", "lessons_manager")
    assert (duty.due_on - duty.opened_at.date()).days == 1


def test_an_empty_question_comes_back(avi: Browser) -> None:
    assert fill(avi, "/questions/new", text=" ").status_code == 422
    assert rows(Question) == []


def test_the_answer_reaches_whoever_asked_and_leads_to_a_card(screens: Screens, avi: Browser, asked: str) -> None:
    with screens.records() as village:
        card = on_desk(village, "מציעים את המסלול הבסיסי").code
    hila = screens.as_("hila", "en")
    assert TEXT in hila.read("/questions").text
    assert fill(hila, f"/questions/{asked}/answer", answer=ANSWER, lesson=card).status_code == 303
    assert [one.closed_how for one in rows(Duty, Duty.of_code == asked)] == ["fulfilled"]
    assert [one.person_id for one in rows(Notice, Notice.kind == "answered")] == [screens.people["avi"].id]
    assert ANSWER in avi.read("/desk").text
    page = avi.read(f"/questions/{asked}").text
    assert f'href="/desk?card={card}"' in page
    assert "Make a draft lesson" not in page


def test_an_answered_question_begins_a_draft(screens: Screens, asked: str) -> None:
    naomi = screens.as_("naomi", "en")
    fill(naomi, f"/questions/{asked}/answer", answer=ANSWER)
    assert f'href="/lessons/new?question={asked}"' in naomi.read(f"/questions/{asked}").text
    draft = naomi.read(f"/lessons/new?question={asked}").text
    assert TEXT in draft
    assert ANSWER in draft


def test_what_is_made_of_a_question_is_linked_with_it_and_its_asker_hears_of_the_card(
    screens: Screens, avi: Browser, asked: str
) -> None:
    naomi = screens.as_("naomi", "en")
    fill(naomi, f"/questions/{asked}/answer", answer=ANSWER)
    written = {"title": "עוברים למסלול הבסיסי במקום להקפיא", "direction": "do", "topics": "הקפאה", "unit": "RET"}
    naomi.read(f"/lessons/new?question={asked}")
    page = naomi.send("/lessons/new", {"applies_when": TEXT, "steps": ANSWER, **written}).location
    assert f'href="/questions/{asked}"' in naomi.read(page).text
    assert f'href="{page}"' in naomi.read(f"/questions/{asked}").text
    assert "Make a draft lesson" not in naomi.read(f"/questions/{asked}").text
    assert f'href="{page}"' not in avi.read(f"/questions/{asked}").text, "a draft is not for everybody"
    fill(naomi, f"{page}/propose")
    assert rows(Notice, Notice.kind == "question_on_desk") == []
    assert fill(screens.as_("ilan", "en"), f"{page}/accept", owner="yossi@village.example").status_code == 303
    (told,) = rows(Notice, Notice.kind == "question_on_desk")
    assert (told.person_id, f"/lessons/{told.of_code}") == (screens.people["avi"].id, page)
    assert f'href="{page}"' in avi.read(f"/questions/{asked}").text
    assert f'href="/questions/{asked}"' in avi.read(page).text
    assert f'href="/questions/{asked}"' not in screens.as_("rana", "en").read(page).text, "who asked is not for others"


def test_a_program_makes_a_lesson_of_a_question_that_it_may_see(screens: Screens, avi: Browser, asked: str) -> None:
    sent = {"title": "עוברים למסלול הבסיסי", "question": asked}
    for who, status in (("rana", 422), ("naomi", 201)):
        browser = screens.as_(who, "en")
        assert by_program(browser, "/api/v1/lessons", sent) == status, who


def by_program(browser: Browser, path: str, sent: dict[str, str]) -> int:
    token = CSRF.search(browser.read("/").text)
    assert token
    return browser.client.post(path, json=sent, headers={"X-CSRF-Token": token[1]}).status_code


def test_others_know_nothing_of_it(screens: Screens, asked: str) -> None:
    rana = screens.as_("rana", "en")
    assert rana.read(f"/questions/{asked}").status_code == 404
    assert TEXT not in rana.read("/questions").text


def test_it_may_be_taken_back(avi: Browser, asked: str) -> None:
    fill(avi, f"/questions/{asked}/withdraw")
    assert [str(one.state) for one in rows(Question)] == ["withdrawn"]
    assert rows(Duty, Duty.of_code == asked)[0].closed_at is not None


def test_one_question_costs_as_many_queries_as_several(screens: Screens, avi: Browser, asked: str) -> None:
    naomi = screens.as_("naomi", "en")
    before = cost(naomi, "/questions"), cost(avi, "/desk")
    for _ in range(3):
        fill(avi, "/questions/new", text=TEXT)
    assert (cost(naomi, "/questions"), cost(avi, "/desk")) == before
