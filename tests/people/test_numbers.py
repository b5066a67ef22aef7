"""A unit says its own numbers: what is open there moves, what is past stays, and it is seen before it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from lessons.access.numbers import policy_of
from lessons.duties import sweep
from lessons.errors import Forbidden, Invalid
from lessons.models import Duty, Notice
from lessons.people import numbers
from lessons.workflow.states import Role
from tests.village import AT, Village
from tests.walking import Walk

TRIAGE = "duties.triage_debrief.days"


@pytest.fixture
def made(session: Session) -> Village:
    village = Village(session)
    village.grant(village.michal, Role.ADMIN, "CUS")
    return village


def triage(session: Session) -> Duty:
    return session.scalars(sa.select(Duty).where(Duty.kind == "triage_debrief", Duty.closed_at.is_(None))).one()


def test_what_is_open_moves_with_the_number_and_so_does_its_next_reminder(made: Village) -> None:
    session = made.session
    Walk(made).record("debriefs", "reported")
    before = triage(session).due_on
    moved = numbers.set_numbers(session, made.units["RET"], {TRIAGE: 5}, by=made.by("michal"), at=AT)
    session.expire_all()
    duty = triage(session)
    assert [(one.kind, one.before, one.now) for one in moved] == [("triage_debrief", before, duty.due_on)]
    assert duty.due_on > before
    assert duty.due_at.date() >= duty.due_on
    assert duty.next_at is not None
    assert duty.next_at > AT


def test_a_date_that_moves_takes_no_news_away(made: Village) -> None:
    session = made.session
    Walk(made).record("debriefs", "reported")
    numbers.set_numbers(session, made.units["RET"], {TRIAGE: 5}, by=made.by("michal"), at=AT)
    duty = triage(session)
    news = session.scalars(sa.select(Notice).where(Notice.duty_id == duty.id, Notice.told_at.is_(None))).all()
    assert [(one.person_id, one.kind, one.due_on) for one in news] == [(made.naomi.id, "assigned", duty.due_on)]


def test_a_number_of_a_unit_holds_below_it_until_one_there_says_otherwise(made: Village) -> None:
    session, by = made.session, made.by("michal")
    numbers.set_numbers(session, made.units["CUS"], {TRIAGE: 5, "risk.days": 30}, by=by, at=AT)
    numbers.set_numbers(session, made.units["RET"], {TRIAGE: 1}, by=by, at=AT)
    policy = policy_of(session, made.units["RET"].id or 0)
    assert policy.duties["triage_debrief"].days == 1
    assert policy.risk.days == 30
    assert numbers.inherited(session, made.units["RET"])[TRIAGE] == 5
    numbers.set_numbers(session, made.units["RET"], {}, by=by, at=AT)
    assert policy_of(session, made.units["RET"].id or 0).duties["triage_debrief"].days == 5


def test_it_is_seen_before_it_is_done(made: Village) -> None:
    session = made.session
    Walk(made).record("debriefs", "reported")
    before = triage(session).due_on
    ret, by = made.units["RET"], made.by("michal")
    foreseen = numbers.foreseen(session, lambda: numbers.set_numbers(session, ret, {TRIAGE: 5}, by=by, at=AT))
    assert len(foreseen) == 1
    assert triage(session).due_on == before
    assert numbers.own(made.units["RET"]) == {}
    assert policy_of(session, made.units["RET"].id or 0).duties["triage_debrief"].days != 5


def test_what_is_past_its_date_stays_late_and_is_told_once(made: Village) -> None:
    session = made.session
    Walk(made).record("debriefs", "reported")
    late = AT + timedelta(days=14)
    sweep.sweep(session, at=late)
    before, told = triage(session).due_on, session.scalar(sa.select(sa.func.count()).select_from(Notice))
    assert numbers.set_numbers(session, made.units["RET"], {TRIAGE: 20}, by=made.by("michal"), at=late) == []
    assert triage(session).due_on == before
    sweep.sweep(session, at=late)
    assert session.scalar(sa.select(sa.func.count()).select_from(Notice)) == told


def test_a_number_that_cannot_be_is_refused_by_its_name(made: Village) -> None:
    with pytest.raises(Invalid) as refused:
        numbers.set_numbers(made.session, made.units["RET"], {"risk.days": 900}, by=made.by("michal"), at=AT)
    assert [one.pointer for one in refused.value.errors] == ["/risk.days"]


def test_nobody_but_whoever_administers_the_unit_sets_them(made: Village) -> None:
    with pytest.raises(Forbidden):
        numbers.set_numbers(made.session, made.units["RET"], {TRIAGE: 1}, by=made.by("ilan"), at=AT)


def test_a_day_that_is_closed_moves_what_is_open_there_and_below(made: Village) -> None:
    session, by = made.session, made.by("michal")
    Walk(made).record("debriefs", "reported")
    before = triage(session).due_on
    week = numbers.week(session, made.units["CUS"])
    closed = {**week, "closed": [before.isoformat()]}
    moved = numbers.set_calendar(session, made.units["CUS"], closed, by=by, at=AT)
    session.expire_all()
    assert [one.before for one in moved] == [before]
    assert triage(session).due_on > before
    assert made.units["CUS"].calendar == {"closed": [before.isoformat()]}
    assert numbers.week(session, made.units["RET"])["closed"] == [before.isoformat()]
    numbers.set_calendar(session, made.units["CUS"], week, by=by, at=AT)
    session.expire_all()
    assert triage(session).due_on == before
    assert made.units["CUS"].calendar == {}
