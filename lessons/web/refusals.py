"""The only place that turns an error into something a person or a program reads."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import quote

from flask import Flask, jsonify, redirect
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from lessons import db, errors, logs
from lessons.i18n import Sentence, say
from lessons.store import NO_ROOM
from lessons.web import answers, guards, kept, once
from lessons.web.bodies import Refused
from lessons.web.buttons import to_ask
from lessons.web.speech import locale

LOG = logging.getLogger("lessons.web")
STATUS: dict[type[errors.LessonsError], int] = {
    errors.NotFound: 404,
    errors.Forbidden: 403,
    errors.NotAllowed: 409,
    errors.Invalid: 422,
    errors.Stale: 409,
    errors.TooMany: 429,
    errors.Full: 507,  # before what it is one of
    errors.Unavailable: 503,
}
TITLES = {
    400: say("This could not be taken"),
    401: say("Sign in first"),
    403: say("This belongs to someone else"),
    404: say("There is nothing here"),
    405: say("This address takes no such request"),
    409: say("Not at this moment"),
    412: say("It changed in the meantime"),
    413: say("Too much at once"),
    415: say("Another kind of content is needed"),
    422: say("Some fields need another look"),
    429: say("A little slower, please"),
    500: say("Something broke on our side"),
    503: say("For a moment this is not possible"),
    507: say("There is no room left"),
}
NOTHING_HERE = say("Perhaps the address was cut short, or what was here is not meant for this account.")
BROKE = say("What happened was noted. Nothing was half done. Trying again may help.")
RETRY_SECONDS = 5
NOT_NOW = (errors.Unavailable, errors.TooMany)
WITH_HOLDERS = (errors.Forbidden, errors.NotAllowed)


def register(app: Flask) -> None:
    app.register_error_handler(errors.LessonsError, refused)
    app.register_error_handler(once.Again, lambda error: redirect(error.location, 303))
    app.register_error_handler(HTTPException, by_http)
    app.register_error_handler(Exception, broke)


def refused(error: errors.LessonsError) -> ResponseReturnValue:
    status = error.status if isinstance(error, Refused) else _status(error)
    headers = dict(error.headers) if isinstance(error, Refused) else {}
    if isinstance(error, errors.TooMany):
        headers["Retry-After"] = str(error.wait)
    if isinstance(error, errors.Unavailable):
        headers["Retry-After"] = str(RETRY_SECONDS)
    if status == 403:
        LOG.warning("refused: %s", error.message)
    if _is_kept(error) and not guards.for_programs():
        shown = answers.show("kept.html", title=TITLES[status], status=status, sentence=error.message, **kept.page_of())
        shown.headers.update(headers)
        return shown
    return _answer(status, error.message, headers, error)


def _is_kept(error: errors.LessonsError) -> bool:
    """Whether what was written is shown again: it would be lost, and nothing is wrong with it."""
    return isinstance(error, kept.Kept) or (isinstance(error, NOT_NOW) and kept.is_worth_it())


def by_http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()  # a redirect of the router's own
    known = error.code if error.code in TITLES else 400
    sentence = NOTHING_HERE if known == 404 else TITLES[known]
    headers = {k: v for k, v in error.get_headers() if k in ("Allow", "Retry-After")}
    return _answer(error.code, sentence, headers)


def broke(error: Exception) -> ResponseReturnValue:
    if isinstance(error, OSError) and error.errno in NO_ROOM:  # a form's own file on its way in
        return _answer(507, db.FULL, {"Retry-After": str(RETRY_SECONDS)})
    LOG.error("a request broke", exc_info=error)
    return _answer(500, BROKE, {})


def _status(error: errors.LessonsError) -> int:
    if isinstance(error, errors.Stale) and guards.for_programs():
        return 412
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 400)


def _answer(
    status: int, sentence: Sentence, headers: dict[str, str], error: errors.LessonsError | None = None
) -> ResponseReturnValue:
    body = problem(status, sentence, error)
    if guards.for_programs():
        answer = jsonify(body)
        answer.status_code, answer.mimetype = status, "application/problem+json"
        answer.headers.update(headers)
        return answer
    unmet = [{"message": one["message"]} for one in [*body.get("unmet", []), *body.get("errors", [])]]
    who = [to_ask(one, error.about) for one in error.who_could] if isinstance(error, WITH_HOLDERS) else []
    title = TITLES.get(status, TITLES[400])
    page = answers.show("refused.html", title=title, status=status, sentence=sentence, points=unmet, who=who,
                        number=logs.REQUEST.get() if status == 500 else "")  # fmt: skip
    page.headers.update(headers)
    return page


def problem(status: int, sentence: Sentence, error: errors.LessonsError | None = None) -> dict[str, Any]:
    """The RFC 9457 shape of a refusal, in the language of the request."""
    title = TITLES.get(status, TITLES[400]).in_(locale())
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": sentence.in_(locale())}
    if status == 500:
        body["instance"] = f"urn:request:{logs.REQUEST.get()}"
    if isinstance(error, errors.NotAllowed):
        unmet = [{"guard": one.guard, "message": one.message.in_(locale())} for one in error.unmet]
        body |= {"state": error.state, "trigger": error.trigger, "unmet": unmet, "open": error.open}
    if isinstance(error, WITH_HOLDERS) and error.who_could:
        body["who_could"] = [_holder(one) for one in error.who_could]
    if isinstance(error, errors.Invalid):
        body["errors"] = [
            {"pointer": one.pointer, "code": one.code, "message": one.message.in_(locale())} for one in error.errors
        ]
    if isinstance(error, errors.Stale) and error.current is not None:
        body["version"] = error.current
    return body


def _holder(one: errors.Holder) -> dict[str, Any]:
    """Who could do it, as programs name them, and where that person is read."""
    links = {"self": f"/api/v1/people/{quote(one.handle, safe='@')}"}
    return {"name": one.name.in_(locale()), "person": one.handle, "links": links}
