"""The second step's pages: the code that is asked at sign-in, and switching it on and off on one's own page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from exports.signs import qr
from lessons import db, web
from lessons.errors import Invalid
from lessons.i18n import Sentence, say
from lessons.models import Person
from lessons.people import entering, half, keys, proof, second
from lessons.people.operations import wrong
from lessons.web import who

blueprint = Blueprint("second", __name__)
HERE, ASKED = "/account/second", "/sign-in/code"
ACCOUNT = "/account"
OVER = say("Signing in began too long ago. Please begin again.")
Field = dict[str, Any]


def code_field(hint: Sentence | str = "", *, first: bool = False) -> Field:
    return {"name": "one_time", "label": say("Code"), "kind": "text", "required": True, "dir": "ltr", "hint": hint,
            "autocomplete": "one-time-code", "autofocus": first}  # fmt: skip


def _typed() -> str:
    return request.form.get("one_time", "")[:100]


def count_code(person: Person) -> None:
    """Raises TooMany."""
    proof.count(f"second:{person.pid}")
    with db.transaction() as session:
        keys.count_codes(session, person, most=second.TRIED, at=web.moment())


# ── at sign-in ───────────────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.get(ASKED)
@web.public
def asked() -> ResponseReturnValue:
    with db.reading() as session:
        begun = entering.awaited(session, half.CODE)
    return _asked() if begun else redirect("/sign-in", 303)


def _asked(refusal: Invalid | None = None) -> ResponseReturnValue:
    hint = say("The six digits that the app shows now, or one of the recovery codes.")
    fields = web.filled([code_field(hint, first=True)], refusal=refusal)
    return web.show("people/code.html", title=say("One more step"), status=422 if refusal else 200, fields=fields)


@blueprint.post(ASKED)
@web.public
def answered() -> ResponseReturnValue:
    with db.reading() as session:
        begun = entering.awaited(session, half.CODE)
        person = session.get(Person, begun.person_id) if begun else None
    if begun is None or person is None:
        web.told("wait", OVER)
        return redirect("/sign-in", 303)
    count_code(person)
    code = _typed()
    with db.transaction() as session:
        fits = second.fits(session, person, code, at=web.moment())
        secret = entering.begin(session, person, "code") if fits and half.end(session, begun) else ""
    if not secret:
        return _asked(wrong("/one_time", "wrong", second.WRONG))
    return entering.let_in(secret, entering.onward(begun.said))


# ── on one's own page ────────────────────────────────────────────────────────────────────────────────────────────────
def _me() -> Person:
    with web.reading() as (session, by, _):
        return session.get_one(Person, by.id)


def _start(refusal: Invalid | None = None) -> ResponseReturnValue:
    me = _me()
    fields, again = web.filled(proof.fields(me), refusal=refusal), proof.again(me, HERE)
    return web.show("people/second_begin.html", title=say("A second step"), status=422 if refusal else 200,
                    fields=fields, again=again)  # fmt: skip


@blueprint.get(HERE)
def shown() -> ResponseReturnValue:
    """What to read with the app, while it waits for its first code."""
    with web.reading() as (session, by, _):
        on = second.of(session, session.get_one(Person, by.id)) is not None
    return redirect(f"{HERE}/change", 303) if on else _shown()


def _shown(refusal: Invalid | None = None) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        person = session.get_one(Person, by.id)
        row = second.begun(session, person, at=at)
        secret = second.secret_of(person, row) if row else ""
    if not secret:
        return _start(refusal)
    side, path = qr(second.address_of(person, secret))
    fields = web.filled([code_field(say("The six digits that the app shows now."))], refusal=refusal)
    return web.show(
        "people/second.html", title=say("A second step"), status=422 if refusal else 200, side=side,
        path=path, secret=second.in_groups(secret, " "), fields=fields,
    )  # fmt: skip


@blueprint.post(HERE)
def begin() -> ResponseReturnValue:
    try:
        proof.check(_me())
    except Invalid as refusal:
        return _start(refusal)
    with web.writing() as (session, by, at):
        second.begin(session, session.get_one(Person, by.id), at=at)
        return web.sent_to(session, HERE)


@blueprint.post(f"{HERE}/confirm")
def confirm() -> ResponseReturnValue:
    """The one answer that shows the recovery codes."""
    count_code(_me())
    try:
        with web.writing() as (session, by, at):
            signed = who.asking().sign_in
            but, person = signed.token_hash if signed else "", session.get_one(Person, by.id)
            codes = second.confirm(session, person, _typed(), but=but, at=at)
    except Invalid as refusal:
        return _shown(refusal)
    return _codes(codes)


def _codes(codes: list[str]) -> ResponseReturnValue:
    return web.show("people/codes.html", title=say("Recovery codes"), codes=codes)


@blueprint.get(f"{HERE}/change")
def change() -> ResponseReturnValue:
    return _change()


def _change(refusal: Invalid | None = None) -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        person = session.get_one(Person, by.id)
        row, left = second.of(session, person), second.codes_left(session, person)
    if row is None:
        return redirect(HERE, 303)
    hint = say("The six digits that the app shows now, or one of the recovery codes.")
    fields = web.filled([*proof.fields(person), code_field(hint)], refusal=refusal)
    return web.show(
        "people/second_change.html", title=say("The second step"), status=422 if refusal else 200, fields=fields,
        since=row.confirmed_at, left=left, again=proof.again(person, f"{HERE}/change"),
    )  # fmt: skip


@blueprint.post(f"{HERE}/change")
def changed() -> ResponseReturnValue:
    """New recovery codes, or none of it any more: by password and code."""
    person = _me()
    try:
        proof.check(person)
        count_code(person)
        with web.writing() as (session, by, at):
            mine = session.get_one(Person, by.id)
            if request.form.get("end"):
                second.switch_off(session, mine, _typed(), at=at)
                return web.sent_to(session, f"{ACCOUNT}#second", say("The second step is switched off."))
            if not second.fits(session, mine, _typed(), at=at):
                raise wrong("/one_time", "wrong", second.WRONG)
            codes = second.new_codes(session, mine)
    except Invalid as refusal:
        return _change(refusal)
    return _codes(codes)
