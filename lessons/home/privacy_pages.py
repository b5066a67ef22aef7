"""For administrators: what is kept about people, and the same as a document that can be printed and signed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lessons import db, web
from lessons.doors.cards import PRINTED_A_MINUTE
from lessons.doors.papers import handed
from lessons.doors.parameters import Query
from lessons.i18n import LOCALES, say
from lessons.people import definitions, privacy
from lessons.people.admin import show
from lessons.web.counted import count
from lessons.workflow.policy import Policy

blueprint = Blueprint("privacy", __name__, url_prefix=definitions.HERE)


@blueprint.get("")
def index() -> ResponseReturnValue:
    policy = Policy.load(db.settings().policy)
    with web.reading() as (session, _, _):
        counted = privacy.counts(session, policy)
    rows = [_row(one, counted.get(one.name)) for one in privacy.kinds(policy)]
    heads = [web.spoken(head) for head in privacy.HEADS]
    return show("privacy", say("What is kept about people"), heads=heads, rows=rows, calm=web.spoken(definitions.CALM))


def _row(one: privacy.Kind, count: int | None) -> list[Any]:
    said = (web.spoken(cell) for cell in (one.title, one.holds, one.why, one.ends, one.seen))
    return [*said, "—" if count is None else count]


@blueprint.get("/definitions.pdf")
def document() -> ResponseReturnValue:
    count("print", PRINTED_A_MINUTE)
    with web.reading() as (session, by, at):
        locale = Query(request.args, ("lang",)).choice("lang", LOCALES, web.locale())
        found = definitions.paper(session, by=by, at=at, locale=locale)
    return handed(found, "database-definitions.pdf", at=at)
