"""A real mail server in the test's process, which takes, refuses, puts off, hangs up or keeps waiting as it is told."""

from __future__ import annotations

import asyncio
import email
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from typing import Any

from aiosmtpd.controller import Controller

from lessons import db
from lessons.settings import Settings

CUT = "cut after the final dot"
"""An answer that never comes: the letter is taken, and the line goes dead before anybody hears of it."""


@dataclass(frozen=True)
class Heard:
    """One letter that was read out to its final dot, taken or not: `written` is its Date, `at` seconds of this
    machine's steady clock."""

    message_id: str
    to: str
    written: datetime
    taken: bool
    at: float


@dataclass
class Gate:
    """Holds whoever comes to it until it is opened."""

    reached: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    async def passed(self) -> None:
        self.reached.set()
        while not self.opened.is_set():
            await asyncio.sleep(0.005)


@dataclass
class Postman:
    """What arrived, in order. `answers` is asked before each letter is taken: a reply, "" to take it, or CUT.
    `gates`: where whoever delivers is held, by command ("RCPT", or "DATA" for the answer after the final dot).
    `slow`: seconds before each of those answers."""

    port: int
    arrived: list[EmailMessage] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    refused: frozenset[str] = frozenset()
    answers: list[str] = field(default_factory=list)
    gates: dict[str, Gate] = field(default_factory=dict)
    slow: float = 0

    async def handle_RCPT(  # noqa: N802  the server calls it so
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        await self._holds("RCPT")
        if address in self.refused:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  the same
        mail = email.message_from_bytes(envelope.content, policy=default)
        answer = self.answers.pop(0) if self.answers else ""
        self._note(mail, envelope.content, answer)
        await self._holds("DATA")
        if answer == CUT:
            server.transport.abort()
        return answer if answer and answer != CUT else "250 OK"

    def _note(self, mail: EmailMessage, content: bytes, answer: str) -> None:
        written, taken = parsedate_to_datetime(str(mail["Date"])), answer in ("", CUT)
        of = str(mail["Message-ID"]), str(mail["To"])
        self.heard.append(Heard(*of, written, taken, time.monotonic()))
        if taken:
            self.arrived.append(mail)
            self.raw.append(content)

    async def _holds(self, command: str) -> None:
        if gate := self.gates.pop(command, None):
            await gate.passed()
        if self.slow:
            await asyncio.sleep(self.slow)

    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.arrived]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def at_work() -> Iterator[Postman]:
    """A postman who takes letters on a port of their own."""
    found = Postman(free_port())
    server = Controller(found, hostname="127.0.0.1", port=found.port)
    server.start()
    try:
        yield found
    finally:
        server.stop()


def posting_to(postman: Postman, settings: Settings, host: str, **more: Any) -> Settings:
    """An installation at that host which sends its letters to this postman, and whose clock may be set."""
    made = replace(
        settings, allow_clock=True, mail_url=f"smtp://127.0.0.1:{postman.port}", mail_from=f"Lessons <lessons@{host}>",
        base_url=f"https://lessons.{host}", **more,
    )  # fmt: skip
    db.start(made)
    return made


@contextmanager
def black_hole() -> Iterator[int]:
    """The port of a server that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        yield int(silent.getsockname()[1])
