"""Many at once, all or none: one transaction, and a refusal that names every item in the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons.access import Actor
from lessons.access.refs import find, invalid
from lessons.actions.operations import confirm_all
from lessons.doors import ways
from lessons.doors.calls import Answer
from lessons.doors.shapes import listed
from lessons.errors import FieldError, Invalid, NotAllowed, Unmet
from lessons.i18n import say
from lessons.web import locale

MOST = 1000
NAMED = say("%(code)s: %(what)s")
Raw = dict[str, Any]
Item = tuple[Any, Raw]


def accept(session: Session, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    """Each item is what `accept` asks for, with its `lesson`."""
    items = _items(session, raw, "lessons", "lesson", by)
    _all_or_none(items, lambda row, asked: ways.step(session, row, "accept", asked, by=by, at=at))
    return _told(session, [row for row, _ in items], by=by, at=at)


def confirm(session: Session, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    """Each item is an action's code, alone or as `action`."""
    rows = [row for row, _ in _items(session, raw, "actions", "action", by)]
    confirm_all(session, rows, by=by, at=at)
    return _told(session, rows, by=by, at=at)


def _told(session: Session, rows: list[Any], *, by: Actor, at: datetime) -> Answer:
    session.flush()
    return Answer({"items": listed(session, rows, by=by, at=at, locale=locale())})


def _items(session: Session, raw: Raw, noun: str, name: str, by: Actor) -> list[Item]:
    """The rows with what was sent for each. Raises Invalid, with a pointer per item that names none."""
    sent = raw.get("items")
    if not isinstance(sent, list) or not 1 <= len(sent) <= MOST or set(raw) != {"items"}:
        raise invalid([FieldError("/items", "items", say("“items” holds 1 to %(most)s of them.", most=MOST))])
    faults: list[FieldError] = []
    found: list[Item] = []
    for n, item in enumerate(sent):
        asked = dict(item) if isinstance(item, dict) else {name: item}
        given = asked.pop(name, None) or asked.pop("code", None)
        row = find(session, noun, given, by) if isinstance(given, str) else None
        if row is None:
            told = say("“%(given)s” is not there.", given=str(given or "")[:80])
            faults.append(FieldError(f"/items/{n}/{name}", "not_there", told))
        found.append((row, asked))
    if faults:
        raise invalid(faults)
    return found


def _all_or_none(items: list[Item], step: Callable[[Any, Raw], Any]) -> None:
    faults: list[FieldError] = []
    unmet: list[Unmet] = []
    for n, (row, asked) in enumerate(items):
        try:
            step(row, asked)
        except Invalid as refusal:
            faults += [FieldError(f"/items/{n}{one.pointer}", one.code, one.message) for one in refusal.errors]
        except NotAllowed as refusal:
            points = refusal.unmet or [Unmet("state", refusal.message)]
            unmet += [Unmet(p.guard, NAMED.with_(code=row.code, what=p.message), p.place) for p in points]
    if unmet:
        raise NotAllowed(say("Nothing was done: not all of these can be."), trigger="accept", unmet=unmet)
    if faults:
        raise invalid(faults)
