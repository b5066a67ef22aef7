"""For administrators: what this installation is set to, and what is worth a look."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lessons import db, web
from lessons.home import security
from lessons.home.health_pages import shown
from lessons.i18n import say
from lessons.people.admin import show

blueprint = Blueprint("security", __name__, url_prefix="/admin/security")


@blueprint.get("")
def index() -> ResponseReturnValue:
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    with web.reading() as (session, _, at):
        found = security.parts(session, db.settings(), at=at, forwarded=forwarded)
        tokens = [
            {"name": one.name, "who": who, "scope": one.scope, "since": one.created_at, "seen": one.seen_at}
            for one, who in security.lasting(session, at=at)
        ]
    lede = web.spoken(security.is_in_order(found))
    return show("security", say("Security"), lede=lede, parts=[shown(part) for part in found], tokens=tokens)
