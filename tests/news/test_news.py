"""News is told, corrected, read and over; an offer counts once two people saw it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from lessons.briefings.operations import open_briefing
from lessons.errors import Forbidden, Invalid, NotAllowed
from lessons.models import Briefing
from lessons.news import due, operations, queries
from lessons.steps.codes import typed
from lessons.workflow.states import BriefingState, NewsState, Role
from tests.news.telling import REASON, WEEK, do, news_of, offer_of
from tests.village import AT, Village


def on_desk(village: Village, who: str) -> list[str]:
    return [one.code for one in queries.on_desk(village.session, by=village.by(who), at=AT)]


# ── it begins ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_news_is_on_the_desks_of_its_audience_at_once(village: Village) -> None:
    news = news_of(village)
    assert (news.code, news.state) == ("N-2026-0001", NewsState.LIVE)
    assert (on_desk(village, "avi"), on_desk(village, "rana")) == ([news.code], [])
    assert typed("n 2026 1", 2026) == typed("מ-2026-1", 2026) == ("news", news.code)


def test_a_role_narrows_the_audience(village: Village) -> None:
    news = news_of(village, audience={"units": [village.units["RET"]], "roles": [Role.AGENT]})
    assert (on_desk(village, "avi"), on_desk(village, "dana")) == ([news.code], [])


def test_what_begins_later_waits(village: Village) -> None:
    news_of(village, valid_from=AT + timedelta(days=2))
    assert on_desk(village, "avi") == []


@pytest.mark.parametrize("who", ["naomi", "hila", "ilan"])
def test_editors_lessons_management_and_the_units_manager_publish(village: Village, who: str) -> None:
    assert news_of(village, who, unit=village.units["RET"]).state == NewsState.LIVE


@pytest.mark.parametrize("who", ["avi", "dana", "alexei"])
def test_nobody_else_publishes(village: Village, who: str) -> None:
    with pytest.raises(Forbidden):
        news_of(village, who, unit=village.units["RET"])


def test_an_agents_offer_may_not_be_urgent(village: Village) -> None:
    with pytest.raises(Forbidden):
        offer_of(village, urgent=True)


@pytest.mark.parametrize("until", [None, AT, AT - timedelta(days=1), AT + timedelta(days=400)])
def test_it_says_until_when_and_that_is_still_to_come(village: Village, until: object) -> None:
    with pytest.raises(Invalid) as refusal:
        news_of(village, valid_until=until)
    assert [one.pointer for one in refusal.value.errors] == ["/valid_until"]


# ── an offer ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_offer_waits_for_a_second_person_who_saw_it(village: Village) -> None:
    offer = offer_of(village)
    assert (offer.state, offer.valid_until) == (NewsState.REPORTED, AT + timedelta(days=14))
    assert on_desk(village, "yossi") == []
    with pytest.raises(NotAllowed):
        do(village, offer, "confirm", "avi")
    do(village, offer, "confirm", "yossi")
    assert (offer.state, offer.confirmed_by_id) == (NewsState.LIVE, village.yossi.id)
    assert on_desk(village, "dana") == [offer.code]


def test_an_editors_own_offer_needs_no_second_person(village: Village) -> None:
    assert offer_of(village, "hila").state == NewsState.LIVE


# ── it changes, and ends ─────────────────────────────────────────────────────────────────────────────────────────────
def test_other_words_are_a_new_edition_that_is_read_again(village: Village) -> None:
    news, avi = news_of(village), village.by("avi")
    operations.acknowledge(village.session, news, {}, by=avi, at=AT)
    operations.acknowledge(village.session, news, {}, by=avi, at=AT)
    assert queries.read_by(village.session, [news], avi) == {news.id}
    do(village, news, "edit", "hila", urgent=True)
    assert news.edition == 1
    assert queries.read_by(village.session, [news], avi) == {news.id}
    do(village, news, "edit", "hila", body="פותחים קריאה רק אחרי 17:00.")
    assert (news.edition, queries.read_by(village.session, [news], avi)) == (2, frozenset())


def test_its_time_is_over_by_itself(village: Village) -> None:
    news, offer = news_of(village), offer_of(village)
    assert due.fall_due(village.session, at=WEEK - timedelta(minutes=1)) == 0
    assert due.fall_due(village.session, at=WEEK) == 1
    assert (news.state, news.ended_at, offer.state) == (NewsState.EXPIRED, WEEK, NewsState.REPORTED)


def test_what_was_withdrawn_is_nobodys_to_read(village: Village) -> None:
    news = news_of(village)
    do(village, news, "withdraw", "hila", reason=REASON)
    assert on_desk(village, "avi") == []
    with pytest.raises(NotAllowed):
        operations.acknowledge(village.session, news, {}, by=village.by("avi"), at=AT)


# ── a briefing about it ──────────────────────────────────────────────────────────────────────────────────────────────
def briefed(village: Village, briefing: Briefing) -> list[Briefing]:
    return [
        one
        for one in village.session.scalars(sa.select(Briefing).order_by(Briefing.id))
        if one.news_id == briefing.news_id
    ]


def test_a_briefing_asks_again_about_a_new_edition_and_ends_with_the_news(village: Village) -> None:
    news = news_of(village)
    briefing = open_briefing(village.session, {"subject": news}, by=village.by("hila"), at=AT)
    assert (briefing.news_id, briefing.audience) == (news.id, {"units": ["RET"], "roles": []})
    do(village, news, "edit", "hila", title="תקלה בקליטה, צפי 19:00")
    first, second = briefed(village, briefing)
    assert (first.state, second.state, second.subject_edition) == (BriefingState.ENDED, BriefingState.OPEN, 2)
    do(village, news, "withdraw", "hila", reason=REASON)
    assert second.state == BriefingState.ENDED


# ── who has read ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_editors_see_shares_and_team_leaders_see_who_of_theirs_is_missing(village: Village) -> None:
    news = news_of(village, audience={"units": [village.units["RET"], village.units["SRV"]], "roles": [Role.AGENT]})
    operations.acknowledge(village.session, news, {}, by=village.by("avi"), at=AT)
    for who, names in (("hila", []), ("dana", [village.yossi]), ("alexei", [village.rana])):
        found = queries.readers(village.session, news, by=village.by(who), at=AT)
        assert [(one.read, one.of) for one in found.units] == [(1, 2), (0, 1)]
        assert found.missing == names
