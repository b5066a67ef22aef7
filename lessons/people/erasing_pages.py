"""For administrators: erasing who left, after it was shown what goes and what stays; and what forbids it for now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.access.refs import read
from lessons.i18n import Word, say
from lessons.models import Person
from lessons.people import admin, erasing, forms, named_in
from lessons.people.named_in import Place
from lessons.post.titles import titles
from lessons.web.forms import raw_of

blueprint = Blueprint("erasing", __name__, url_prefix="/admin/people/<pid>")


@blueprint.post("/hold")
def hold(pid: str) -> ResponseReturnValue:
    """With a reason nothing of theirs may be erased; without one it may again."""

    def work(session: Session, one: Person, by: Actor) -> None:
        asked = read(session, forms.Hold, raw_of(forms.Hold, request.form), by=by)
        erasing.hold(session, one, asked.get("because", ""), by=by, at=web.moment())

    return admin.change(pid, "hold", work, say("Kept."))


@blueprint.post("/erase")
def erase(pid: str) -> ResponseReturnValue:
    """Asked once more with what goes and what stays; sent again it is meant."""
    sure = request.form.get("sure") == pid
    with web.writing() as (session, by, at):
        one = admin.mine(session, pid, by)
        name = web.name_of(one)
        erasing.check(session, one, by=by)
        found = erasing.erase(session, one, by=by, at=at) if sure else named_in.places(session, one)
        rows, files = _rows(session, found, by), named_in.attached(session, one)
    title = say("The person was erased") if sure else say("Erasing %(name)s", name=name)
    return admin.show("erasing", title, one=one, rows=rows, files=files, sure=sure)


def _rows(session: Session, found: Sequence[Place], by: Actor) -> list[list[Any]]:
    """An administrator has no power over content: what is not open to them is named by its kind alone."""
    seen = titles(session, ((place.noun, place.id) for place in found if place.noun), by)
    rows: dict[tuple[str, str], int] = {}
    for place in found:
        kind = str(web.spoken(Word("noun", place.noun))) if place.noun else place.table
        shown = place.code if (place.noun, place.id) in seen else ""
        rows[kind, shown] = rows.get((kind, shown), 0) + 1
    return [[kind, code or "–", str(count)] for (kind, code), count in sorted(rows.items())]
