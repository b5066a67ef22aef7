"""A real server as a process of its own, and programs that write to it whatever happens to it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.models import Debrief, Event
from lessons.settings import Settings
from lessons.steps import audit
from tests.doors.calling import settled
from tests.faults.machine import PATIENCE, ROOT, environment
from tests.post.postman import free_port

WRITERS = ("avi", "dana", "yossi", "rana")
LOST, NOBODY = 0, -1
"""The status of a request that got no answer, and of one that nobody was there to hear."""
TAKEN = (200, 201)


class Server:
    """`lessons serve` on a port of its own, in a session of its own: killed with everything that it started."""

    def __init__(self, settings: Settings, more: Mapping[str, str] | None = None) -> None:
        self.settings, self.port, self.more = replace(settings, api_writes=1_000_000), free_port(), dict(more or {})
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Seconds until it answers."""
        begun = time.monotonic()
        command = [sys.executable, "-m", "lessons.cli", "serve", "--port", str(self.port), "--workers", "1"]
        self._running = subprocess.Popen(
            command, cwd=ROOT, env=environment(self.settings) | self.more, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        while Program(self.port).call("GET", "/healthz")[0] != 200:
            assert self._running.poll() is None, "the server ended by itself"
            assert time.monotonic() < begun + PATIENCE
            time.sleep(0.02)
        return time.monotonic() - begun

    def kill(self) -> None:
        """kill -9, of the server and its serving process in one moment."""
        if self._running is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._running.pid, signal.SIGKILL)
            self._running.wait()
            self._running = None


@contextmanager
def served(settings: Settings, more: Mapping[str, str] | None = None) -> Iterator[Server]:
    server = Server(settings, more)
    try:
        server.start()
        yield server
    finally:
        server.kill()


@dataclass
class Program:
    """Calls a server over a connection of its own."""

    port: int
    token: str = ""
    seconds: float = 60
    headers: Any = None

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """(status, JSON or text); LOST or NOBODY where no answer came."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent |= {"Content-Type": "application/json"} if isinstance(body, dict) else {}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)
        try:
            line.request(method, path, json.dumps(body) if isinstance(body, dict) else body, sent)
            answer = line.getresponse()
            self.headers, text = answer.headers, answer.read()
        except ConnectionRefusedError:
            return NOBODY, ""
        except (OSError, http.client.HTTPException):
            return LOST, ""
        finally:
            line.close()
        told = json.loads(text) if "json" in (answer.headers.get_content_type() or "") else text.decode()
        return answer.status, told


@dataclass
class Writer:
    """Reports one event after the other; what was not answered 2xx is known, to be asked again."""

    program: Program
    name: str
    pause: float = 0.0
    answers: Counter[int] = field(default_factory=Counter)
    taken: dict[str, str] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)

    def write(self, text: str) -> int:
        body = {"what_happened": text, "kind": "failure"}
        while True:
            status, told = self.program.call("POST", "/api/v1/debriefs", body, Idempotency_Key=text)
            if status == NOBODY:
                time.sleep(0.02)
                continue
            self.answers[status] += 1
            if status != 503:
                break
            time.sleep(int(self.program.headers["Retry-After"]))
        if status in TAKEN:
            self.taken[text] = told["code"]
        else:
            self.open.append(text)
        return status

    def until(self, over: threading.Event) -> None:
        n = 0
        while not over.is_set():
            n += 1
            self.write(f"{self.name} {n}")
            time.sleep(self.pause)

    def again(self) -> None:
        """What had no answer is sent once more, with the key that it had."""
        asked, self.open = self.open, []
        for text in asked:
            self.write(text)
        assert self.open == [], self.answers


@contextmanager
def writing(writers: Sequence[Writer]) -> Iterator[None]:
    """Meanwhile all of them write."""
    over = threading.Event()
    threads = [threading.Thread(target=writer.until, args=(over,)) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def writers(server: Server, pause: float = 0.0) -> list[Writer]:
    """Four people of the village, their programs."""
    _, tokens = settled()
    return [Writer(Program(server.port, tokens[name]), name, pause) for name in WRITERS]


def is_whole(session: Session) -> int:
    """Every debrief is there with its event, none twice, and the chain holds; how many there are."""
    texts = list(session.scalars(sa.select(Debrief.what_happened)))
    assert [text for text, times in Counter(texts).items() if times > 1] == []
    reported = sa.select(Event.code).where(Event.noun == "debriefs", Event.n == 1)
    assert set(session.scalars(sa.select(Debrief.code))) == set(session.scalars(reported))
    assert audit.verify(session, until=audit.settled(session)).faults == ()
    return len(texts)


def kept(writers: Sequence[Writer]) -> int:
    """Everything that was answered 2xx is there, as it was told, and all that is there is whole; how many."""
    with db.reading() as session:
        there: dict[str, str] = dict(map(tuple, session.execute(sa.select(Debrief.what_happened, Debrief.code))))
        taken = {text: code for writer in writers for text, code in writer.taken.items()}
        assert {text: there.get(text) for text in taken} == taken
        return is_whole(session)
