from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
import sqlalchemy as sa
from flask import Flask

from lessons import clock, db
from lessons.app import create_app
from lessons.models import Grant, Letter, Person
from lessons.people import keys
from lessons.settings import Settings
from lessons.web.who import COOKIE
from lessons.workflow.states import LetterState, Role
from tests.duties.owing import BEGINNING, Village, settled

Ask = Callable[[str, str], tuple[int, str]]


@pytest.fixture
def app(settings: Settings) -> Flask:
    return create_app(settings)


@pytest.fixture
def village(app: Flask) -> Village:
    """Dana and Yossi have a letter each; Naomi administers."""
    made = settled()
    with db.transaction() as session:
        session.add(
            Grant(person_id=made.people["naomi"], role=Role.ADMIN, unit_id=made.units["CUS"], from_at=BEGINNING)
        )
        session.add_all(letter(made, who) for who in ("dana", "yossi"))
    return made


def letter(village: Village, who: str) -> Letter:
    return Letter(
        pid=f"to{who}", person_id=village.people[who], kind="digest", key=who, to_address=f"{who}@village.test",
        lang="he", subject=f"מחר המועד ({who})", text="שלום,\n\nיש <דבר> אחד.\n", html="", message_id=f"<{who}@x>",
        state=LetterState.DROPPED, why="no mail server", next_at=BEGINNING, created_at=BEGINNING,
    )  # fmt: skip


@pytest.fixture
def ask(app: Flask, village: Village) -> Ask:
    """What somebody is shown at an address, in English."""

    def asked(who: str, path: str) -> tuple[int, str]:
        return answer(app, village, who, path)

    return asked


def signed_in(village: Village, who: str) -> dict[str, str]:
    with db.transaction() as session:
        secret = keys.sign_in(session, session.get_one(Person, village.people[who]), at=clock.now())
    return {"Cookie": f"{COOKIE}={secret}"}


def answer(app: Flask, village: Village, who: str, path: str) -> tuple[int, str]:
    page = app.test_client(use_cookies=False).get(f"{path}?lang=en", headers=signed_in(village, who))
    return page.status_code, unescape(page.text)


def test_everyone_reads_the_letters_written_to_them(ask: Ask) -> None:
    _, page = ask("dana", "/outbox")
    assert "מחר המועד (dana)" in page
    assert "מחר המועד (yossi)" not in page
    assert "No mail server is set; letters are kept and read here." in page
    _, page = ask("dana", "/outbox/todana")
    assert "יש <דבר> אחד." in page
    assert '<h1 class="h1" lang="he" dir="rtl">' in page


def test_a_letter_is_shown_as_a_mail_program_shows_it_and_nothing_in_it_runs(
    app: Flask, village: Village, ask: Ask
) -> None:
    assert "/outbox/todana/look" not in ask("dana", "/outbox/todana")[1]
    with db.transaction() as session:
        html = '<!doctype html><html><head></head><body style="color:#333"><p>יש דבר אחד</p></body></html>'
        session.execute(sa.update(Letter).values(html=html))
    assert '<iframe class="look" src="/outbox/todana/look"' in ask("dana", "/outbox/todana")[1]
    framed = app.test_client(use_cookies=False).get("/outbox/todana/look", headers=signed_in(village, "dana"))
    assert '<head><base target="_blank"></head><body style="color:#333">' in framed.text
    policy = framed.headers["Content-Security-Policy"]
    assert "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox" in policy
    assert "script" not in policy
    assert ask("dana", "/outbox/toyossi/look")[0] == 404


def test_anothers_letter_is_not_there(ask: Ask) -> None:
    assert ask("dana", "/outbox/toyossi")[0] == 404
    assert ask("dana", "/outbox/nothing")[0] == 404


def test_whoever_administers_reads_all(ask: Ask) -> None:
    _, page = ask("naomi", "/outbox")
    assert "מחר המועד (dana)" in page
    assert "מחר המועד (yossi)" in page
    assert ask("naomi", "/outbox/toyossi")[0] == 200


def test_whoever_administers_a_part_reads_the_letters_to_its_people_alone(village: Village, ask: Ask) -> None:
    with db.transaction() as session:
        part = {"role": Role.ADMIN, "unit_id": village.units["EVE"], "from_at": BEGINNING}
        session.add(Grant(person_id=village.people["michal"], **part))
    assert (ask("michal", "/outbox/todana")[0], ask("michal", "/outbox/toyossi")[0]) == (404, 200)
    _, page = ask("michal", "/outbox")
    assert ("(dana)" in page, "(yossi)" in page) == (False, True)


def test_in_a_demo_everyone_reads_all(settings: Settings, village: Village) -> None:
    app = create_app(replace(settings, demo=True))
    status, page = answer(app, village, "dana", "/outbox/toyossi")
    assert (status, "מחר המועד (yossi)" in page) == (200, True)


def test_whoever_has_no_letter_is_told_when_one_comes(ask: Ask) -> None:
    assert "No letter was written yet." in ask("ruth", "/outbox")[1]


def test_more_letters_than_a_page_holds_are_turned_over(app: Flask, village: Village) -> None:
    with db.transaction() as session:
        for n in range(60):
            one = letter(village, "ruth")
            one.pid, one.key, one.message_id, one.subject = f"r{n}", f"r{n}", f"<r{n}@x>", f"number {n}."
            session.add(one)
    signed = signed_in(village, "ruth")
    first = unescape(app.test_client(use_cookies=False).get("/outbox", headers=signed).text)
    assert "/outbox?cursor=r10" in first
    second = app.test_client(use_cookies=False).get("/outbox?cursor=r10", headers=signed).text
    assert "number 9." in second
    assert "number 10." not in second


def test_a_refused_letter_is_sent_again_by_whoever_administers(app: Flask, village: Village, ask: Ask) -> None:
    with db.transaction() as session:
        session.execute(sa.update(Letter).values(state=LetterState.FAILED, why="address refused: 550 no such user"))
    _, page = ask("naomi", "/outbox/todana")
    assert "The address was refused: 550 no such user" in page
    assert "Send it again" in page
    assert "Send it again" not in ask("dana", "/outbox/todana")[1]
    assert (post(app, village, "dana"), post(app, village, "naomi")) == (403, 303)
    assert village.letters("dana")[0].state is LetterState.WAITING


def post(app: Flask, village: Village, who: str) -> int:
    signed = signed_in(village, who)
    with db.reading() as session:
        from lessons.models import SignIn

        csrf = session.scalars(sa.select(SignIn.csrf).order_by(SignIn.id.desc())).first() or ""
    sent = app.test_client(use_cookies=False).post("/outbox/todana/again", data={"csrf_token": csrf}, headers=signed)
    return sent.status_code
