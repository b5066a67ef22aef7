"""The door of the house: signing in and out, accepting an invitation, and the one-click sign-in of the demo."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, redirect, request
from flask import session as cookie
from flask.typing import ResponseReturnValue

from lessons import db, web
from lessons.errors import Invalid, NotFound
from lessons.i18n import say
from lessons.models import Person
from lessons.people import entering, keys, linked, passwords, queries, village
from lessons.people.operations import wrong
from lessons.web import frame, options, who
from lessons.web.refusals import NOTHING_HERE

blueprint = Blueprint("people", __name__)
LONGEST_NAME = 255
FAREWELL = "/sign-out/provider"


@blueprint.get("/people/known")
def known() -> ResponseReturnValue:
    """People for a form's list whose name, number or address holds what is typed, where not all go with the form."""
    with web.reading() as (session, _, _):
        return web.part("people/known.html", options=options.people(session, request.args.get("q", "")[:60].strip()))


@blueprint.get("/people/<called>")
def person(called: str) -> ResponseReturnValue:
    """Where a notice about a person leads: to one's own page, else to theirs, which is for administrators."""
    with web.reading() as (session, by, _):
        found = queries.person_called(session, called)
    return redirect("/account" if found.id == by.id else f"/admin/people/{found.pid}", 303)


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
        "people/sign_in.html",
        title=say("Sign in"),
        status=status,
        fields=fields,
        village=_village(),
        onward=onward,
        single=web.with_args("/sign-in/provider", next=onward) if db.settings().oidc_issuer else "",
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
    if passwords.is_outdated(person.password_hash or ""):
        renewed = passwords.keep(password)
        with db.transaction() as session:
            keys.renew_hash(session, person, renewed)
    return entering.go_on(person, onward, "password")


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
    with db.transaction() as session:
        secret = entering.begin(session, person, "demo")
    return entering.let_in(secret, web.local_path(request.form.get("next")))


def _is_demo() -> bool:
    return db.settings().demo and db.settings().base_is_loopback and frame.from_here()


def _village() -> list[village.Group]:
    if not _is_demo():
        return []
    with web.reading() as (session, _, _):
        return village.groups(session)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        keys.sign_out(session, request.cookies.get(who.COOKIE, ""), at=at)
        issuer = db.settings().oidc_issuer
        goes_on = bool(issuer) and by.person is not None and linked.is_linked(session, by.person, issuer)
    cookie.clear()
    onward = {"href": FAREWELL, "label": say("Sign out of the organisation’s account too")} if goes_on else {}
    web.told("ok", say("Signed out."), **onward)
    answer = make_response(redirect("/sign-in", 303))
    answer.delete_cookie(who.COOKIE, secure=True, httponly=True, samesite="Lax", path="/")
    return answer


@blueprint.get("/invitation/<token>")
@web.public
def invitation(token: str) -> ResponseReturnValue:
    return _invitation_form(token, _invited(token))


def _invited(token: str) -> Person:
    with web.reading() as (session, _, at):
        return keys.invited(session, token, at=at)


def _invitation_form(token: str, person: Person, refusal: Invalid | None = None) -> ResponseReturnValue:
    return web.show(
        "people/invitation.html", title=say("Choose a password"), status=422 if refusal else 200, token=token,
        name=web.name_of(person), replaces=person.password_hash is not None,
        fields=web.filled(password_fields(), refusal=refusal),
        single=f"/sign-in/provider?invitation={token}" if db.settings().oidc_issuer else "",
    )  # fmt: skip


@blueprint.post("/invitation/<token>")
@web.public
def accept(token: str) -> ResponseReturnValue:
    person = _invited(token)
    try:
        password_hash = chosen_password(keys.own_words(person))
    except Invalid as refusal:
        return _invitation_form(token, person, refusal)
    with db.transaction() as session:
        keys.accept_invitation(session, token, password_hash, at=web.moment())
    return entering.go_on(person, "/", "password")


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
