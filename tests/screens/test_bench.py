"""The lessons manager's bench: what waits for a decision, one lesson at a time, decided where it is read."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.models import Duty, Lesson, LessonTopic, Topic
from lessons.workflow.states import LessonState
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.filling import here
from tests.web.test_queries import SIGN_IN, statements

TITLES = ("מזינים את ההטבה לפני סיום השיחה", "חוזרים ללקוח באותו יום", "שואלים על הציוד לפני ניתוק")


@pytest.fixture
def three(screens: Screens) -> list[str]:
    """Codes of three lessons that wait for Naomi, the oldest first."""
    with screens.records() as village:
        given = {"state": LessonState.PROPOSED, "accepted_at": None, "accepted_by_id": None, "owner_id": None}
        return [village.lesson(title=title, **given).code for title in TITLES]


@pytest.fixture
def naomi(screens: Screens) -> Browser:
    return screens.as_("naomi", "en")


def state(code: str) -> LessonState:
    with db.reading() as session:
        return session.scalars(sa.select(Lesson).where(Lesson.code == code)).one().state


@here
def test_the_bench_is_of_those_who_manage_lessons(screens: Screens, naomi: Browser) -> None:
    assert screens.as_("dana", "en").read("/bench").status_code == 403
    assert "whoever manages lessons" in screens.as_("dana", "en").read("/bench").text
    assert 'href="/bench"' not in screens.as_("dana", "en").read("/").text
    assert 'href="/bench"' in naomi.read("/").text


@here
def test_an_empty_bench_says_what_brings_lessons_to_it(naomi: Browser) -> None:
    assert "comes here when its debrief is approved" in naomi.read("/bench").text


@here
def test_one_lesson_at_a_time_the_oldest_first_and_the_overdue_before_it(naomi: Browser, three: list[str]) -> None:
    first = naomi.read("/bench").text
    assert "1 of 3" in first
    assert f'action="/lessons/{three[0]}/accept"' in first
    with db.transaction() as session:
        late = sa.update(Duty).where(Duty.of_code == three[2]).values(due_at=Duty.opened_at)
        session.execute(late)
    assert f'action="/lessons/{three[2]}/accept"' in naomi.read("/bench").text


@here
def test_skipping_leads_through_the_queue_and_around_it(naomi: Browser, three: list[str]) -> None:
    assert f'href="/bench?lesson={three[1]}" data-key="n"' in naomi.read("/bench").text
    last = naomi.read(f"/bench?lesson={three[2]}").text
    assert "3 of 3" in last
    assert f'href="/bench?lesson={three[0]}" data-key="n"' in last


@here
def test_accepting_leads_to_the_next_with_what_was_done(naomi: Browser, three: list[str]) -> None:
    page = naomi.read("/bench").text
    assert 'value="Dana' in page or 'value="דנה אוחיון"' in page
    answer = naomi.send(f"/lessons/{three[0]}/accept", {"owner": "dana@village.example", "level": "2"})
    assert answer.headers["Location"] == f"/bench?lesson={three[1]}"
    assert state(three[0]) == LessonState.ACCEPTED
    page = naomi.read(answer.headers["Location"]).text
    assert "Recorded" in page
    assert "1 of 2" in page


@here
def test_a_refusal_shows_the_steps_own_form_and_then_leads_back(naomi: Browser, three: list[str]) -> None:
    naomi.read("/bench")
    answer = naomi.send(f"/lessons/{three[0]}/reject", {"reason": ""})
    assert answer.status_code == 422
    assert state(three[0]) == LessonState.PROPOSED
    answer = naomi.send(f"/lessons/{three[0]}/reject", {"reason": "It is known already, see the procedure."})
    assert answer.headers["Location"] == f"/bench?lesson={three[1]}"
    assert state(three[0]) == LessonState.REJECTED


@here
def test_the_whole_form_of_a_step_leads_back_to_the_bench(naomi: Browser, three: list[str]) -> None:
    page = naomi.read("/bench").text
    whole = f"/lessons/{three[0]}/accept?next=%2Fbench%3Flesson%3D{three[1]}"
    assert f'href="{whole}"' in page
    naomi.read(whole)
    answer = naomi.send(f"/lessons/{three[0]}/accept", {"owner": "dana@village.example"})
    assert answer.headers["Location"] == f"/bench?lesson={three[1]}"


@here
def test_merging_offers_only_what_resembles_it(screens: Screens, naomi: Browser, three: list[str]) -> None:
    with screens.records() as village:
        alike, other = village.lesson(title=TITLES[0]), village.lesson(title="דבר אחר לגמרי")
    index_all()
    page = naomi.read("/bench").text
    assert f'value="{alike.code}"' in page
    assert f'value="{other.code}"' not in page
    naomi.send(f"/lessons/{three[0]}/merge", {"target": alike.code})
    assert state(three[0]) == LessonState.MERGED
    assert f'action="/lessons/{three[1]}/merge"' not in naomi.read("/bench").text


def index_all() -> None:
    from lessons.repository import found

    with db.transaction() as session:
        for lesson in session.scalars(sa.select(Lesson)).all():
            found.keep(session, lesson)


@here
@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_a_step_never_leads_to_another_site(naomi: Browser, three: list[str], elsewhere: str) -> None:
    naomi.read("/bench")
    reason = {"reason": "It is known already, see the procedure.", "next": elsewhere}
    answer = naomi.send(f"/lessons/{three[0]}/reject", reason)
    assert answer.headers["Location"] == f"/lessons/{three[0]}"


@here
def test_the_keys_are_told_beside_the_words(naomi: Browser, three: list[str]) -> None:
    page = naomi.read("/bench").text
    for key in "arn":
        assert f'data-key="{key}"' in page
        assert f"<kbd>{key.upper()}</kbd>" in page


@here
def test_the_bench_costs_the_same_for_one_as_for_many(screens: Screens, naomi: Browser, three: list[str]) -> None:
    before = cost(naomi, "/bench")
    with screens.records() as village:
        for n in range(12):
            village.lesson(title=f"לקח {n}", state=LessonState.PROPOSED, accepted_at=None, accepted_by_id=None)
    assert cost(naomi, "/bench") == before <= 24


def cost(person: Browser, path: str) -> int:
    """Beside whether and how often the index holds each word of the title: that is asked a word at a time."""
    person.read(path)
    with statements() as sent:
        assert person.read(path).status_code == 200
    return sum("search_words" not in one or "score" in one for one in sent) - SIGN_IN


@here
def test_what_is_stuck_is_told_by_reason_and_by_whom_it_waits_for(screens: Screens, naomi: Browser) -> None:
    assert "Nothing is stuck" in naomi.read("/bench/stuck").text
    with screens.records() as village:
        lesson = village.lesson(title="לקח בלי דרך")
    page = naomi.read("/bench/stuck").text
    assert "No way to people yet" in page
    assert "No plan how it will be known" in page
    assert f'href="/lessons/{lesson.code}"' in page
    assert "In alphabetical order." in page
    assert screens.as_("dana", "en").read("/bench/stuck").status_code == 403


@here
def test_an_action_past_its_date_is_stuck_with_whoever_owns_it(screens: Screens, action: str) -> None:
    assert f'href="{action}"' not in screens.as_("naomi", "en").read("/bench/stuck").text
    screens.days_later(30)
    page = screens.as_("naomi", "en").read("/bench/stuck").text
    assert "Actions past their date" in page
    assert f'href="{action}"' in page


@here
def test_what_is_stuck_costs_the_same_for_one_as_for_many(screens: Screens, naomi: Browser) -> None:
    with screens.records() as village:
        village.lesson()
    before = cost(naomi, "/bench/stuck")
    with screens.records() as village:
        for n in range(12):
            village.lesson(title=f"לקח {n}")
    assert cost(naomi, "/bench/stuck") == before <= 16


@here
def test_it_is_drawn_and_told_how_long_lessons_are_in_their_state(
    screens: Screens, naomi: Browser, three: list[str]
) -> None:
    screens.days_later(9)
    page = screens.as_("naomi", "en").read("/bench/ages").text
    assert '<svg class="chart' in page
    row = page.split("Waits for a decision</th>")[1].split("</tr>")[0]
    assert ">3</td>" in row
    assert row.count(">9</td>") == 2
    assert cost(screens.as_("naomi", "en"), "/bench/ages") <= 8


@here
def test_a_topic_without_a_card_is_named_until_one_is_on_the_desk(
    screens: Screens, naomi: Browser, three: list[str]
) -> None:
    assert "Every topic has a card" in naomi.read("/bench/topics").text
    with screens.records() as village:
        topic = Topic(name="החזרת ציוד", key="החזרת ציוד")
        village.session.add(topic)
        village.session.flush()
        waits = village.session.scalars(sa.select(Lesson).where(Lesson.code == three[0])).one()
        village.session.add(LessonTopic(lesson_id=waits.id or 0, topic_id=topic.id or 0))
    assert "החזרת ציוד" in naomi.read("/bench/topics").text
    with screens.records() as village:
        lesson = village.lesson()
        village.session.add(LessonTopic(lesson_id=lesson.id or 0, topic_id=topic_id()))
    assert "החזרת ציוד" not in naomi.read("/bench/topics").text
    assert cost(naomi, "/bench/topics") <= 8


def topic_id() -> int:
    with db.reading() as session:
        return session.scalars(sa.select(Topic.id)).one() or 0
