"""What a person is told of a day or an hour that they typed: that it is years away, that the clock was moved then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from lessons import web
from lessons.access.refs import invalid
from lessons.db import settings
from lessons.errors import FieldError, Invalid
from lessons.i18n import Sentence, say
from lessons.web.controls import kind_of
from lessons.web.forms import Typed
from lessons.workdays import happens_twice, offset, resolve_local

DUE = ("due_on", "new_due_on")
FAR_YEARS = 3
SURE = "sure"
FAR = say("This is in %(n)s years. If it is meant, send it once more.")
SKIPPED = say("%(typed)s was skipped when summer time began that night; %(kept)s is noted.")
TWICE = say("%(typed)s came twice when summer time ended that night; the first is noted (%(offset)s).")


def far(raw: Mapping[str, Any], typed: Typed) -> Invalid | None:
    """A due date that is years away is asked about once; sent again it is meant."""
    for name in DUE:
        years = _year(raw.get(name)) - web.today().year
        if years > FAR_YEARS and typed.get(SURE) != raw[name]:
            return invalid([FieldError(f"/{name}", "far", FAR.with_(n=years))])
    return None


def sure(refusal: Any, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the form carries when it is sent once more: the day that was asked about."""
    asked = [one.pointer.lstrip("/") for one in getattr(refusal, "errors", ()) if one.code == "far"]
    return [{"name": SURE, "kind": "hidden", "label": "", "value": values[name]} for name in asked]


def _year(text: Any) -> int:
    try:
        return date.fromisoformat(str(text)).year
    except ValueError:
        return 0


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
