"""What we ask of others' servers: at the address that was judged, following nobody, so much and no more."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from http.client import HTTPException

from lessons.post.channels.addresses import Look, looked_up, target
from lessons.post.channels.webhook import SECONDS, Pinned

MOST = 512 * 1024


class Unanswered(Exception):
    """Nothing that can be used came back; its words say why, for the log."""


@dataclass(frozen=True)
class Request:
    """`body` makes it a POST."""

    url: str
    headers: dict[str, str]
    body: bytes | None = None


def fetch(asked: Request, *, allow: str = "", look: Look = looked_up) -> bytes:
    """What was answered with 200. `allow`: inner networks that the operator opens. Raises Unanswered."""
    try:
        connection = Pinned(target(asked.url, allow=allow, look=look))
    except (OSError, ValueError) as error:
        raise Unanswered(_said(error)) from error
    end = threading.Timer(SECONDS, connection.cut)  # a server that answers byte by byte keeps each wait short
    end.start()
    try:
        connection.connect()
        method, headers = "GET" if asked.body is None else "POST", {"Host": connection.where.named, **asked.headers}
        connection.request(method, connection.where.path, asked.body, headers)
        answer = connection.getresponse()
        read = answer.read(MOST + 1)
    except (OSError, HTTPException, ValueError) as error:
        raise Unanswered(_said(error)) from error
    finally:
        end.cancel()
        connection.close()
    if answer.status != 200 or len(read) > MOST:
        raise Unanswered(f"{asked.url}: {answer.status}, {len(read)} bytes")
    return read


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
