"""A worker that is stopped until its lease has run out, and goes on as if nothing had been."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from lessons import db, worker
from lessons.models import Duty
from lessons.post.queue import LEASE
from lessons.settings import Settings
from lessons.workflow.states import LetterState
from tests.duties.owing import at, day
from tests.faults.conftest import Size
from tests.faults.machine import PATIENCE, Machine, finished
from tests.faults.organisation import chance_of, each_owes, founded
from tests.faults.outcome import letters, repeats
from tests.post.postman import Gate, Postman

MORNING = at("2026-09-10 10:00")
TOO_LONG = LEASE + timedelta(seconds=1)
EACH_TIME = 2
"""People who are told each time: one is held, the others wait behind."""
Sleep = Callable[[str, datetime], None]


@pytest.fixture
def sleep(workers: Machine, postman: Postman, posting: Settings) -> Sleep:
    """A worker stops at a command to the mail server, past its lease; another does its work; then it goes on."""

    def slept(command: str, moment: datetime) -> None:
        gate = postman.gates[command] = Gate()
        sleeper = workers.start(moment)
        assert gate.reached.wait(PATIENCE)
        sleeper.stop()
        worker.once(posting, moment + TOO_LONG)
        before = left()
        gate.opened.set()
        sleeper.go_on()
        finished(sleeper)
        assert left() == before, "it marked what was not its own any more"

    return slept


def left() -> list[tuple[object, ...]]:
    return [(one.id, one.state, one.sent_at, one.fence, one.why, one.attempts) for one in letters()]


def owed_by_and_by(times: int) -> list[list[int]]:
    """Duties of a few people for each time; none of them is due yet."""
    organisation = founded(chance_of(times), teams=1, people=max(4, times * EACH_TIME), calendars=[{}])
    each_owes(organisation, day("2026-09-10"))
    with db.transaction() as session:
        session.execute(sa.update(Duty).values(next_at=None))
        ids = list(session.scalars(sa.select(Duty.id).order_by(Duty.id)))
    return [ids[n * EACH_TIME : (n + 1) * EACH_TIME] for n in range(times)]


def falls_due(duties: list[int]) -> None:
    with db.transaction() as session:
        session.execute(sa.update(Duty).where(Duty.id.in_(duties)).values(next_at=at("2026-09-10 08:00")))


def sleeps_often(sleep: Sleep, command: str, times: int) -> None:
    for n, duties in enumerate(owed_by_and_by(times)):
        falls_due(duties)
        sleep(command, MORNING + 2 * n * TOO_LONG)
    assert {letter.state for letter in letters()} == {LetterState.SENT}
    assert len(letters()) == times * EACH_TIME


def test_whoever_slept_past_the_lease_sends_nothing_and_marks_nothing(
    sleep: Sleep, postman: Postman, size: Size
) -> None:
    sleeps_often(sleep, "RCPT", size.pauses)
    assert repeats(postman) == 0


def test_whoever_fell_asleep_with_the_servers_yes_on_its_way_marks_nothing(
    sleep: Sleep, postman: Postman, size: Size
) -> None:
    times = size.pauses // 2
    sleeps_often(sleep, "DATA", times)
    assert repeats(postman) == times  # each recognisable: nobody can tell a server to forget what it took
