"""For administrators: other systems that are told what happens, and what became of each call."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lessons import db, web
from lessons.access import Actor
from lessons.errors import Invalid
from lessons.home import webhooks
from lessons.home.outbox import LOOKS
from lessons.i18n import Sentence, Word, say
from lessons.models import RECORDS, Webhook, WebhookCall
from lessons.people.admin import show
from lessons.post import webhooks as sending

log = logging.getLogger(__name__)
HERE = "/admin/webhooks"
blueprint = Blueprint("webhooks", __name__, url_prefix=HERE)
WHYS = {
    sending.REFUSED: say("It is paused: the address is not one that may be called."),
    sending.SILENT: say("It is paused: a call was tried for more than a day and never taken."),
    sending.LEFT: say("It is paused: the other side said that it wants no more calls."),
}
BY_HAND = say("It is paused.")
MISSES_NOTHING = say("Nothing is lost meanwhile: what happens is told once it goes on.")


@blueprint.get("")
def index() -> ResponseReturnValue:
    return _index()


def _index(refusal: Invalid | None = None) -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        rows = [_row(one) for one in webhooks.hooks(session, by=by)]
    typed = {"url": request.form.get("url", ""), "nouns": request.form.getlist("nouns")} if refusal else {}
    kinds = [{"value": noun, "label": Word("nouns", noun)} for noun in RECORDS]
    fields = [
        {"name": "url", "label": say("Address"), "kind": "text", "required": True, "dir": "ltr",
         "hint": say("It begins with https and is reached over the internet.")},
        {"name": "nouns", "label": say("What it is told of"), "kind": "checks", "required": True, "options": kinds},
    ]  # fmt: skip
    return show(
        "webhooks", say("Other systems"), refusal, rows=rows, fields=web.filled(fields, typed, refusal),
        is_demo=db.settings().demo,
    )  # fmt: skip


def _row(hook: Webhook) -> dict[str, Any]:
    return {
        "href": f"{HERE}/{hook.pid}",
        "url": hook.url,
        "nouns": [Word("nouns", noun).in_(web.locale()) for noun in hook.nouns],
        "paused": hook.paused_at is not None,
    }


@blueprint.post("")
def add() -> ResponseReturnValue:
    """The one answer that shows the secret: on the page itself, because it is told once."""
    try:
        url = webhooks.judged(request.form.get("url", "").strip())
        with web.writing() as (session, by, at):
            hook = webhooks.add(session, url, request.form.getlist("nouns"), by=by, at=at)
            _note("added", hook, by)
    except Invalid as refusal:
        return _index(refusal)
    return _page(hook.pid, secret=webhooks.secret(hook))


def _note(what: str, hook: Webhook, by: Actor) -> None:
    log.info("%s %s the webhook %s", by.person.pid if by.person else by.kind, what, hook.pid)


@blueprint.get("/<pid>")
def one(pid: str) -> ResponseReturnValue:
    return _page(pid)


def _page(pid: str, secret: str = "") -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        hook = webhooks.hook(session, pid, by=by)
        calls = [_call(call) for call in webhooks.calls(session, hook)]
    kind, _, says = hook.paused_why.partition(": ")
    return show(
        "webhook", say("One other system"), row=_row(hook), calls=calls, secret=secret, says=says,
        since=web.when(hook.created_at), why=WHYS.get(kind, BY_HAND), nothing_lost=MISSES_NOTHING,
    )  # fmt: skip


def _call(call: WebhookCall) -> dict[str, Any]:
    shape, tone = LOOKS[call.state]
    noun, _, trigger = call.kind.partition(".")
    under_way = call.state in sending.UNDER_WAY
    return {
        "pid": call.pid,
        "what": Word(f"{noun}.event", trigger) if trigger else say("Test"),
        "code": call.code,
        "state": Word("letter_state", call.state.value),
        "shape": shape,
        "tone": tone,
        "tries": [_try(one) for one in call.tries],
        "at": web.when(call.created_at, hour=True),
        "next": web.when(call.next_at, hour=True) if under_way and call.attempts else "",
        "again": not under_way,
    }


def _try(one: dict[str, Any]) -> dict[str, Any]:
    says = say("taken") if one["says"] == sending.TAKEN else one["says"]
    return {"at": web.when(datetime.fromisoformat(str(one["at"])), hour=True), "says": says}


# ── what is done with one ────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.post("/<pid>/secret")
def renew(pid: str) -> ResponseReturnValue:
    with web.writing() as (session, by, _):
        hook = webhooks.hook(session, pid, by=by)
        webhooks.renew(session, hook)
        _note("renewed the secret of", hook, by)
    return _page(pid, secret=webhooks.secret(hook))


@blueprint.post("/<pid>/test")
def test(pid: str) -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        sending.put_test(session, webhooks.hook(session, pid, by=by), at=at)
        return web.sent_to(session, f"{HERE}/{pid}", _soon())


def _soon() -> Sentence:
    return say("The demo calls nobody.") if db.settings().demo else say("It is called within a minute.")


@blueprint.post("/<pid>/calls/<call>/again")
def again(pid: str, call: str) -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        webhooks.again(session, webhooks.hook(session, pid, by=by), call, at=at)
        return web.sent_to(session, f"{HERE}/{pid}", _soon())


@blueprint.post("/<pid>/pause")
def pause(pid: str) -> ResponseReturnValue:
    return _done(pid, "paused", webhooks.pause, say("It is called no more until it goes on."))


@blueprint.post("/<pid>/resume")
def resume(pid: str) -> ResponseReturnValue:
    return _done(pid, "resumed", sending.resume, say("It goes on within a minute."))


@blueprint.post("/<pid>/end")
def end(pid: str) -> ResponseReturnValue:
    return _done(pid, "ended", webhooks.end, say("It is told nothing more."), onward=HERE)


def _done(pid: str, noted: str, work: Callable[..., None], says: Sentence, onward: str = "") -> ResponseReturnValue:
    """Do one thing to one address, then show its page, or lead `onward`."""
    with web.writing() as (session, by, at):
        hook = webhooks.hook(session, pid, by=by)
        work(session, hook, at=at)
        _note(noted, hook, by)
        return web.sent_to(session, onward or f"{HERE}/{pid}", says)
