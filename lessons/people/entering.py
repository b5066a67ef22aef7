"""The one way in: whoever proved who they are goes on from here, to a code where one is asked, else to a session."""

from __future__ import annotations

from collections.abc import Mapping

from flask import make_response, redirect, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from sqlmodel import Session

from lessons import db, web
from lessons.access import actor_of
from lessons.errors import NotFound
from lessons.i18n import say
from lessons.models import HalfSignIn, Person
from lessons.people import half, keys, second
from lessons.web import guards, who

HALF = "__Host-lessons-half"


def go_on(person: Person, onward: str, how: str) -> ResponseReturnValue:
    """In, or on to the second step where this person has one."""
    with db.transaction() as session:
        if second.of(session, person) is not None:
            begun = half.begin(session, half.CODE, person=person, said={"onward": onward}, at=web.moment())
            return waiting(redirect("/sign-in/code", 303), begun)
        secret = begin(session, person, how)
    return let_in(secret, onward)


def begin(session: Session, person: Person, how: str) -> str:
    """A new session in place of the one before; the secret of its cookie. Raises NotFound for whoever left."""
    if session.get_one(Person, person.id).closed_at is not None:
        raise NotFound(keys.NO_LONGER)
    keys.sign_out(session, request.cookies.get(who.COOKIE, ""), at=web.moment())
    weak = db.settings().admin_second_step and how not in who.STRONG
    if weak and actor_of(session, person, at=web.moment()).units_of("admin"):
        web.told("wait", guards.STEP_FIRST, href="/account#second", label=say("My account"))
    return keys.sign_in(session, person, how=how, at=web.moment())


def let_in(secret: str, onward: str) -> ResponseReturnValue:
    """The answer that carries the new cookie and takes all others back, but for the language."""
    kept = {name: cookie[name] for name in ("lang", "_flashes") if name in cookie}
    cookie.clear()
    cookie.update(kept)
    answer = make_response(redirect(onward, 303))
    lasts = int(who.LASTS.total_seconds())
    answer.set_cookie(who.COOKIE, secret, max_age=lasts, secure=True, httponly=True, samesite="Lax", path="/")
    answer.delete_cookie(HALF, secure=True, httponly=True, samesite="Lax", path="/")
    return answer


def waiting(answer: ResponseReturnValue, secret: str) -> Response:
    """The answer, with the cookie that binds what began to this browser."""
    made = make_response(answer)
    lasts = int(half.LASTS.total_seconds())
    made.set_cookie(HALF, secret, max_age=lasts, secure=True, httponly=True, samesite="Lax", path="/")
    return made


def awaited(session: Session, kind: str) -> HalfSignIn | None:
    """What this browser began."""
    return half.found(session, request.cookies.get(HALF, ""), kind, at=web.moment())


def onward(said: Mapping[str, str]) -> str:
    return web.local_path(said.get("onward"))
