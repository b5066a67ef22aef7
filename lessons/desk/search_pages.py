"""The bar on every page: the record whose code it is, else everything that its words find."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from lessons import web
from lessons.access.named import by_code
from lessons.desk.finding import drawn, found, is_missed
from lessons.doors.finder import Found, has_words, missed
from lessons.i18n import say
from lessons.models import RECORDS
from lessons.repository.found import NOUN
from lessons.steps.codes import typed

blueprint = Blueprint("search", __name__)
LONGEST, MOST = 400, 30


@blueprint.get("/search")
def search() -> ResponseReturnValue:
    words = request.args.get("q", "")[:LONGEST]
    with web.reading() as (session, by, at):
        if (named := typed(words, web.today().year)) and by_code(session, RECORDS[named[0]], named[1], by=by):
            return redirect("/" + "/".join(named), 303)
        hits = found(session, words, by=by, at=at, limit=MOST)
        near = is_missed(hits)
        if words.strip() and near:
            missed(words, at)
        rows = [_row(one) for one in hits]
        return web.show("desk/search.html", title=say("Search"), q=words, rows=rows, near=near, worded=has_words(words))


def _row(one: Found) -> dict[str, Any]:
    """A lesson opens as its card: whoever searches wants to read, not to change."""
    shown = one.shown
    return {
        "href": shown.links["page"] + ("/card" if one.kind.found.NOUN == NOUN else ""),
        **drawn(one),
        "code": shown.code if shown.noun in RECORDS else "",
    }
