"""Workers as processes of their own: killed, stopped and continued by their ids."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from lessons.settings import Settings
from tests.warm import Program

ROOT = Path(__file__).parents[2]
PATIENCE = 1800
"""Seconds that anything is waited for before a test says that it hangs."""
Worker = Program


class Machine:
    """Where the workers of one installation run. It touches only what it started."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._started: list[Worker] = []

    def start(self, at: datetime | None = None, settings: Settings | None = None) -> Worker:
        """`lessons worker`, or where `at` is given everything that was due then, once."""
        rehearsal = ["--once", "--at", at.isoformat()] if at else []
        worker = Program("lessons.cli", "worker", *rehearsal, env=environment(settings or self.settings))
        self._started.append(worker)
        return worker

    def turn(self, at: datetime, settings: Settings | None = None) -> int:
        """A whole turn of one worker; how much it did."""
        return finished(self.start(at, settings))

    def clear(self) -> None:
        for worker in self._started:
            if worker.poll() is None:
                worker.kill()
            worker.communicate()


def finished(worker: Worker) -> int:
    """Wait until a turn is over; how much it did."""
    said, complaints = worker.communicate(timeout=PATIENCE)
    assert worker.returncode == 0, complaints
    return int(said.splitlines()[-1])


def killed(worker: Worker, after: float) -> bool:
    """kill -9 after so many seconds; whether it was still at work."""
    time.sleep(after)
    at_work = worker.poll() is None
    worker.kill()
    worker.communicate()
    return at_work


def seconds_to_start(machine: Machine) -> float:
    """How long a worker takes that finds nothing to do."""
    before = time.monotonic()
    assert machine.turn(datetime.fromisoformat("2026-01-01T03:00+02:00")) == 0
    return time.monotonic() - before


@contextmanager
def machine(settings: Settings) -> Iterator[Machine]:
    made = Machine(settings)
    try:
        yield made
    finally:
        made.clear()


def environment(settings: Settings) -> dict[str, str]:
    """What the operator of this installation would set."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("LESSONS_")}
    return own | {
        "PYTHONPATH": str(ROOT),
        "LESSONS_DATABASE_URL": settings.database_url,
        "LESSONS_DATA_DIR": str(settings.data_dir),
        "LESSONS_SECRET_KEY": settings.secret_key,
        "LESSONS_BASE_URL": settings.base_url,
        "LESSONS_MAIL_URL": settings.mail_url,
        "LESSONS_MAIL_FROM": settings.mail_from,
        "LESSONS_SYNCHRONOUS": settings.synchronous,
        "LESSONS_EMBEDDER": settings.embedder,
        "LESSONS_API_WRITES": str(settings.api_writes),
        "LESSONS_PAGE_FORMS": str(settings.page_forms),
        "LESSONS_PAGE_READS": str(settings.page_reads),
        "LESSONS_ALLOW_CLOCK": "1",
    }


LATER = timedelta(minutes=2)
"""Whatever a worker had claimed before then is anybody's again."""
