"""Another system in the test's process: an address that takes, refuses or keeps calls waiting as it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """`arrived` are (headers, body) of what was taken, in order; `answers` what each is answered in turn, then 204."""

    port: int = 0
    arrived: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    asked: int = 0
    location: str = ""
    size: int = 0
    drips: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?from=lessons"

    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.arrived]


@contextmanager
def listening() -> Iterator[Receiver]:
    found, ended = Receiver(), threading.Event()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.asked += 1
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = found.answers.pop(0) if found.answers else 204
            if 200 <= status < 300:
                found.arrived.append(({k.lower(): v for k, v in self.headers.items()} | {"path": self.path}, body))
            self.send_response(status)
            if found.location:
                self.send_header("Location", found.location)
            if not found.drips:
                self.end_headers()
                self.wfile.write(b"x" * found.size)
            while found.drips and not ended.wait(0.05):
                self.wfile.write(b"X")
                self.wfile.flush()

        def log_message(self, *_: Any) -> None:
            """In silence."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """Whoever hung up did."""

    with Server(("127.0.0.1", 0), Answers) as server:
        found.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield found
        finally:
            ended.set()
            server.shutdown()
            thread.join()
