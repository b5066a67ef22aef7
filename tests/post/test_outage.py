"""The mail server is away for a while, or slow: what people read afterwards is how things are, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from lessons import db, worker
from lessons.duties.counsel import COUNSEL
from lessons.models import Person
from lessons.post import outbox
from lessons.post.channels.smtp import Smtp
from lessons.settings import Settings
from lessons.workflow.states import LetterState
from tests.duties.owing import Village, at
from tests.post.postman import Postman, free_port
from tests.post.test_outbox import MINUTE, MORNING, deliver, put, states

SUNDAY, MONDAY, TUESDAY, WEDNESDAY = "2026-09-06", "2026-09-07", "2026-09-08", "2026-09-09"


@pytest.fixture(autouse=True)
def _records_stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "ROOMS", ())


@pytest.fixture
def down(posting: Settings) -> Settings:
    return replace(posting, mail_url=f"smtp://127.0.0.1:{free_port()}")


def said(postman: Postman, who: str) -> list[tuple[str, str]]:
    """(subject, text) of every mail that arrived for somebody."""
    mails = [mail for mail in postman.arrived if mail["To"] == f"{who}@village.test"]
    return [(str(mail["Subject"]), str(mail.get_body(("plain",)).get_content())) for mail in mails]


def owe_dana_all_week(village: Village) -> dict[str, int]:
    return {day: village.owe("dana", day, text=f"Thing of {day}") for day in (SUNDAY, MONDAY, TUESDAY, WEDNESDAY)}


def test_a_server_down_for_three_days_is_followed_by_one_letter_each(
    village: Village, posting: Settings, down: Settings, postman: Postman
) -> None:
    owed = owe_dana_all_week(village)
    village.tell("dana", "declined", reason="Shifts are arranged with the team leader.")
    for day in (SUNDAY, MONDAY, TUESDAY):
        worker.once(down, at(f"{day} 08:00"))
    village.fulfil(owed[MONDAY], f"{TUESDAY} 12:00")
    worker.once(posting, at(f"{WEDNESDAY} 08:00"))
    worker.once(posting, at(f"{WEDNESDAY} 09:00"))
    ((subject, text),) = said(postman, "dana")
    assert subject == "3 things wait for you, 2 of them late"
    assert MONDAY not in text
    assert "arranged with the team leader" in text  # what happened is news until it was read
    letters = village.letters("dana")
    assert [letter.state for letter in letters] == [LetterState.DROPPED] * 3 + [LetterState.SENT]
    assert {letter.why for letter in letters[:-1]} == {outbox.NEWER}


def test_nothing_that_is_done_is_in_a_letter_that_leaves_late(
    village: Village, posting: Settings, down: Settings, postman: Postman
) -> None:
    owed = owe_dana_all_week(village)
    worker.once(down, at(f"{WEDNESDAY} 08:00"))
    village.fulfil(owed[TUESDAY], f"{WEDNESDAY} 08:30")
    worker.once(posting, at(f"{WEDNESDAY} 09:00"))
    ((subject, text),) = said(postman, "dana")
    assert subject == "3 things wait for you, 2 of them late"
    assert TUESDAY not in text


def test_what_is_done_is_taken_out_of_an_urgent_letter_that_still_waits(
    village: Village, posting: Settings, down: Settings, postman: Postman
) -> None:
    owed = [village.owe("dana", TUESDAY, severity=4, text=f"Thing {n}") for n in (1, 2)]
    worker.once(down, at(f"{TUESDAY} 08:00"))
    village.fulfil(owed[0], f"{TUESDAY} 08:10")
    worker.once(posting, at(f"{TUESDAY} 09:00"))
    assert [subject for subject, _ in said(postman, "dana")] == ["Due today: Thing 2 (A-2026-0003)"]


def test_a_mail_that_missed_its_day_is_written_anew_the_next_where_nothing_is_new(
    village: Village, posting: Settings, down: Settings, postman: Postman
) -> None:
    village.owe("dana", TUESDAY, text="Scan the barcode")
    worker.once(down, at(f"{TUESDAY} 08:00"))
    with db.transaction() as session:  # nothing more is to be said of it on the next day
        session.execute(sa.text("UPDATE duties SET next_at = NULL"))
    worker.once(posting, at(f"{WEDNESDAY} 08:30"))
    assert [subject for subject, _ in said(postman, "dana")] == ["Late: Scan the barcode (A-2026-0002)"]


def test_when_all_is_done_meanwhile_no_mail_leaves(
    village: Village, posting: Settings, down: Settings, postman: Postman
) -> None:
    duty = village.owe("dana", TUESDAY)
    worker.once(down, at(f"{TUESDAY} 08:00"))
    village.fulfil(duty, f"{TUESDAY} 09:00")
    worker.once(posting, at(f"{TUESDAY} 10:00"))
    assert postman.arrived == []


def test_once_the_server_is_back_nothing_waits_out_its_back_off(
    village: Village, postman: Postman, down: Settings, smtp: Smtp
) -> None:
    for n in range(3):
        put(village, "dana", f"letter {n}", kind="invitation")
    for quarter in range(24):
        deliver(Smtp(down), MORNING + quarter * 15 * MINUTE)
    back = MORNING + 360 * MINUTE
    assert min(letter.next_at for letter in village.letters()) > back
    put(village, "ruth", "the next", kind="invitation", when=back)
    assert deliver(smtp, back) == 4
    assert set(states(village)) == {LetterState.SENT}


def test_what_the_server_itself_put_off_is_not_hurried(village: Village, postman: Postman, smtp: Smtp) -> None:
    postman.answers = ["451 later"]
    for n in range(2):
        put(village, "dana", f"letter {n}", kind="invitation")
    assert deliver(smtp, MORNING) == 1
    assert sorted(states(village)) == [LetterState.SENT, LetterState.WAITING]


def test_a_server_that_answers_slowly_does_not_make_a_second_worker_send_the_same(village: Village) -> None:
    put(village, "dana", "one")
    slow = outbox.claim(MORNING, COUNSEL)
    assert outbox.QUEUE.is_ours(slow, MORNING + timedelta(seconds=55))
    assert outbox.claim(MORNING + timedelta(seconds=65), COUNSEL) is None
    other = outbox.claim(MORNING + 2 * MINUTE, COUNSEL)
    assert other is not None
    assert not outbox.QUEUE.is_ours(slow, MORNING + 2 * MINUTE)


def test_whoever_has_no_manager_of_their_own_has_the_units(village: Village, postman: Postman, smtp: Smtp) -> None:
    postman.refused = frozenset({"ruth@village.test", "ilan@village.test"})
    village.change("ruth", manager_id=None)
    for n, who in enumerate(("ruth", "ilan")):
        put(village, who, f"letter {n}")
    deliver(smtp, MORNING)
    assert village.told() == [("ilan", "mail_refused", ""), ("michal", "mail_refused", "")]


def test_a_refusal_that_comes_too_late_is_told_to_nobody(village: Village, postman: Postman, smtp: Smtp) -> None:
    put(village, "dana", "one")
    slow = outbox.claim(MORNING, COUNSEL)
    deliver(smtp, MORNING + 2 * MINUTE)
    assert not outbox._give_up(slow, outbox.AddressRefused("550 no"), MORNING + 3 * MINUTE, COUNSEL)
    assert village.told() == []
    with db.reading() as session:
        assert not outbox.is_refused(session, session.get_one(Person, village.people["dana"]))
