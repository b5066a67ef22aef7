"""The door of the house: signing in and out, accepting an invitation, and the one-click sign-in of the demo."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, request
from flask import session as cookie
from flask.typing import ResponseReturnValue

from lessons import db, web
from lessons.errors import Invalid, NotFound
from lessons.i18n import say
from lessons.people import keys, passwords, queries
from lessons.people.operations import wrong
from lessons.web import frame, options, who
from lessons.web.refusals import NOTHING_HERE

blueprint = Blueprint("people", __name__)
VILLAGE = 30
LONGEST_NAME = 255


@blueprint.get("/people/known")
def known() -> ResponseReturnValue:
    """People for a form's list whose name, number or address holds what is typed, where not all go with the form."""
    with web.reading() as (session, _, _):
        return web.part("people/known.html", options=options.people(session, request.args.get("q", "")[:60].strip()))


@blueprint.get("/sign-in")
@web.public
def sign_in_page() -> ResponseReturnValue:
    onward = web.local_path(request.args.get("next"))
    if web.actor().person:
        return redirect(onward, 303)
    return _sign_in_form(onward)


def _sign_in_form(onward: str, refusal: Invalid | None = None, named: str = "") -> ResponseReturnValue:
    fields = web.filled(
        [
            {"name": "who", "label": say("E-mail or employee number"), "kind": "text", "required": True,
             "autocomplete": "username", "dir": "ltr", "value": named},
            {"name": "password", "label": say("Password"), "kind": "password", "required": True,
             "autocomplete": "current-password"},
            {"name": "next", "kind": "hidden", "label": "", "value": onward},
        ],
        refusal=refusal,
    )  # fmt: skip
    status = 422 if refusal else 200
    return web.show(
        "people/sign_in.html", title=say("Sign in"), status=status, fields=fields, village=_village(), onward=onward
    )


@blueprint.post("/sign-in")
@web.public
def sign_in() -> ResponseReturnValue:
    named, password = request.form.get("who", ""), request.form.get("password", "")
    onward = web.local_path(request.form.get("next"))
    if not named.strip() or not password or len(named) > LONGEST_NAME or not passwords.is_typeable(named):
        return _sign_in_form(onward, wrong("/who", "pair", keys.NOT_TOGETHER), named[:LONGEST_NAME])
    with db.transaction() as session:
        keys.count_attempts(session, named, request.remote_addr or "", at=web.moment())
    with web.reading() as (session, _, _):
        person = keys.called(session, named)
    # outside any transaction: checking takes a tenth of a second by design, and nobody is to wait for it
    if not passwords.fits(person.password_hash if person else None, password) or person is None:
        return _sign_in_form(onward, wrong("/who", "pair", keys.NOT_TOGETHER), named)
    return _enter(person.pid, onward, password if passwords.is_outdated(person.password_hash or "") else "")


def _enter(pid: str, onward: str, to_keep: str = "") -> ResponseReturnValue:
    """Begin a new session, end the one before, and go on."""
    renewed = passwords.keep(to_keep) if to_keep else ""
    with db.transaction() as session:
        person = queries.person_by_pid(session, pid)
        if person.closed_at is not None:
            raise NotFound(keys.NO_LONGER)
        if renewed:
            person.password_hash = renewed
        keys.sign_out(session, request.cookies.get(who.COOKIE, ""), at=web.moment())
        secret = keys.sign_in(session, person, at=web.moment())
    chosen = cookie.get("lang")
    cookie.clear()
    if chosen:
        cookie["lang"] = chosen
    answer = make_response(redirect(onward, 303))
    kept = int(who.LASTS.total_seconds())
    answer.set_cookie(who.COOKIE, secret, max_age=kept, secure=True, httponly=True, samesite="Lax", path="/")
    return answer


@blueprint.post("/sign-in/demo")
@web.public
def sign_in_demo() -> ResponseReturnValue:
    """Only on the machine that shows the demo, and only as one of the village, who have no passwords."""
    if not _is_demo():
        raise NotFound(NOTHING_HERE)
    with web.reading() as (session, _, _):
        person = queries.person_by_pid(session, request.form.get("person", ""))
    if person.password_hash is not None or person.closed_at is not None:
        raise NotFound(NOTHING_HERE)
    return _enter(person.pid, web.local_path(request.form.get("next")))


def _is_demo() -> bool:
    return db.settings().demo and db.settings().base_is_loopback and frame.from_here()


def _village() -> list[dict[str, str]]:
    if not _is_demo():
        return []
    with web.reading() as (session, _, _):
        people = queries.village(session, limit=VILLAGE)
    return [{"pid": one.pid, "name": web.name_of(one), "function": web.function_of(one)} for one in people]


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    with web.writing() as (session, _, at):
        keys.sign_out(session, request.cookies.get(who.COOKIE, ""), at=at)
    cookie.clear()
    web.told("ok", say("Signed out."))
    answer = make_response(redirect("/sign-in", 303))
    answer.delete_cookie(who.COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
    return answer


@blueprint.get("/invitation/<token>")
@web.public
def invitation(token: str) -> ResponseReturnValue:
    with web.reading() as (session, _, at):
        person = keys.invited(session, token, at=at)
    return _invitation_form(token, web.name_of(person))


def _invitation_form(token: str, name: str, refusal: Invalid | None = None) -> ResponseReturnValue:
    return web.show(
        "people/invitation.html", title=say("Choose a password"), status=422 if refusal else 200, token=token,
        name=name, fields=web.filled(password_fields(), refusal=refusal),
    )  # fmt: skip


@blueprint.post("/invitation/<token>")
@web.public
def accept(token: str) -> ResponseReturnValue:
    with web.reading() as (session, _, at):
        person = keys.invited(session, token, at=at)
    try:
        password_hash = chosen_password(keys.own_words(person))
    except Invalid as refusal:
        return _invitation_form(token, web.name_of(person), refusal)
    with db.transaction() as session:
        keys.accept_invitation(session, token, password_hash, at=web.moment())
    return _enter(person.pid, "/")


def password_fields() -> list[dict[str, Any]]:
    hint = say("At least %(n)s characters. A few words that only you put together are best.", n=passwords.SHORTEST)
    return [
        {"name": "password", "label": say("New password"), "kind": "password", "required": True, "hint": hint,
         "autocomplete": "new-password"},
        {"name": "again", "label": say("The same once more"), "kind": "password", "required": True,
         "autocomplete": "new-password"},
    ]  # fmt: skip


def chosen_password(own: tuple[str, ...]) -> str:
    """The hash of the password that was typed twice. Raises Invalid."""
    password, again = request.form.get("password", ""), request.form.get("again", "")
    fault = passwords.fault(password, own)
    if fault is not None:
        raise wrong("/password", "password", fault)
    if password != again:
        raise wrong("/again", "differs", say("The two are not the same."))
    return passwords.keep(password)
