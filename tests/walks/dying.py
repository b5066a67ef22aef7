"""Accepts a lesson in a process of its own and dies at one statement: `python -m tests.walks.dying …`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db, doors
from lessons.access import actor_of
from lessons.models import Person
from lessons.settings import Settings
from tests.village import AT

AT_COMMIT = -1


def accept(session: Session, code: str) -> None:
    """On the quick path: lesson, briefing, verification, start, and the duties and notices of each."""
    naomi = session.scalars(sa.select(Person).where(Person.email == "naomi@village.example")).one()
    by = actor_of(session, naomi, at=AT)
    lesson = doors.find(session, "lessons", code, by=by)
    doors.step(session, lesson, "accept", {"owner": "yossi@village.example"}, by=by, at=AT)


def count_statements(then: Callable[[int], None]) -> None:
    """From now on `then` is told before each statement how many there were with it."""
    seen = 0

    def before(*_: Any) -> None:
        nonlocal seen
        seen += 1
        then(seen)

    sa.event.listen(db.engine(), "before_cursor_execute", before)


def die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, data: str, code: str, last: int) -> None:
    db.start(Settings(database_url=url, data_dir=Path(data), secret_key="village-" * 4))
    if last == AT_COMMIT:
        sa.event.listen(db.engine(), "commit", die)
    elif last:
        count_statements(lambda n: die() if n == last else None)
    with db.transaction() as session:
        accept(session, code)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
