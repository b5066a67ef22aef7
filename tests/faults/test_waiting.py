"""A writer who never pauses: the others write in between all the same."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.settings import Settings

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
