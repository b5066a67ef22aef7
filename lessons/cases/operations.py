"""What is done with customers' contacts: taken in from a CRM, matched to the lessons they show, forgotten in time."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import Actor, visible_to
from lessons.access.personal import stripped
from lessons.access.refs import invalid
from lessons.errors import FieldError, Forbidden
from lessons.i18n import language_of, say
from lessons.models import Case
from lessons.models.base import random_id

Asked = Mapping[str, Any]
One = TypeVar("One")
AT_ONCE = 500
A_PERSON = say("A case is entered by a person, or by a program with a person's token.")
ELSEWHERE = say("A case with this id was entered for another unit.")


def enter(session: Session, asked: Asked, *, by: Actor, at: datetime) -> Case:
    """Take a case in; the same external id again answers with the case that is there. Raises Forbidden, Invalid."""
    return enter_all(session, [asked], by=by, at=at)[0][0]


def enter_all(session: Session, items: Sequence[Asked], *, by: Actor, at: datetime) -> tuple[list[Case], set[str]]:
    """The cases in the order in which they were sent, and the external ids of those that are new.

    Raises Forbidden; Invalid where an id is taken by a case that is not open to whoever sends."""
    if by.person is None:
        raise Forbidden(A_PERSON)
    there = set(_ids_there(session, [one["external_id"] for one in items]))
    fresh = {one["external_id"]: one for one in reversed(items) if one["external_id"] not in there}
    rows = [_row(one, by=by, at=at) for one in reversed(fresh.values())]
    for some in _in_parts(rows):
        session.execute(sa.insert(Case), some)
    cases = {one.external_id: one for one in _open_to(session, by, [one["external_id"] for one in items])}
    hidden = [n for n, one in enumerate(items) if one["external_id"] not in cases]
    if hidden:
        alone = len(items) == 1
        raise invalid([FieldError("/external_id" if alone else f"/items/{n}/external_id", "taken", ELSEWHERE)
                       for n in hidden])  # fmt: skip
    return [cases[one["external_id"]] for one in items], set(fresh)


def _ids_there(session: Session, ids: Sequence[str]) -> Iterator[str]:
    for some in _in_parts(ids):
        yield from session.scalars(sa.select(Case.external_id).where(Case.external_id.in_(some)))


def _open_to(session: Session, by: Actor, ids: Sequence[str]) -> Iterable[Case]:
    seen = visible_to(session, "cases", by)
    for some in _in_parts(ids):
        yield from session.scalars(sa.select(Case).where(Case.external_id.in_(some), seen))


def _in_parts(all_: Sequence[One]) -> Iterator[Sequence[One]]:
    return (all_[start : start + AT_ONCE] for start in range(0, len(all_), AT_ONCE))


def _row(asked: Asked, *, by: Actor, at: datetime) -> dict[str, Any]:
    lang = language_of(asked["text"])
    return {
        "pid": random_id(),
        "external_id": asked["external_id"],
        "unit_id": asked["unit"].id if asked.get("unit") else by.person.unit_id,
        "text": stripped(asked["text"], lang),
        "lang": lang,
        "channel": asked.get("channel", ""),
        "category": "/".join(levels(asked.get("category", ""))),
        "customer_hash": _keyed(asked.get("customer_ref", "")),
        "opened_at": asked.get("opened_at") or at,
        "created_at": at,
        "entered_by_id": by.id,
    }


def levels(path: str) -> list[str]:
    """A CRM's category path, level by level."""
    return [one.strip() for one in path.split("/") if one.strip()]


def _keyed(reference: str) -> str:
    """The customer's reference is never kept, only whether it is the same one; by a key that nothing else uses."""
    if not reference:
        return ""
    key = hmac.digest(db.settings().secret, b"cases:customer", hashlib.sha256)
    return hmac.new(key, reference.strip().casefold().encode(), hashlib.sha256).hexdigest()
