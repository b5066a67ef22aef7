"""The edge of a program's call: strict bodies, versions, limits, one transaction, one answer to the same key."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from typing import Any

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from lessons import db, web
from lessons.access import Actor
from lessons.errors import Stale, Unavailable
from lessons.i18n import say
from lessons.models import Idempotency
from lessons.web.bodies import Refused
from lessons.web.counted import count

View = Callable[..., "Answer"]
TRIES = 3
KEY_LENGTH = 255
REPORTS = "/api/v1/debriefs"
IN_ADDRESS = ("token", "access_token", "api_key", "authorization")
NEVER = -1
"""A version that no row has."""


@dataclass(frozen=True)
class Answer:
    """`once` are fields of the body that are told to the first who asks and kept nowhere."""

    body: Any
    status: int = 200
    location: str = ""
    once: tuple[str, ...] = ()


def reads(view: View) -> Callable[..., ResponseReturnValue]:
    """A view that only reads: it is given session, by and at."""

    @wraps(view)
    def call(**path: str) -> ResponseReturnValue:
        with web.reading() as (session, by, at):
            return _response(_text(view(session, by=by, at=at, **path).body), 200)

    return call


def asks(view: View) -> Callable[..., ResponseReturnValue]:
    """A view that is asked something too long for an address; it only reads."""

    @wraps(view)
    def call(**path: str) -> ResponseReturnValue:
        raw = _sent()
        with web.reading() as (session, by, at):
            return _response(_text(view(session, by=by, at=at, raw=raw, **path).body), 200)

    call.only_reads = True
    return call


def writes(view: View) -> Callable[..., ResponseReturnValue]:
    """A view that writes in one transaction; it is given the body too. With an Idempotency-Key it is done once."""

    @wraps(view)
    def call(**path: str) -> ResponseReturnValue:
        raw = _sent()
        for _ in range(TRIES):
            try:
                return _written(view, raw, path)
            except IntegrityError:  # somebody made the same thing in the same moment: now it is there
                continue
            except Stale:
                if version_sent() is not None:
                    raise
                continue  # any version will do: what is open on the present one decides
        raise Unavailable(say("The database cannot take this now. Trying again in a moment is right."))

    return call


def _written(view: View, raw: dict[str, Any], path: dict[str, str]) -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        known = None if _is_nameless(raw) else _claim(session, by)
        if known is not None:
            return _response(known.answer, known.status, known.location)
        answer = view(session, by=by, at=at, raw=raw, **path)
        session.flush()
        text = _text(answer.body)
        kept = _text(answer.body | dict.fromkeys(answer.once)) if answer.once else text
        web.keep(session, status=answer.status, location=answer.location, answer=kept)
    return _response(text, answer.status, answer.location)


def nameless(raw: dict[str, Any]) -> str:
    """What a report without a name is known again by, in place of a row that it was sent: nothing of who sends it."""
    key = request.headers.get("Idempotency-Key", "")
    return f"{key}\n{_body_digest()}" if key and _is_nameless(raw) else ""


def _is_nameless(raw: dict[str, Any]) -> bool:
    return request.path.rstrip("/") == REPORTS and bool(raw.get("anonymous"))


def _claim(session: Session, by: Actor) -> Idempotency | None:
    """The answer of a call that was made before with this key by this person. Raises Refused, Invalid."""
    key = request.headers.get("Idempotency-Key", "")
    if request.method != "POST" or not key:
        return None
    if len(key) > KEY_LENGTH or not key.isascii() or not key.isprintable():
        raise Refused(400, say("An Idempotency-Key is up to %(most)s plain characters.", most=KEY_LENGTH))
    mine = sha256(f"{by.id}:{key}".encode()).hexdigest()
    # an upload's own boundaries differ each time it is sent
    sent = [_digest(file.read()) for file in request.files.values()] if request.files else [_body_digest()]
    for file in request.files.values():
        file.seek(0)
    asked = "\n".join([request.method, request.full_path, *sent])
    return web.claim(session, f"api:{mine}", _digest(asked.encode()), web.moment())


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def _body_digest() -> str:
    return _digest(request.get_data(cache=True))


def _sent() -> dict[str, Any]:
    """The JSON object of the body; nothing sent is an empty one, an upload has its own form. Raises Refused."""
    if request.mimetype == "multipart/form-data" and request.path.endswith("/attachments"):
        return {}
    return web.json_body() if request.content_length or request.get_data(cache=True) else {}


def _text(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False, allow_nan=False)


def _response(text: str, status: int, location: str = "") -> Response:
    if status == 204:
        return Response(status=204)
    answer = Response(text, status, mimetype="application/json")
    if location:
        answer.headers["Location"] = location
    body = json.loads(text) if text[:1] == "{" and '"version"' in text else {}
    if isinstance(body.get("version"), int):
        answer.headers["ETag"] = f'"{body["version"]}"'
    return answer


def version_sent() -> int | None:
    """The version of If-Match; None where any will do."""
    sent = request.headers.get("If-Match", "").strip()
    if sent in ("", "*"):
        return None
    found = re.fullmatch(r'(?:W/)?"?(\d{1,9})"?', sent)
    return int(found[1]) if found else NEVER


# ── limits ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def check_call() -> None:
    """Before every call. Raises Refused where a token stands in the address, TooMany over the limit."""
    if any(name.lower() in IN_ADDRESS for name in request.args):
        raise Refused(401, say("A token never stands in an address. It goes into the header “Authorization: Bearer”."))
    only_reads = getattr(current_app.view_functions.get(request.endpoint or ""), "only_reads", False)
    if only_reads or request.method in ("GET", "HEAD", "OPTIONS"):
        count("read", db.settings().api_reads)
    else:
        # a count by name would say who sent something in the minute of a report without one: those are counted together
        hidden = request.path.rstrip("/") == REPORTS and b"anonymous" in request.get_data(cache=True)
        count("write", db.settings().api_writes, who_asks="reports" if hidden else "")
