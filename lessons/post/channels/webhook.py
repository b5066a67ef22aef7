"""Calls as Standard Webhooks has them: signed, to the address that was judged, following nobody, for seconds alone."""

from __future__ import annotations

import base64
import hmac
import socket
import ssl
import threading
from collections.abc import Callable
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from typing import Any

from lessons.models import Webhook
from lessons.post.channels import AddressRefused, Deferred, Refused, Unreachable
from lessons.post.channels.addresses import Look, NotAllowed, Target, looked_up, target
from lessons.settings import Settings

SECONDS = 15
MOST_READ = 64 * 1024
GONE = 410
PREFIX = "whsec_"
Signed = tuple[bytes, dict[str, str]]


def key_of(settings: Settings, hook: Webhook) -> bytes:
    """What signs: made of the row and the installation's key, so that neither alone is enough and nothing is kept."""
    return hmac.digest(settings.secret, f"webhook:{hook.pid}:{hook.salt}".encode(), "sha256")


def secret_of(settings: Settings, hook: Webhook) -> str:
    return PREFIX + base64.b64encode(key_of(settings, hook)).decode()


def signature(key: bytes, call_id: str, seconds: int, body: bytes) -> str:
    signed = hmac.digest(key, f"{call_id}.{seconds}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(signed).decode()}"


class Caller:
    """Carries calls: each is one request of its own to `hook_of` it."""

    def __init__(self, settings: Settings, hook_of: Callable[[Any], Webhook], look: Look = looked_up) -> None:
        self._settings, self._hook_of, self._look = settings, hook_of, look

    def send(self, letter: Any, *, at: datetime, ours: Callable[[], bool]) -> None:
        hook = self._hook_of(letter)
        try:
            where = target(hook.url, allow=self._settings.webhook_allow, look=self._look)
        except NotAllowed as error:
            raise AddressRefused(str(error)) from error
        except OSError as error:
            raise Unreachable(_said(error)) from error
        connection = Pinned(where)
        # a server that answers byte by byte keeps each wait short: the whole call has its own end
        end = threading.Timer(SECONDS, connection.cut)
        end.start()
        try:
            status = _called(connection, self._signed(letter, hook, at), ours)
        finally:
            end.cancel()
            connection.close()
        _judge(status)

    def close(self) -> None:
        """Nothing stays open between calls."""

    def _signed(self, letter: Any, hook: Webhook, at: datetime) -> Signed:
        body, call_id, seconds = letter.body.encode(), f"msg_{letter.pid}", int(at.timestamp())
        named = {"webhook-id": call_id, "webhook-timestamp": str(seconds)}
        named["webhook-signature"] = signature(key_of(self._settings, hook), call_id, seconds, body)
        return body, {"Content-Type": "application/json", "User-Agent": "lessons-webhooks/1", **named}


def _called(connection: Pinned, signed: Signed, ours: Callable[[], bool]) -> int:
    """What the server said; of its words so much is heard that it may end them."""
    try:
        connection.connect()
    except OSError as error:
        raise Unreachable(_said(error)) from error
    if not ours():
        raise Deferred("somebody else claimed it")
    body, headers = signed
    try:
        connection.request("POST", connection.where.path, body, {"Host": connection.where.named, **headers})
        answer = connection.getresponse()
        answer.read(MOST_READ)
    except (OSError, HTTPException, ValueError) as error:
        raise Deferred(_said(error)) from error
    return answer.status


def _judge(status: int) -> None:
    """A redirect is no yes, and nobody follows it: where it leads was judged by nobody."""
    if 200 <= status < 300:
        return
    raise Refused(f"{status}") if status == GONE else Deferred(f"{status}")


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


class Pinned(HTTPConnection):
    """A connection to the address that was judged, under the name that was asked for."""

    def __init__(self, where: Target) -> None:
        super().__init__(where.host, where.port, timeout=SECONDS)
        self.where = where
        self._is_cut = False

    def connect(self) -> None:
        self.sock = socket.create_connection((self.where.address, self.where.port), SECONDS)
        if self.where.scheme == "https":
            sealed = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self.where.host, do_handshake_on_connect=False
            )
            self.sock = sealed
            sealed.do_handshake()
        if self._is_cut:
            raise TimeoutError("it took too long")

    def cut(self) -> None:
        """From another thread: whoever waits on it waits no more."""
        self._is_cut = True
        found = self.sock
        if found is not None:
            try:
                found.shutdown(socket.SHUT_RDWR)
            except OSError:
                return
