"""The letters that were written to one, readable whether mail leaves this installation or not."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, make_response, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import db, web
from lessons.access import Actor, tree
from lessons.errors import Forbidden, NotAllowed, NotFound
from lessons.i18n import Sentence, Word, direction, say
from lessons.models import Letter, Person
from lessons.post import notices, outbox, queries
from lessons.web import answers, headers
from lessons.workflow.states import LetterState

blueprint = Blueprint("outbox", __name__)
LOOKS = {
    LetterState.WAITING: ("day", "plain"),
    LetterState.SENDING: ("run", "plain"),
    LetterState.SENT: ("ok", "ok"),
    LetterState.FAILED: ("no", "bad"),
    LetterState.DROPPED: ("draft", "calm"),
}
WHYS = {
    outbox.NO_SERVER: say("No mail server is set; letters are kept and read here."),
    outbox.DEMO: say("The demo sends no mail; letters are kept and read here."),
    outbox.OVER: say("What it reminds of was done before it left."),
    notices.GRAVER: say("Something graver was told of it instead."),
    outbox.NEWER: say("It could not leave in time; a newer one tells how things are."),
    outbox.HELD: say("It waited in the backup that was restored, and may have been sent since then."),
}

BESIDE = '<base target="_blank">'
ENCLOSED = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""A letter's styles stand on its elements, as mail programs want them; it brings nothing else, and nothing may come."""


@blueprint.get("/outbox")
def letters() -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        state, words = _asked()
        rows, onward = queries.letters(
            session, whose=_whose(session, by), state=state, words=words, before=request.args.get("cursor", "")
        )
        return web.show(
            "outbox/letters.html", title=say("Letters"), letters=[_shown(*row) for row in rows],
            everyone=_administers(by) or db.settings().demo,
            kept=WHYS.get(outbox.kept_because(db.settings())), onward=web.next_page(onward),
            filters=_filters(state, words), narrowed=bool(state or words),
        )  # fmt: skip


def _asked() -> tuple[LetterState | None, str]:
    known = {state.value: state for state in LetterState}
    return known.get(request.args.get("state", "")), " ".join(request.args.get("q", "").split())[:80]


def _filters(state: LetterState | None, words: str) -> list[dict[str, Any]]:
    states = [{"value": one.value, "label": Word("letter_state", one)} for one in LetterState]
    return [
        {"name": "state", "label": say("State"), "kind": "choice", "options": states, "value": state or ""},
        {"name": "q", "label": say("Words"), "kind": "text", "value": words},
    ]


@blueprint.get("/outbox/<pid>")
def letter(pid: str) -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        found, person = _found(session, pid, by)
        again = outbox.may_go_again(found) and _administers(by)
        page = web.show("outbox/letter.html", title=found.subject, letter=_shown(found, person), again=again)
    answer = make_response(page)
    policy = headers.POLICY.format(nonce=answers.nonce(), ancestors="'none'")
    answer.headers["Content-Security-Policy"] = f"{policy}; frame-src 'self'"
    return answer


@blueprint.get("/outbox/<pid>/look")
def look(pid: str) -> ResponseReturnValue:
    """The letter as a mail program shows it, for the frame on its page: a document that nothing runs in, whose links
    open beside it."""
    with web.reading() as (session, by, _):
        found, _ = _found(session, pid, by)
    answer = make_response(found.html.replace("<head>", f"<head>{BESIDE}", 1))
    answer.headers["Content-Security-Policy"] = ENCLOSED
    return answer


@blueprint.post("/outbox/<pid>/again")
def again(pid: str) -> ResponseReturnValue:
    """Send a letter once more that was refused, after its address or the server was put right; or one that is held."""
    with web.writing() as (session, by, at):
        found, person = _found(session, pid, by)
        if not _administers(by):
            raise Forbidden(say("Sending a letter again is kept for the administrators."))
        if not person.email:
            raise NotAllowed(say("There is no e-mail address any more to send it to."))
        outbox.try_again(session, found, to=person, at=at)
        return web.sent_to(session, f"/outbox/{pid}", say("It is sent again within a minute."))


def _found(session: Session, pid: str, by: Actor) -> tuple[Letter, Person]:
    found = queries.letter(session, pid, whose=_whose(session, by))
    if found is None:
        raise NotFound(say("There is no such letter, or it is somebody else's."))
    return found


def _whose(session: Session, by: Actor) -> sa.ColumnElement[bool]:
    """One's own, and those to people of the units that one administers; in a demo all."""
    if db.settings().demo:
        return sa.true()
    under = tree(session).under(by.units_of("admin"))
    return sa.or_(Person.id == by.id, Person.unit_id.in_(sorted(under)))


def _administers(by: Actor) -> bool:
    return bool(by.units_of("admin"))


def _shown(found: Letter, person: Person) -> dict[str, Any]:
    shape, tone = LOOKS[found.state]
    return {
        "pid": found.pid,
        "subject": found.subject,
        "text": found.text,
        "look": f"/outbox/{found.pid}/look" if found.html else "",
        "lang": found.lang,
        "dir": direction(found.lang),
        "to": web.name_of(person),
        "address": found.to_address,
        "written_at": found.created_at,
        "sent_at": found.sent_at,
        "state": Word("letter_state", found.state),
        "shape": shape,
        "tone": tone,
        "why": why(found.why),
    }


def why(kept: str) -> Sentence | str:
    """Our own reasons in words; a server's words as it said them."""
    if kept.startswith(outbox.ADDRESS):
        return say("The address was refused: %(words)s", words=kept.partition(": ")[2])
    if kept.startswith(outbox.UNREACHABLE):
        return say("The mail server could not be reached: %(words)s", words=kept.partition(": ")[2])
    return WHYS.get(kept, kept)
