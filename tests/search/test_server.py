"""A server of embeddings is asked as OpenAI's are, and told a question from a passage where its model wants to know."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from lessons.search.embedder import Server, Unreachable

ASKED: list[dict[str, Any]] = []


class Embeddings(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        ASKED.append({"path": self.path, "key": self.headers["Authorization"], **body})
        known = body["model"] != "none"
        self.send_response(200 if known else 404)
        self.end_headers()
        self.wfile.write(json.dumps({"data": [{"embedding": [0.5, -1.0]}]}).encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    ASKED.clear()
    with HTTPServer(("127.0.0.1", 0), Embeddings) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def test_it_is_asked_for_a_text_by_its_model_and_key(address: str) -> None:
    found = Server(address, "plain", "secret").embed("ביטול", question=True, seconds=5)
    assert array("f", found).tolist() == [0.5, -1.0]
    assert ASKED == [{"path": "/v1/embeddings", "key": "Bearer secret", "input": "ביטול", "model": "plain"}]


def test_a_model_of_the_e5_family_is_told_a_question_from_a_passage(address: str) -> None:
    server = Server(address, "multilingual-E5-base", "")
    for question in (True, False):
        server.embed("ביטול", question=question, seconds=5)
    assert [(one["input"], one["key"]) for one in ASKED] == [("query: ביטול", None), ("passage: ביטול", None)]


def test_what_it_refuses_is_asked_again_later(address: str) -> None:
    with pytest.raises(Unreachable):
        Server(address, "none", "").embed("ביטול", question=True, seconds=5)
