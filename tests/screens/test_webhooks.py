"""Administrators and the other systems that are told what happens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa

from lessons import db, worker
from lessons.models import Webhook, WebhookCall
from lessons.settings import Settings
from lessons.workflow.states import LetterState, Role
from tests.browsing import Browser
from tests.post.receiver import Receiver, listening
from tests.screens.conftest import Screens
from tests.screens.filling import here, only

HERE = "/admin/webhooks"
SECRET = re.compile(r'<code dir="ltr" id="secret">(whsec_[\w+/=]{44})</code>')


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as found:
        yield found


@pytest.fixture
def michal(screens: Screens, settings: Settings) -> Browser:
    """She administers everything, and the operator opened this machine to webhooks."""
    with screens.records() as village:
        village.grant(village.michal, Role.ADMIN, "CUS")
        village.grant(village.ilan, Role.ADMIN, "RET")
    db.start(replace(settings, webhook_allow="127.0.0.1"))
    return screens.as_("michal", "en")


def work(screens: Screens) -> None:
    worker.outside(lambda: screens.at)


def added(michal: Browser, url: str) -> str:
    """The address is told of lessons; its page, open."""
    michal.read(HERE)
    assert michal.send(HERE, {"url": url, "nouns": ["lessons"]}).status_code == 200
    page = f"{HERE}/{only(Webhook).pid}"
    michal.read(page)
    return page


def test_a_test_and_the_same_call_again_arrive_under_one_name(
    screens: Screens, michal: Browser, receiver: Receiver
) -> None:
    page = added(michal, receiver.url)
    michal.send(f"{page}/test")
    work(screens)
    assert [headers["content-type"] for headers, _ in receiver.arrived] == ["application/json"]
    assert "taken" in michal.read(page).text
    call = only(WebhookCall)
    assert michal.send(f"{page}/calls/{call.pid}/again").status_code == 303
    work(screens)
    assert receiver.ids() == [f"msg_{call.pid}"] * 2


@here
def test_a_secret_is_shown_once_and_made_anew(michal: Browser, receiver: Receiver) -> None:
    michal.read(HERE)
    [first] = SECRET.findall(michal.send(HERE, {"url": receiver.url, "nouns": ["lessons"]}).text)
    page = f"{HERE}/{only(Webhook).pid}"
    assert first not in michal.read(page).text
    [second] = SECRET.findall(michal.send(f"{page}/secret").text)
    assert second != first


@here
def test_paused_it_misses_nothing_and_taken_away_it_is_told_nothing(
    screens: Screens, michal: Browser, receiver: Receiver
) -> None:
    page = added(michal, receiver.url)
    michal.send(f"{page}/pause")
    happen(screens)
    assert receiver.asked == 0
    assert "Nothing is lost meanwhile" in michal.read(page).text
    michal.send(f"{page}/resume")
    work(screens)
    assert [b'"lessons.import"' in body for _, body in receiver.arrived] == [True]
    michal.read(page)
    assert michal.send(f"{page}/end").status_code == 303
    assert michal.read(page).status_code == 404
    happen(screens)
    assert receiver.asked == 1


def happen(screens: Screens) -> None:
    with screens.records() as village:
        village.lesson()
    work(screens)


@here
@pytest.mark.parametrize(("url", "said"), [
    ("https://10.0.0.1/", "lies inside a network"), ("javascript:alert(1)", "An address such as"),
    ("", "An address such as"), ("http://93.184.216.34/", "has to travel encrypted"),
])  # fmt: skip
def test_an_address_that_may_not_be_called_is_not_taken(michal: Browser, url: str, said: str) -> None:
    michal.read(HERE)
    answer = michal.send(HERE, {"url": url, "nouns": ["lessons"]})
    assert answer.status_code == 422
    assert said in answer.text
    with db.reading() as session:
        assert session.scalars(sa.select(Webhook)).all() == []


@here
def test_a_kind_of_record_has_to_be_chosen(michal: Browser, receiver: Receiver) -> None:
    michal.read(HERE)
    answer = michal.send(HERE, {"url": receiver.url, "nouns": ["people"]})
    assert (answer.status_code, "At least one kind of record is needed." in answer.text) == (422, True)
    assert f'value="{receiver.url}"' in answer.text


@here
def test_whoever_administers_a_part_alone_does_not_let_anything_out(screens: Screens, michal: Browser) -> None:
    page = added(michal, "http://127.0.0.1:9/")
    for name in ("ilan", "naomi", "avi"):
        other = screens.as_(name, "en")
        assert [other.read(path).status_code for path in (HERE, page)] == [403, 403], name
    assert Browser(screens.app).read(page).status_code == 303


@here
def test_what_an_address_says_stands_on_the_page_as_text(screens: Screens, michal: Browser, receiver: Receiver) -> None:
    page = added(michal, receiver.url)
    michal.send(f"{page}/test")
    receiver.answers.append(410)
    work(screens)
    text = michal.read(page).text
    assert "wants no more calls" in text
    assert "410" in text
    assert only(WebhookCall).state == LetterState.FAILED
    with db.transaction() as session:
        session.execute(sa.update(Webhook).values(paused_why="silent: <script>alert(1)</script>"))
    assert "<script>alert(1)" not in michal.read(page).text


def test_the_demo_calls_nobody(screens: Screens, michal: Browser, receiver: Receiver, settings: Settings) -> None:
    page = added(michal, receiver.url)
    michal.send(f"{page}/test")
    db.start(replace(settings, webhook_allow="127.0.0.1", demo=True))
    work(screens)
    assert receiver.asked == 0
    assert "The demo calls nobody." in michal.read(HERE).text
