"""How many daily mails a worker writes and hands to a mail server on this machine in a second, and what of that is
rendering.

Everybody owes five things, late, due and soon; the letters are written and delivered by the worker's own jobs on SQLite
with synchronous=FULL, to a server in a process of its own that takes everything.

.venv/bin/python -m bench.digest [--many 10000] [--json]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from lessons import db, worker
from lessons.duties import digest
from lessons.migrations import upgrade
from lessons.models import Letter
from lessons.settings import Settings
from lessons.workflow.states import LetterState
from tests.duties.owing import at
from tests.faults.organisation import A_TEAM, chance_of, each_owes, founded

MORNING = at("2026-09-09 11:00")
OWED = tuple(date(2026, 9, n) for n in (3, 7, 8, 9, 10))


@contextmanager
def sink() -> Iterator[int]:
    """The port of a mail server."""
    command = [sys.executable, "-m", "bench._sink"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.stdin.close()


class Spent:
    """Seconds spent inside a function."""

    def __init__(self, work: Callable[..., Any]) -> None:
        self.work, self.seconds, self.times = work, 0.0, 0

    def __call__(self, *given: Any, **named: Any) -> Any:
        start = time.perf_counter()
        try:
            return self.work(*given, **named)
        finally:
            self.seconds += time.perf_counter() - start
            self.times += 1


@contextmanager
def rendering() -> Iterator[Spent]:
    """What it takes to put contents into the three parts of a letter."""
    spent = Spent(digest.written)
    digest.written = spent  # type: ignore[assignment]
    try:
        yield spent
    finally:
        digest.written = spent.work  # type: ignore[assignment]


def timed(job: worker.Job) -> float:
    """Seconds until the job finds nothing more to do."""
    start = time.perf_counter()
    while job(lambda: MORNING):
        pass
    return time.perf_counter() - start


def figures(many: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, sink() as port:
        place = Path(folder)
        upgrade(db.start(Settings(f"sqlite:///{place / 'bench.db'}", place, mail_url=f"smtp://127.0.0.1:{port}")))
        each_owes(founded(chance_of(many), teams=many // A_TEAM + 1, people=many, calendars=[{}]), *OWED)
        timed(worker.reminders)
        with rendering() as spent:
            writing = timed(worker.letters)
        delivering = timed(worker.delivery)
        with db.reading() as session:
            sent = session.scalar(sa.select(sa.func.count()).where(Letter.state == LetterState.SENT))
        db.engine().dispose()
    assert sent == spent.times == many, "everybody has one"
    return {
        "digests": many,
        "digests/s": round(many / (writing + delivering), 1),
        "written/s": round(many / writing, 1),
        "handed over/s": round(many / delivering, 1),
        "rendering, ms each": round(spent.seconds / many * 1_000, 3),
        "rendering, share of the whole": round(spent.seconds / (writing + delivering), 3),
    }


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--many", type=int, default=10_000, help="people with a daily mail")
    asked.add_argument("--json", action="store_true", help="one line of JSON")
    chosen = asked.parse_args()
    found = figures(chosen.many)
    print(json.dumps(found, indent=None if chosen.json else 1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
