"""Pages inside a CRM's frame: which sites may frame them, and the signed token that says for whom one was opened.

No cookie is used there: a browser keeps none for a page in another site's frame. The CRM's server asks for a token with
a program's token of its own; the CRM's page hands it to the frame, and the frame sends it with every call.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from flask import request
from itsdangerous import BadSignature, URLSafeSerializer

from lessons import db

LASTS = timedelta(minutes=30)
SCHEME = "embed"
UNDER = "/embed/"


@dataclass(frozen=True)
class Opened:
    """Whom the frame was opened for, by the lasting id, and from which site."""

    person: str
    origin: str


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(db.settings().secret, salt="embed")


def token(person: str, origin: str, *, at: datetime) -> tuple[str, datetime]:
    """For one person in frames of one site, and until when."""
    until = at + LASTS
    return str(_signer().dumps([person, origin, int(until.timestamp())])), until


def sent() -> bool:
    """Whether a frame of ours asks: “Authorization: Embed TOKEN”, at an address that is for frames."""
    kind = request.headers.get("Authorization", "").partition(" ")[0]
    return kind.casefold() == SCHEME and request.path.startswith(UNDER)


def opened(at: datetime) -> Opened | None:
    """What the token says; None where it is not ours, too old, or its site may frame nothing any more."""
    try:
        person, origin, until = _signer().loads(request.headers["Authorization"].partition(" ")[2].strip())
    except (BadSignature, ValueError, TypeError):
        return None
    if at.timestamp() >= until or origin not in db.settings().origins:
        return None
    return Opened(person, origin)


def mark() -> str:
    """Which frame asks, for counting: no way leads from it back to the token."""
    return sha256(request.headers.get("Authorization", "").encode("utf-8", "replace")).hexdigest()[:32]


def ancestors() -> str:
    """The sites that may frame, as a policy names them."""
    return " ".join(db.settings().origins) or "'none'"
