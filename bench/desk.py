"""What open desks cost that ask every ten seconds whether there is anything new: CPU of the real server, over sockets.

.venv/bin/python -m bench.desk [--desks 5000] [--requests 5000] [--json]

Three servers are asked the same number of times in one run: the framework's hello, the desk where its unit's mark is
known (304), and the desk while a pop-up is drawn (200). CPU is that of the server and all its processes; the machine's
other work is not in it, though it makes every figure a little worse.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlmodel import Session, col, select

from lessons import clock, db
from lessons.access import actor_of
from lessons.migrations import upgrade
from lessons.models import Person, SignIn
from lessons.models.base import hashed, random_id
from lessons.news.operations import publish
from lessons.settings import Settings
from lessons.web.who import COOKIE
from tests.browser.site import free_port
from tests.village import Village

EVERY_SECONDS = 10
CONNECTIONS = 8
TICKS = os.sysconf("SC_CLK_TCK")
SERVER = """
from granian import Granian
from granian.constants import Interfaces
Granian("{target}", factory=True, interface=Interfaces.WSGI, address="127.0.0.1", port={port}, workers=1,
        blocking_threads=4, websockets=False, log_enabled=False).serve()
"""


def hello() -> Flask:
    app = Flask("hello")
    app.add_url_rule("/desk/now", view_func=lambda: "hello")
    return app


# ── the servers ──────────────────────────────────────────────────────────────────────────────────────────────────────
@contextmanager
def served(target: str, environ: dict[str, str]) -> Iterator[tuple[int, int]]:
    """(port, pid) of a server that answers."""
    port = free_port()
    code = f"import sys\nif __name__ == '__main__':\n{_indented(SERVER.format(target=target, port=port))}"
    file = Path(environ["LESSONS_DATA_DIR"]) / f"serve_{port}.py"
    file.write_text(code, encoding="utf-8")
    running = subprocess.Popen([sys.executable, str(file)], env=environ)
    try:
        _wait(port)
        yield port, running.pid
    finally:
        running.terminate()
        running.wait(10)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.strip().splitlines())


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            _ask(http.client.HTTPConnection("127.0.0.1", port, timeout=5), {})
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server does not answer")


def cpu_seconds(pid: int) -> float:
    """Of a process and everything it started, so far."""
    parents, used = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)], used[int(stat.parent.name)] = int(fields[1]), int(fields[11]) + int(fields[12])
    tree, grown = {pid}, True
    while grown:
        more = {child for child, parent in parents.items() if parent in tree} - tree
        tree, grown = tree | more, bool(more)
    return sum(used.get(one, 0) for one in tree) / TICKS


# ── the desks ────────────────────────────────────────────────────────────────────────────────────────────────────────
def desks(session: Session, many: int) -> list[str]:
    """So many agents of the retention centre, signed in; their cookies."""
    village, now = Village(session), clock.now()
    unit = village.units["RET"].id or 0
    people = [Person(pid=random_id(), number=f"{n}", name=f"נציגה {n}", unit_id=unit, hired_on=date(2020, 1, 1))
              for n in range(1000, 1000 + many)]  # fmt: skip
    session.add_all(people)
    session.flush()
    tokens = [random_id(32) for _ in people]
    session.add_all(
        SignIn(token_hash=hashed(token), person_id=one.id or 0, csrf="c", created_at=now, seen_at=now)
        for token, one in zip(tokens, people, strict=True)
    )
    return tokens


def alarm() -> None:
    with db.transaction() as session:
        now = clock.now()
        hila = session.exec(select(Person).where(col(Person.email) == "hila@village.example")).one()
        asked = {"title": "תקלה באזור השרון", "body": "לא פותחים קריאה", "urgent": True,
                 "valid_until": now + timedelta(days=1)}  # fmt: skip
        publish(session, asked, by=actor_of(session, hila, at=now), at=now)


def _ask(connection: http.client.HTTPConnection, headers: dict[str, str]) -> tuple[int, str]:
    connection.request("GET", "/desk/now", headers=headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.getheader("ETag") or ""


def cost(port: int, pid: int, tokens: list[str], requests: int, tag: str) -> tuple[float, set[int]]:
    """Milliseconds of CPU a request, and the statuses that came."""

    def round_of(n: int) -> set[int]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        mine = range(n, requests, CONNECTIONS)
        cookies = (f"{COOKIE}={tokens[i % len(tokens)]}" for i in mine)
        knows = {"If-None-Match": tag} if tag else {}
        return {_ask(connection, {"Cookie": cookie, **knows})[0] for cookie in cookies}

    for warm in (True, False):
        before = cpu_seconds(pid)
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            found = set().union(*pool.map(round_of, range(CONNECTIONS)))
        spent = cpu_seconds(pid) - before
        if not warm:
            return spent / requests * 1000, found
    raise AssertionError


def figures(many: int = 5000, requests: int = 5000) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environ = {
            **os.environ,
            "LESSONS_DATA_DIR": name,
            "LESSONS_SECRET_KEY": "bench-" * 6,
            "LESSONS_DATABASE_URL": f"sqlite:///{folder / 'bench.db'}",
            "PYTHONPATH": str(Path.cwd()),
        }
        upgrade(db.start(Settings(environ["LESSONS_DATABASE_URL"], folder, secret_key="bench-" * 6)))
        with db.transaction() as session:
            tokens = desks(session, many)
        with served("bench.desk:hello", environ) as (port, pid):
            bare, _ = cost(port, pid, tokens, requests, "")
        with served("lessons.cli.running:application", environ) as (port, pid):
            quiet, quiet_status = cost(port, pid, tokens, requests, '"0"')
            alarm()
            time.sleep(1.5)
            drawn, drawn_status = cost(port, pid, tokens, requests // 10, '"0"')
        db.engine().dispose()
    assert (quiet_status, drawn_status) == ({304}, {200})
    rate = many / EVERY_SECONDS
    return {
        "desks": many,
        "hello_ms": round(bare, 3),
        "not_changed_ms": round(quiet, 3),
        "popup_ms": round(drawn, 3),
        "to_hello": round(quiet / bare, 2),
        "share_of_a_core": round(quiet * rate / 1000, 3),
    }


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--desks", type=int, default=5000)
    asked.add_argument("--requests", type=int, default=5000)
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    found = figures(given.desks, given.requests)
    if given.json:
        print(json.dumps(found))
        return 0
    for name, value in found.items():
        print(f"{name:16} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
