"""Files as pages: handed out, seen small, added several at once from a debrief, named in a few words, taken out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.access.refs import invalid, read
from lessons.doors import attaching, served
from lessons.doors.around import record_of
from lessons.doors.attaching import may_attach
from lessons.doors.pages import STATUS, about, refusal_of
from lessons.doors.served import find_file
from lessons.doors.ways import find
from lessons.errors import FieldError, Invalid, LessonsError, NotAllowed
from lessons.i18n import Word, say, say_n
from lessons.web import files
from lessons.web.buttons import href
from lessons.web.forms import errors_of
from lessons.workflow.asks import EditFile

blueprint = Blueprint("files", __name__)


@blueprint.get("/attachments/<pid>")
def kept(pid: str) -> ResponseReturnValue:
    """A file of a record that the person may see."""
    return served.file(pid)


@blueprint.get("/attachments/<pid>/<any(small,large):size>")
def small(pid: str, size: str) -> ResponseReturnValue:
    return served.small(pid, size)


# ── add ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.route("/debriefs/<code>/attachments", methods=["GET", "POST"])
def add(code: str) -> ResponseReturnValue:
    if request.method == "GET":
        with web.reading() as (session, by, at):
            row = find(session, "debriefs", code, by=by)
            may_attach(session, row, by=by, at=at)
            return _form(session, row, by)
    try:
        with web.writing() as (session, by, at):
            row = find(session, "debriefs", code, by=by)
            may_attach(session, row, by=by, at=at)
            return _added(session, row, by=by, at=at)
    except (Invalid, NotAllowed) as refusal:
        with web.reading() as (session, by, at):
            return _form(session, find(session, "debriefs", code, by=by), by, refusal)


def _added(session: Session, row: Any, *, by: Actor, at: datetime) -> ResponseReturnValue:
    words = read(session, EditFile, {"caption": request.form.get("caption", "")}, by=by)
    sent = [(one.filename, one.read()) for one in request.files.getlist("file") if one.filename]
    if not sent:
        raise invalid([FieldError("/file", "missing", say("A file is needed here."))])
    attaching.attach(session, row, sent, by=by, at=at, **words)
    return web.sent_to(
        session, f"{href(row)}#files", say_n("One file was added.", "%(n)s files were added.", len(sent))
    )


def _form(session: Session, row: Any, by: Actor, refusal: LessonsError | None = None) -> ResponseReturnValue:
    """The same fields as on the record's page; what is in the way of each file, and the words as they were typed."""
    faults = errors_of(refusal.errors, web.locale()) if isinstance(refusal, Invalid) else {}
    typed = {"caption": request.form.get("caption", "")}
    fields = [one | {"error": faults.get(one["name"], ""), "value": typed.get(one["name"])} for one in files.fields()]
    return web.show(
        "doors/step.html",
        title=Word("part.add", "attachments"),
        status=STATUS.get(type(refusal), 200),
        **about(session, row, by),
        fields=fields,
        button=say("Add"),
        action=request.path,
        version="",
        refusal=_several(refusal) or refusal_of(session, row, refusal),
        closed=isinstance(refusal, NotAllowed),
    )


def _several(refusal: LessonsError | None) -> dict[str, Any] | None:
    """Of several files every one that is in the way, by its name; they have to be chosen anew."""
    if not isinstance(refusal, Invalid):
        return None
    points = [{"message": one.message} for one in refusal.errors if one.pointer.startswith("/file/")]
    intro = say("None of the files was kept. Without these the others can be chosen again.")
    return {"intro": intro, "points": points, "who": []} if points else None


# ── words, and out again ─────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.route("/attachments/<pid>/edit", methods=["GET", "POST"])
def edit(pid: str) -> ResponseReturnValue:
    typed = request.form.get("caption", "")
    if request.method == "GET":
        with web.reading() as (session, by, at):
            file = find_file(session, pid, by=by, at=at)
            may_attach(session, record_of(session, file), by=by, at=at)
            return _words(session, file, by, file.caption)
    try:
        with web.writing() as (session, by, at):
            file = find_file(session, pid, by=by, at=at)
            row = record_of(session, file)
            may_attach(session, row, by=by, at=at)
            words = read(session, EditFile, {"caption": typed}, by=by)
            attaching.put_words(session, file, words["caption"], by=by, at=at)
            return web.sent_to(session, f"{href(row)}#files", say("Saved."))
    except (Invalid, NotAllowed) as refusal:
        with web.reading() as (session, by, at):
            return _words(session, find_file(session, pid, by=by, at=at), by, typed, refusal)


def _words(
    session: Session, file: Any, by: Actor, caption: str, refusal: LessonsError | None = None
) -> ResponseReturnValue:
    row = record_of(session, file)
    faults = errors_of(refusal.errors, web.locale()) if isinstance(refusal, Invalid) else {}
    return web.show(
        "doors/step.html",
        title=Word("part.edit", "attachments"),
        status=STATUS.get(type(refusal), 200),
        **about(session, row, by),
        files=[files.shown(file)],
        fields=[files.words(caption) | {"error": faults.get("caption", "")}],
        button=say("Save"),
        action=request.path,
        version="",
        refusal=refusal_of(session, row, refusal),
        closed=isinstance(refusal, NotAllowed),
        remove=f"/attachments/{file.pid}/remove" if row.noun == "debriefs" else "",
    )


@blueprint.post("/attachments/<pid>/remove")
def remove(pid: str) -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        file = find_file(session, pid, by=by, at=at)
        there = f"{href(record_of(session, file))}#files"
        attaching.remove(session, file, by=by, at=at)
        return web.sent_to(session, there, say("Removed."))
