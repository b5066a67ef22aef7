"""For lessons management and administrators: what topics are called, and one topic made out of two. Lessons and
sentences follow."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access.refs import read
from lessons.debriefs.topics import find
from lessons.errors import FieldError, Invalid, NotFound
from lessons.i18n import isolate, say, say_n
from lessons.models import Topic
from lessons.people.admin import Field, show, typed
from lessons.repository import topic_queries, topics
from lessons.sentences import operations as sentences
from lessons.web.forms import raw_of
from lessons.workflow import fields as f

blueprint = Blueprint("topics", __name__, url_prefix="/admin/topics")


class RenameTopic(f.Asks):
    name: f.Topic


class MergeTopic(f.Asks):
    into: f.Topic


@blueprint.get("")
def index() -> ResponseReturnValue:
    text, after = request.args.get("q", "")[:100], request.args.get("after", "")[:100]
    with web.reading() as (session, by, _):
        rows, more = topic_queries.listed(session, by, text=text, after=after)
    search = [{"name": "q", "label": web.spoken(say("Topic")), "kind": "text", "value": text}]
    onward = web.with_args("/admin/topics", q=text, after=more) if more else ""
    return show("topics", say("Topics"), rows=[_line(row) for row in rows], search=search, onward=onward)


def _line(row: topic_queries.Row) -> dict[str, Any]:
    return {"topic": row.topic, "href": _place(row.topic), "lessons": row.lessons, "former": row.former}


def _place(topic: Topic) -> str:
    return web.with_args("/admin/topics/one", topic=topic.name)


@blueprint.get("/one")
def topic() -> ResponseReturnValue:
    return _topic(request.args.get("topic", ""))


def _topic(name: str, form: str = "", refusal: Invalid | None = None) -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        one = _named(session, name)
        row = topic_queries.one(session, one, by)
        asked = {
            key: typed(fields, key == form, refusal if key == form else None)
            for key, fields in _forms(session, one).items()
        }
    return show("topic", one.name, refusal, row=row, forms=asked)


def _named(session: Session, name: str) -> Topic:
    """The topic of this name, present or former. Raises NotFound."""
    found = find(session, name[:100].replace("\0", ""))
    if found is None:
        raise NotFound(topics.NOT_THERE)
    return found


def _forms(session: Session, one: Topic) -> dict[str, list[Field]]:
    others = [{"value": name, "label": ""} for name in topic_queries.names(session, but=one)]
    return {
        "rename": [{"name": "name", "label": say("Name"), "kind": "text", "required": True, "value": one.name}],
        "merge": [{"name": "into", "label": say("Into which topic"), "kind": "person", "required": True,
                   "options": others}],
    }  # fmt: skip


@blueprint.post("/rename")
def rename() -> ResponseReturnValue:
    name = request.form.get("topic", "")
    try:
        with web.writing() as (session, by, at):
            one = _named(session, name)
            asked = read(session, RenameTopic, raw_of(RenameTopic, request.form), by=by)
            former = one.name
            topics.rename(session, one, asked["name"], by=by, at=at)
            sentences.follow(session, former, one.name)
            return web.sent_to(session, _place(one), say("The topic has its new name; the former one leads here."))
    except Invalid as refusal:
        return _topic(name, "rename", refusal)


@blueprint.post("/merge")
def merge() -> ResponseReturnValue:
    """Asked once more with how many lessons would move; sent again it is meant."""
    name = request.form.get("topic", "")
    try:
        with web.writing() as (session, by, at):
            one = _named(session, name)
            into = _into(session, read(session, MergeTopic, raw_of(MergeTopic, request.form), by=by)["into"], one)
            if request.form.get("sure") != "1":
                lessons = topic_queries.one(session, one, by).lessons
                return show("merging", say("Merge two topics"), one=one, into=into, lessons=lessons, back=_place(one))
            former = one.name
            moved = topics.merge(session, one, into, by=by, at=at)
            sentences.follow(session, former, into.name)
            done = say_n(
                "One lesson moved to %(topic)s.", "%(n)s lessons moved to %(topic)s.", moved, topic=isolate(into.name)
            )
            return web.sent_to(session, _place(into), done)
    except Invalid as refusal:
        return _topic(name, "merge", refusal)


def _into(session: Session, name: str, one: Topic) -> Topic:
    found = find(session, name)
    if found is None or found.id == one.id:
        message = topics.NOT_THERE if found is None else topics.ITSELF
        raise Invalid(topics.NOT_TAKEN, [FieldError("/into", "missing", message)])
    return found
