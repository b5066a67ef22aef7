"""The lessons manager asks whoever wrote a proposed lesson one question, and decides once it is answered, or before."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.access import OPERATOR
from lessons.models import Duty, Lesson, Notice
from lessons.people import operations as people
from lessons.workflow.states import LessonState
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.filling import fill, here
from tests.screens.test_bench import cost, state
from tests.screens.test_many import MANY, PROPOSED, preview

QUESTION = "באיזה מסך מזינים את ההטבה?"
ANSWER = "במסך הסיכום, לפני שמירת הפנייה"


@pytest.fixture
def naomi(screens: Screens) -> Browser:
    return screens.as_("naomi", "en")


@pytest.fixture
def dana(screens: Screens) -> Browser:
    return screens.as_("dana", "en")


@pytest.fixture
def two(screens: Screens) -> list[str]:
    """Codes of two lessons of Dana's that wait for Naomi, the older first."""
    with screens.records() as village:
        return [village.lesson(title=title, **PROPOSED).code for title in ("מזינים את ההטבה", "חוזרים ללקוח")]


@pytest.fixture
def asked(naomi: Browser, two: list[str]) -> str:
    """The older one, about which Naomi has asked."""
    naomi.read("/bench")
    answer = naomi.send(f"/lessons/{two[0]}/ask_author", {"question": QUESTION})
    assert answer.headers["Location"] == f"/bench?lesson={two[1]}"
    return two[0]


def open_duties(code: str) -> dict[str, Any]:
    with db.reading() as session:
        rows = session.scalars(sa.select(Duty).where(Duty.of_code == code, Duty.closed_at.is_(None))).all()
        return {duty.kind: duty.person_id for duty in rows}


@here
def test_the_question_is_asked_on_the_bench_by_a_key_of_its_own(naomi: Browser, two: list[str]) -> None:
    page = naomi.read("/bench").text
    assert f'action="/lessons/{two[0]}/ask_author"' in page
    assert 'data-key="q"' in page
    assert "<kbd>Q</kbd>" in page


def test_its_author_owes_the_answer_and_the_decision_stays_owed(screens: Screens, asked: str) -> None:
    assert state(asked) == LessonState.PROPOSED
    assert open_duties(asked) == {"decide_lesson": None, "answer_question": screens.people["dana"].id}


@here
def test_my_day_leads_its_author_to_the_question_and_back_to_nothing_owed(dana: Browser, asked: str) -> None:
    page = dana.read("/").text
    assert "Answer a question" in page
    assert f'href="/lessons/{asked}/answer"' in page
    assert QUESTION in dana.read(f"/lessons/{asked}/answer").text
    assert QUESTION in dana.read(f"/lessons/{asked}").text
    fill(dana, f"/lessons/{asked}/answer", answer=ANSWER)
    assert open_duties(asked).keys() == {"decide_lesson"}
    assert ANSWER in dana.read(f"/lessons/{asked}").text


@here
def test_one_that_waits_for_its_author_stands_after_the_others(naomi: Browser, two: list[str], asked: str) -> None:
    assert f'action="/lessons/{two[1]}/accept"' in naomi.read("/bench").text
    page = naomi.read(f"/bench?lesson={asked}").text
    assert "2 of 2" in page
    assert "waiting for the author" in page
    assert QUESTION in page
    listed = naomi.read(MANY).text
    assert listed.index(f'value="{two[1]}"') < listed.index(f'value="{asked}"')
    assert "waiting for the author" in listed


@here
def test_once_answered_it_is_back_in_its_place_with_both_words(dana: Browser, naomi: Browser, asked: str) -> None:
    fill(dana, f"/lessons/{asked}/answer", answer=ANSWER)
    page = naomi.read("/bench").text
    assert f'action="/lessons/{asked}/accept"' in page
    assert page.index(QUESTION) < page.index(ANSWER)
    assert "waiting for the author" not in page
    told = naomi.read(f"/lessons/{asked}").text.split("History")[1]
    assert "A question was asked" in told
    assert QUESTION in told
    assert ANSWER in told


@here
def test_whoever_asked_is_told_of_the_answer(screens: Screens, dana: Browser, asked: str) -> None:
    fill(dana, f"/lessons/{asked}/answer", answer=ANSWER)
    with db.reading() as session:
        told = session.scalars(sa.select(Notice).where(Notice.kind == "answered")).one()
    assert (told.person_id, told.of_code) == (screens.people["naomi"].id, asked)
    assert "Your question was answered" in screens.as_("naomi", "en").read("/notices").text


@here
def test_one_question_at_a_time_and_none_that_nobody_asked(dana: Browser, naomi: Browser, asked: str) -> None:
    closed = naomi.read(f"/lessons/{asked}/ask_author").text
    assert "waits for its answer already" in closed
    fill(dana, f"/lessons/{asked}/answer", answer=ANSWER)
    assert "Answer the question" not in dana.read(f"/lessons/{asked}").text
    assert "No question waits for an answer." in dana.read(f"/lessons/{asked}/answer").text
    fill(naomi, f"/lessons/{asked}/ask_author", question="ומה אם הלקוח ניתק?")
    assert "answer_question" in open_duties(asked)


@here
def test_nobody_asks_themself_nor_somebody_who_left(screens: Screens, naomi: Browser) -> None:
    with screens.records() as village:
        village.session.merge(village.avi).closed_at = screens.at
        authors = (village.naomi.id, village.avi.id, None)
        codes = [village.lesson(author_id=author, **PROPOSED).code for author in authors]
    for code in codes:
        assert "There is nobody to ask" in naomi.read(f"/lessons/{code}/ask_author").text


@here
def test_only_the_lessons_manager_asks_and_only_its_author_answers(screens: Screens, asked: str) -> None:
    assert screens.as_("ilan").read(f"/lessons/{asked}/ask_author").status_code == 403
    assert screens.as_("naomi", "en").read(f"/lessons/{asked}/answer").status_code == 403


@here
def test_it_may_be_decided_without_the_answer_and_the_duty_ends(naomi: Browser, asked: str) -> None:
    assert "has not answered yet" in preview(naomi, [asked])
    naomi.read(f"/bench?lesson={asked}")
    naomi.send(f"/lessons/{asked}/accept", {"owner": "dana@village.example"})
    assert state(asked) == LessonState.ACCEPTED
    assert "answer_question" not in open_duties(asked)


@here
def test_what_was_asked_is_not_read_by_everybody_once_it_is_on_the_desk(
    screens: Screens, dana: Browser, naomi: Browser, asked: str
) -> None:
    fill(dana, f"/lessons/{asked}/answer", answer=ANSWER)
    naomi.read(f"/bench?lesson={asked}")
    naomi.send(f"/lessons/{asked}/accept", {"owner": "dana@village.example"})
    page = screens.as_("rana", "en").read(f"/lessons/{asked}").text
    assert "A question was asked" in page
    assert QUESTION not in page
    assert ANSWER not in page


def test_whoever_leaves_with_a_question_open_leaves_it_to_lessons_management(screens: Screens, asked: str) -> None:
    with screens.records() as village:
        people.leave(village.session, village.session.merge(village.dana), by=OPERATOR, at=screens.at)
    with db.reading() as session:
        duty = session.scalars(
            sa.select(Duty).where(Duty.of_code == asked, Duty.kind == "answer_question", Duty.closed_at.is_(None))
        ).one()
        assert (duty.person_id, str(duty.role)) == (None, "lessons_manager")
    naomi = screens.as_("naomi", "en")
    fill(naomi, f"/lessons/{asked}/answer", answer=ANSWER)
    assert open_duties(asked).keys() == {"decide_lesson"}


@here
def test_the_bench_with_a_question_costs_no_more_than_was_promised(naomi: Browser, asked: str) -> None:
    assert cost(naomi, f"/bench?lesson={asked}") <= 24
    with db.reading() as session:
        assert session.scalars(sa.select(Lesson.asked_at).where(Lesson.code == asked)).one() is not None
