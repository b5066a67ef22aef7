"""Two people press in the same moment: real threads, each with a transaction of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from lessons import db

PATIENCE = 10


def together(*presses: Callable[[], Any]) -> list[Any]:
    """What each got; an error is an answer too. Nobody begins before all are there."""
    start = threading.Barrier(len(presses))

    def press(one: Callable[[], Any]) -> Any:
        start.wait(PATIENCE)
        try:
            return one()
        except Exception as error:  # noqa: BLE001 - the test says which it expects
            return error

    with ThreadPoolExecutor(len(presses)) as threads:
        return list(threads.map(press, presses))


@contextmanager
def all_have_read(beginning: str, people: int) -> Iterator[None]:
    """On PostgreSQL nobody goes beyond the first statement that begins so before all of them stand there: each has
    read the record as it was. SQLite lets one writer in at a time, so that there nobody can be made to wait."""
    meeting, came = threading.Barrier(people), set[int]()

    def wait(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(beginning) and threading.get_ident() not in came:
            came.add(threading.get_ident())
            meeting.wait(PATIENCE)

    engine = db.engine()
    if engine.dialect.name == "sqlite":
        yield
        return
    sa.event.listen(engine, "before_cursor_execute", wait)
    try:
        yield
    finally:
        sa.event.remove(engine, "before_cursor_execute", wait)


def statuses(answers: Sequence[Any]) -> list[int]:
    return sorted(answer.status for answer in answers)
