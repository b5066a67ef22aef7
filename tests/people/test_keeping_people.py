from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import Session
from werkzeug.test import TestResponse

from lessons import clock, db
from lessons.access import OPERATOR, actor_of
from lessons.errors import Forbidden, Invalid, NotAllowed
from lessons.i18n import Name
from lessons.models import Duty, Grant, Notice, Person, SignIn, Token, Unit
from lessons.models.base import hashed
from lessons.people import keys, leaving, operations, queries, taken_away
from lessons.steps import audit
from lessons.steps.door import settle_duties
from lessons.steps.history import history
from lessons.workflow.states import LessonState, Role
from tests.browsing import Browser
from tests.village import AT, TODAY, Village
from tests.walking import Walk


@pytest.fixture
def made(session: Session) -> Village:
    village = Village(session)
    village.grant(village.michal, Role.ADMIN, "CUS")
    return village


def refusal(error: pytest.ExceptionInfo[Invalid]) -> dict[str, str]:
    return {one.pointer: str(one.message) for one in error.value.errors}


@pytest.mark.parametrize(
    "who",
    ["lior@ret.local", "lior@centre.test", "root@localhost", "LIOR@Example.com", "ליאור@דוא.ישראל", "a@b", "E-17"],
)
def test_any_address_that_can_be_one_is_taken_and_so_is_a_number(made: Village, who: str) -> None:
    person = operations.add_person(made.session, who, name="ליאור", unit=made.units["RET"], by=OPERATOR, at=AT)
    found = keys.called(made.session, who.upper())
    assert found is person


@pytest.mark.parametrize(
    "who",
    ["a@b@c", "a b@c.il", "", "two words", "д1", "dаna@v.example", "ｄana@v.example", "danaא@v.example", "a\n@b.il"],
)
def test_what_is_no_address_and_no_number_is_refused(made: Village, who: str) -> None:
    with pytest.raises(Invalid) as error:
        operations.add_person(made.session, who, name="ליאור", unit=made.units["RET"], by=OPERATOR, at=AT)
    assert list(refusal(error)) == ["/who"]


def test_nobody_is_called_what_only_looks_like_the_name_of_another(made: Village) -> None:
    def called(name: str, who: str) -> Person:
        return operations.add_person(made.session, who, name=name, unit=made.units["RET"], by=OPERATOR, at=AT)

    for n, name in enumerate(("ד״ר דנה אוחיון", "Дана Охайон", "دانا", "Dana (דנה)", "O’Neill-Ben", "דנה2")):
        assert called(name, f"E-{n}").name == name
    for name in ("Dаna Ohayon", "Dana Οhayon", "Ｄаna", "דנהa"):
        with pytest.raises(Invalid) as error:
            called(name, "E-9")
        assert list(refusal(error)) == ["/name"]
    with pytest.raises(Invalid):
        operations.change_person(made.session, made.dana, {"name_en": "Dаna"}, by=OPERATOR)


def test_nobody_is_there_twice_whatever_the_case(made: Village) -> None:
    ret = made.units["RET"]
    with pytest.raises(Invalid) as error:
        operations.add_person(made.session, "DANA@village.example", name="דנה", unit=ret, by=OPERATOR, at=AT)
    assert "there already" in refusal(error)["/who"]


def test_the_first_person_of_an_empty_installation_has_a_place(session: Session) -> None:
    person = operations.add_person(session, "1", name="נעמי", by=OPERATOR, at=AT)
    assert session.get_one(Unit, person.unit_id).parent_id is None


def test_unit_codes_are_one_whatever_the_case(made: Village) -> None:
    with pytest.raises(Invalid) as error:
        operations.add_unit(made.session, code="ret", name="שימור", by=OPERATOR, at=AT)
    assert list(refusal(error)) == ["/code"]


def test_who_is_no_administrator_keeps_nobody(made: Village) -> None:
    by = made.by("naomi")
    with pytest.raises(Forbidden):
        operations.add_person(made.session, "17", name="ליאור", unit=made.units["RET"], by=by, at=AT)
    with pytest.raises(Forbidden):
        operations.grant(made.session, made.dana, Role.ADMIN, made.units["CUS"], by=by, at=AT)
    with pytest.raises(Forbidden):
        keys.invite(made.session, made.dana, by=by, at=AT)


def test_an_administrator_of_one_centre_keeps_its_people_and_no_other(made: Village) -> None:
    made.grant(made.ilan, Role.ADMIN, "RET")
    by = made.by("ilan")
    operations.grant(made.session, made.dana, Role.EDITOR, made.units["RET"], by=by, at=AT)
    with pytest.raises(Forbidden):
        operations.grant(made.session, made.dana, Role.EDITOR, made.units["CUS"], by=by, at=AT)
    with pytest.raises(Forbidden):
        operations.leave(made.session, made.rana, by=by, at=AT)


def test_an_administrator_of_one_centre_makes_nobody_a_reader_of_everything(made: Village) -> None:
    made.grant(made.ilan, Role.ADMIN, "RET")
    for by in (made.by("ilan"), made.by("michal")):
        allowed = by.id == made.michal.id
        try:
            operations.grant(made.session, made.ilan, Role.AUDITOR, made.units["RET"], by=by, at=AT)
        except Forbidden:
            assert not allowed
        else:
            assert allowed


def test_a_way_in_is_opened_by_whoever_administers_all_that_it_leads_to(made: Village) -> None:
    made.grant(made.ilan, Role.ADMIN, "RET")
    made.grant(made.dana, Role.LESSONS_MANAGER, "CUS")
    made.grant(made.yossi, Role.AUDITOR, "RET")
    by = made.by("ilan")
    for person in (made.dana, made.yossi):
        with pytest.raises(Forbidden):
            keys.invite(made.session, person, by=by, at=AT)
        with pytest.raises(Forbidden):
            taken_away.take_second_step(made.session, person, by=by, at=AT)
        with pytest.raises(Forbidden), made.session.begin_nested():
            operations.change_person(made.session, person, {"email": "mine@village.example"}, by=by)
        operations.change_person(made.session, person, {"function": "נציגות"}, by=by)
        assert keys.invite(made.session, person, by=made.by("michal"), at=AT)
    assert keys.invite(made.session, made.avi, by=by, at=AT)


def test_a_role_holds_from_when_it_is_given_until_it_is_taken_back(made: Village) -> None:
    given = operations.grant(made.session, made.yossi, Role.EDITOR, made.units["RET"], by=OPERATOR, at=AT)
    assert operations.grant(made.session, made.yossi, Role.EDITOR, made.units["RET"], by=OPERATOR, at=AT) is given
    assert made.by("yossi").units_of("editor") == {made.units["RET"].id}
    operations.revoke(made.session, given, by=OPERATOR, at=AT)
    made.session.flush()
    assert made.by("yossi").units_of("editor") == set()


def test_whom_a_role_was_given_and_by_whom_is_history(made: Village) -> None:
    by = made.by("michal")
    given = operations.grant(made.session, made.yossi, Role.EDITOR, made.units["RET"], by=by, at=AT)
    operations.revoke(made.session, given, by=by, at=AT)
    operations.grant(made.session, made.yossi, Role.FINANCE, made.units["CUS"], by=by, at=AT)
    held = len(queries.roles_of(made.session, [made.yossi.id or 0], at=AT)[made.yossi.id or 0])
    operations.leave(made.session, made.yossi, by=by, at=AT)
    told = [(past.event.trigger, past.facts["role"], past.facts["unit"], past.actor) for past in
            history(made.session, made.yossi)]  # fmt: skip
    assert told[:3] == [("give_role", "editor", "RET", made.michal), ("take_role", "editor", "RET", made.michal),
                        ("give_role", "finance", "CUS", made.michal)]  # fmt: skip
    assert ("take_role", "finance", "CUS", made.michal) in told[3:]
    assert len(told) == 3 + held
    assert audit.verify(made.session, until=audit.settled(made.session)).faults == ()


def test_while_yossi_is_away_dana_acts_with_his_roles(made: Village) -> None:
    by = made.by("yossi")
    away = operations.add_absence(
        made.session, made.yossi, delegate=made.dana, from_on=TODAY, until_on=TODAY, by=by, at=AT
    )
    assert made.by("dana").stands_in == {made.yossi.id}
    assert made.by("dana", AT + timedelta(days=1)).stands_in == set()
    operations.cancel_absence(made.session, away, by=by, at=AT)
    made.session.flush()
    assert made.by("dana").stands_in == set()


@pytest.mark.parametrize(
    ("delegate", "from_on", "until_on", "pointer"),
    [
        ("yossi", TODAY, TODAY, "/delegate"),
        ("dana", TODAY, TODAY - timedelta(days=1), "/until_on"),
        ("dana", date(2025, 1, 1), date(2025, 1, 2), "/until_on"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(
    made: Village, delegate: str, from_on: date, until_on: date, pointer: str
) -> None:
    with pytest.raises(Invalid) as error:
        operations.add_absence(
            made.session, made.yossi, delegate=getattr(made, delegate), from_on=from_on, until_on=until_on,
            by=made.by("yossi"), at=AT,
        )  # fmt: skip
    assert list(refusal(error)) == [pointer]


def test_an_absence_is_noted_by_oneself_or_ones_manager(made: Village) -> None:
    given = {"delegate": made.dana, "from_on": TODAY, "until_on": TODAY, "at": AT}
    operations.add_absence(made.session, made.yossi, by=made.by("ilan"), **given)
    with pytest.raises(Forbidden):
        operations.add_absence(made.session, made.yossi, by=made.by("avi"), **given)


def test_whoever_notes_it_for_somebody_else_does_not_stand_in_and_they_are_told(made: Village) -> None:
    made.debrief(confidential=True, concerns_managers=True, leader_id=made.yossi.id)
    days = {"from_on": TODAY, "until_on": TODAY, "by": made.by("ilan"), "at": AT}
    with pytest.raises(Invalid) as error:
        operations.add_absence(made.session, made.yossi, delegate=made.ilan, **days)
    assert list(refusal(error)) == ["/delegate"]
    operations.add_absence(made.session, made.yossi, delegate=made.dana, **days)
    (told,) = made.session.scalars(sa.select(Notice).where(Notice.kind == "absence_noted"))
    assert (told.person_id, told.urgent) == (made.yossi.id, True)


def test_whoever_leaves_keeps_no_key_and_no_role_and_their_manager_has_what_they_owed(made: Village) -> None:
    lesson = made.lesson(owner_id=made.yossi.id)
    keys.sign_in(made.session, made.yossi, at=AT)
    keys.create_token(made.session, made.yossi, name="crm", scope="read", by=OPERATOR, at=AT)
    operations.leave(made.session, made.yossi, by=made.by("michal"), at=AT)
    made.session.flush()
    for table in (SignIn, Token):
        assert [row.ended_at for row in made.session.scalars(sa.select(table))] == [AT]
    assert made.by("yossi").grants == ()
    assert lesson.owner_id == made.yossi.id  # the name stays on what they did
    with pytest.raises(NotAllowed):
        operations.leave(made.session, made.yossi, by=OPERATOR, at=AT)


def owed(village: Village, row: Any) -> dict[str, tuple[int | None, str | None, int]]:
    """Open duties of a record: kind → the person, or the role and where."""
    open_ = sa.select(Duty).where(Duty.of_noun == row.noun, Duty.of_id == row.id, Duty.closed_at.is_(None))
    rows = village.session.scalars(open_.execution_options(populate_existing=True))
    return {duty.kind: (duty.person_id, duty.role and duty.role.value, duty.unit_id) for duty in rows}


def news(village: Village, row: Any) -> list[tuple[int, object]]:
    """Who is to hear that something is theirs now, and what."""
    of = (Notice.of_noun == row.noun, Notice.of_id == row.id, Notice.kind == "assigned", Notice.dropped == "")
    rows = sa.select(Notice).where(*of).order_by(Notice.id)
    return [(one.person_id, one.facts["duty"]) for one in village.session.scalars(rows)]


def test_what_a_leaver_owed_is_the_managers_in_the_same_transaction(made: Village) -> None:
    walk = Walk(made)
    action = walk.record("actions", "in_progress")
    lesson = walk.record("lessons", "accepted")
    before = news(made, action)
    operations.leave(made.session, made.avi, by=made.by("michal"), at=AT)
    operations.leave(made.session, made.yossi, by=made.by("michal"), at=AT)
    assert (action.state, action.owner_id) == ("assigned", made.ilan.id)
    assert owed(made, action) == {"start_action": (made.ilan.id, None, made.units["RET"].id)}
    assert news(made, action)[len(before) :] == [(made.ilan.id, "start_action")]
    assert owed(made, lesson) == {"plan_lesson": (None, "manager", made.units["RET"].id)}


def test_what_somebody_is_at_work_on_is_foreseen_with_its_heir(made: Village) -> None:
    action = Walk(made).record("actions", "in_progress")
    foreseen = leaving.preview(made.session, made.avi, by=made.by("michal"), at=AT)
    assert [(one.kind, one.code, one.to) for one in foreseen] == [("do_action", action.code, Name.of(made.ilan))]
    assert owed(made, action) == {"do_action": (made.avi.id, None, made.units["RET"].id)}


def test_when_the_last_of_a_role_goes_its_duties_go_up(made: Village) -> None:
    debrief = Walk(made).record("debriefs", "reported")
    assert owed(made, debrief) == {"triage_debrief": (None, "lessons_manager", made.units["CUS"].id)}
    operations.leave(made.session, made.naomi, by=made.by("michal"), at=AT)
    assert owed(made, debrief) == {"triage_debrief": (None, "manager", made.units["RET"].id)}
    held = queries.grant_of(made.session, made.ilan, "manager", made.units["RET"])
    assert held is not None
    operations.revoke(made.session, held, by=made.by("michal"), at=AT)
    assert owed(made, debrief) == {"triage_debrief": (None, "manager", made.units["CUS"].id)}
    assert news(made, debrief) == [(made.michal.id, "triage_debrief")]


def test_whoever_moves_keeps_a_role_and_its_duties_until_it_is_taken_back(made: Village) -> None:
    operations.leave(made.session, made.naomi, by=made.by("michal"), at=AT)
    debrief = Walk(made).record("debriefs", "reported")
    here = {"triage_debrief": (None, "manager", made.units["RET"].id)}
    operations.change_person(made.session, made.ilan, {"unit": made.units["SRV"]}, by=made.by("michal"))
    settle_duties(made.session, debrief, at=AT)
    assert owed(made, debrief) == here
    held = queries.grant_of(made.session, made.ilan, "manager", made.units["RET"])
    assert held is not None
    operations.revoke(made.session, held, by=made.by("michal"), at=AT)
    assert owed(made, debrief) == {"triage_debrief": (None, "manager", made.units["CUS"].id)}
    assert news(made, debrief)[-1] == (made.michal.id, "triage_debrief")


def test_an_administrator_who_moves_somebody_reads_that_roles_stayed_behind(app: Flask, village: Village) -> None:
    browser = Browser(app, language="en").sign_in(village.michal)
    path = f"/admin/people/{village.ilan.pid}"
    for unit, stayed in (("SRV", True), ("CUS", False)):
        browser.read(path)
        browser.send(f"{path}/details", {"name": village.ilan.name, "unit": unit})
        assert ("are still theirs" in browser.read(path).text) is stayed


def test_whoever_is_given_a_role_has_what_waited_for_nobody(made: Village) -> None:
    debrief = Walk(made).record("debriefs", "reported")
    for one in (made.naomi, made.ilan, made.michal):
        operations.leave(made.session, one, by=OPERATOR, at=AT)
    before = news(made, debrief)
    operations.grant(made.session, made.ruth, Role.MANAGER, made.units["CUS"], by=OPERATOR, at=AT)
    assert owed(made, debrief) == {"triage_debrief": (None, "manager", made.units["CUS"].id)}
    assert news(made, debrief)[len(before) :] == [(made.ruth.id, "triage_debrief")]


def test_whoever_is_away_has_their_manager_where_their_stand_in_leaves(made: Village) -> None:
    day = AT.date() + timedelta(days=9)
    operations.add_absence(made.session, made.yossi, delegate=made.avi, from_on=TODAY, until_on=day, by=OPERATOR, at=AT)
    operations.leave(made.session, made.avi, by=made.by("michal"), at=AT)
    assert made.by("ilan").stands_in == {made.yossi.id}


def test_a_unit_with_people_in_it_is_not_closed(made: Village) -> None:
    empty = operations.add_unit(made.session, code="OLD", name="ישן", by=OPERATOR, at=AT)
    operations.close_unit(made.session, empty, successor=made.units["RET"], by=OPERATOR, at=AT)
    assert empty.until_on == AT.date()
    with pytest.raises(NotAllowed):
        operations.close_unit(made.session, made.units["RET"], by=OPERATOR, at=AT)


def test_the_relaxation_of_small_units_is_for_small_ones(made: Village) -> None:
    change = {"name": "שימור", "small": True, "fallback_person": made.michal}
    operations.change_unit(made.session, made.units["RET"], change, by=OPERATOR)
    assert (made.units["RET"].small, made.units["RET"].fallback_person_id) == (True, made.michal.id)
    for n in range(operations.SMALL_BELOW):
        operations.add_person(made.session, f"{n}", name="נציג", unit=made.units["RET"], by=OPERATOR, at=AT)
    with pytest.raises(NotAllowed):
        operations.change_unit(made.session, made.units["RET"], change, by=OPERATOR)


# ── on the pages ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_pages_for_administrators_are_for_them_alone(app: Flask, village: Village) -> None:
    for path in ("/admin", "/admin/people", "/admin/units", "/admin/absences", "/admin/units/RET"):
        assert Browser(app).sign_in(village.naomi).read(path).status_code == 403
        assert Browser(app).sign_in(village.michal).read(path).status_code in (200, 303)


def test_an_administrator_adds_lior_gives_him_a_role_and_a_link(app: Flask, village: Village) -> None:
    browser = Browser(app).sign_in(village.michal)
    browser.read("/admin/people")
    answer = browser.send("/admin/people", {"who": "E-77", "name": "ליאור מזרחי", "unit": "RET", "locale": "he"})
    path = answer.location
    browser.read(path)
    assert browser.send(f"{path}/roles", {"role": "agent", "unit": "RET"}).status_code == 303
    browser.read(path)
    assert "/invitation/" in browser.send(f"{path}/invite").text
    with db.reading() as session:
        lior = keys.called(session, "e-77")
        assert lior is not None
        assert actor_of(session, lior, at=clock.now()).units_of("agent") == {village.units["RET"].id}
    assert "A role was given" in browser.read(path).text


def test_a_refused_form_comes_back_with_what_was_typed(app: Flask, village: Village) -> None:
    browser = Browser(app).sign_in(village.michal)
    browser.read("/admin/people")
    answer = browser.send("/admin/people", {"who": "no address", "name": "ליאור <b>", "unit": "RET", "locale": "he"})
    assert answer.status_code == 422
    assert "neither an e-mail address nor an employee number" in answer.text
    assert 'value="ליאור &lt;b&gt;"' in answer.text


def test_the_list_is_found_by_name_and_shows_a_page_at_a_time(app: Flask, village: Village) -> None:
    with db.transaction() as session:
        for n in range(60):
            operations.add_person(
                session, f"N{n}", name=f"נציג {n:02}", unit=village.units["SRV"], by=OPERATOR, at=clock.now()
            )
    browser = Browser(app).sign_in(village.michal)
    first = browser.read("/admin/people?q=נציג").text
    assert ("נציג 49</bdi>" in first, "נציג 50</bdi>" in first) == (True, False)
    onward = first.split('class="pager"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert "נציג 59" in browser.read(onward).text
    assert browser.read("/admin/people?q=%25").status_code == 200


def test_dana_keeps_her_own_account(app: Flask, village: Village) -> None:
    browser = Browser(app).sign_in(village.dana)
    assert 'value="08:30" selected' in browser.read("/account").text
    browser.send("/account/preferences", {"locale": "en", "digest_at": "07:30"})
    browser.read("/account")
    refused = browser.send("/account/tokens", {"name": "", "scope": "read", "days": "99999"})
    assert refused.status_code == 422
    assert re.search(r'<details class="more" open[^>]*><summary>A new token', refused.text)
    answer = browser.send("/account/tokens", {"name": "CRM", "scope": "read", "days": "30"})
    secret = answer.text.split('id="token">')[1].split("<")[0]
    assert secret.startswith(keys.TOKEN_PREFIX)
    assert secret not in browser.read("/account").text
    with db.reading() as session:
        dana = session.get_one(Person, village.dana.id)
        (token,) = session.scalars(sa.select(Token))
    assert (dana.locale, dana.digest_hour, dana.digest_minute) == ("en", 7, 30)
    assert token.token_hash == hashed(secret)


def test_nobody_has_more_than_twenty_tokens_to_call_with(made: Village) -> None:
    given = {"scope": "read", "by": made.by("avi"), "at": AT}
    keys.create_token(made.session, made.avi, name="over", expires_at=AT, **given)
    for n in range(keys.MOST_TOKENS):
        keys.create_token(made.session, made.avi, name=f"{n}", **given)
    with pytest.raises(NotAllowed):
        keys.create_token(made.session, made.avi, name="one more", **given)


def test_an_hour_alone_is_a_full_one_and_a_time_between_half_hours_is_refused(app: Flask, village: Village) -> None:
    browser = Browser(app).sign_in(village.dana)
    browser.read("/account")
    browser.send("/account/preferences", {"digest_hour": "14"})
    browser.read("/account")
    assert browser.send("/account/preferences", {"digest_at": "07:31"}).status_code == 422
    with db.reading() as session:
        dana = session.get_one(Person, village.dana.id)
    assert (dana.digest_hour, dana.digest_minute) == (14, 0)


def test_a_wrong_day_away_is_said_beside_its_field(app: Flask, village: Village) -> None:
    browser = Browser(app).sign_in(village.dana)
    browser.read("/account")
    sent = {"from_on": "2026-02-30", "until_on": "31/12/26", "delegate": "nobody@village.example"}
    answer = browser.send("/account/away", sent)
    assert answer.status_code == 422
    assert answer.text.count("A day is written year-month-day") >= 2


def test_an_administrator_changes_what_somebody_signs_in_by(app: Flask, village: Village) -> None:
    browser = Browser(app, language="en").sign_in(village.michal)
    path = f"/admin/people/{village.naomi.pid}"
    given = {"name": village.naomi.name, "unit": "CUS"}

    def change(**more: str) -> TestResponse:
        browser.read(path)
        return browser.send(f"{path}/details", {**given, **more})

    def called() -> tuple[str | None, str | None]:
        with db.reading() as session:
            person = session.get_one(Person, village.naomi.id)
            return person.email, person.number

    assert 'value="naomi@village.example"' in browser.read(path).text
    assert change(email="Naomi.Zilber@village.example", number="E-12").status_code == 303
    assert called() == ("naomi.zilber@village.example", "E-12")
    assert change(email="", number="E-12").status_code == 303
    assert called() == (None, "E-12")
    for sent, said in (
        ({"email": "", "number": ""}, "to sign in by"),
        ({"email": "dana@village.example", "number": ""}, "is there already"),
        ({"email": "no address", "number": ""}, "neither an e-mail address"),
        ({"email": "", "number": "יב"}, "no employee number"),
    ):
        answer = change(**sent)
        assert (answer.status_code, said in answer.text) == (422, True), sent
    assert change(name="נעמי").status_code == 303  # a form that does not show them leaves them as they are
    assert called() == (None, "E-12")


def test_ones_own_administration_is_not_ones_own_to_end(app: Flask, village: Village) -> None:
    browser = Browser(app).sign_in(village.michal)
    path = f"/admin/people/{village.michal.pid}"
    browser.read(path)
    assert browser.send(f"{path}/leave").status_code == 409  # already when it is asked what would be handed on
    browser.read(path)
    assert browser.send(f"{path}/roles/end", {"role": "admin", "unit": "CUS"}).status_code == 409
    with db.reading() as session:
        held = session.scalars(sa.select(Grant).where(Grant.role == Role.ADMIN, Grant.until_at.is_(None))).all()
    assert len(held) == 1


def test_before_a_leaving_is_recorded_it_is_shown_what_goes_to_whom(app: Flask, village: Village) -> None:
    with db.transaction() as session:
        village.session = session
        lesson = village.lesson(owner_id=village.naomi.id, state=LessonState.ACCEPTED)
        settle_duties(session, lesson, at=clock.now(), by=OPERATOR)
    browser = Browser(app).sign_in(village.michal)
    path = f"/admin/people/{village.naomi.pid}"
    browser.read(path)
    shown = browser.send(f"{path}/leave")
    assert shown.status_code == 200
    assert village.michal.name in shown.text
    with db.reading() as session:
        assert session.get_one(Person, village.naomi.id).closed_at is None
        assert session.scalars(
            sa.select(Duty).where(Duty.person_id == village.naomi.id, Duty.closed_at.is_(None))
        ).all()
    assert browser.send(f"{path}/leave").status_code == 303
    with db.reading() as session:
        assert session.get_one(Person, village.naomi.id).closed_at is not None
