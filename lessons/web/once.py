"""Sent twice, done once: forms carry a key, programs send an Idempotency-Key. Kept 24 hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa
from flask import g, request
from sqlmodel import Session, col

from lessons.access.actor import Actor
from lessons.errors import Invalid
from lessons.i18n import say
from lessons.models import Idempotency

KEPT = timedelta(hours=24)
NOT_COMPARED = ("csrf_token", "form_key")
OTHER_BODY = say("This Idempotency-Key came before with something else. A new request needs a new key.")
_INSERT = sa.text(
    "INSERT INTO idempotency (key, request_hash, status, answer, location, at) "
    "VALUES (:key, :hash, 0, '', '', :at) ON CONFLICT (key) DO NOTHING"
).bindparams(sa.bindparam("at", type_=Idempotency.__table__.c.at.type))


class Again(Exception):
    """This form was taken already; `location` is where it led."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


def claim(session: Session, key: str, request_hash: str, at: datetime) -> Idempotency | None:
    """None for whoever comes first (they are to call `keep`); else the answer that was given. Raises Invalid where the
    same key came with another request. On PostgreSQL the second waits here until the first is done."""
    _forget_old(session, at)
    if session.execute(_INSERT, {"key": key, "hash": request_hash, "at": at}).rowcount:
        g.once_key = key
        return None
    known = session.get_one(Idempotency, key)
    if known.request_hash != request_hash:
        raise Invalid(OTHER_BODY, [])
    return known


def keep(session: Session, *, status: int, location: str, answer: str = "") -> None:
    """What whoever sends it again is told. Does nothing where no key came."""
    key = g.pop("once_key", None)
    if key is not None:
        kept = sa.update(Idempotency).where(col(Idempotency.key) == key)
        session.execute(kept.values(status=status, location=location[:400], answer=answer))


def take_form(session: Session, by: Actor, at: datetime) -> None:
    """Claim the form that is being sent, if it carries a key. Raises Again; with other words it is a new form."""
    told = form_told()
    if not told:
        return
    digest = sha256(f"{by.id}:{told}".encode("utf-8", "replace")).hexdigest()
    known = claim(session, f"form:{digest}", digest, at)
    if known is not None:
        raise Again(known.location or request.path)


def form_told() -> str:
    """The form that is being sent, with its secret key and its words, and nothing of who sends it; "" without a key."""
    form_key = request.form.get("form_key", "")[:80] if request.method == "POST" and not request.is_json else ""
    sent = sorted((name, value) for name, value in request.form.items(multi=True) if name not in NOT_COMPARED)
    return repr((request.path, form_key, sent, list(_files()))) if form_key else ""


def _files() -> Iterator[tuple[str, str | None, str]]:
    """Other files under the same words are another form."""
    for name, file in request.files.items(multi=True):
        yield name, file.filename, sha256(file.read()).hexdigest()
        file.seek(0)


def _forget_old(session: Session, at: datetime) -> None:
    session.execute(sa.delete(Idempotency).where(col(Idempotency.at) < at - KEPT))
