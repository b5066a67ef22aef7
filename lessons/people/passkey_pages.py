"""Passkeys on the sign-in page and on one's own: what the browser is asked, and what it answers."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from lessons import db, web
from lessons.errors import Invalid
from lessons.i18n import say
from lessons.models import Person
from lessons.people import account, entering, half, keys, passkeys, proof
from lessons.people.operations import wrong

blueprint = Blueprint("passkeys", __name__)
HERE, THERE = "/account/passkeys", "/sign-in/passkey"
NOT_KNOWN = say("This passkey opens nothing here. Another one may, or the password.")
LONGEST_NAME = 80


def _asked(options: str, begun: str) -> Response:
    return entering.waiting(Response(options, mimetype="application/json"), begun)


def _challenge(kind: str, person_id: int | None = None) -> str:
    """What this browser was asked; it counts once, whatever is answered. "" where nothing was."""
    with db.transaction() as session:
        begun = entering.awaited(session, kind)
        ours = begun is not None and begun.person_id == person_id and half.end(session, begun)
    return begun.said["challenge"] if begun and ours else ""


@blueprint.post(f"{THERE}/options")
@web.public
def ask() -> ResponseReturnValue:
    with db.transaction() as session:
        options, begun = passkeys.ask(session, at=web.moment())
    return _asked(options, begun)


@blueprint.post(THERE)
@web.public
def sign_in() -> ResponseReturnValue:
    """A device that checked its owner is two things at once: no code is asked after it."""
    onward, challenge = web.local_path(request.form.get("next")), _challenge(passkeys.SIGN_IN)
    with db.transaction() as session:
        keys.count_attempts(session, f"passkey:{challenge}", request.remote_addr or "", at=web.moment())
    with db.transaction() as session:
        answer = request.form.get("answer", "")
        person = passkeys.owner(session, challenge, answer, at=web.moment()) if challenge else None
        secret = entering.begin(session, person, "passkey") if person else ""
    if not secret:
        web.told("wait", NOT_KNOWN)
        return redirect(web.with_args("/sign-in", next="" if onward == "/" else onward), 303)
    return entering.let_in(secret, onward)


@blueprint.post(f"{HERE}/options")
def ask_new() -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        options, begun = passkeys.ask_new(session, session.get_one(Person, by.id), at=at)
    return _asked(options, begun)


@blueprint.post(HERE)
def add() -> ResponseReturnValue:
    challenge = _challenge(passkeys.NEW, web.actor().id)
    try:
        with web.reading() as (session, by, _):
            proof.check(session.get_one(Person, by.id))
        with web.writing() as (session, by, at):
            name = " ".join(request.form.get("name", "").split())[:LONGEST_NAME]
            if not name or not challenge:
                raise wrong("/name", "missing", passkeys.NOT_TAKEN if name else say("A name is needed here."))
            me = session.get_one(Person, by.id)
            passkeys.add(session, me, challenge, request.form.get("answer", ""), name, at=at)
            return web.sent_to(session, f"{account.HERE}#passkeys", say("The passkey is kept. It opens from now on."))
    except Invalid as refusal:
        return account.page("passkey", refusal)


@blueprint.post(f"{HERE}/<int:number>/remove")
def remove(number: int) -> ResponseReturnValue:
    with web.writing() as (session, by, _):
        passkeys.remove(session, session.get_one(Person, by.id), number)
        return web.sent_to(session, f"{account.HERE}#passkeys", say("The passkey is removed."))
