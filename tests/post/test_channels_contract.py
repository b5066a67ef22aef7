"""What every way of carrying holds: one name in every repeat, three kinds of no, and the claim asked at the last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.duties.counsel import COUNSEL
from lessons.i18n import say
from lessons.models import Letter, Person, Webhook, WebhookCall
from lessons.models.base import random_id
from lessons.post import outbox, webhooks
from lessons.post.channels import Channel, Deferred, Refused, Unreachable
from lessons.post.channels.smtp import Smtp
from lessons.post.channels.webhook import Caller
from lessons.post.letters import Contents, Line, Section, written
from lessons.post.queue import LEASE
from lessons.settings import Settings
from lessons.workflow.states import LetterState
from tests.duties.owing import at, settled
from tests.post.postman import at_work, free_port
from tests.post.receiver import listening

MORNING = at("2026-09-09 08:00")


@dataclass
class Way:
    """One channel with somebody at its other end. `ids` is what arrived, `puts_off` and `refuses` what the other end
    does with the next one; `gone` is the same channel with nobody there."""

    table: Any
    channel: Channel
    gone: Channel
    put: Callable[[], None]
    deliver: Callable[[Channel, datetime], int]
    claim: Callable[[datetime], Any]
    ids: Callable[[], list[str]]
    puts_off: Callable[[], None]
    refuses: Callable[[], None]
    is_ours: Callable[[Any, datetime], bool]

    def rows(self) -> list[Any]:
        with db.reading() as session:
            return list(session.scalars(sa.select(self.table).order_by(self.table.id)))


def by_mail(settings: Settings, stack: ExitStack) -> Way:
    postman = stack.enter_context(at_work())
    here = replace(settings, mail_url=f"smtp://127.0.0.1:{postman.port}", mail_from="lessons@village.test")
    db.start(here)
    village = settled()

    def put() -> None:
        line = Line(say("Scan the barcode"), "A-2026-0001", "https://lessons.village.test/actions/A-2026-0001")
        contents = Contents("notice", say("Now"), "Dana", (Section(say("Now"), (line,)),), "https://x.test/")
        with db.transaction() as session:
            person = session.get_one(Person, village.people["dana"])
            outbox.write(session, person, written(contents, "en"), key=random_id(), at=MORNING)

    def refuses() -> None:
        postman.refused = frozenset({"dana@village.test"})

    return Way(
        Letter, Smtp(here), Smtp(replace(here, mail_url=f"smtp://127.0.0.1:{free_port()}")), put,
        lambda channel, moment: outbox.deliver(channel, now=lambda: moment, asks=COUNSEL),
        lambda moment: outbox.claim(moment, COUNSEL), postman.ids,
        lambda: postman.answers.append("451 4.3.0 later"), refuses, outbox.QUEUE.is_ours,
    )  # fmt: skip


def by_webhook(settings: Settings, stack: ExitStack) -> Way:
    receiver = stack.enter_context(listening())
    here = replace(settings, webhook_allow="127.0.0.1")
    db.start(here)
    with db.transaction() as session:
        hook = Webhook(pid=random_id(), url=receiver.url, nouns=["lessons"], salt=random_id(), created_at=MORNING)
        session.add(hook)
    nowhere = replace_url(hook, f"http://127.0.0.1:{free_port()}/")

    def put() -> None:
        with db.transaction() as session:
            webhooks.put_test(session, hook, at=MORNING)

    return Way(
        WebhookCall, Caller(here, webhooks.hook_of), Caller(here, lambda _: nowhere), put,
        lambda channel, moment: webhooks.deliver(channel, now=lambda: moment), webhooks.claim, receiver.ids,
        lambda: receiver.answers.append(503), lambda: receiver.answers.append(410), webhooks.QUEUE.is_ours,
    )  # fmt: skip


def replace_url(hook: Webhook, url: str) -> Webhook:
    return Webhook(pid=hook.pid, url=url, nouns=hook.nouns, salt=hook.salt, created_at=MORNING)


@pytest.fixture(params=[by_mail, by_webhook], ids=["mail", "webhook"])
def way(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Way]:
    with ExitStack() as stack:
        made: Way = request.param(settings, stack)
        yield made
        made.channel.close()


def test_what_is_put_arrives_once_under_its_own_name(way: Way) -> None:
    for _ in range(3):
        way.put()
    assert way.deliver(way.channel, MORNING) == 3
    assert way.deliver(way.channel, MORNING + timedelta(days=1)) == 0
    assert len(set(way.ids())) == len(way.ids()) == 3
    assert {row.state for row in way.rows()} == {LetterState.SENT}


def test_what_is_put_off_is_tried_again_under_the_same_name(way: Way) -> None:
    way.put()
    way.puts_off()
    assert way.deliver(way.channel, MORNING) == 0
    [row] = way.rows()
    assert (row.state, row.attempts, row.next_at) == (LetterState.WAITING, 1, MORNING + timedelta(minutes=1))
    assert way.deliver(way.channel, MORNING) == 0  # not before its time
    assert way.deliver(way.channel, row.next_at) == 1
    assert len(way.ids()) == 1
    assert row.pid in way.ids()[0]


def test_what_is_refused_is_not_tried_again_and_says_why(way: Way) -> None:
    way.put()
    way.refuses()
    assert way.deliver(way.channel, MORNING) == 1
    assert way.deliver(way.channel, MORNING + timedelta(days=9)) == 0
    [row] = way.rows()
    assert (row.state, way.ids()) == (LetterState.FAILED, [])
    assert row.why


def test_where_nobody_answers_all_of_it_waits_and_none_of_it_is_lost(way: Way) -> None:
    for _ in range(2):
        way.put()
    assert way.deliver(way.gone, MORNING) == 0
    assert {row.state for row in way.rows()} == {LetterState.WAITING}
    later = MORNING + timedelta(minutes=2)
    assert way.deliver(way.channel, later) == 2
    assert len(set(way.ids())) == len(way.ids()) == 2


def test_the_three_kinds_of_no_are_told_apart(way: Way) -> None:
    way.put()
    row = way.claim(MORNING)
    with pytest.raises(Unreachable):
        way.gone.send(row, at=MORNING, ours=lambda: True)
    way.puts_off()
    with pytest.raises(Deferred):
        way.channel.send(row, at=MORNING, ours=lambda: True)
    way.refuses()
    with pytest.raises(Refused):
        way.channel.send(row, at=MORNING, ours=lambda: True)
    assert way.ids() == []


def test_a_claim_that_was_lost_on_the_way_sends_nothing_and_marks_nothing(way: Way) -> None:
    way.put()
    slow = way.claim(MORNING)
    assert way.claim(MORNING + timedelta(seconds=59)) is None
    after = MORNING + LEASE + timedelta(seconds=1)
    quick = way.claim(after)
    assert (quick.id, quick.fence) == (slow.id, slow.fence + 1)
    with pytest.raises(Deferred):
        way.channel.send(slow, at=after, ours=lambda: way.is_ours(slow, after))
    assert way.ids() == []
    way.channel.send(quick, at=after, ours=lambda: way.is_ours(quick, after))
    assert len(way.ids()) == 1


def test_a_repeat_after_a_death_carries_the_same_name(way: Way) -> None:
    way.put()
    row = way.claim(MORNING)
    way.channel.send(row, at=MORNING, ours=lambda: way.is_ours(row, MORNING))  # and here the process dies
    assert way.deliver(way.channel, MORNING + LEASE + timedelta(seconds=1)) == 1
    first, second = way.ids()
    assert first == second
