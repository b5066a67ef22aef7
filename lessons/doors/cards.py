"""A lesson's card for programs: as values, and printed by the press."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import get_args

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from exports.press import Press, PressFailed
from exports.sheet import CardSheet, CardTooLong, Size
from lessons import web
from lessons.access import Actor
from lessons.doors import ways
from lessons.doors.calls import Answer
from lessons.doors.parameters import Query
from lessons.doors.shapes import links
from lessons.duties import signs
from lessons.errors import NotAllowed, Unavailable, Unmet
from lessons.i18n import LOCALES, Word, direction, say
from lessons.models import Lesson
from lessons.repository import printed as pool
from lessons.repository.card import sheet
from lessons.web.counted import count
from lessons.web.handed import disposition

PRINTED_A_MINUTE = 30
NOT_PRINTED = say("The card could not be printed at this moment. Asking again is right.")


def _sheet(session: Session, code: str, *, by: Actor, at: datetime) -> tuple[Lesson, CardSheet]:
    asked = Query(request.args, ("lang", "size"))
    locale, size = asked.choice("lang", LOCALES, web.locale()), asked.choice("size", get_args(Size), "a4")
    lesson = ways.find(session, "lessons", code, by=by)
    return lesson, replace(sheet(session, lesson, locale=locale, at=at), size=size)


def values(session: Session, code: str, *, by: Actor, at: datetime) -> Answer:
    lesson, found = _sheet(session, code, by=by, at=at)
    told = found.as_dict() | {"state": lesson.state.value, "text_dir": direction(lesson.lang)}
    return Answer(told | {"links": links(lesson)})


def printed(code: str) -> ResponseReturnValue:
    """The PDF. The press works after the database has been let go; what it printed before costs nobody a turn."""
    with web.reading() as (session, by, at):
        _, found = _sheet(session, code, by=by, at=at)
    pdf = press().kept(found) or _print(found, at)
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = disposition(f"{found.code}.pdf", "inline")
    return answer


def _print(found: CardSheet, at: datetime) -> bytes:
    count("print", PRINTED_A_MINUTE)
    try:
        pdf = press().card(found)
        signs.leave(signs.PRESS, worked=True, at=at)
    except CardTooLong as fault:
        longest = say("The card does not fit on one page. The longest text is: %(field)s.")
        unmet = Unmet("one_page", longest.with_(field=Word("field", fault.field)), fault.field)
        raise NotAllowed(unmet.message, trigger="print", unmet=[unmet]) from fault
    except PressFailed as fault:
        signs.leave(signs.PRESS, worked=False, at=at)
        raise Unavailable(NOT_PRINTED) from fault
    return pdf


def press() -> Press:
    """One a program; its processes start with the first card."""
    found: Press | None = current_app.extensions.get("lessons.press")
    if found is None:
        found = current_app.extensions.setdefault("lessons.press", pool.press())
    return found
