"""Started as a program of its own: reports one event after the other, and says of each, once it was answered, its code.

python -m tests.faults.telling DATABASE_URL DATA_DIR TOKEN
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from lessons import db
from lessons.app import create_app
from lessons.settings import Settings
from tests.doors.calling import Program


def main(url: str, data: str, token: str) -> None:
    chosen = Settings(url, Path(data), "village-" * 4, api_writes=1_000_000, synchronous="FULL")
    program = Program(create_app(chosen), token)
    with db.engine().connect() as one:
        assert one.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert one.exec_driver_sql("PRAGMA page_size").scalar() == 4096
    for n in count(1):
        answer = program.post("/debriefs", {"what_happened": f"שיחה {n}", "kind": "failure"})
        assert answer.status == 201, answer.body
        print(answer["code"], flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
