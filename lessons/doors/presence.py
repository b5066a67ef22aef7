"""Who else has this record open: asked by its page every while, and answered as a part of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor, facts
from lessons.access.visible import view_of
from lessons.doors.ways import NOT_THERE, find
from lessons.errors import NotFound
from lessons.models import RECORDS, Debrief
from lessons.people import presence

blueprint = Blueprint("presence", __name__)


@blueprint.post(f"/<any({','.join(RECORDS)}):noun>/<code>/here")
def here(noun: str, code: str) -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        row = find(session, noun, code, by=by)
        _is_open_to(session, row, by=by, at=at)
        presence.note(session, row, writing="writing" in request.form, by=by, at=at)
        found = presence.others(session, row, by=by)
        return web.part("doors/presence.html", others=[(web.name_of(one), writing) for one, writing in found])


def _is_open_to(session: Session, row: Any, *, by: Actor, at: datetime) -> None:
    """Of a debrief, whoever reads its header alone is not told who works on it."""
    if isinstance(row, Debrief) and view_of(row, facts(session, [row], by=by, at=at)[0].relations) != "full":
        raise NotFound(NOT_THERE)
