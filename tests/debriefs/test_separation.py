"""Whoever led a debrief never reviews it: not by standing in, nor after handing it over, nor once it is open again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from lessons.access import Actor
from lessons.errors import Forbidden, NotAllowed
from lessons.models import Absence, Debrief, Person
from lessons.models.base import random_id
from lessons.steps import hand_over, take
from lessons.workflow.states import DebriefState
from tests.village import AT, Village

REASON = "עוברים לתפקיד אחר ביחידה"


@pytest.fixture
def village(session: Session) -> Village:
    return Village(session)


@pytest.fixture
def debrief(village: Village) -> Debrief:
    return village.debrief(state=DebriefState.IN_REVIEW)


def refused(village: Village, debrief: Debrief, trigger: str, by: Actor) -> list[str]:
    asked = {"reason": REASON} if trigger == "send_back" else {}
    with pytest.raises(NotAllowed) as refusal:
        take(village.session, debrief, trigger, by=by, at=AT, asked=asked)
    return [point.guard for point in refusal.value.unmet]


def handed(village: Village, debrief: Debrief, relation: str, to: Person, by: str) -> None:
    hand_over(village.session, debrief, {"relation": relation, "to": to, "reason": REASON}, by=village.by(by), at=AT)


@pytest.mark.parametrize("trigger", ["issue", "send_back"])
def test_dana_who_stands_in_for_the_reviewer_does_not_review_what_she_led(
    village: Village, debrief: Debrief, trigger: str
) -> None:
    village.session.add(
        Absence(
            pid=random_id(), person_id=village.naomi.id or 0, delegate_id=village.dana.id or 0,
            from_on=date(2026, 1, 25), until_on=date(2026, 2, 8),
        )
    )  # fmt: skip
    village.session.flush()
    assert refused(village, debrief, trigger, village.by("dana")) == ["never_led_it"]


def test_after_she_handed_it_over_the_review_is_not_handed_to_her(village: Village, debrief: Debrief) -> None:
    handed(village, debrief, "leader", village.yossi, "dana")
    with pytest.raises(NotAllowed) as refusal:
        handed(village, debrief, "reviewer", village.dana, "ilan")
    assert [point.guard for point in refusal.value.unmet] == ["reviewer_is_not_leader"]
    handed(village, debrief, "reviewer", village.ruth, "ilan")
    assert debrief.reviewer_id == village.ruth.id


def test_opened_again_it_is_not_reviewed_by_whoever_led_it_before(village: Village) -> None:
    debrief = village.debrief(state=DebriefState.CLOSED)
    asked = {"reason": REASON, "leader": village.yossi, "reviewer": village.dana, "due_on": date(2026, 3, 1)}
    with pytest.raises(NotAllowed) as refusal:
        take(village.session, debrief, "reopen", by=village.by("naomi"), at=AT, asked=asked)
    assert [point.guard for point in refusal.value.unmet] == ["reviewer_is_not_leader"]


def test_whoever_sees_the_header_of_a_confidential_debrief_alone_does_not_bring_its_words_to_themselves(
    village: Village,
) -> None:
    secret = village.debrief(state=DebriefState.INVESTIGATING, confidential=True, reviewer_id=village.ruth.id)
    open_one = village.debrief(state=DebriefState.REPORTED, leader_id=None, reviewer_id=None)
    hers = village.debrief(state=DebriefState.INVESTIGATING, confidential=True)

    def refusal(trigger: str, by: str, **asked: Any) -> list[str]:
        with pytest.raises(NotAllowed) as refused:
            take(village.session, secret, trigger, by=village.by(by), at=AT, asked={"reason": REASON, **asked})
        return [point.guard for point in refused.value.unmet]

    for relation in ("leader", "reviewer"):
        assert refusal("hand_over", "ilan", relation=relation, to=village.ilan) == ["not_drawn_to_oneself"]
    assert refusal("merge", "naomi", target=open_one) == ["confidence_is_kept"]
    assert refusal("merge", "naomi", target=hers) == ["not_drawn_to_oneself"]
    handed(village, secret, "leader", village.yossi, "ilan")
    assert secret.leader_id == village.yossi.id


def test_naomi_who_reviews_it_issues_it(village: Village, debrief: Debrief) -> None:
    take(village.session, debrief, "issue", by=village.by("naomi"), at=AT)
    assert debrief.state == DebriefState.ISSUED


def test_before_anybody_leads_it_there_is_nothing_to_hand_over(village: Village) -> None:
    debrief = village.debrief(state=DebriefState.REPORTED, leader_id=None, reviewer_id=None)
    with pytest.raises((NotAllowed, Forbidden)):
        handed(village, debrief, "leader", village.dana, "ilan")
