"""Started by tests as a program of its own: upgrades a database, or is killed while it does.

`python -m tests.house.upgrading ADDRESS` prints what was applied. With numbers behind the address it forks once per
number, kills the child before that statement of its upgrade (the last one: before COMMIT) and prints what is left.
"""

from __future__ import annotations

import os
import signal
import sys
from itertools import count
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from lessons import db
from lessons.migrations import upgrade
from lessons.settings import Settings
from tests.house.contents import contents


def main(address: str, points: list[int]) -> None:
    if not points:
        engine = _engine(address)
        print(*upgrade(engine))  # noqa: T201
        engine.dispose()
    for point in points:
        _killed(address, point)
        print(contents(address))  # noqa: T201


def _engine(address: str) -> sa.Engine:
    return db.make_engine(Settings(database_url=address, data_dir=Path(), synchronous="FULL"))


def _killed(address: str, point: int) -> None:
    child = os.fork()
    if not child:
        engine, numbers = _engine(address), count(1)

        def before(*_: Any) -> None:
            if next(numbers) == point:
                os.kill(os.getpid(), signal.SIGKILL)

        sa.event.listen(engine, "before_cursor_execute", before)
        sa.event.listen(engine, "commit", before)
        upgrade(engine)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL, f"there was no statement {point}"


if __name__ == "__main__":
    main(sys.argv[1], [int(word) for word in sys.argv[2:]])
