"""For administrators: words that mean the same here, and what people looked for and did not find."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.errors import Invalid, NotFound
from lessons.i18n import say
from lessons.models import Missed, Synonyms
from lessons.people import synonyms
from lessons.people.admin import Field, show
from lessons.web.forms import errors_of

HERE = "/admin/synonyms"
KEPT = say("Kept. Every search knows it from now on.")
blueprint = Blueprint("synonyms", __name__, url_prefix=HERE)


@blueprint.get("")
def index() -> ResponseReturnValue:
    return _page(0, request.args.get("words", "")[:400])


@blueprint.post("")
def add() -> ResponseReturnValue:
    return _put(0)


@blueprint.get("/<int:group_id>")
def one(group_id: int) -> ResponseReturnValue:
    with web.reading() as (session, _, _):
        words = synonyms.told(_group(session, group_id).words)
    return _page(group_id, words)


@blueprint.post("/<int:group_id>")
def change(group_id: int) -> ResponseReturnValue:
    return _put(group_id)


@blueprint.post("/<int:group_id>/remove")
def remove(group_id: int) -> ResponseReturnValue:
    with web.writing() as (session, by, _):
        synonyms.remove(session, _group(session, group_id), by=by)
        return web.sent_to(session, HERE, say("These words no longer stand for each other."))


def _put(group_id: int) -> ResponseReturnValue:
    words = request.form.get("words", "")[:2000]
    try:
        with web.writing() as (session, by, _):
            group = _group(session, group_id) if group_id else None
            synonyms.put(session, words, by=by, group=group)
            return web.sent_to(session, HERE, KEPT)
    except Invalid as refusal:
        return _page(group_id, words, refusal)


def _group(session: Session, group_id: int) -> Synonyms:
    """Raises NotFound."""
    found = synonyms.of(session, group_id)
    if found is None:
        raise NotFound(say("These words are not there any more."))
    return found


def _page(group_id: int, words: str, refusal: Invalid | None = None) -> ResponseReturnValue:
    with web.reading() as (session, _, _):
        groups = [{"href": f"{HERE}/{row.id}", "words": row.words} for row in synonyms.groups(session)]
        missed = [_missed(row) for row in synonyms.missed(session)]
    faults = errors_of(refusal.errors, web.locale()) if refusal else {}
    action = f"{HERE}/{group_id}" if group_id else HERE
    shown = {"groups": groups, "missed": missed, "action": action, "editing": bool(group_id)}
    return show("synonyms", say("Synonyms"), refusal, fields=[_field(words, faults.get("words", ""))], **shown)


def _missed(row: Missed) -> dict[str, Any]:
    onward = web.with_args(HERE, words=f"{row.words}, ")
    return {"words": row.words, "times": row.times, "on": web.when(row.last_on), "href": onward}


def _field(words: str, error: str) -> Field:
    hint: Any = say("For example: cancel, leave, disconnect. Commas between the words.")
    return {"name": "words", "label": web.spoken(say("Words that mean the same")), "kind": "text", "value": words,
            "hint": hint, "error": error}  # fmt: skip
