"""A real mail server in the test's process, which takes, refuses or puts off as it is told."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Postman:
    """What arrived, in order; `answers` is asked before each letter is taken: a reply, or "" to take it."""

    port: int
    arrived: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    refused: frozenset[str] = frozenset()
    answers: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  the server calls it so
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  the same
        answer = self.answers.pop(0) if self.answers else ""
        if answer:
            return answer
        self.raw.append(envelope.content)
        self.arrived.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"

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
