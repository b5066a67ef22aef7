"""Workers that are killed, and several at once: nothing is lost, and what comes twice is recognisable."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
import sqlalchemy as sa

from lessons import clock, db, worker
from lessons.duties.sweep import sweep
from lessons.models import Duty, Person, Unit
from lessons.post.queue import LEASE
from lessons.workflow.states import LetterState
from tests.duties.owing import JERUSALEM, at, day
from tests.faults.conftest import Size
from tests.faults.machine import LATER, PATIENCE, Machine, finished, killed, seconds_to_start
from tests.faults.organisation import A_TEAM, ANY_HOUR, EVERY_DAY, Organisation, chance_of, each_owes, founded
from tests.faults.outcome import each_was_told_once, letters, repeats
from tests.post.postman import Gate, Postman

THURSDAY = "2026-09-10"
A_PERSON = 0.012
"""Seconds that a worker needs for one, from the reminder to the mark, at the least: the postman takes as many more, so
that not all is done before the last kill."""
TAKES = 8.0
"""Seconds that the mail server alone needs for all letters of workers beside each other."""


def owing(many: int) -> Organisation:
    """So many people, each with one thing that is due on Thursday."""
    made = founded(chance_of(many), teams=many // A_TEAM + 1, people=many)
    each_owes(made, day(THURSDAY))
    return made


def test_a_worker_killed_at_random_loses_nothing_and_repeats_only_what_was_on_its_way(
    workers: Machine, postman: Postman, size: Size
) -> None:
    organisation, chance = owing(size.killed_people), chance_of(size.kills)
    start, work = seconds_to_start(workers), A_PERSON * size.killed_people / size.kills
    postman.slow = A_PERSON / 2
    moment, hits = at(f"{THURSDAY} 10:00"), 0
    for _ in range(size.kills):
        hits += killed(workers.start(moment), after=start * 0.9 + chance.uniform(0, 2 * work))
        moment += LATER
        nobody_works_for_the_dead()
    workers.turn(moment)
    assert hits > size.kills / 2, "most were done before they were killed"
    each_was_told_once(organisation)
    assert repeats(postman) <= hits


def nobody_works_for_the_dead() -> None:
    """PostgreSQL goes on with what a killed worker asked of it, and holds what that had locked, until it notices."""
    working = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'"
    end = time.monotonic() + PATIENCE
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as one:  # each look is a new one
        while one.dialect.name == "postgresql" and one.scalar(sa.text(working)) != 1:
            assert time.monotonic() < end
            time.sleep(0.05)


def begun(many: int, moment: datetime) -> None:
    """So many are reminded and their letters written: whoever comes late still finds something to do."""
    with db.transaction() as session:
        assert sweep(session, at=moment, limit=many) == many
    assert worker.letters(lambda: moment) == many


def test_workers_beside_each_other_tell_each_person_once(
    workers: Machine, postman: Postman, size: Size, many: int
) -> None:
    organisation, moment = owing(size.shared_people), at(f"{THURSDAY} 11:00")
    begun(size.shared_people // 2, moment)
    postman.slow = TAKES / size.shared_people
    crew = [workers.start(moment) for _ in range(many)]
    shares = [finished(worker) for worker in crew]
    assert sum(share > 0 for share in shares) > 1, "one of them did it all"
    each_was_told_once(organisation)
    assert repeats(postman) == 0


@pytest.mark.faults  # it waits out a lease
def test_what_a_killed_worker_had_taken_is_taken_up_again_within_a_minute_and_a_half(
    workers: Machine, postman: Postman, size: Size
) -> None:
    organisation = owing_now()
    gate = postman.gates["RCPT"] = Gate()
    worker = workers.start()
    assert gate.reached.wait(PATIENCE)
    killed(worker, after=0)
    gate.opened.set()
    back = time.monotonic() + LEASE.total_seconds() + 30
    worker = workers.start()
    while {letter.state for letter in letters()} != {LetterState.SENT}:
        assert time.monotonic() < back
        time.sleep(0.5)
    each_was_told_once(organisation)
    assert repeats(postman) == 0


def owing_now() -> Organisation:
    """Forty people with one thing that is due now, to whom mail may leave at once, whenever that is."""
    made = founded(chance_of(A_TEAM), teams=1, people=A_TEAM, calendars=[EVERY_DAY], policy=ANY_HOUR)
    each_owes(made, clock.now().astimezone(JERUSALEM).date())
    with db.transaction() as session:
        session.execute(sa.update(Person).values(digest_hour=0, digest_minute=0))
        session.execute(sa.update(Unit).values(calendar=EVERY_DAY))
        session.execute(sa.update(Duty).values(next_at=clock.now()))
    return made
