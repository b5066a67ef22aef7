from __future__ import annotations

import re
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.duties.counsel import COUNSEL
from lessons.i18n import say
from lessons.models import Duty, Letter, Notice, Person
from lessons.post import outbox
from lessons.post.channels.smtp import Smtp
from lessons.post.letters import Contents, Line, Section, written
from lessons.settings import Settings
from lessons.workflow.states import LetterState
from tests.duties.owing import Village, at
from tests.post.postman import Postman, free_port

MORNING = at("2026-09-09 08:00")
MINUTE = timedelta(minutes=1)


def put(
    village: Village, who: str, key: str, *, when: datetime = MORNING, kind: str = "notice", about: str = ""
) -> Letter:
    """A letter in the outbox."""
    line = Line(say("Scan the barcode"), "A-2026-0001", "https://lessons.village.test/actions/A-2026-0001")
    contents = Contents("notice", say("Scan the barcode"), "Dana", (Section(say("Now"), (line,)),), "https://x.test/")
    with db.transaction() as session:
        person = session.get_one(Person, village.people[who])
        letter = written(contents, person.locale)
        outbox.write(session, person, letter, key=key, at=when, about=about, kind=kind)
    return village.letters()[-1]


def deliver(smtp: Any, moment: datetime) -> int:
    return outbox.deliver(smtp, now=lambda: moment, asks=COUNSEL)


def states(village: Village) -> list[LetterState]:
    return [letter.state for letter in village.letters()]


def test_a_letter_arrives_as_mail_that_says_what_it_is(village: Village, postman: Postman, smtp: Smtp) -> None:
    letter = put(village, "dana", "one", about="A-2026-0001")
    assert deliver(smtp, MORNING) == 1
    (mail,) = postman.arrived
    assert mail["Message-ID"] == letter.message_id
    assert mail["From"] == "Lessons <lessons@village.test>"
    assert mail["To"] == "dana@village.test"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["References"] == mail["In-Reply-To"] == "<A-2026-0001@village.test>"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert states(village) == [LetterState.SENT]


def test_the_daily_mail_alone_says_where_fewer_are_asked_for_and_says_it_on_one_line(
    village: Village, postman: Postman, smtp: Smtp
) -> None:
    put(village, "dana", "one")
    put(village, "dana", "two", kind="urgent")
    put(village, "dana", "three", kind="digest")
    assert deliver(smtp, MORNING) == 3
    *at_once, daily = postman.arrived
    assert [mail["List-Unsubscribe"] for mail in at_once] == [None, None]
    assert daily["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (line,) = [one for one in postman.raw[-1].splitlines() if one.startswith(b"List-Unsubscribe:")]
    assert re.fullmatch(
        rb"List-Unsubscribe: <https://lessons.village.test/mail/stop/lsnstop_[0-9]+-[0-9a-f]{64}>", line
    )


def test_hebrew_arrives_whole(village: Village, postman: Postman, smtp: Smtp) -> None:
    put(village, "yossi", "one")
    with db.transaction() as session:
        session.execute(sa.update(Letter).values(subject="מחר המועד: עדכון התסריט (A-2026-0001)", text="שלום יוסי,\n"))
    deliver(smtp, MORNING)
    (mail,) = postman.arrived
    assert mail["Subject"] == "מחר המועד: עדכון התסריט (A-2026-0001)"
    text = mail.get_body(("plain",))
    assert text is not None
    assert text.get_content().strip() == "שלום יוסי,"


def test_the_same_key_is_written_once(village: Village) -> None:
    for _ in range(2):
        put(village, "dana", "one")
    assert len(village.letters()) == 1


def test_while_the_server_is_down_letters_wait_and_then_each_arrives_once(
    village: Village, postman: Postman, posting: Settings, smtp: Smtp
) -> None:
    for n in range(30):
        put(village, "dana", f"letter {n}")
    down = Smtp(replace(posting, mail_url=f"smtp://127.0.0.1:{free_port()}"))
    for sweep in range(20):
        assert deliver(down, MORNING + sweep * MINUTE) == 0
    assert set(states(village)) == {LetterState.WAITING}
    for later in range(0, 400, 20):
        deliver(smtp, MORNING + later * MINUTE)
    assert set(states(village)) == {LetterState.SENT}
    assert sorted(postman.ids()) == sorted(letter.message_id for letter in village.letters())


def hung_up(server: socket.socket) -> None:
    server.accept()[0].close()


def test_a_server_that_hangs_up_after_the_greeting_is_waited_for(village: Village, posting: Settings) -> None:
    put(village, "dana", "one")
    with socket.create_server(("127.0.0.1", 0)) as rude, ThreadPoolExecutor(1) as beside:
        beside.submit(hung_up, rude)
        assert deliver(Smtp(replace(posting, mail_url=f"smtp://127.0.0.1:{rude.getsockname()[1]}")), MORNING) == 0
    (letter,) = village.letters()
    assert (letter.state, letter.next_at, letter.attempts) == (LetterState.WAITING, MORNING + MINUTE, 1)
    assert letter.why


def test_a_letter_put_off_is_tried_again_ever_more_rarely(village: Village, postman: Postman, smtp: Smtp) -> None:
    letter = put(village, "dana", "one", kind="invitation")
    moment, waits = MORNING, []
    for _ in range(9):
        postman.answers = ["451 later"]
        deliver(smtp, moment)
        (letter,) = village.letters()
        waits.append(int((letter.next_at - moment).total_seconds() // 60))
        moment = letter.next_at
    assert waits == [1, 5, 15, 60, 240, 720, 1440, 1440, 1440]
    deliver(smtp, moment)
    assert postman.ids() == [letter.message_id]


def test_every_third_letter_put_off_by_the_server_arrives_later_and_once(
    village: Village, postman: Postman, smtp: Smtp
) -> None:
    for n in range(12):
        put(village, "dana", f"letter {n}")
    postman.answers = ["", "", "451 later", "", "", "421 closing"] * 2
    deliver(smtp, MORNING)
    assert len(postman.arrived) == 8
    deliver(smtp, MORNING + 2 * MINUTE)
    assert sorted(postman.ids()) == sorted(letter.message_id for letter in village.letters())


def test_one_refused_address_keeps_no_other_letter_and_is_not_tried_again(
    village: Village, postman: Postman, smtp: Smtp
) -> None:
    postman.refused = frozenset({"yossi@village.test"})
    for n, who in enumerate(("dana", "yossi", "ruth", "yossi")):
        put(village, who, f"letter {n}")
    assert deliver(smtp, MORNING) == 4
    assert states(village) == [LetterState.SENT, LetterState.FAILED, LetterState.SENT, LetterState.FAILED]
    assert village.letters()[1].why == "address refused: 550 5.1.1 no such user"
    assert village.told() == [("dana", "mail_refused", "")]
    deliver(smtp, MORNING + timedelta(days=7))
    assert [mail["To"] for mail in postman.arrived] == ["dana@village.test", "ruth@village.test"]


def test_a_refused_letter_can_be_sent_once_more(village: Village, postman: Postman, smtp: Smtp) -> None:
    postman.answers = ["554 no"]
    letter = put(village, "dana", "one")
    deliver(smtp, MORNING)
    assert states(village) == [LetterState.FAILED]
    with db.transaction() as session:
        dana = session.get_one(Person, village.people["dana"])
        dana.email = "dana.ohayon@village.test"
        assert outbox.try_again(session, letter, to=dana, at=MORNING)
    deliver(smtp, MORNING)
    assert postman.ids() == [letter.message_id]
    assert postman.arrived[0]["To"] == "dana.ohayon@village.test"


def test_whoever_dies_between_the_servers_yes_and_the_mark_repeats_the_same_message(
    village: Village, postman: Postman, smtp: Smtp
) -> None:
    class Killed(BaseException):
        pass

    class Dying:
        def send(self, letter: Any, *, at: datetime, ours: Callable[[], bool]) -> None:
            smtp.send(letter, at=at, ours=ours)
            raise Killed

        def close(self) -> None: ...

    letter = put(village, "dana", "one")
    with pytest.raises(Killed):
        deliver(Dying(), MORNING)
    assert states(village) == [LetterState.SENDING]
    assert deliver(smtp, MORNING + timedelta(seconds=59)) == 0  # its lease still holds
    assert deliver(smtp, MORNING + timedelta(seconds=60)) == 1
    assert postman.ids() == [letter.message_id, letter.message_id]
    assert states(village) == [LetterState.SENT]


def test_a_worker_that_slept_past_its_lease_neither_sends_nor_marks(
    village: Village, postman: Postman, smtp: Smtp
) -> None:
    put(village, "dana", "one")
    slept = outbox.claim(MORNING, COUNSEL)
    deliver(smtp, MORNING + 2 * MINUTE)
    assert slept is not None
    late = Once(slept, smtp)
    late.wake(MORNING + 5 * MINUTE)
    assert len(postman.arrived) == 1
    assert not outbox.QUEUE.mark(slept, state=LetterState.FAILED, why="too late")
    assert states(village) == [LetterState.SENT]


class Once:
    """The rest of a delivery that had begun."""

    def __init__(self, letter: Any, channel: Smtp) -> None:
        self.letter, self.channel = letter, channel

    def wake(self, moment: datetime) -> None:
        with pytest.raises(outbox.Deferred):
            self.channel.send(self.letter, at=moment, ours=lambda: outbox.QUEUE.is_ours(self.letter, moment))


def test_four_workers_send_each_letter_once(village: Village, posting: Settings, postman: Postman) -> None:
    for n in range(40):
        put(village, "dana", f"letter {n}")

    def work(_: int) -> int:
        channel = Smtp(posting)
        try:
            return deliver(channel, MORNING)
        finally:
            channel.close()

    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(work, range(4))) == 40
    assert sorted(postman.ids()) == sorted(letter.message_id for letter in village.letters())


def test_a_letter_that_missed_its_hours_leaves_at_the_next_opening(
    village: Village, postman: Postman, smtp: Smtp
) -> None:
    put(village, "dana", "one", when=at("2026-09-10 17:59"))
    deliver(smtp, at("2026-09-10 18:00"))
    assert postman.arrived == []
    deliver(smtp, at("2026-09-13 12:00"))  # Rosh Hashana
    assert postman.arrived == []
    deliver(smtp, at("2026-09-14 08:00"))
    assert len(postman.arrived) == 1


def test_an_invitation_leaves_at_any_hour(village: Village, postman: Postman, smtp: Smtp) -> None:
    put(village, "dana", "one", kind="invitation", when=at("2026-09-12 23:00"))
    deliver(smtp, at("2026-09-12 23:00"))
    assert len(postman.arrived) == 1


def test_a_reminder_of_what_is_done_meanwhile_is_dropped(village: Village, postman: Postman, smtp: Smtp) -> None:
    duty = village.owe("dana", "2026-09-09")
    letter = put(village, "dana", "one")
    notice = Notice(
        person_id=village.people["dana"], kind="overdue", of_noun="actions", of_id=1, of_code="A-2026-0002",
        duty_id=duty, at=MORNING, told_at=MORNING, letter_id=letter.id,
    )  # fmt: skip
    with db.transaction() as session:
        session.add(notice)
        session.execute(sa.update(Duty).values(closed_at=MORNING))
    deliver(smtp, MORNING)
    assert postman.arrived == []
    assert states(village) == [LetterState.DROPPED]


def test_an_address_that_is_none_is_given_up_in_words(village: Village, postman: Postman, smtp: Smtp) -> None:
    put(village, "dana", "one")
    with db.transaction() as session:
        session.execute(sa.update(Letter).values(to_address="no address"))
    deliver(smtp, MORNING)
    assert states(village) == [LetterState.FAILED]
    assert "no address" in village.letters()[0].why


def test_the_age_of_the_queue_is_known(village: Village, smtp: Smtp) -> None:
    put(village, "dana", "one")
    with db.reading() as session:
        assert outbox.oldest_waiting(session) == MORNING
    deliver(smtp, MORNING)
    with db.reading() as session:
        assert outbox.oldest_waiting(session) is None


def test_a_demo_sends_nothing(village: Village, posting: Settings) -> None:
    assert outbox.kept_because(replace(posting, demo=True)) == outbox.DEMO
    assert outbox.kept_because(replace(posting, mail_url="")) == outbox.NO_SERVER
    assert outbox.kept_because(posting) == ""
