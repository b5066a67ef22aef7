"""Other systems are told what happens to records: signed, once, by codes and states alone."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from lessons import db, worker
from lessons.access import OPERATOR
from lessons.home import webhooks as kept
from lessons.models import Debrief, Unit, Webhook, WebhookCall
from lessons.post import happened, webhooks
from lessons.post.channels import AddressRefused, Deferred, Refused, addresses, webhook
from lessons.post.channels.webhook import Caller, signature
from lessons.settings import Settings, SettingsError, load
from lessons.steps import make
from lessons.workflow.states import DebriefKind, DebriefState, LetterState, Path, Role
from tests.post.receiver import Receiver, listening
from tests.screens.filling import here
from tests.village import AT, Village
from tests.web.test_queries import statements

MINUTE = timedelta(minutes=1)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as found:
        yield found


@pytest.fixture
def calling(settings: Settings) -> Settings:
    """An installation whose operator opened this very machine."""
    made = replace(settings, webhook_allow="127.0.0.1", base_url="https://lessons.village.test", allow_clock=True)
    db.start(made)
    return made


@pytest.fixture
def hook(calling: Settings, receiver: Receiver) -> str:
    """The receiver is told of debriefs and lessons; its pid."""
    with db.transaction() as session:
        village = Village(session)
        village.grant(village.michal, Role.ADMIN, "CUS")
        made = kept.add(session, receiver.url, ["lessons", "debriefs"], by=village.by("michal"), at=AT)
        return made.pid


def happen(**given: Any) -> str:
    """A debrief of the retention centre comes into the world; its code."""
    with db.transaction() as session:
        unit = session.scalars(sa.select(Unit).where(Unit.code == "RET")).one()
        row = Debrief(
            code="", what_happened="סוד", title="סוד", state=DebriefState.ISSUED, kind=DebriefKind.FAILURE,
            path=Path.FULL, severity=2, unit_id=unit.id or 0, **given,
        )  # fmt: skip
        return str(make(session, row, by=OPERATOR, at=AT, trigger="import").code)


def outside(settings: Settings, *, at: Any = AT, look: Any = addresses.looked_up) -> int:
    """What the worker does."""
    done = worker.drained(webhooks.collect, lambda: at)
    return done + webhooks.deliver(Caller(settings, webhooks.hook_of, look), now=lambda: at)


def calls() -> list[WebhookCall]:
    with db.reading() as session:
        return list(session.scalars(sa.select(WebhookCall).order_by(WebhookCall.id)))


def the_hook() -> Webhook:
    with db.reading() as session:
        return session.scalars(sa.select(Webhook)).one()


def test_a_step_is_told_by_its_code_and_state_and_nothing_that_people_wrote(
    calling: Settings, hook: str, receiver: Receiver
) -> None:
    code = happen(confidential=True)
    outside(calling)
    [(headers, body)] = receiver.arrived
    told = json.loads(body)
    assert told == {
        "type": "debriefs.import",
        "timestamp": "2026-02-01T08:00:00.000Z",
        "data": {"noun": "debriefs", "code": code, "n": 1, "trigger": "import", "from": "", "to": "issued",
                 "links": {"item": f"https://lessons.village.test/api/v1/debriefs/{code}"}},
    }  # fmt: skip
    assert headers["path"] == "/hook?from=lessons"
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    outside(calling)
    assert len(receiver.arrived) == 1


def test_the_other_side_can_check_that_it_was_us_and_when(calling: Settings, hook: str, receiver: Receiver) -> None:
    happen()
    outside(calling)
    [(headers, body)] = receiver.arrived
    secret = kept.secret(the_hook())
    assert secret.startswith("whsec_")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    version, _, found = headers["webhook-signature"].partition(",")
    assert version == "v1"
    assert base64.b64decode(found) == hmac.new(key, signed, "sha256").digest()
    assert headers["webhook-timestamp"] == str(int(AT.timestamp()))
    with db.transaction() as session:
        kept.renew(session, session.get_one(Webhook, the_hook().id))
    assert kept.secret(the_hook()) != secret


def test_the_signature_is_the_standards_own() -> None:
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    assert signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == (
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


@here
def test_only_the_kinds_that_were_chosen_are_told_and_only_from_then_on(
    calling: Settings, hook: str, receiver: Receiver
) -> None:
    happen()
    outside(calling)
    with db.transaction() as session:
        session.execute(sa.update(Webhook).values(nouns=["lessons"]))
    happen()
    outside(calling)
    with db.transaction() as session:
        assert happened.after(session, (the_hook().last_tx, the_hook().last_id), limit=1) == []
        session.execute(sa.update(Webhook).values(nouns=["lessons", "debriefs"]))
    outside(calling)
    assert len(receiver.arrived) == 1


@here
def test_a_step_costs_no_more_for_being_told(calling: Settings, hook: str) -> None:
    happen()
    with statements() as told:
        happen()
    with db.transaction() as session:
        kept.end(session, session.get_one(Webhook, the_hook().id), at=AT)
    with statements() as untold:
        happen()
    assert told == untold


@here
def test_a_redirect_is_no_yes_and_nobody_follows_it(calling: Settings, hook: str, receiver: Receiver) -> None:
    with listening() as inner:
        receiver.location = inner.url
        for status in (301, 302, 303, 307, 308):
            receiver.answers.append(status)
            with pytest.raises(Deferred, match=str(status)):
                call(calling)
        assert (receiver.asked, inner.asked) == (5, 0)


def call(settings: Settings, body: str = "{}") -> None:
    """One call, as the channel makes it."""
    Caller(settings, lambda _: the_hook()).send(SimpleNamespace(pid="x", body=body), at=AT, ours=lambda: True)


@here
@pytest.mark.parametrize(("answer", "kind"), [(400, Deferred), (404, Deferred), (429, Deferred), (500, Deferred),
                                              (410, Refused)])  # fmt: skip
def test_every_other_answer_is_tried_again_but_one(
    calling: Settings, hook: str, receiver: Receiver, answer: int, kind: type[Exception]
) -> None:
    receiver.answers.append(answer)
    with pytest.raises(kind):
        call(calling)


@here
def test_an_answer_without_end_is_heard_so_far_and_no_further(
    calling: Settings, hook: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.size = 8 * webhook.MOST_READ
    call(calling)
    monkeypatch.setattr(webhook, "SECONDS", 0.3)
    receiver.drips = True
    with pytest.raises(Deferred):
        call(calling)


@here
def test_what_lies_inside_is_not_called_even_where_it_was_outside_when_it_was_added(
    calling: Settings, hook: str, receiver: Receiver
) -> None:
    happen()
    closed = replace(calling, webhook_allow="")
    outside(closed)
    assert receiver.asked == 0
    assert calls()[0].state == LetterState.FAILED
    assert the_hook().paused_why.startswith("refused: ")
    with pytest.raises(AddressRefused):
        call(closed)


def test_a_silent_address_is_paused_after_all_its_tries_and_misses_nothing(
    calling: Settings, hook: str, receiver: Receiver
) -> None:
    happen()
    receiver.answers += [503] * webhooks.MOST_TRIES
    at = AT
    for _ in range(webhooks.MOST_TRIES):
        outside(calling, at=at)
        at = max(at, calls()[0].next_at)
    [first] = calls()
    assert (first.state, first.attempts, len(first.tries)) == (LetterState.FAILED, webhooks.MOST_TRIES, 7)
    assert first.tries[0]["says"] == "503"
    assert the_hook().paused_why == "silent: 503"
    happen()
    assert outside(calling, at=at) == 0
    with db.transaction() as session:
        found = session.get_one(Webhook, the_hook().id)
        webhooks.resume(session, found, at=at)
        kept.again(session, found, first.pid, at=at)
    outside(calling, at=at)
    assert len(receiver.arrived) == 2
    assert f"msg_{first.pid}" in receiver.ids()
    assert {one.state for one in calls()} == {LetterState.SENT}


@here
def test_one_that_does_not_answer_keeps_no_other_waiting(calling: Settings, hook: str, receiver: Receiver) -> None:
    with db.transaction() as session:
        silent = Webhook(pid="silent", url="http://127.0.0.1:9/", nouns=["debriefs"], salt="x", created_at=AT)
        silent.last_tx, silent.last_id = the_hook().last_tx, the_hook().last_id
        session.add(silent)
    for _ in range(3):
        happen()
    outside(calling)
    assert len(receiver.arrived) == 3
    tried = [one.attempts for one in calls() if one.state is LetterState.WAITING]
    assert tried == [1, 0, 0]  # the others of the silent one were spared
    assert all(one.next_at == AT + MINUTE for one in calls() if one.state is LetterState.WAITING)


@here
def test_what_was_settled_a_month_ago_is_forgotten(calling: Settings, hook: str, receiver: Receiver) -> None:
    happen()
    outside(calling)
    with db.transaction() as session:
        assert webhooks.forget_old(session, at=AT + webhooks.KEPT) == 0
        assert webhooks.forget_old(session, at=AT + webhooks.KEPT + MINUTE) == 1


def test_the_operator_is_told_of_a_network_that_is_none() -> None:
    with pytest.raises(SettingsError, match="LESSONS_WEBHOOK_ALLOW"):
        load({"LESSONS_WEBHOOK_ALLOW": "10.0.0.0/8, intern.example"})
    assert load({"LESSONS_WEBHOOK_ALLOW": "10.0.0.0/8,::1"}).webhook_allow == "10.0.0.0/8,::1"
