from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session

from lessons import db
from lessons.access import OPERATOR
from lessons.actions.operations import VERBS
from lessons.errors import NotAllowed
from lessons.models import Event, EventDetail, Letter, Notice, Person, SignIn, Token
from lessons.people import erasing, keys, operations
from lessons.steps import audit, seals, take
from tests.browsing import Browser
from tests.village import AT, TODAY, Village

LATER = AT + timedelta(days=2)


def left(village: Village) -> Person:
    """Yossi, who had work and left, named by others in a record, in its history and in mail."""
    session, naomi, yossi = village.session, village.by("naomi"), village.yossi
    lesson = village.lesson(background=f"{yossi.name} ענה ללקוח")
    asked = {"text": "לתקן", "done_when": "בוצע", "owner": yossi, "due_on": TODAY + timedelta(days=9)}
    action = VERBS["lessons", "assign"](session, lesson, asked, by=naomi, at=AT)
    take(session, action, "start", by=village.by("yossi"), at=AT)
    take(session, action, "block", by=village.by("yossi"), at=AT, asked={"reason": f"לדברי {yossi.name} אין גישה"})
    keys.sign_in(session, yossi, at=AT)
    village.token("yossi")
    operations.leave(session, yossi, by=OPERATOR, at=AT)
    session.flush()
    return yossi


def everything(session: Session) -> str:
    """All that the tables hold, but for the texts that a human is to look at."""
    tables = (Person, Event, EventDetail, Notice, Letter, SignIn, Token)
    return " ".join(str(row) for table in tables for row in session.execute(sa.select(table.__table__)).all())


def test_who_is_erased_is_named_nowhere_and_the_history_is_whole(session: Session) -> None:
    village = Village(session)
    yossi = left(village)
    name, address = yossi.name, yossi.email
    assert address is not None
    assert name in everything(session)
    seals.seal(session, at=LATER)
    places = erasing.erase(session, yossi, by=OPERATOR, at=LATER)
    session.expire_all()
    assert ("lessons", "background") in {(place.table, place.field) for place in places}
    said = everything(session)
    assert name not in said
    assert address not in said
    assert erasing.NOBODY in said
    kept = seals.latest(session)
    assert kept is not None
    found = audit.verify(session, until=audit.settled(session), head=kept.root)
    assert found.faults == ()
    with pytest.raises(NotAllowed, match="erased already"):
        erasing.erase(session, yossi, by=OPERATOR, at=LATER)


def test_nobody_can_hide_a_change_as_an_erasing(session: Session) -> None:
    yossi = left(Village(session))
    erasing.erase(session, yossi, by=OPERATOR, at=LATER)
    session.execute(sa.update(EventDetail).where(EventDetail.event_id == 1).values(salt="", private={}))
    session.execute(sa.update(EventDetail).where(EventDetail.event_id == 2).values(salt="", private={}))
    (fault,) = audit.verify(session, until=audit.settled(session)).faults
    assert "have lost what was kept beside them" in fault


def test_who_is_here_or_held_is_not_erased(session: Session) -> None:
    village = Village(session)
    with pytest.raises(NotAllowed, match="Only who left"):
        erasing.erase(session, village.dana, by=OPERATOR, at=AT)
    yossi = left(village)
    erasing.hold(session, yossi, "תביעה 17", by=OPERATOR, at=AT)
    with pytest.raises(NotAllowed, match="תביעה 17"):
        erasing.erase(session, yossi, by=OPERATOR, at=AT)
    erasing.hold(session, yossi, "", by=OPERATOR, at=AT)
    erasing.erase(session, yossi, by=OPERATOR, at=AT)
    told = session.scalars(sa.select(Event.trigger).where(Event.noun == "people").order_by(Event.n)).all()
    assert list(told) == ["take_role", "hold", "release", "erase"]


def test_an_administrator_is_shown_what_goes_before_it_goes(app: Flask, village: Village) -> None:
    with db.transaction() as session:
        village.session = session
        operations.leave(session, village.yossi, by=OPERATOR, at=AT)
    browser = Browser(app).sign_in(village.michal)
    at = f"/admin/people/{village.yossi.pid}"
    browser.read(at)
    assert browser.send(f"{at}/hold", {"because": "תביעה"}, follow=True).status_code == 200
    assert f"{at}/erase" not in browser.read(at).text
    browser.send(f"{at}/hold", {"because": ""}, follow=True)
    browser.read(at)
    assert village.yossi.name in browser.send(f"{at}/erase").text
    with db.reading() as session:
        assert session.get_one(Person, village.yossi.id).erased_at is None
    done = browser.send(f"{at}/erase", {"sure": village.yossi.pid})
    assert (done.status_code, village.yossi.name in done.text) == (200, False)
    assert "Somebody who was erased" in browser.read(at).text
