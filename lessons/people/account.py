"""One's own page: language and colours, days away, password, where one is signed in, tokens for programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, request
from flask import session as cookie
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.access.refs import read
from lessons.errors import Invalid, NotAllowed
from lessons.i18n import NAMES, Word, say
from lessons.models import Person
from lessons.people import feeds, forms, keys, operations, own_data, passkeys, proof, queries, second
from lessons.people.pages import chosen_password, password_fields
from lessons.web import guards, options, who
from lessons.web.forms import raw_of

blueprint = Blueprint("account", __name__)
HERE = "/account"
HALF_HOURS = tuple(f"{half // 2:02}:{half % 2 * 30:02}" for half in range(12, 41))
"""When the daily mail may come: 06:00 to 20:00. Where mail leaves later, it comes at the opening."""
Field = dict[str, Any]


@blueprint.get(HERE)
def account() -> ResponseReturnValue:
    return page()


def page(form: str = "", refusal: Invalid | None = None, secret: str = "", calendar: str = "") -> ResponseReturnValue:
    """The page; of the form that was refused, what was typed and what is wrong with it."""
    with web.reading() as (session, by, at):
        person = _me(session, by)
        mine = [_away(one) for one in queries.absences(session, [_id(person)], day=web.today())]
        given = {name: _filled(name, fields, form, refusal) for name, fields in _forms(session, person).items()}
        signed = who.asking().sign_in
        current = signed.token_hash if signed else ""
        return web.show(
            "people/account.html", title=say("My account"), status=422 if refusal else 200, forms=given, away=mine,
            sign_ins=queries.sign_ins_of(session, person, current=current, since=at - who.LASTS),
            tokens=queries.tokens_of(session, person), passkeys=passkeys.of(session, person),
            passkeys_fit=passkeys.fit_here(),
            second=_second(session, person), secret=secret, roles=_roles(session, person),
            address=feeds.addresses(calendar), calendar_since=feeds.feeds_of(session, by).get(None),
            again=proof.again(person, HERE),
        )  # fmt: skip


def _me(session: Session, by: Actor) -> Person:
    return session.get_one(Person, by.id)


def _id(person: Person) -> int:
    return person.id or 0


def _roles(session: Session, person: Person) -> list[tuple[Word, str]]:
    held = queries.roles_of(session, [_id(person)], at=web.moment())[_id(person)]
    units = {unit.id: unit for unit, _ in queries.units_in_order(session)}
    return [(Word("role", grant.role.value), web.name_of(units[grant.unit_id])) for grant in held]


def _second(session: Session, person: Person) -> dict[str, Any]:
    row = second.of(session, person)
    return {
        "since": row.confirmed_at if row else None,
        "left": second.codes_left(session, person) if row else 0,
        "wanted": who.asking().held_back,
    }


def _away(row: Any) -> dict[str, Any]:
    absence, _, delegate = row
    return {"pid": absence.pid, "from_on": absence.from_on, "until_on": absence.until_on, "delegate": delegate}


def _filled(name: str, fields: list[Field], form: str, refusal: Invalid | None) -> list[Field]:
    typed = {field["name"]: request.form.get(field["name"], "") for field in fields} if name == form else {}
    return web.filled(fields, typed, refusal if name == form else None)


def _forms(session: Session, person: Person) -> dict[str, list[Field]]:
    languages = [{"value": code, "label": name} for code, name in NAMES.items()]
    often = [
        {"value": "day", "label": say("Every working day")},
        {"value": "week", "label": say("Once a week")},
    ]
    hours = [{"value": one, "label": one} for one in _hours(person)]
    colleagues = [one for one in options.people(session) if one["handle"] != options.handle(person)]
    scopes = [{"value": "read", "label": say("Read only")}, {"value": "write", "label": say("Read and write")}]
    return {
        "preferences": [
            {"name": "locale", "label": say("Language"), "kind": "radio", "required": True, "options": languages,
             "value": person.locale},
            {"name": "digest_at", "label": say("The hour of the mail that sums up"), "kind": "choice",
             "required": True, "options": hours, "value": _hour(person)},
            {"name": "digest_every", "label": say("How often it comes"), "kind": "radio", "required": True,
             "options": often, "value": person.digest_every,
             "hint": say("Critical matters, and what is late and severe, come at once or the same day in any case.")},
        ],
        "away": away_fields(colleagues),
        "password": [*proof.fields(person), *password_fields(), *_ends_too(session, person)],
        "passkey": [
            {"name": "name", "label": say("A name for it"), "kind": "text", "required": True,
             "hint": say("Such as: my phone, the key on my ring.")},
            *proof.fields(person),
        ],
        "token": [
            {"name": "name", "label": say("What it is for"), "kind": "text", "required": True},
            {"name": "scope", "label": say("What it may do"), "kind": "radio", "required": True, "options": scopes,
             "value": "read"},
            {"name": "days", "label": say("For how many days"), "kind": "number",
             "hint": say("Empty: until you end it.")},
        ],
    }  # fmt: skip


def _ends_too(session: Session, person: Person) -> list[Field]:
    """Offered where there is something that would go on beside a new password."""
    if not any(keys.others(session, person).values()):
        return []
    hint = say("For when somebody may have known the present one. Connected programs then need new ones.")
    return [
        {"name": "all_ends", "label": say("Tokens for programs, passkeys and calendar addresses end too"),
         "kind": "bool", "hint": hint},
    ]  # fmt: skip


def _hour(person: Person) -> str:
    return f"{person.digest_hour:02}:{person.digest_minute:02}"


def _hours(person: Person) -> list[str]:
    """An hour that was chosen when more could be stays theirs."""
    return sorted({*HALF_HOURS, _hour(person)})


def away_fields(colleagues: list[Field]) -> list[Field]:
    return [
        {"name": "from_on", "label": say("First day away"), "kind": "date", "required": True},
        {"name": "until_on", "label": say("Last day away"), "kind": "date", "required": True},
        {"name": "delegate", "label": say("Who stands in"), "kind": "person", "required": True, "options": colleagues,
         "hint": say("They act with your roles over records, and what is due comes to them too.")},
    ]  # fmt: skip


@blueprint.post(f"{HERE}/preferences")
def prefer() -> ResponseReturnValue:
    try:
        with web.writing() as (session, by, _):
            asked = read(session, forms.Preferences, raw_of(forms.Preferences, request.form), by=by)
            operations.prefer(session, _me(session, by), asked)
            cookie.pop("lang", None)
            return web.sent_to(session, HERE, say("Kept."))
    except Invalid as refusal:
        return page("preferences", refusal)


@blueprint.post(f"{HERE}/data")
def own() -> ResponseReturnValue:
    """What is kept about oneself, in the background."""
    with web.writing() as (session, by, at):
        job = own_data.ask(session, _me(session, by), by=by, at=at)
        return web.sent_to(session, f"/jobs/{job.pid}")


@blueprint.post(f"{HERE}/theme")
def theme() -> ResponseReturnValue:
    """From the menu of every page."""
    with web.writing() as (session, by, _):
        asked = read(session, forms.Preferences, {"theme": request.form.get("theme", "auto")}, by=by)
        operations.prefer(session, _me(session, by), asked)
    return redirect(web.local_path(request.form.get("next")), 303)


@blueprint.post(f"{HERE}/welcome")
def welcome() -> ResponseReturnValue:
    """The three steps of the first visit were seen."""
    with web.writing() as (session, by, at):
        operations.welcome(session, _me(session, by), at=at)
        return web.sent_to(session, "/")


@blueprint.post(f"{HERE}/away")
def go_away() -> ResponseReturnValue:
    try:
        with web.writing() as (session, by, at):
            asked = read(session, forms.Away, raw_of(forms.Away, request.form), by=by)
            operations.add_absence(session, _me(session, by), **asked, by=by, at=at)
            return web.sent_to(session, HERE, say("Noted. Until then nothing changes."))
    except Invalid as refusal:
        return page("away", refusal)


@blueprint.post(f"{HERE}/away/<pid>/cancel")
def come_back(pid: str) -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        operations.cancel_absence(session, queries.absence_by_pid(session, pid), by=by, at=at)
        return web.sent_to(session, web.local_path(request.form.get("next"), HERE), say("Cancelled."))


@blueprint.post(f"{HERE}/password")
def change_password() -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        person = _me(session, by)
    try:
        proof.check(person)
        password_hash = chosen_password(keys.own_words(person))
    except Invalid as refusal:
        return page("password", refusal)
    with web.writing() as (session, by, at):
        signed = who.asking().sign_in
        but = signed.token_hash if signed else ""
        all_ends = bool(request.form.get("all_ends"))
        keys.set_password(session, _me(session, by), password_hash, at=at, but=but, all_ends=all_ends)
        return web.sent_to(session, HERE, say("The password is changed. Everywhere else you were signed out."))


@blueprint.post(f"{HERE}/sign-ins/<handle>/end")
def end_sign_in(handle: str) -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        keys.end_sign_in(session, _me(session, by), handle, at=at)
        return web.sent_to(session, HERE, say("Signed out there."))


@blueprint.post(f"{HERE}/tokens")
def create_token() -> ResponseReturnValue:
    """The one answer that shows the token: on the page itself and not after a redirect, because it is kept nowhere."""
    try:
        with web.writing() as (session, by, at):
            if who.asking().held_back:
                raise NotAllowed(guards.STEP_FIRST)
            asked = read(session, forms.NewToken, raw_of(forms.NewToken, request.form), by=by)
            days = asked.get("days")
            ends = at + timedelta(days=days) if days else None
            scope = asked.get("scope", "read")
            secret = keys.create_token(
                session, _me(session, by), name=asked["name"], scope=scope, expires_at=ends, by=by, at=at
            )
        return page(secret=secret)
    except Invalid as refusal:
        return page("token", refusal)


@blueprint.post(f"{HERE}/tokens/<handle>/end")
def end_token(handle: str) -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        keys.end_token(session, _me(session, by), handle, at=at)
        return web.sent_to(session, HERE, say("The token is ended."))


@blueprint.post(f"{HERE}/calendar")
def make_calendar() -> ResponseReturnValue:
    """The one answer that shows the address, as that of a token. One that was read before ends."""
    with web.writing() as (session, by, at):
        secret = feeds.make_feed(session, None, by=by, at=at)
    return page(calendar=secret)


@blueprint.post(f"{HERE}/calendar/end")
def end_calendar() -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        feeds.end_feed(session, None, by=by, at=at)
        return web.sent_to(session, HERE, say("The calendar is read there no more."))
