"""Whoever writes without a pause lets others write in between; whoever never ends is told of, and waited for."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from lessons import db, worker
from lessons.errors import Unavailable
from lessons.settings import Settings
from tests.duties.owing import at, day
from tests.faults.organisation import chance_of, each_owes, founded
from tests.faults.outcome import each_was_told_once
from tests.post.postman import Postman

A_WHILE = 0.05
"""Seconds of one transaction, such as that of twenty-five daily mails."""
MANY = 80
"""Transactions one after the other, four seconds of them: the ten after which a wait ends in 503 are not waited for."""


class Busy:
    """Writes one transaction after the other."""

    def __init__(self) -> None:
        self.inside = threading.Event()
        self.over = threading.Event()
        self.done = 0

    def work(self) -> None:
        while not self.over.is_set() and self.done < MANY:
            with db.transaction() as session:
                session.execute(sa.text("UPDATE signs SET name = name"))
                self.inside.set()
                time.sleep(A_WHILE)
            self.done += 1


@contextmanager
def somebody_busy() -> Iterator[Busy]:
    busy = Busy()
    thread = threading.Thread(target=busy.work)
    thread.start()
    try:
        yield busy
    finally:
        busy.over.set()
        thread.join()


@pytest.mark.only("sqlite")  # PostgreSQL lets both write
def test_whoever_writes_without_a_pause_keeps_nobody_else_from_writing(settings: Settings) -> None:
    for _ in range(3):
        with somebody_busy() as busy:
            assert busy.inside.wait(10)
            with db.transaction() as session:
                session.execute(sa.text("UPDATE signs SET name = name"))
            assert busy.done < MANY, "it had to end before anybody else could write"


@pytest.mark.only("sqlite")
def test_a_database_that_stays_locked_is_told_of_and_nothing_is_lost(
    posting: Settings, postman: Postman, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation = founded(chance_of(1), teams=1, people=10, calendars=[{}])
    each_owes(organisation, day("2026-09-10"))
    monkeypatch.setattr(db, "BUSY_MILLISECONDS", 100)
    other = sqlite3.connect(posting.database_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable):
        worker.once(posting, at("2026-09-10 11:00"))
    assert postman.arrived == []
    other.close()
    worker.once(posting, at("2026-09-10 11:10"))
    each_was_told_once(organisation)
