"""A sentence that works: who keeps it, whom it helped, in which order it is met, and what never stands in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lessons.access.visible import can_see
from lessons.errors import Forbidden, Invalid, NotAllowed
from lessons.models import Duty, Notice, Sentence
from lessons.sentences import operations, queries
from lessons.sentences.operations import VERBS
from tests.village import AT, Village

TEXT = "בואו נפתח יחד את החשבון, ונראה על מה משלמים"
REASON = "הבטחה שלא תלויה בנו חוזרת אלינו כתלונה"


def offered(village: Village, who: str = "avi", at: datetime = AT, **asked: Any) -> Sentence:
    return operations.offer(village.session, {"text": TEXT} | asked, by=village.by(who, at), at=at)


def do(village: Village, sentence: Sentence, trigger: str, who: str, at: datetime = AT, **asked: Any) -> None:
    VERBS["sentences", trigger](village.session, sentence, asked, by=village.by(who, at), at=at)


def vote(village: Village, sentence: Sentence, who: str, at: datetime = AT, **asked: Any) -> None:
    operations.vote(village.session, sentence, asked, by=village.by(who, at), at=at)


def kept(village: Village, who: str = "avi", at: datetime = AT, **asked: Any) -> Sentence:
    sentence = offered(village, who, at, **asked)
    if sentence.state == "offered":
        do(village, sentence, "keep", "hila", at)
    return sentence


def near(village: Village, who: str, at: datetime = AT) -> list[str]:
    return [one.sentence.code for one in queries.near(village.session, by=village.by(who, at), at=at, limit=9)]


def duties(village: Village, sentence: Sentence) -> list[Duty]:
    return list(village.session.scalars(sa.select(Duty).where(Duty.of_code == sentence.code)))


def told(village: Village, who: str) -> list[str]:
    mine = sa.select(Notice.kind).where(Notice.person_id == village.by(who, AT).id, Notice.of_noun == "sentences")
    return list(village.session.scalars(mine.where(Notice.duty_id.is_(None))))


# ── it is offered, and decided ───────────────────────────────────────────────────────────────────────────────────────
def test_an_offer_is_owed_a_decision_by_whoever_keeps_sentences(village: Village) -> None:
    sentence = offered(village)
    (duty,) = duties(village, sentence)
    assert (sentence.state, sentence.unit_id) == ("offered", village.avi.unit_id)
    assert (duty.kind, duty.role, duty.due_on) == ("decide_sentence", "editor", date(2026, 2, 4))


def test_its_author_hears_once_that_it_is_on_the_desk(village: Village) -> None:
    sentence = kept(village)
    vote(village, sentence, "rana")
    assert (sentence.state, sentence.text) == ("live", TEXT)
    assert [one.closed_how for one in duties(village, sentence)] == ["fulfilled"]
    assert told(village, "avi") == ["sentence_kept"]


def test_it_may_be_kept_in_better_words(village: Village) -> None:
    sentence = offered(village, said_when="תמיד")
    do(village, sentence, "keep", "hila", text="Let us open the bill together", said_when="")
    assert (sentence.text, sentence.said_when, sentence.lang) == ("Let us open the bill together", "", "en")


def test_a_declined_offer_tells_its_author_why(village: Village) -> None:
    sentence = offered(village)
    do(village, sentence, "decline", "hila", reason=REASON)
    assert (sentence.state, sentence.reason, told(village, "avi")) == ("declined", REASON, ["sentence_declined"])
    assert [one.closed_how for one in duties(village, sentence)] == ["fulfilled"]


def test_what_an_editor_says_is_on_the_desk_at_once(village: Village) -> None:
    sentence = offered(village, "hila")
    assert (sentence.state, sentence.kept_at, duties(village, sentence), told(village, "hila")) == ("live", AT, [], [])


@pytest.mark.parametrize("who", ["hila", "naomi", "ilan", "avi"])
def test_whoever_keeps_it_and_whoever_said_it_first_may_withdraw_it(village: Village, who: str) -> None:
    sentence = kept(village)
    do(village, sentence, "withdraw", who, reason=REASON)
    assert sentence.state == "withdrawn"
    assert told(village, "avi") == ["sentence_kept", *(["withdrawn"] if who != "avi" else [])]


@pytest.mark.parametrize("trigger", ["keep", "decline"])
@pytest.mark.parametrize("who", ["avi", "rana"])
def test_nobody_else_decides(village: Village, who: str, trigger: str) -> None:
    with pytest.raises(Forbidden):
        do(village, offered(village), trigger, who, reason=REASON)


def test_an_offer_is_known_to_its_author_and_to_whoever_keeps_it(village: Village) -> None:
    sentence = offered(village)
    seen = {who for who in ("avi", "hila", "naomi", "ilan", "gideon", "rana") if _sees(village, sentence, who)}
    assert seen == {"avi", "hila", "naomi", "ilan", "gideon"}
    do(village, sentence, "keep", "hila")
    assert _sees(village, sentence, "rana")


def _sees(village: Village, sentence: Sentence, who: str) -> bool:
    return can_see(village.session, sentence, village.by(who, AT))


# ── what never stands in it ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("personal", ["052-1234567", "dana@mail.example", "4111 1111 1111 1111", "ת״ז 123456782"])
@pytest.mark.parametrize("name", ["text", "said_when"])
def test_nobody_is_known_by_the_words_that_are_said_to_others(village: Village, name: str, personal: str) -> None:
    with pytest.raises(Invalid) as refused:
        offered(village, **{name: f"לחזור אל {personal}"})
    assert [(one.pointer, one.code) for one in refused.value.errors] == [(f"/{name}", "personal")]
    sentence = offered(village)
    with pytest.raises(Invalid):
        do(village, sentence, "keep", "hila", **{name: f"לחזור אל {personal}"})


def test_sums_days_and_hours_may_be_said(village: Village) -> None:
    assert offered(village, text="עד 17:00 ביום 12.3 יחזרו אליך 89.90 ₪").state == "offered"


# ── it worked for others too ─────────────────────────────────────────────────────────────────────────────────────────
def test_it_worked_for_each_person_once_and_is_taken_back(village: Village) -> None:
    sentence = kept(village)
    for who in ("rana", "rana", "dana"):
        vote(village, sentence, who)
    assert _votes(village, sentence, "rana") == (2, True)
    vote(village, sentence, "rana", worked=False)
    vote(village, sentence, "rana", worked=False)
    assert _votes(village, sentence, "rana") == (1, False)
    assert sentence.version == 2, "a vote is no step"


def _votes(village: Village, sentence: Sentence, who: str) -> tuple[int, bool]:
    found = queries.one(village.session, sentence.code, by=village.by(who, AT), at=AT).votes
    assert queries.votes_of(village.session, [sentence.id or 0], by=village.by(who, AT)) == {sentence.id: found}
    return found.helped, found.voted


def test_nobody_votes_for_their_own(village: Village) -> None:
    with pytest.raises(Forbidden):
        vote(village, kept(village), "avi")


def test_what_is_not_on_the_desk_takes_no_votes(village: Village) -> None:
    sentence = offered(village)
    with pytest.raises(NotAllowed):
        vote(village, sentence, "hila")
    do(village, sentence, "decline", "hila", reason=REASON)
    with pytest.raises(NotAllowed):
        vote(village, sentence, "hila")


# ── where it is met ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_what_helped_lately_comes_first_then_the_newest(village: Village) -> None:
    old, middle, new = (kept(village) for _ in range(3))
    assert near(village, "dana") == [new.code, middle.code, old.code]
    for who in ("rana", "dana"):
        vote(village, old, who, at=AT - timedelta(days=91))
    vote(village, middle, "rana", at=AT - timedelta(days=89))
    assert near(village, "dana") == [middle.code, new.code, old.code]
    assert _votes(village, old, "dana") == (2, True), "what helped longer ago is still told"


def test_the_desk_shows_those_of_ones_own_unit_and_above(village: Village) -> None:
    of_centre, of_all = kept(village), kept(village, "hila")
    assert of_centre.unit_id == village.units["RET"].id
    assert near(village, "dana") == [of_all.code, of_centre.code]
    assert near(village, "rana") == [of_all.code]


def test_a_card_leads_to_the_sentences_that_go_with_it(village: Village) -> None:
    lesson = village.lesson(title="פותחים בבדיקת חשבון")
    sentence, _ = kept(village, lesson=lesson), kept(village)
    for who in ("dana", "rana"):
        found = queries.of_lesson(village.session, lesson, by=village.by(who, AT), at=AT, limit=5)
        assert [(one.sentence.code, one.card and one.card.code) for one in found] == [(sentence.code, lesson.code)]


def test_the_list_goes_on_where_it_ended_and_is_narrowed(village: Village) -> None:
    codes = [kept(village, topic="שימור" if n % 2 else "").code for n in range(5)][::-1]
    asked: dict[str, Any] = {"by": village.by("dana", AT), "at": AT}
    first = queries.sentences(village.session, queries.Wanted(), limit=3, **asked)
    rest = queries.sentences(village.session, queries.Wanted(), limit=3, cursor=first.next, **asked)
    assert [one.sentence.code for one in (*first.items, *rest.items)] == codes
    assert rest.next is None
    on_topic = queries.sentences(village.session, queries.Wanted(topic="שימור"), **asked)
    assert [one.sentence.code for one in on_topic.items] == codes[1::2]
    service = queries.sentences(village.session, queries.Wanted(unit=village.units["SRV"]), **asked)
    assert service.items == []
