"""One search over everything an agent may read: news while it is on the desk, and topics by their name."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from lessons import clock, db
from lessons.debriefs.topics import set_topics
from lessons.models import Lesson, News, Sentence, Topic
from lessons.news import due
from lessons.repository import found as lessons
from lessons.repository import topics
from lessons.search.schema import entry
from lessons.sentences import operations as sentences
from lessons.worker import left_out
from lessons.workflow.states import LessonState, Role
from tests.browsing import Browser
from tests.desk.conftest import on_desk
from tests.desk.test_desk import found, rows
from tests.news.telling import REASON, do, news_of
from tests.screens.conftest import Screens
from tests.village import AT, Village

OFFER = "מתחרה מבטיח ממיר חינם"


def told(screens: Screens, **asked: object) -> str:
    with screens.records() as village:
        given = {"title": OFFER, "body": "לא מאשרים החזר.\nמזכירים את ההתקנה."} | asked
        return str(news_of(village, **given).code)


def of(village: Village, code: str) -> News:
    return village.session.scalars(sa.select(News).where(News.code == code)).one()


# ── news ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_news_is_found_by_its_words_beside_the_cards_and_lies_open_whole(screens: Screens, avi: Browser) -> None:
    with screens.records() as village:
        card = on_desk(village, "החזרת ממיר").code
    code = told(screens)
    assert set(rows(found(avi, "ממיר"))) == {card, code}
    assert rows(found(avi, code.lower())) == [code]
    page = avi.read("/desk", query_string={"q": "ממיר חינם", "card": code}).text
    assert "מזכירים את ההתקנה." in page
    assert "I have read and understood" in page
    assert avi.send(f"/news/{code}/read").location.startswith("/desk?")
    assert "I have read and understood" not in avi.read("/desk", query_string={"card": code}).text


def test_it_is_found_by_those_it_is_for_and_nobody_else(screens: Screens, avi: Browser) -> None:
    code = told(screens)
    assert rows(found(avi, "ממיר")) == [code]
    assert rows(found(screens.as_("rana", "en"), "ממיר")) == []
    with screens.records() as village:
        for_leaders = news_of(village, title="סיכום לאחמ״שים", audience={"units": [], "roles": [Role.DEBRIEF_LEADER]})
        title = for_leaders.title
    assert (rows(found(avi, title)), len(rows(found(screens.as_("dana", "en"), title)))) == ([], 1)


def test_corrected_it_is_found_by_its_present_words_and_withdrawn_by_none(screens: Screens, avi: Browser) -> None:
    code = told(screens)
    with screens.records() as village:
        do(village, of(village, code), "edit", "hila", title="מתחרה מבטיח נתב חינם")
    assert (rows(found(avi, "נתב")), rows(found(avi, "ממיר"))) == ([code], [])
    with screens.records() as village:
        do(village, of(village, code), "withdraw", "hila", reason=REASON)
    assert rows(found(avi, "נתב")) == []
    assert indexed("news") == 0


def test_its_time_hides_it_before_the_worker_came_and_before_it_began(screens: Screens, avi: Browser) -> None:
    told(screens, valid_from=AT + timedelta(days=1), valid_until=AT + timedelta(days=2))
    assert (rows(found(avi, "ממיר")), indexed("news")) == ([], 1)
    screens.days_later(1)
    assert len(rows(found(screens.as_("avi", "en"), "ממיר"))) == 1
    screens.days_later(1)
    assert (rows(found(screens.as_("avi", "en"), "ממיר")), indexed("news")) == ([], 1)
    with db.transaction() as session:
        assert due.fall_due(session, at=screens.at) == 1
    assert indexed("news") == 0


def test_an_offer_is_found_once_a_second_person_saw_it_too(screens: Screens, avi: Browser) -> None:
    with screens.records() as village:
        offer = news_of(village, "avi", kind="offer", title=OFFER, valid_until=None)
        assert rows(found(avi, "ממיר")) == []
        do(village, offer, "confirm", "yossi")
    assert rows(found(avi, "ממיר")) == [offer.code]


def indexed(noun: str) -> int:
    with db.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(entry).where(entry.c.noun == noun)) or 0


# ── topics ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def charges(screens: Screens) -> str:
    """Two lessons on a topic, one of them a draft; another draft alone on another topic. The code of the first."""
    drafted = {"state": LessonState.DRAFT, "accepted_at": None, "owner_id": None}
    with screens.records() as village:
        for title, names, more in (
            ("בודקים את השורה הקודמת", ["חיוב כפול"], {}),
            ("טיוטה של חיוב כפול", ["חיוב כפול"], drafted),
            ("טיוטה אחרת", ["חיוב סודי"], drafted),
        ):
            lesson = village.lesson(title=title, **more)
            set_topics(village.session, lesson, names)
            lessons.keep(village.session, lesson)
        return str(village.session.scalars(sa.select(Lesson.code).order_by(Lesson.id)).first())


def test_a_topic_comes_after_the_cards_and_leads_to_all_lessons_on_it(
    screens: Screens, avi: Browser, charges: str
) -> None:
    page = found(avi, "חיוב כפול")
    assert rows(page) == [charges, "חיוב_כפול"]
    assert "Topic" in page
    listed = avi.read("/lessons", query_string={"topic": "חיוב כפול"})
    assert "בודקים את השורה הקודמת" in listed.text
    assert "טיוטה אחרת" not in listed.text
    whole = avi.read("/desk", query_string={"q": "חיוב כפול"}).text
    assert f'aria-current="true"><a id="hit-{charges}"' in whole


def test_a_topic_of_drafts_alone_tells_nobody_that_they_are_there(avi: Browser, charges: str) -> None:
    assert rows(found(avi, "סודי")) == []


def test_a_topic_answers_to_its_name_and_not_to_a_part_of_a_long_question(avi: Browser, charges: str) -> None:
    assert "חיוב_כפול" in rows(found(avi, "כפול"))
    assert "חיוב_כפול" not in rows(found(avi, "כפול הכניסה לחשבון"))


def test_a_former_name_leads_there_too(screens: Screens, avi: Browser, charges: str) -> None:
    with screens.records() as village:
        one, other = village.session.scalars(sa.select(Topic).order_by(Topic.id))
        topics.rename(village.session, one, "שתי חשבוניות", by=village.by("naomi"), at=AT)
    assert rows(found(avi, "כפול")) == [charges, "שתי_חשבוניות"]
    with screens.records() as village:
        one, other = village.session.scalars(sa.select(Topic).order_by(Topic.id))
        topics.merge(village.session, one, other, by=village.by("naomi"), at=AT)
    assert rows(found(avi, "כפול"))[-1] == "חיוב_סודי"
    assert indexed("topic") == 1
    assert "בודקים" in avi.read("/lessons", query_string={"topic": "חיוב כפול"}).text


# ── what was there before ────────────────────────────────────────────────────────────────────────────────────────────
def test_what_an_earlier_version_left_out_is_found_once_the_worker_worked(
    screens: Screens, avi: Browser, charges: str
) -> None:
    code = told(screens)
    with db.transaction() as session:
        session.execute(sa.delete(entry).where(entry.c.noun.in_(["news", "topic"])))
    assert rows(found(avi, "ממיר")) == []
    assert left_out(clock.now) == 3
    assert left_out(clock.now) == 0
    assert rows(found(avi, "ממיר")) == [code]
    assert rows(found(avi, "כפול"))[-1] == "חיוב_כפול"


# ── programs ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_programs_are_told_what_each_is_and_a_case_is_answered_by_what_documents_it(
    screens: Screens, avi: Browser, charges: str
) -> None:
    code = told(screens, body="חיוב כפול אצל המתחרה")
    items = avi.read("/api/v1/search", query_string={"q": "חיוב כפול"}).json["items"]
    assert {(one["noun"], one["code"]) for one in items} == {
        ("lessons", charges), ("news", code), ("topics", "חיוב כפול")
    }  # fmt: skip
    topic = next(one for one in items if one["noun"] == "topics")
    assert (topic["state"], topic["direction"]) == (None, None)
    assert avi.read(topic["links"]["self"]).json["name"] == "חיוב כפול"
    assert avi.read(topic["links"]["page"]).status_code == 200


# ── sentences that work ──────────────────────────────────────────────────────────────────────────────────────────────
def test_a_sentence_is_found_while_it_is_on_the_desk_and_opens_its_page(screens: Screens, avi: Browser) -> None:
    said = "בודקים יחד את החשבון, שורה אחר שורה"
    with screens.records() as village:
        offered = sentences.offer(village.session, {"text": said}, by=village.by("avi"), at=AT)
        code = str(offered.code)
    assert rows(found(avi, "שורה אחר שורה")) == []
    with screens.records() as village:
        waiting = village.session.scalars(sa.select(Sentence)).one()
        better = {"text": f"{said}, בנחת"}
        sentences.keep(village.session, waiting, better, by=village.by("hila"), at=AT)
    page = found(avi, "החשבון בנחת")
    assert rows(page) == [code]
    assert f'href="/sentences/{code}"' in page
    with screens.records() as village:
        live = village.session.scalars(sa.select(Sentence)).one()
        sentences.withdraw(village.session, live, {"reason": REASON}, by=village.by("hila"), at=AT)
    assert rows(found(avi, "החשבון בנחת")) == []
    assert indexed("sentence") == 0
