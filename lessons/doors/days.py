"""What a person is told of a day or an hour that they typed: that it is years away or off work, that the clock was
moved then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel
from sqlmodel import Session

from lessons import web
from lessons.access.numbers import calendar_of
from lessons.access.refs import invalid
from lessons.db import settings
from lessons.errors import FieldError, Invalid
from lessons.i18n import Sentence, isolate, say
from lessons.web.controls import kind_of
from lessons.web.forms import Typed
from lessons.web.options import said_short
from lessons.workdays import Calendar, happens_twice, offset, resolve_local

DUE = ("due_on", "new_due_on", "briefing.due_on")
FAR_YEARS = 3
SURE = "sure"
FAR = say("This is in %(n)s years. If it is meant, send it once more.")
OFF = say(
    "%(day)s is a day off there. The nearest working days are %(before)s and %(after)s. If it is meant, send it once "
    "more; the reminder of that day then comes on %(before)s."
)
SKIPPED = say("%(typed)s was skipped when summer time began that night; %(kept)s is noted.")
TWICE = say("%(typed)s came twice when summer time ended that night; the first is noted (%(offset)s).")


def doubtful(session: Session, row: Any, raw: Mapping[str, Any], typed: Typed) -> Invalid | None:
    """A due date that is years away, or off work in the record's unit, is asked about once; sent again it is meant."""
    for name in DUE:
        day = _day(raw, name)
        if day is None or day <= web.today() or typed.get(SURE) == day.isoformat():
            continue
        doubt = _doubt(day, calendar_of(session, row.unit_id))
        if doubt is not None:
            return invalid([FieldError(f"/{name.replace('.', '/')}", SURE, doubt)])
    return None


def _doubt(day: date, calendar: Calendar) -> Sentence | None:
    years = day.year - web.today().year
    if years > FAR_YEARS:
        return FAR.with_(n=years)
    if calendar.is_working(day):
        return None
    near = {"before": calendar.last_working(day), "after": calendar.next_working(day)}
    return OFF.with_(day=isolate(said_short(day)), **{name: isolate(said_short(one)) for name, one in near.items()})


def sure(refusal: Any, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the form carries when it is sent once more: the day that was asked about."""
    asked = [one.pointer.lstrip("/").replace("/", ".") for one in getattr(refusal, "errors", ()) if one.code == SURE]
    return [{"name": SURE, "kind": "hidden", "label": "", "value": str(_day(values, name))} for name in asked]


def _day(raw: Mapping[str, Any], name: str) -> date | None:
    """The day that was typed there; None where there is none, or what stands there is no day."""
    *outer, inner = name.split(".")
    for part in outer:
        raw = raw.get(part) or {}
    try:
        return date.fromisoformat(str(raw.get(inner)))
    except ValueError:
        return None


def moved(form: type[BaseModel], typed: Typed) -> Iterator[Sentence]:
    """Hours that the wall clock never showed, or showed twice."""
    zone = settings().timezone
    for name, info in form.model_fields.items():
        if kind_of(name, info, "en")[0] != "moment" or not typed.get(name):
            continue
        wall = datetime.fromisoformat(typed.get(name))
        if wall.tzinfo is not None:
            continue
        kept, skipped = resolve_local(wall, zone)
        said = {"typed": f"{wall:%H:%M}", "kept": f"{kept.astimezone(web.zone()):%H:%M}", "offset": offset(kept, zone)}
        if skipped or happens_twice(wall, zone):
            yield (SKIPPED if skipped else TWICE).with_(**said)
