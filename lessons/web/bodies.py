"""What may be sent: sizes, strict JSON, addresses on this site alone."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from flask import request
from werkzeug.datastructures import MultiDict

from lessons.errors import LessonsError, NotFound
from lessons.i18n import Sentence, say

BODY, FORM, FIELDS, JSON = 25_000_000, 2_000_000, 1_000, 1_000_000
DEPTH, DIGITS = 32, 18
LARGE = ("/api/v1/cases",)
"""Where as much JSON as any body may be sent: thousands of items at once."""


class Refused(LessonsError):
    """A request that cannot be taken as one: its status says why to programs, the sentence to people."""

    def __init__(self, status: int, message: Sentence, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.headers = status, dict(headers or {})


def check_size() -> None:
    """Raises Refused 413 before a body is looked at, or for a form of more fields than any page has."""
    # a form without files is read whole before its fields are counted
    strict = BODY if request.path in LARGE else JSON
    most = strict if request.is_json else FORM if request.mimetype == "application/x-www-form-urlencoded" else BODY
    if (request.content_length or 0) > most:
        raise Refused(413, say("This is more than can be taken at once: up to %(most)s MB.", most=most // 1_000_000))
    if request.method == "POST" and sum(len(values) for _, values in request.form.lists()) > FIELDS:
        raise Refused(413, say("The form has too many fields."))


def check_address() -> None:
    """Raises NotFound for an address with a sign that no text of ours holds and PostgreSQL takes in no question."""
    if "\0" in request.path or (request.method in ("GET", "HEAD") and _holds_nul(request.args)):
        raise NotFound(say("Perhaps the address was cut short, or what was here is not meant for this account."))


def _holds_nul(args: MultiDict[str, str]) -> bool:
    # programs are told by their own parameters what does not fit
    return not request.path.startswith("/api/") and any("\0" in value for value in args.values())


def version_sent() -> int | None:
    """The version that the page of this form showed; one that no row ever has where it is no number."""
    sent = request.form.get("version")
    return None if sent is None else request.form.get("version", -1, type=int)


def json_body() -> dict[str, Any]:
    """The JSON object that was sent. Raises Refused: 415 for another content type, 413, 400 with what is wrong."""
    if request.mimetype != "application/json":
        raise Refused(415, say("The body is to be JSON: Content-Type: application/json."))
    return parsed(request.get_data(cache=True))


def parsed(body: bytes) -> dict[str, Any]:
    """Raises Refused 400 for whatever strict JSON is not."""
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_int,
            parse_float=_float,
        )
    except UnicodeDecodeError as error:
        raise _wrong(say("The body is not UTF-8 at byte %(at)s.", at=error.start)) from None
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise _wrong(say("The body is not JSON at line %(line)s, column %(column)s.", **place)) from None
    except RecursionError:
        raise _wrong(TOO_DEEP) from None
    if not isinstance(value, dict):
        raise _wrong(say("The body is to be one JSON object."))
    _check_depth(value)
    return value


TOO_DEEP = say("The body is nested too deeply.")


def _wrong(message: Sentence) -> Refused:
    return Refused(400, message)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _wrong(say("The field “%(name)s” is there twice.", name=twice[:80]))
    return found


def _constant(name: str) -> Any:
    raise _wrong(say("%(name)s is not a JSON number.", name=name))


def _int(text: str) -> int:
    if len(text) > DIGITS:
        raise _wrong(say("A number has more than %(digits)s digits.", digits=DIGITS))
    return int(text)


def _float(text: str) -> float:
    value = float(text) if len(text) <= 40 else math.inf
    if not math.isfinite(value):
        raise _wrong(say("A number is too long or too large."))
    return value


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEPTH):
        level = [inner for one in level if isinstance(one, dict | list) for inner in _inside(one)]
        if not level:
            return
    raise _wrong(TOO_DEEP)


def _inside(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value


def local_path(given: str | None, otherwise: str = "/") -> str:
    """An address on this site to go on to; `otherwise` for every other."""
    if not given or len(given) > 2000 or not given.startswith("/") or given[1:2] in ("/", "\\"):
        return otherwise
    if any(ord(char) <= 32 or char == "\\" for char in given) or "//" in given[:3]:
        return otherwise
    try:
        parts = urlsplit(given)
    except ValueError:
        return otherwise
    return otherwise if parts.scheme or parts.netloc or given.lower().startswith(("/%2f", "/%5c")) else given


def day_asked(name: str) -> date | None:
    """The day that the address asks about by this name; None where it is none."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
