"""What a card costs that was printed before: over HTTP from the real server, beside the framework's hello.

.venv/bin/python -m bench.cached [--asked 300]

One question at a time. CPU is that of the server and all its processes.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from bench.desk import cpu_seconds, served
from bench.pages import a_lesson_and_debriefs, person, running
from bench.served import Ask, Program, spent
from bench.step import made
from lessons import db
from lessons.access import OPERATOR
from lessons.people.keys import create_token
from tests.village import AT

TOKENS = 8
"""A program may ask so often a minute; these take turns."""


def cost(ask: Ask, times: int, pid: int) -> tuple[float, float]:
    """Milliseconds of one: (as it is waited for, the middle; of the server's processors)."""
    before = cpu_seconds(pid)
    middle, _ = spent(ask, times)
    return middle, (cpu_seconds(pid) - before) / times * 1_000


def ready(folder: Path, many: int) -> tuple[str, list[str]]:
    """A lesson's code, and tokens of Avi's."""
    made(folder, 10)
    with running(folder), db.transaction() as session:
        code = a_lesson_and_debriefs(session)
        return code, [
            create_token(session, person(session, "avi"), name=f"bench {n}", scope="read", by=OPERATOR, at=AT)
            for n in range(many)
        ]


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--asked", type=int, default=300)
    times: int = asked.parse_args().asked
    with tempfile.TemporaryDirectory() as name:
        code, tokens = ready(Path(name), TOKENS)
        environ = os.environ | {
            "LESSONS_DATA_DIR": name, "LESSONS_DATABASE_URL": f"sqlite:///{name}/bench.db",
            "LESSONS_SECRET_KEY": "bench-" * 6,
        }  # fmt: skip
        with served("bench.desk:hello", environ) as (port, pid):
            hello = Program(port)
            bare = cost(lambda _: hello.ask("/desk/now"), times * 10, pid)
        with served("lessons.app:create_app", environ) as (port, pid):
            programs, path = [Program(port, token) for token in tokens], f"/api/v1/lessons/{code}/card.pdf"
            begun = time.perf_counter()
            programs[0].ask(path)
            first = (time.perf_counter() - begun) * 1_000
            ours = cost(lambda n: programs[n % TOKENS].ask(path), times, pid)
    print(f"the framework's hello: {bare[0]:.2f} ms, of which CPU {bare[1]:.2f} ms")
    print(f"the first time, printed: {first:.0f} ms")
    print(f"a card printed before: {ours[0]:.2f} ms, of which CPU {ours[1]:.2f} ms: {ours[1] / bare[1]:.1f} × hello")
    return 0


if __name__ == "__main__":
    sys.exit(main())
