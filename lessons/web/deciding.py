"""What a manager is to decide, for a page: which duty is late, with whom and since when, and a button a step."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from sqlmodel import Session

from lessons.access import Actor
from lessons.access.named import people_by_id
from lessons.duties.buttons import Decision, decisions_on
from lessons.i18n import Name, Word, isolate, say
from lessons.web.speech import locale, said, today


def to_decide(session: Session, row: Any, *, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """On a record, for whoever decides there."""
    found = decisions_on(session, row, by=by, at=at)
    people = people_by_id(session, [one.late.person_id for one in found]) if found else {}
    names = [Name.of(people[one.late.person_id]) if one.late.person_id else None for one in found]
    return [drawn(one, name) for one, name in zip(found, names, strict=True)]


def drawn(one: Decision, name: Name | None, *, onward: str = "") -> dict[str, Any]:
    """Each button leads to its step's form, and from there `onward`."""
    late = one.late
    who = name or Word("role", late.role.value)
    return {
        "says": say("%(duty)s, with %(name)s. It was due on %(day)s.", duty=Word("duty", late.kind), name=who,
                    day=_day(late.due_on)),
        "buttons": [{"label": Word("decision", button.name), "href": _then(button.path, onward)}
                    for button in one.buttons],
    }  # fmt: skip


def _day(day: date) -> str:
    return " ".join(isolate(part) for part in said(day, today(), locale()) if part)


def _then(path: str, onward: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}next={quote(onward, safe='/')}" if onward else path
