"""Papers of records: which there are of what, and each printed by the press for whoever may see its record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Response, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from exports.paper import Paper
from exports.press import PressFailed
from lessons import web
from lessons.access import Actor
from lessons.briefings import printed as briefings
from lessons.debriefs import report as debriefs
from lessons.doors import ways
from lessons.doors.cards import NOT_PRINTED, PRINTED_A_MINUTE, press
from lessons.doors.parameters import Query
from lessons.doors.shapes import PAPER
from lessons.duties import signs
from lessons.errors import Unavailable
from lessons.i18n import LOCALES
from lessons.procedures import printed as procedures
from lessons.repository import life as lessons
from lessons.verifications import printed as verifications
from lessons.web.counted import count
from lessons.web.handed import disposition

WRITTEN: dict[str, Callable[..., Paper]] = {
    "debriefs": debriefs.paper,
    "lessons": lessons.paper,
    "revisions": procedures.paper,
    "briefings": briefings.paper,
    "verifications": verifications.paper,
}
"""By noun, who writes its paper."""


def paper(session: Session, noun: str, code: str, *, by: Actor, at: datetime, locale: str) -> Paper:
    """Raises NotFound."""
    row = ways.find(session, noun, code, by=by)
    return WRITTEN[noun](session, row, by=by, at=at, locale=locale)


def printed(code: str, noun: str) -> ResponseReturnValue:
    """The PDF. The press works after the database has been let go."""
    count("print", PRINTED_A_MINUTE)
    with web.reading() as (session, by, at):
        locale = Query(request.args, ("lang",)).choice("lang", LOCALES, web.locale())
        found = paper(session, noun, code, by=by, at=at, locale=locale)
    return handed(found, f"{found.code}-{PAPER[noun]}.pdf", at=at)


def handed(found: Paper, name: str, *, at: datetime) -> Response:
    """The paper as the press prints it. Raises Unavailable."""
    try:
        pdf = press().paper(found)
        signs.leave(signs.PRESS, worked=True, at=at)
    except PressFailed as fault:
        signs.leave(signs.PRESS, worked=False, at=at)
        raise Unavailable(NOT_PRINTED) from fault
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = disposition(name, "inline")
    return answer
