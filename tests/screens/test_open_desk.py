"""The desk before an agent: a shift is opened, what is urgent comes up and is acknowledged, asking again is cheap."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lessons.briefings.operations import VERBS as BRIEFING_VERBS
from lessons.briefings.operations import open_briefing
from lessons.desk import popups
from lessons.models import BriefingMember, DeskVisit, News, NewsReading
from lessons.settings import Settings
from tests.briefings.reading import QUESTION
from tests.news.telling import REASON, do, news_of
from tests.screens.conftest import Screens
from tests.web.test_queries import statements

NOW = "/desk/now"


@pytest.fixture(autouse=True)
def fresh(settings: Settings) -> Iterator[None]:
    """No test waits until the marks of the one before are a second old."""
    popups.forget()
    yield
    popups.forget()


def urgent(screens: Screens, **asked: Any) -> News:
    with screens.records() as village:
        made = news_of(village, **({"urgent": True} | asked))
    popups.forget()
    return made


def asked(screens: Screens, who: str = "avi", tag: str = "") -> tuple[int, str, str]:
    """Status, tag and text of what comes up now."""
    answer = screens.as_(who).read(NOW, headers={"If-None-Match": tag} if tag else {})
    return answer.status_code, answer.headers.get("ETag", ""), answer.text


# ── what comes up by itself ──────────────────────────────────────────────────────────────────────────────────────────
def test_urgent_news_comes_up_on_the_desks_of_its_audience_until_it_is_acknowledged(screens: Screens) -> None:
    _, quiet, text = asked(screens)
    assert "popup" not in text
    news = urgent(screens)
    status, tag, text = asked(screens, tag=quiet)
    assert (status, news.title in text) == (200, True)
    assert tag != quiet
    assert asked(screens, tag=tag)[0] == 304
    assert news.title not in asked(screens, "rana")[2]
    screens.as_("avi").read(NOW)
    left = screens.as_("avi").send(f"{NOW}/{news.code}")
    assert (left.status_code, news.title in left.text) == (200, False)
    with screens.records() as village:
        read = village.session.scalars(sa.select(NewsReading)).one()
        assert (read.person_id, read.edition, read.at) == (village.avi.id, 1, screens.at)
    assert news.title not in asked(screens)[2]
    assert news.title in asked(screens, "yossi")[2]


def test_it_stops_when_it_is_withdrawn_and_comes_again_with_other_words(screens: Screens) -> None:
    news = urgent(screens)
    tag = asked(screens)[1]
    with screens.records() as village:
        do(village, news, "edit", "hila", title="תקלה בקליטה, צפי 19:00")
    popups.forget()
    status, again, text = asked(screens, tag=tag)
    assert (status, "19:00" in text) == (200, True)
    with screens.records() as village:
        do(village, news, "withdraw", "hila", reason=REASON)
    popups.forget()
    status, _, text = asked(screens, tag=again)
    assert (status, "popup" in text) == (200, False)


def test_asking_again_costs_one_look_at_who_asks(screens: Screens) -> None:
    tag = asked(screens)[1]
    with statements() as sent:
        assert [asked(screens, tag=tag)[0] for _ in range(5)] == [304] * 5
    assert len(sent) == 5


def test_nobody_is_told_anything_without_being_signed_in(screens: Screens) -> None:
    tag = asked(screens)[1]
    browser = screens.as_("avi")
    with screens.records() as village:
        village.session.execute(sa.text("UPDATE sign_ins SET ended_at = created_at"))
    assert browser.read(NOW, headers={"If-None-Match": tag}).status_code == 303
    assert browser.read(NOW, headers={"If-None-Match": tag, "HX-Request": "true"}).status_code == 401


def test_the_rest_is_reminded_on_their_desks_alone(screens: Screens) -> None:
    with screens.records() as village:
        lesson = village.lesson()
        briefing = open_briefing(village.session, {"subject": lesson}, by=village.by("yossi"), at=screens.at)
        BRIEFING_VERBS["briefings", "acknowledge"](
            village.session, briefing, {}, by=village.by("dana"), at=screens.at
        )  # fmt: skip
        village.session.flush()
    assert lesson.title not in asked(screens)[2]
    yossi = screens.as_("yossi")
    yossi.read(f"/briefings/{briefing.code}/remind")
    assert yossi.send(f"/briefings/{briefing.code}/remind").status_code == 303
    popups.forget()
    assert lesson.title in asked(screens)[2]
    assert lesson.title not in asked(screens, "dana")[2]


def test_a_page_that_was_opened_is_a_sighting_and_one_that_waits_is_none(screens: Screens) -> None:
    tag = asked(screens)[1]
    screens.at += timedelta(minutes=30)
    urgent(screens)
    assert asked(screens, tag=tag)[0] == 200
    with screens.records() as village:
        seen = village.session.get_one(DeskVisit, village.avi.id)
        assert seen.seen_at == screens.at - timedelta(minutes=30)


# ── a shift is opened ────────────────────────────────────────────────────────────────────────────────────────────────
def test_one_button_reads_what_was_shown_and_a_wrong_answer_shows_the_passage(screens: Screens) -> None:
    with screens.records() as village:
        news = news_of(village)
        briefing = open_briefing(
            village.session, {"subject": village.lesson(), "check": QUESTION}, by=village.by("yossi"), at=screens.at
        )
        village.session.flush()
    avi = screens.as_("avi")
    page = avi.read("/desk").text
    shown = re.findall(r'name="read" value="([^"]+)"', page)
    assert shown == [f"{briefing.code}:1", f"{news.code}:1"]
    again = avi.send("/desk/read", {"read": shown, f"answer-{briefing.code}": "0"})
    assert (again.status_code, QUESTION["question"] in again.text) == (422, True)
    assert re.findall(r'name="read" value="([^"]+)"', again.text) == shown[:1]
    assert avi.send("/desk/read", {"read": shown[:1], f"answer-{briefing.code}": "1"}).status_code == 303
    with screens.records() as village:
        member = village.session.get_one(BriefingMember, (briefing.id, village.avi.id))
        assert (member.acknowledged_at, member.wrong) == (screens.at, 1)


@pytest.mark.parametrize("sent", [{}, {"read": ["X:1", ":", "B-2026-0001:x", "N-2026-9999:1"]}, {"read": ["א"] * 500}])
def test_what_is_none_of_ours_breaks_nothing(screens: Screens, sent: dict[str, Any]) -> None:
    avi = screens.as_("avi")
    news_of_today = urgent(screens, urgent=False)
    assert news_of_today.title in avi.read("/desk").text
    assert avi.send("/desk/read", sent).status_code == 303


# ── the first cards ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_lessons_management_sets_the_order_on_one_page(screens: Screens) -> None:
    with screens.records() as village:
        codes = [village.lesson().code for _ in range(2)]
    naomi = screens.as_("naomi")
    naomi.read("/basics?unit=RET")
    assert naomi.send("/basics", {"cards": f"{codes[1]}\n{codes[0]}"}).status_code == 303
    page = naomi.read("/basics?unit=RET").text
    assert page.index(codes[1]) < page.index(codes[0])
    wrong = naomi.send("/basics", {"cards": "L-2026-9999"})
    assert (wrong.status_code, "L-2026-9999" in wrong.text) == (422, True)
    assert "<textarea" not in screens.as_("dana").read("/basics?unit=RET").text


# ── news ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_agent_reports_an_offer_and_a_colleague_confirms_it_from_the_front(screens: Screens) -> None:
    avi, yossi = screens.as_("avi"), screens.as_("yossi")
    avi.read("/news/new?kind=offer")
    made = avi.send("/news/new", {"title": "מהירות כפולה ב־89 ₪", "seen_where": "שני לקוחות", "kind": "offer"})
    assert made.status_code == 303, made.text
    code = made.headers["Location"].rsplit("/", 1)[1]
    assert f"/news/{code}/confirm" not in avi.read("/desk").text
    yossi.read("/desk")
    assert yossi.send(f"/news/{code}/confirm").headers["Location"] == "/desk"
    assert code not in re.findall(r"/news/([^/\"]+)/confirm", avi.read("/desk").text)


def test_an_editor_publishes_and_sees_by_unit_who_has_read(screens: Screens) -> None:
    hila = screens.as_("hila")
    hila.read("/news/new")
    sent = {"title": "מבצע חדש", "kind": "news", "valid_until": "2026-02-08T20:00", "unit": "CUS"}
    made = hila.send("/news/new", sent)
    assert made.status_code == 303, made.text
    page = made.headers["Location"]
    avi = screens.as_("avi")
    avi.read(page)
    assert avi.send(f"{page}/read").status_code == 303
    assert "מוקד שימור לקוחות" in hila.read(page).text
    assert "מוקד שירות" not in avi.read(page).text
    hila.read("/news/new")
    late = hila.send("/news/new", sent | {"valid_until": ""})
    assert (late.status_code, "מבצע חדש" in late.text) == (422, True)
