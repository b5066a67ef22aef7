"""A shift opens with what changed since one's last, and it is read and understood together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from lessons.desk import basics, opening
from lessons.desk.front import front
from lessons.desk.worked import worked
from lessons.errors import Forbidden, Invalid
from lessons.models import DeskVisit, Lesson
from lessons.news.queries import on_desk, read_by
from lessons.people import figures
from lessons.workflow.states import LessonState, NewsKind
from tests.briefings.reading import QUESTION, briefing_of, readers
from tests.news.telling import do, news_of, offer_of
from tests.village import AT, TODAY, Village


@pytest.fixture(autouse=True)
def page() -> Iterator[None]:
    """Days and words are said as on a page."""
    with Flask("desk").test_request_context("/desk"):
        yield


def opened(village: Village, who: str = "avi", at: Any = AT) -> dict[str, Any]:
    by = village.by(who, at)
    return opening.opening(village.session, on_desk(village.session, by=by, at=at), by=by, at=at)


def codes(village: Village, who: str = "avi", at: Any = AT) -> list[str]:
    return [card["code"] for card in opened(village, who, at)["cards"]]


def editions(village: Village, *rows: Any) -> dict[str, int]:
    return {row.code: getattr(row, "subject_edition", row.edition) for row in rows}


# ── since when ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_it_tells_of_what_came_after_ones_last_day_here(village: Village) -> None:
    lesson, avi = village.lesson(), village.by("avi")
    assert codes(village) == [lesson.code]
    opening.note_visit(village.session, avi, AT + timedelta(hours=1))
    assert codes(village, at=AT + timedelta(hours=2)) == [lesson.code]  # the same shift
    assert codes(village, at=AT + timedelta(days=1)) == []
    assert codes(village, "rana") == []


def test_the_day_before_stays_known_all_through_a_shift(village: Village) -> None:
    avi, tomorrow = village.by("avi"), AT + timedelta(days=1)
    for at in (AT, tomorrow, tomorrow + timedelta(hours=3)):
        opening.note_visit(village.session, avi, at)
    assert opening.last_shift(village.session, avi, tomorrow + timedelta(hours=4)) == AT
    assert village.session.get_one(DeskVisit, avi.id).seen_at == tomorrow + timedelta(hours=3)


def test_there_are_three_cards_at_most_and_what_is_owed_comes_first(village: Village) -> None:
    briefings = [briefing_of(village, village.lesson()) for _ in range(4)]
    news_of(village)
    found = opened(village)
    assert [card["code"] for card in found["cards"]] == [one.code for one in briefings[:3]]
    assert [one["href"] for one in found["more"]] == [f"/briefings/{briefings[3].code}"]


def test_what_is_urgent_comes_up_by_itself_and_is_no_card(village: Village) -> None:
    news_of(village, urgent=True)
    plain = news_of(village)
    assert codes(village) == [plain.code]


# ── read and understood ──────────────────────────────────────────────────────────────────────────────────────────────
def test_one_button_reads_briefings_and_news_of_the_edition_that_was_shown(village: Village) -> None:
    briefing, news, avi = briefing_of(village, village.lesson()), news_of(village), village.by("avi")
    found = opening.read_all(village.session, editions(village, briefing, news), {}, by=avi, at=AT)
    assert (found.left, found.changed) == ([], 0)
    assert readers(village, briefing)[village.avi.id or 0].acknowledged_at == AT
    assert read_by(village.session, [news], avi) == {news.id}
    assert codes(village) == []


def test_a_question_is_answered_first_and_all_the_rest_is_read(village: Village) -> None:
    briefing, news = briefing_of(village, village.lesson(), check=QUESTION), news_of(village)
    shown, avi = editions(village, briefing, news), village.by("avi")
    for answers, wrong in (({}, 0), ({briefing.code: 0}, 1)):
        found = opening.read_all(village.session, shown, answers, by=avi, at=AT)
        assert [(card["code"], bool(card["error"])) for card in found.left] == [(briefing.code, True)]
        assert readers(village, briefing)[village.avi.id or 0].wrong == wrong
    assert read_by(village.session, [news], avi) == {news.id}
    assert opening.read_all(village.session, shown, {briefing.code: 1}, by=avi, at=AT).left == []


def test_what_has_other_words_by_now_is_not_read(village: Village) -> None:
    news, avi = news_of(village), village.by("avi")
    shown = editions(village, news)
    do(village, news, "edit", "hila", body="פותחים קריאה.")
    assert opening.read_all(village.session, shown, {}, by=avi, at=AT).changed == 1
    assert read_by(village.session, [news], avi) == frozenset()


# ── what stands beside it ────────────────────────────────────────────────────────────────────────────────────────────
def test_the_front_has_focus_news_offers_and_what_waits_for_a_second_person(village: Village) -> None:
    rows = [
        news_of(village),
        news_of(village, kind=NewsKind.FOCUS),
        offer_of(village, "hila"),
        offer_of(village, "yossi"),
    ]
    found = front(village.session, village.by("avi"), AT)
    shown = [found[name][0]["code"] for name in ("news", "focus", "offers", "reported")]
    assert shown == [row.code for row in rows]


def test_whoever_reported_hears_that_it_worked_and_others_are_named_by_consent_alone(village: Village) -> None:
    def proved(**given: Any) -> Lesson:
        return village.lesson(state=LessonState.VERIFIED, proved_at=AT - timedelta(days=2), **given)

    mine = proved(debrief_id=village.debrief().id)
    proved(interviewee_id=village.rana.id)
    told = proved(interviewee_id=village.rana.id, consent=True)
    found = worked(village.session, by=village.by("avi"), at=AT)
    assert [(one["href"][-11:], one["mine"]) for one in found] == [(mine.code, True), (told.code, False)]
    assert found[1]["thanks_to"] == village.rana.name


def test_figures_are_the_units_own_of_the_last_day_with_the_day_before(village: Village) -> None:
    ret, cus = village.units["RET"], village.units["CUS"]
    yesterday = TODAY - timedelta(days=1)
    rows = [(ret, yesterday, "נשארו", 58.0), (ret, TODAY, "נשארו", 60.0), (cus, TODAY, "פניות", 400.0)]
    assert figures.enter(village.session, rows, by=village.by("naomi")) == 3
    figures.enter(village.session, [(ret, TODAY, "נשארו", 61.25)], by=village.by("ilan"))
    told = figures.line_of(village.session, ret.id or 0)
    assert [(one["name"], one["value"], one["before"]) for one in told] == [("נשארו", "61.25", "58")]
    assert [one["value"] for one in figures.line_of(village.session, village.units["SRV"].id or 0)] == ["400"]
    with pytest.raises(Forbidden):
        figures.enter(village.session, [(cus, TODAY, "פניות", 1.0)], by=village.by("ilan"))


# ── the first 30 days ────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_newcomer_reads_the_units_cards_in_their_order(village: Village) -> None:
    first, second = village.lesson(), village.lesson()
    basics.set_cards(village.session, village.units["CUS"], [second, first], by=village.by("naomi"))
    assert basics.mine(village.session, by=village.by("avi"), at=AT) is None
    village.avi.hired_on = TODAY - timedelta(days=29)
    avi = village.by("avi")
    basics.read_card(village.session, second, by=avi, at=AT)
    basics.read_card(village.session, second, by=avi, at=AT)
    found = basics.mine(village.session, by=avi, at=AT)
    assert found is not None
    assert ([row["code"] for row in found["rows"]], found["next"]) == ([second.code, first.code], first.code)
    assert (found["read"], found["of"], found["day"]) == (1, 2, 30)
    village.avi.hired_on = TODAY - timedelta(days=30)
    assert basics.mine(village.session, by=avi, at=AT) is None


def test_a_briefing_about_a_card_counts_and_the_team_leader_sees_how_far(village: Village) -> None:
    lesson = village.lesson()
    basics.set_cards(village.session, village.units["RET"], [lesson], by=village.by("naomi"))
    village.avi.hired_on = date(2026, 1, 25)
    opening.read_all(village.session, editions(village, briefing_of(village, lesson)), {}, by=village.by("avi"), at=AT)
    for who, seen in (("dana", [(village.avi, 8, 1, 1)]), ("alexei", []), ("naomi", [(village.avi, 8, 1, 1)])):
        found = basics.newcomers(village.session, by=village.by(who), at=AT)
        assert [(one.person, one.day, one.read, one.of) for one in found] == seen


def test_lessons_management_alone_chooses_and_no_more_than_twenty_that_are_there(village: Village) -> None:
    ret, naomi = village.units["RET"], village.by("naomi")
    with pytest.raises(Forbidden):
        basics.set_cards(village.session, ret, [village.lesson()], by=village.by("ilan"))
    with pytest.raises(Invalid):
        basics.set_cards(village.session, ret, [village.lesson() for _ in range(21)], by=naomi)
    with pytest.raises(Invalid):
        basics.set_cards(village.session, ret, [village.lesson(state=LessonState.DRAFT)], by=naomi)
