"""Calendars for other programs: at a secret address what one owes or a unit owes; one day as a file to keep."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from exports.calendar_ics import Entries, pressed
from lessons import web
from lessons.access import Actor, tree
from lessons.doors import ways
from lessons.doors.pages import NOUNS
from lessons.errors import NotFound
from lessons.home import dated
from lessons.i18n import Word, say
from lessons.people import feeds
from lessons.people.queries import unit_by_code
from lessons.web import options
from lessons.web.counted import count
from lessons.web.handed import disposition

blueprint = Blueprint("feeds", __name__)
HERE = "/managers/calendars"
READ_A_MINUTE = 60


# ── at its address ───────────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.get("/calendar/<token>.ics")
@web.public
def feed(token: str) -> ResponseReturnValue:
    """The secret in the address stands for its owner, with the rights that they have now."""
    with web.reading() as (session, _, at):
        found, person = feeds.feed_of(session, token[:100], at=at)
        count("calendar", READ_A_MINUTE, who_asks=f"feed:{found.id}")
        if found.unit_id is None:
            calendar = dated.of_person(session, person, at=at)
        else:
            calendar = dated.of_unit(session, found.unit_id, person, at=at)
    return _unless_known(calendar)


def _unless_known(calendar: Entries) -> Response:
    """Nothing is pressed for whoever has it already: programs ask every few minutes, and little changes in a day."""
    tag = sha256(repr(calendar).encode()).hexdigest()[:32]
    known = request.if_none_match.contains_weak(tag)
    answer = Response(status=304) if known else _sheet(calendar, "inline", "calendar")
    answer.set_etag(tag)
    return web.unlisted(answer)


def _sheet(calendar: Entries, kind: str, name: str) -> Response:
    answer = Response(pressed(calendar), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = disposition(f"{name}.ics", kind)
    return answer


# ── of one record ────────────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.get(f"/<any({NOUNS}):noun>/<code>/calendar.ics")
def file(noun: str, code: str) -> ResponseReturnValue:
    """For the calendar of whoever asks. Raises NotFound where nothing is due."""
    with web.reading() as (session, by, at):
        row = ways.find(session, noun, code, by=by)
        if by.person is None:
            raise NotFound(dated.NOTHING_DUE)
        calendar = dated.of_record(session, row, by.person, at=at)
    return _sheet(calendar, "attachment", row.code)


# ── of units, for those who manage them ──────────────────────────────────────────────────────────────────────────────
@blueprint.get(HERE)
def units() -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        return _page(session, by)


def _page(session: Session, by: Actor, secret: str = "") -> ResponseReturnValue:
    open_ = feeds.feeds_of(session, by)
    managed = [one for one in options.units(session) if _is_managed(session, one["value"], by)]
    known = [
        {"unit": web.name_of(unit), "code": unit.code, "since": open_[unit.id]}
        for unit in tree(session).units.values()
        if unit.id in open_
    ]
    return web.show(
        "home/calendars.html", title=say("Calendars of units"), known=known, address=feeds.addresses(secret),
        fields=[{"name": "unit", "label": Word("noun", "units"), "kind": "choice", "required": True,
                 "options": managed, "value": managed[0]["value"] if len(managed) == 1 else ""}] if managed else [],
    )  # fmt: skip


def _is_managed(session: Session, code: Any, by: Actor) -> bool:
    unit = tree(session).by_code(str(code))
    return unit is not None and feeds.manages(session, unit.id, by)


@blueprint.post(HERE)
def make() -> ResponseReturnValue:
    """The one answer that shows the address: on the page itself, because it is kept nowhere."""
    with web.writing() as (session, by, at):
        unit = unit_by_code(session, request.form.get("unit", ""))
        secret = feeds.make_feed(session, unit, by=by, at=at)
        session.flush()
        return _page(session, by, secret)


@blueprint.post(f"{HERE}/end")
def end() -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        feeds.end_feed(session, unit_by_code(session, request.form.get("unit", "")), by=by, at=at)
        return web.sent_to(session, HERE, say("The calendar is read there no more."))
