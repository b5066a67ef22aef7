"""What every request passes before a page sees it: signed in where it must be, a form that was ours."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import current_app, g, redirect, request, session
from flask.typing import ResponseReturnValue

from lessons import db
from lessons.access.actor import over_all
from lessons.errors import Forbidden
from lessons.i18n import say
from lessons.web import counted, edge, framed, kept, who
from lessons.web.bodies import Refused
from lessons.workflow import rights
from lessons.workflow.engine import ANYONE

View = TypeVar("View", bound=Callable[..., Any])
SIGN_IN_FIRST = say("Please sign in first. A program sends “Authorization: Bearer TOKEN”.")
SIGNED_OUT = say("Signing in was too long ago, so nothing was changed. What was written is here and can be sent again.")
STILL_HERE = say("The page was open for too long, so nothing was changed. What was written is here to be sent again.")
TOO_OLD = say("The page was open for too long, so nothing was changed. Going back and sending it again is enough.")
STEP_FIRST = say(
    "Administration opens after a second step at sign-in. It is switched on in a minute, on your own page."
)


def public(view: View) -> View:
    """Mark a page that is there for whoever asks, signed in or not."""
    view.is_public = True
    return view


def signed(view: View) -> View:
    """Mark a public page whose address is the proof by itself: what sends to it never saw a form of ours."""
    view.is_public = view.is_signed = True
    return view


def check() -> ResponseReturnValue | None:
    """Before every request. Raises Refused 401 to programs, 400 to a form that carries no token of ours, Forbidden
    where the page is for others."""
    if request.endpoint == "static":
        return None
    who.recognise(edge.moment())
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and who.actor().kind == "anonymous" and not getattr(view, "is_public", False):
        return _ask_to_sign_in()
    if not for_programs():
        counted.check_page()
    if who.asking().token is None and request.method not in counted.SAFE and not getattr(view, "is_signed", False):
        _check_form()
    if not getattr(view, "is_public", False):
        _check_right()
    return None


def _check_right() -> None:
    """Whether the page is for one of their roles. Raises Forbidden."""
    page = rights.page_of(request.url_rule.rule) if request.url_rule is not None else None
    if page is not None and not _is_theirs(page):
        raise Forbidden(STEP_FIRST if who.asking().held_back and "admin" in page.by else page.refusal)


def may_open(address: str) -> bool:
    """Whether whoever asks may open the page at this address, for links that lead there."""
    page = rights.page_of(address)
    return page is None or _is_theirs(page)


def _is_theirs(page: rights.Page) -> bool:
    if page.whole:
        return "units" in g and over_all(g.units, who.actor(), *page.by)
    return ANYONE in page.by or bool(who.actor().units_of(*page.by))


def _ask_to_sign_in() -> ResponseReturnValue:
    if for_programs() or is_live():
        raise Refused(401, SIGN_IN_FIRST, {"WWW-Authenticate": "Bearer"})
    if request.method == "POST" and kept.is_worth_it():
        raise kept.Kept(401, SIGNED_OUT)
    back = request.full_path.rstrip("?") if request.method in counted.SAFE else _page_of_form()
    return redirect("/sign-in" if back == "/" else f"/sign-in?{urlencode({'next': back})}", 303)


def _page_of_form() -> str:
    """The page at the address that a form was sent to, else one's day."""
    return request.path if current_app.url_map.bind("").test(request.path, "GET") else "/"


def is_live() -> bool:
    """Whether a page asks for a part of itself, to change it where it stands."""
    return "HX-Request" in request.headers


def for_programs() -> bool:
    return request.path.startswith("/api/") or framed.sent()


def csrf() -> str:
    """The token that forms of this page carry: the sign-in's own, or one bound to a signed cookie before that."""
    sign_in = who.asking().sign_in
    if sign_in is not None:
        return sign_in.csrf
    if "form" not in session:
        session["form"] = secrets.token_urlsafe(16)
    return _of_cookie(session["form"])


def _of_cookie(nonce: str) -> str:
    return hmac.new(db.settings().secret, b"form:" + nonce.encode(), "sha256").hexdigest()


def _check_form() -> None:
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    sign_in = who.asking().sign_in
    wanted = sign_in.csrf if sign_in else _of_cookie(session["form"]) if "form" in session else ""
    if not wanted or not hmac.compare_digest(sent.encode("utf-8", "replace"), wanted.encode()):
        raise kept.Kept(400, STILL_HERE) if sign_in and kept.is_worth_it() else Refused(400, TOO_OLD)
