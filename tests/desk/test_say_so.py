"""What agents say of a card reaches whoever answers for it, and the answer comes back with thanks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.models import Duty, Event, Feedback, Lesson, Notice
from lessons.repository.said import as_said, as_written
from lessons.workflow.states import LessonState, Verdict
from tests.browsing import Browser
from tests.desk.conftest import on_desk
from tests.screens.conftest import Screens
from tests.screens.filling import fill
from tests.screens.test_bench import cost
from tests.village import AT
from tests.walking import AUDIENCE

SAID = {"verdict": "outdated", "reason": "terms_changed"}
WORDS = "המחיר תוקן לפי המבצע החדש"


@pytest.fixture
def card(screens: Screens) -> str:
    """The code of a proved card that Yossi answers for, meant for a centre of four."""
    with screens.records() as village:
        proved = {"state": LessonState.VERIFIED, "proved_at": AT - timedelta(days=60), "audience": AUDIENCE}
        return str(on_desk(village, "מזינים את ההטבה לפני סיום השיחה", owner_id=village.yossi.id, **proved).code)


def say(person: Browser, card: str, **fields: Any) -> Any:
    person.read(f"/desk?card={card}")
    answer = person.send(f"/lessons/{card}/add/feedback", fields)
    assert answer.status_code in (303, 422), answer.text
    return answer


def rows(model: Any, *where: Any) -> list[Any]:
    with db.reading() as session:
        return list(session.scalars(sa.select(model).where(*where).order_by(model.id)))


def owed() -> list[int | None]:
    return [one.person_id for one in rows(Duty, Duty.kind == "answer_feedback", Duty.closed_at.is_(None))]


def state(card: str) -> str:
    return str(rows(Lesson, Lesson.code == card)[0].state)


def test_one_press_says_that_it_helped_and_nobody_owes_anything(avi: Browser, card: str) -> None:
    answer = say(avi, card, verdict="useful")
    assert answer.headers["Location"] == f"/desk?card={card}"
    assert [one.verdict for one in rows(Feedback)] == [Verdict.USEFUL]
    assert owed() == []


def test_a_reason_opens_a_duty_of_its_owner_for_three_working_days(screens: Screens, avi: Browser, card: str) -> None:
    say(avi, card, **SAID)
    duty = rows(Duty, Duty.kind == "answer_feedback")[0]
    assert duty.person_id == screens.people["yossi"].id
    assert (duty.due_on - AT.date()).days == 3  # from Sunday to Wednesday
    assert "The price or the terms changed" in avi.read(f"/desk?card={card}").text


def test_without_a_reason_the_form_comes_back_filled(avi: Browser, card: str) -> None:
    answer = say(avi, card, verdict="unclear")
    assert answer.status_code == 422
    assert "What is wrong with it?" in answer.text
    assert "asks for" not in answer.text
    assert rows(Feedback) == []


def test_another_word_takes_the_place_of_the_first_and_ends_what_was_owed(avi: Browser, card: str) -> None:
    say(avi, card, **SAID)
    say(avi, card, verdict="useful")
    assert [one.verdict for one in rows(Feedback)] == [Verdict.USEFUL]
    assert owed() == []


def test_the_answer_reaches_everyone_who_waited_with_thanks(screens: Screens, avi: Browser, card: str) -> None:
    say(avi, card, **SAID)
    say(screens.as_("rana", "en"), card, verdict="unclear", words="איזה מסך?")
    yossi = screens.as_("yossi", "en")
    assert "2 wait for an answer" in yossi.read(f"/lessons/{card}").text
    given = {"outcome": "changed", "answer": WORDS, "feedback": [one.pid for one in rows(Feedback)]}
    assert fill(yossi, f"/lessons/{card}/answer_feedback", **given).status_code == 303
    told = rows(Notice, Notice.kind == "feedback_answered")
    assert {one.person_id for one in told} == {screens.people[who].id for who in ("avi", "rana")}
    assert owed() == []
    page = avi.read(f"/desk?card={card}").text
    assert WORDS in page
    assert "The card was corrected" in page
    assert "What came of what you said about a card" in avi.read("/notices").text


def test_one_may_be_answered_before_the_others(screens: Screens, avi: Browser, card: str) -> None:
    say(avi, card, **SAID)
    say(screens.as_("rana", "en"), card, verdict="unclear", words="איזה מסך?")
    first, second = rows(Feedback)
    yossi = screens.as_("yossi", "en")
    fill(yossi, f"/lessons/{card}/answer_feedback", outcome="thanked", answer=WORDS, feedback=[first.pid])
    assert [one.person_id for one in rows(Feedback, Feedback.answered_at.is_(None))] == [second.person_id]
    assert owed() == [screens.people["yossi"].id]


def test_enough_readers_who_call_it_outdated_make_a_proved_card_due_for_review(
    screens: Screens, avi: Browser, card: str
) -> None:
    say(avi, card, **SAID)
    assert state(card) == LessonState.VERIFIED
    say(screens.as_("rana", "en"), card, **SAID)
    assert state(card) == LessonState.DUE_FOR_REVIEW
    aged = rows(Event, Event.trigger == "age")[0]
    assert aged.actor_kind == "system"
    assert '"outdated":2' in aged.body
    yossi = screens.people["yossi"].id
    assert [one.person_id for one in rows(Notice, Notice.kind == "outdated")] == [yossi]


def test_what_was_said_more_than_fourteen_days_ago_does_not_count(screens: Screens, avi: Browser, card: str) -> None:
    say(avi, card, **SAID)
    screens.days_later(15)
    say(screens.as_("rana", "en"), card, **SAID)
    assert state(card) == LessonState.VERIFIED


def test_counts_are_told_to_whoever_answers_for_it_and_never_by_whom(screens: Screens, avi: Browser, card: str) -> None:
    say(avi, card, verdict="useful")
    for who in ("yossi", "naomi", "ilan"):
        assert "What readers say" in screens.as_(who, "en").read(f"/lessons/{card}").text
    page = avi.read(f"/lessons/{card}").text
    assert "What readers say" not in page
    assert screens.people["avi"].name not in screens.as_("ilan", "en").read(f"/lessons/{card}").text


def test_whoever_waited_hears_that_the_card_left_use(screens: Screens, avi: Browser, card: str) -> None:
    say(avi, card, **SAID)
    naomi = screens.as_("naomi", "en")
    fill(naomi, f"/lessons/{card}/retire", reason="אין יותר הטבה כזו במוקד")
    assert [one.person_id for one in rows(Notice, Notice.kind == "feedback_answered")] == [screens.people["avi"].id]
    assert owed() == []


def test_a_card_costs_the_same_whether_something_was_said_of_it_or_not(
    screens: Screens, avi: Browser, card: str
) -> None:
    naomi = screens.as_("naomi", "en")
    before = cost(naomi, f"/lessons/{card}")
    say(avi, card, **SAID)
    say(screens.as_("rana", "en"), card, verdict="unclear", words="איזה מסך?")
    assert cost(naomi, f"/lessons/{card}") == before


@pytest.mark.parametrize(
    ("sentence", "said", "written"),
    [
        ("«נזין יחד.»", "נזין יחד.", "נזין יחד."),
        ("«החשבון הבא יהיה 119 שקלים.»", "החשבון הבא יהיה 119 שקלים.", "החשבון הבא יהיה ____ שקלים."),
        ("מספר האישור הוא 4417-2093", "מספר האישור הוא 4417-2093", "מספר האישור הוא ____"),
        ("«כן.» ואז: «לא.»", "«כן.» ואז: «לא.»", "«כן.» ואז: «לא.»"),
        ("“At 21:30, 10% off.”", "At 21:30, 10% off.", "At ____, ____% off."),
    ],
)
def test_a_sentence_is_said_with_its_figures_and_written_with_gaps(sentence: str, said: str, written: str) -> None:
    assert (as_said(sentence), as_written(sentence)) == (said, written)
