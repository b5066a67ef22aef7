from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from babel import UnknownLocaleError

from lessons import clock, db, worker
from lessons.duties import signs
from lessons.errors import Forbidden, Unavailable
from lessons.models import Duty, Letter
from lessons.post import outbox
from lessons.settings import Settings
from lessons.workflow.states import LetterState
from tests.duties.owing import Village, at, settled
from tests.post.postman import Postman, at_work

MORNING = at("2026-09-10 08:00")


@pytest.fixture
def postman() -> Iterator[Postman]:
    with at_work() as found:
        yield found


@pytest.fixture
def posting(settings: Settings, postman: Postman, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(worker, "ROOMS", ())
    made = replace(settings, allow_clock=True, mail_url=f"smtp://127.0.0.1:{postman.port}")
    db.start(made)
    return made


@pytest.fixture
def village(posting: Settings) -> Village:
    return settled()


def test_everything_due_at_a_moment_is_done_at_once_and_only_once(
    village: Village, posting: Settings, postman: Postman
) -> None:
    for who in ("dana", "yossi", "ruth"):
        village.owe(who, "2026-09-10")
    assert worker.once(posting, MORNING) > 0
    assert worker.once(posting, MORNING) == 0
    assert sorted(str(mail["To"]) for mail in postman.arrived) == [
        "dana@village.test", "ruth@village.test", "yossi@village.test"
    ]  # fmt: skip


def test_two_workers_at_once_send_each_letter_once(village: Village, posting: Settings, postman: Postman) -> None:
    for _ in range(5):
        for who in ("dana", "yossi", "ruth", "ilan", "naomi", "michal"):
            village.owe(who, "2026-09-10")
        village.owe("yossi", "2026-09-02", severity=3)
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(lambda _: worker.once(posting, MORNING), range(2)))
    worker.once(posting, MORNING)
    letters = village.letters()
    assert sorted(postman.ids()) == sorted(letter.message_id for letter in letters)
    assert len([letter for letter in letters if letter.kind == "digest"]) == 6


def test_the_time_is_set_for_rehearsals_only(posting: Settings) -> None:
    with pytest.raises(Forbidden, match="LESSONS_ALLOW_CLOCK"):
        worker.once(replace(posting, allow_clock=False), MORNING)


def test_a_demo_writes_letters_and_sends_none(village: Village, posting: Settings, postman: Postman) -> None:
    village.owe("dana", "2026-09-10")
    worker.once(replace(posting, demo=True), MORNING)
    assert [(letter.state, letter.why) for letter in village.letters()] == [(LetterState.DROPPED, outbox.DEMO)]
    assert postman.arrived == []


def test_a_room_that_fails_keeps_no_mail_back_and_is_told_of(
    village: Village, posting: Settings, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Any, *, at: datetime) -> int:
        raise LookupError(f"nothing is found at {at}")

    monkeypatch.setattr(worker, "rooms_due", lambda: [broken])
    village.owe("dana", "2026-09-10")
    with pytest.raises(LookupError):
        worker.once(posting, MORNING)
    assert [mail["To"] for mail in postman.arrived] == ["dana@village.test"]


def test_a_duty_that_cannot_be_reckoned_keeps_nobody_else_waiting(
    village: Village, posting: Settings, postman: Postman
) -> None:
    broken = [village.owe("yossi", day) for day in ("2026-09-06", "2026-09-08")]
    village.owe("ruth", "2026-09-10")
    with db.transaction() as session:
        session.execute(sa.update(Duty).where(Duty.id.in_(broken)).values(kind="of_an_older_version"))
    for wall in ("2026-09-07 08:00", "2026-09-10 08:00"):
        with pytest.raises(KeyError):
            worker.once(posting, at(wall))
    assert village.told() == [("ruth", "reminder", "before-3"), ("ruth", "reminder", "on")]
    assert [mail["To"] for mail in postman.arrived] == ["ruth@village.test"] * 2
    with db.transaction() as session:
        session.execute(sa.update(Duty).where(Duty.id.in_(broken)).values(kind="do_action"))
    worker.once(posting, at("2026-09-10 09:00"))  # put right: nothing was lost meanwhile
    assert [(who, rung) for who, _, rung in village.told()[2:]] == [("yossi", "after+3"), ("yossi", "after+1")]


def test_whoever_cannot_be_written_to_keeps_nobody_else_waiting(
    village: Village, posting: Settings, postman: Postman
) -> None:
    village.change("dana", locale="xx")
    for who in ("dana", "ruth"):
        village.owe(who, "2026-09-07")
        village.owe(who, "2026-09-10", severity=4)
    with pytest.raises(UnknownLocaleError):
        worker.once(posting, MORNING)
    assert [mail["To"] for mail in postman.arrived] == ["ruth@village.test"] * 2
    village.change("dana", locale="he")
    worker.once(posting, MORNING)
    assert [mail["To"] for mail in postman.arrived] == ["ruth@village.test"] * 2 + ["dana@village.test"] * 2


def test_what_falls_due_in_a_room_is_done_until_nothing_is_left(
    village: Village, posting: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [3, 2]
    monkeypatch.setattr(worker, "rooms_due", lambda: [fall_due])

    def fall_due(_: Any, *, at: datetime) -> int:
        assert at == MORNING
        return left.pop() if left else 0

    assert worker.once(posting, MORNING) == 5


def test_every_room_that_has_something_falling_due_is_asked() -> None:
    found = {work.__module__ for work in worker.rooms_due()}
    there = {f"lessons.{file.parent.name}.due" for file in Path(worker.__file__).parent.glob("*/due.py")}
    assert found == there


def test_the_schedule_catches_up_once_and_never_runs_a_job_twice_at_a_time() -> None:
    scheduler = worker.scheduled()
    scheduler.start(paused=True)
    jobs = {job.id: job for job in scheduler.get_jobs()}
    scheduler.shutdown(wait=False)
    assert jobs.keys() == {job.__name__ for _, job in worker.SCHEDULE}
    assert {(job.coalesce, job.max_instances, job.misfire_grace_time) for job in jobs.values()} == {(True, 1, 3600)}


def test_a_turn_waits_while_others_write_and_does_the_rest_then(
    posting: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    left = [3, 0]

    def crowded(_: worker.Now) -> int:
        if caplog.text.count("waits") < 2:
            raise Unavailable(db.BUSY)
        return left.pop(0)

    monkeypatch.setattr(worker, "SCHEDULE", [(1, crowded)])
    assert worker.once(posting, at("2026-09-06 08:00")) == 3
    assert caplog.text.count("crowded waits") == 2


def test_a_turn_ends_where_others_never_cease_to_write(posting: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def crowded(_: worker.Now) -> int:
        raise Unavailable(db.BUSY)

    monkeypatch.setattr(worker, "SCHEDULE", [(1, crowded)])
    with pytest.raises(Unavailable):
        worker.once(posting, at("2026-09-06 08:00"))


def test_a_job_that_fails_is_tried_at_the_next_tick(caplog: pytest.LogCaptureFixture) -> None:
    def full(_: worker.Now) -> int:
        raise OSError("no space left")

    worker._ticked(full)
    assert "it is tried again" in caplog.text


# ── the clock ────────────────────────────────────────────────────────────────────────────────────────────────────────
def set_clock(monkeypatch: pytest.MonkeyPatch, wall: str) -> None:
    monkeypatch.setattr(clock, "now", lambda: at(wall))


def test_a_clock_that_ran_ahead_moves_nothing(
    village: Village, posting: Settings, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    duty = village.owe("dana", "2026-09-10")
    set_clock(monkeypatch, "2026-09-06 08:00")
    assert worker.once(posting) == 0
    for wall in ("2036-09-07 08:00", "2026-09-06 06:59"):
        set_clock(monkeypatch, wall)
        with pytest.raises(Unavailable, match="/admin/health"):
            worker.once(posting)
        worker._ticked(worker.reminders)
    assert village.told() == []
    set_clock(monkeypatch, "2026-09-10 08:00")
    worker.once(posting)
    assert village.told() == [("dana", "reminder", "on")]
    with db.reading() as session:
        assert session.get_one(Duty, duty).next_at == at("2026-09-14 08:00")


def test_what_stood_still_for_two_months_goes_on_once_somebody_says_that_the_clock_is_right(
    village: Village,
    posting: Settings,
    postman: Postman,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    set_clock(monkeypatch, "2026-07-01 08:00")
    worker.once(posting)
    village.owe("dana", "2026-09-10")
    set_clock(monkeypatch, "2026-09-10 08:00")
    worker._ticked(worker.reminders)
    assert "/admin/health" in caplog.text
    assert village.told() == []
    with db.transaction() as session:
        signs.believe(session, at=clock.now())
    worker._ticked(worker.reminders)
    assert village.told() == [("dana", "reminder", "on")]


def test_a_clock_that_was_put_back_is_believed_once_somebody_says_so(
    village: Village, posting: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wall in ("2026-08-30 08:00", "2026-09-20 08:00"):  # three weeks too early: nobody can tell
        set_clock(monkeypatch, wall)
        worker.once(posting)
    set_clock(monkeypatch, "2026-09-01 08:00")
    assert not worker.is_believed(clock.now())
    with db.transaction() as session:
        signs.believe(session, at=clock.now())
    assert worker.is_believed(clock.now())
    with db.reading() as session:
        assert {sign.worked_at for sign in signs.seen(session).values()} == {clock.now()}


def test_a_rehearsal_is_not_refused_and_leaves_no_sign(village: Village, posting: Settings) -> None:
    worker.once(posting)
    before = signs_left()
    worker.once(posting, at("2036-09-10 08:00"))
    assert signs_left() == before


def signs_left() -> dict[str, datetime | None]:
    with db.reading() as session:
        return {name: sign.worked_at for name, sign in signs.seen(session).items()}


def test_a_demo_goes_on_after_any_pause(village: Village, posting: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    demo = replace(posting, demo=True)
    for wall in ("2026-01-10 08:00", "2026-09-10 08:00"):
        set_clock(monkeypatch, wall)
        worker.once(demo)


# ── as a process ─────────────────────────────────────────────────────────────────────────────────────────────────────
PROGRAM = """
import logging, sys
from pathlib import Path
from lessons import worker
from lessons.settings import Settings
worker.ROOMS = ()
url, data, mail, at = sys.argv[1:]
made = Settings(database_url=url, data_dir=Path(data), secret_key="village-" * 4, synchronous="OFF",
                allow_clock=True, mail_url=mail)
if at:
    from datetime import datetime
    worker.once(made, datetime.fromisoformat(at))
else:
    logging.basicConfig(stream=sys.stdout, level=logging.INFO, format="%(message)s")
    worker.run(made)
"""


def started(settings: Settings, moment: datetime | None = None) -> subprocess.Popen[str]:
    given = [settings.database_url, str(settings.data_dir), settings.mail_url, moment.isoformat() if moment else ""]
    return subprocess.Popen([sys.executable, "-c", PROGRAM, *given], stdout=subprocess.PIPE, text=True)


def test_a_worker_that_is_killed_while_it_delivers_loses_nothing(
    village: Village, posting: Settings, postman: Postman
) -> None:
    for n in range(40):
        village.owe("yossi", "2026-09-10", severity=4 if n % 2 else 2)
        village.change("ruth", digest_hour=n % 8)
        write(village, n)
    killed = started(posting, MORNING)
    while len(postman.arrived) < 5 and killed.poll() is None:
        time.sleep(0.005)
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    sent_before = set(postman.ids())
    for later in ("2026-09-10 08:00", "2026-09-10 08:02"):
        worker.once(posting, at(later))
    letters = village.letters()
    assert {letter.state for letter in letters} == {LetterState.SENT}
    assert set(postman.ids()) == {letter.message_id for letter in letters} >= sent_before
    assert len(postman.arrived) - len(letters) <= 1


def write(village: Village, n: int) -> None:
    """A letter in the outbox, as somebody else left it."""
    with db.transaction() as session:
        session.add(
            Letter(
                pid=f"letter{n}",
                person_id=village.people["dana"],
                kind="notice",
                key=f"left:{n}",
                lang="en",
                to_address="dana@village.test",
                subject="S",
                text="T",
                html="<p>T</p>",
                state=LetterState.WAITING,
                message_id=f"<left-{n}@village.test>",
                next_at=MORNING,
                created_at=MORNING,
            )
        )


def test_a_worker_stops_when_it_is_told_to_and_finishes_what_it_began(posting: Settings) -> None:
    with started(posting) as process:
        assert process.stdout is not None
        assert any(line == "the worker runs\n" for line in process.stdout)
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert said.endswith("the worker stopped\n")


def test_letters_left_under_another_workers_lease_are_left_to_it(
    village: Village, posting: Settings, postman: Postman
) -> None:
    write(village, 1)
    with db.transaction() as session:
        session.execute(sa.update(Letter).values(state=LetterState.SENDING, fence=1, next_at=at("2026-09-10 08:01")))
    worker.once(posting, MORNING)
    assert postman.arrived == []


def test_where_nothing_is_due_every_room_finds_nothing_to_do(
    village: Village, posting: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    assert worker.ROOMS
    assert worker.once(posting, MORNING) == 0
