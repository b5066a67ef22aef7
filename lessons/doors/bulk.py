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
from lessons.errors import FieldError, Invalid, NotAllowed, Stale, Unmet
from lessons.i18n import say
from lessons.web import locale

MOST = 1000
NAMES = {"lessons": "lesson", "actions": "action"}
NAMED = say("%(code)s: %(what)s")
Raw = dict[str, Any]
Item = tuple[Any, Raw]


def accept(session: Session, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    """Each item is what `accept` asks for, with its `lesson`."""
    return _told(session, step_each(session, "lessons", "accept", by=by, at=at, raw=raw), by=by, at=at)


def reject(session: Session, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    """Each item is a `lesson` with its `reason`."""
    return _told(session, step_each(session, "lessons", "reject", by=by, at=at, raw=raw), by=by, at=at)


def report_done(session: Session, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    """Each item is an `action` with what shows that it was done."""
    return _told(session, step_each(session, "actions", "report_done", by=by, at=at, raw=raw), by=by, at=at)


def step_each(session: Session, noun: str, trigger: str, *, by: Actor, at: datetime, raw: Raw) -> list[Any]:
    """Take every record through the step. An item may carry the `version` that was seen.

    Raises Forbidden, NotAllowed, Invalid: then nothing may be kept of what was done."""

    def take(row: Any, asked: Raw) -> None:
        version = asked.pop("version", None)
        ways.step(session, row, trigger, asked, by=by, at=at, version=version)

    items = _items(session, raw, noun, NAMES[noun], by)
    _all_or_none(items, trigger, take)
    return [row for row, _ in items]


def confirm(session: Session, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    """Each item is an action's code, alone or as `action`."""
    rows = [row for row, _ in _items(session, raw, "actions", NAMES["actions"], by)]
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


def _all_or_none(items: list[Item], trigger: str, step: Callable[[Any, Raw], Any]) -> None:
    faults: list[FieldError] = []
    unmet: list[Unmet] = []
    for n, (row, asked) in enumerate(items):
        try:
            step(row, asked)
        except Invalid as refusal:
            faults += [FieldError(f"/items/{n}{one.pointer}", one.code, one.message) for one in refusal.errors]
        except Stale as refusal:
            unmet.append(Unmet("version", NAMED.with_(code=row.code, what=refusal.message)))
        except NotAllowed as refusal:
            points = refusal.unmet or [Unmet("state", refusal.message)]
            unmet += [Unmet(p.guard, NAMED.with_(code=row.code, what=p.message), p.place) for p in points]
    if unmet:
        raise NotAllowed(say("Nothing was done: not all of these can be."), trigger=trigger, unmet=unmet)
    if faults:
        raise invalid(faults)
