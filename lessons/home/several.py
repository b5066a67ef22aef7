"""Several of one's own actions reported done at once, with one thing that shows it: all of them or none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.access.refs import invalid
from lessons.doors import bulk
from lessons.doors.evidence import take_file
from lessons.doors.verbs import form_of
from lessons.doors.ways import find
from lessons.errors import FieldError, Invalid, LessonsError, NotAllowed
from lessons.home import queries
from lessons.i18n import say, say_n
from lessons.steps import ready
from lessons.web.forms import Drawing, errors_of, raw_of
from lessons.workflow.lives import LIVES
from lessons.workflow.needed import Needed
from lessons.workflow.promised import of_duty

blueprint = Blueprint("several", __name__, url_prefix="/actions/several")
STEP = "report_done"
OWED = ("start_action", "do_action")
"""What an owner owes of an action that is not done."""
ITEM = re.compile(r"^/items/\d+")
NONE_TICKED = say("Nothing is ticked yet. At least one action is needed.")
DONE = say_n("One action was reported done.", "%(n)s actions were reported done.")


def open_to(owed: Sequence[queries.Owed]) -> list[queries.Owed]:
    """Of what somebody owes, the actions that could be reported done."""
    return [
        one
        for one in owed
        if one.duty.kind in OWED and one.row.noun == "actions" and STEP in LIVES["actions"].open_triggers(one.row.state)
    ]


@blueprint.get("")
def index() -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        return _page(session, by, [], at=at)


@blueprint.post("")
def take() -> ResponseReturnValue:
    raw = raw_of(form_of("actions", STEP), request.form)
    seen = request.form.getlist("action")
    try:
        with web.writing() as (session, by, at):
            if not seen:
                raise invalid([FieldError("/action", "missing", NONE_TICKED)])
            items = [_item(session, one, raw, by=by, at=at) for one in dict.fromkeys(seen)]
            rows = bulk.step_each(session, "actions", STEP, by=by, at=at, raw={"items": items})
            return web.sent_to(session, "/", DONE.with_(n=len(rows)))
    except (Invalid, NotAllowed) as refusal:
        with web.reading() as (session, by, at):
            return _page(session, by, seen, raw, refusal, at=at)


def _item(session: Session, seen: str, raw: dict[str, Any], *, by: Actor, at: datetime) -> dict[str, Any]:
    """What is sent for one of them, as it was seen; the file is kept for each. Raises NotFound, Forbidden."""
    code, _, version = seen[:60].partition("/")
    row, item = find(session, "actions", code, by=by), dict(raw)
    if request.files:
        ready(session, row, STEP, by=by, at=at)  # no file is kept for what is not theirs
        take_file(session, row, item, by=by, at=at)
    return {**item, "action": row.code, "version": int(version) if version.isdecimal() else -1}


def _page(
    session: Session,
    by: Actor,
    seen: Sequence[str],
    raw: dict[str, Any] | None = None,
    refusal: LessonsError | None = None,
    *,
    at: datetime,
) -> ResponseReturnValue:
    ticked = {one.partition("/")[0] for one in seen}
    faults = errors_of(_of_each(refusal), web.locale()) if isinstance(refusal, Invalid) else {}
    drawing = Drawing(web.locale(), raw or {}, faults, without=["note"], needed=Needed(always={"evidence": None}))
    return web.show(
        "actions/several.html",
        title=say("Report several done"),
        status={Invalid: 422, NotAllowed: 409}.get(type(refusal), 200),
        rows=[_row(one, one.row.code in ticked) for one in open_to(queries.day(session, by, at=at)[0])],
        fields=drawing.fields(form_of("actions", STEP)),
        missing=faults.get("action", ""),
        refusal=_told(refusal) if isinstance(refusal, NotAllowed) else None,
    )


def _row(one: queries.Owed, ticked: bool) -> dict[str, Any]:
    row = one.row
    return {
        "title": one.title or row.code,
        "code": row.code,
        "seen": f"{row.code}/{row.version}",
        "aim": one.aim,
        "due": web.when(one.duty.due_on),
        "promised": of_duty(one.duty, one.row) or "",
        "ticked": ticked,
    }


def _of_each(refusal: Invalid) -> list[FieldError]:
    """What is wrong with the words is wrong for each item: told once, at the field."""
    return [replace(one, pointer=ITEM.sub("", one.pointer)) for one in refusal.errors]


def _told(refusal: NotAllowed) -> dict[str, Any]:
    return {"intro": refusal.message, "points": [{"message": web.spoken(one.message)} for one in refusal.unmet]}
