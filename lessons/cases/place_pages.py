"""Places of the CRM: where each leads, kept on one page, and the stable address that a CRM links to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from lessons import db, web
from lessons.cases import places
from lessons.errors import Invalid
from lessons.i18n import say
from lessons.people.admin import show

blueprint = Blueprint("places", __name__)
HERE = "/admin/mappings"
KINDS = {"path": say("Category path"), "screen": say("Screen")}
FIELDS: tuple[dict[str, Any], ...] = (
    {"name": "kind", "label": say("What it is in the CRM"), "kind": "radio", "required": True, "value": "path"},
    {"name": "place", "label": say("Its path or its id"), "kind": "text", "required": True,
     "hint": say("A category path of up to four levels, for example billing/equipment/return; or a screen’s id.")},
    {"name": "target", "label": say("Where it leads"), "kind": "text", "required": True,
     "hint": say("A lesson’s or a procedure’s code, or a topic’s name.")},
)  # fmt: skip


@blueprint.get(HERE)
def index() -> ResponseReturnValue:
    return _index()


def _index(refusal: Invalid | None = None) -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        rows = [_row(*found) for found in places.all_places(session, by=by)]
    typed = {field["name"]: request.form.get(field["name"], "") for field in FIELDS} if refusal else {}
    kinds = [{"value": value, "label": label} for value, label in KINDS.items()]
    fields = [field | {"options": kinds} if field["name"] == "kind" else field for field in FIELDS]
    return show(
        "places", say("Places in the CRM"), refusal, rows=rows, fields=web.filled(fields, typed, refusal),
        example=f"{db.settings().base_url}/go?path=a/b/c",
    )  # fmt: skip


def _row(place: Any, lesson: Any, topic: Any, procedure: Any) -> dict[str, Any]:
    record = lesson or procedure
    noun = "lessons" if lesson else "procedures"
    return {
        "pid": place.pid,
        "kind": KINDS[place.kind],
        "place": place.place,
        "go": f"/go?{urlencode({place.kind: place.place})}",
        "href": f"/{noun}/{record.code}" if record else "",
        "title": record.title if record else topic.name if topic else "—",
        "code": record.code if record else "",
    }


@blueprint.post(HERE)
def add() -> ResponseReturnValue:
    given = {name: request.form.get(name, "")[:300] for name in ("kind", "place", "target")}
    try:
        with web.writing() as (session, by, at):
            places.add(session, given["kind"], given["place"], given["target"], by=by, at=at)
            return web.sent_to(session, HERE, say("From now on it leads there."))
    except Invalid as refusal:
        return _index(refusal)


@blueprint.post(f"{HERE}/<pid>/remove")
def remove(pid: str) -> ResponseReturnValue:
    with web.writing() as (session, by, _):
        places.remove(session, pid, by=by)
        return web.sent_to(session, HERE, say("It leads nowhere any more."))


@blueprint.get("/go")
def go() -> ResponseReturnValue:
    """Where a CRM's own path or screen leads, or a card's code, or a topic's name. Raises NotFound, Invalid."""
    kind = next((one for one in ("path", "screen", "code", "topic") if request.args.get(one, "").strip()), "path")
    given = request.args.get(kind, "")[:300]
    with web.reading() as (session, by, _):
        return redirect(places.led_to(session, kind, given, by=by), 302)
