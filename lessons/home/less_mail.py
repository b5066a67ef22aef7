"""One click in a mail reader, without signing in: the mail of each working day becomes one a week (RFC 8058)."""

from __future__ import annotations

from flask import Blueprint, Response, make_response
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import db, web
from lessons.i18n import say
from lessons.people import operations
from lessons.post.stopping import PATH, reader_of
from lessons.web.counted import count

blueprint = Blueprint("less_mail", __name__)
HERE = f"{PATH}<token>"
A_MINUTE = 20
RAREST = "week"


@blueprint.get(HERE)
@web.public
def ask(token: str) -> ResponseReturnValue:
    """What the button does, and the button; programs that look at every address change nothing."""
    with web.reading() as (session, _, _):
        return _page(token, is_rare=_rarely(session, token))


@blueprint.post(HERE)
@web.signed
def stop(token: str) -> ResponseReturnValue:
    """From the button, or from a mail program that shows its own."""
    with web.reading() as (session, _, _):
        _rarely(session, token)
    with db.transaction() as session:
        operations.prefer(session, reader_of(session, token), {"digest_every": RAREST})
    return _page(token, is_rare=True)


def _rarely(session: Session, token: str) -> bool:
    """Whether it comes once a week already. Raises NotFound, TooMany."""
    person = reader_of(session, token)
    count("mail", A_MINUTE, who_asks=f"stop:{person.id}")
    return person.digest_every == RAREST


def _page(token: str, *, is_rare: bool) -> Response:
    title = say("This mail comes once a week") if is_rare else say("One mail a week instead of one a day")
    shown = web.show("home/less_mail.html", title=title, is_rare=is_rare, to=f"{PATH}{token}")
    return web.unlisted(make_response(shown))
