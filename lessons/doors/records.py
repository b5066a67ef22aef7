"""Programs' calls on records: list, read, make, edit, take a step, add a part or a file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import request
from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.access.refs import invalid, read
from lessons.briefings.operations import Answered
from lessons.debriefs import parts
from lessons.doors import around, attaching, lists, ways
from lessons.doors.attaching import may_attach
from lessons.doors.calls import Answer, nameless, version_sent
from lessons.doors.served import find_file
from lessons.doors.shapes import ROOT, links, listed, single
from lessons.doors.verbs import PART_STEPS, PARTS
from lessons.errors import FieldError, Forbidden, NotAllowed, NotFound, Unmet
from lessons.i18n import say
from lessons.models import RECORDS
from lessons.models.base import Part
from lessons.procedures.operations import KEEPERS
from lessons.steps import ready
from lessons.steps.dates import open_extension
from lessons.workflow.asks import EditFile
from lessons.workflow.shared import an_open_extension
from lessons.workflow.states import ExtensionState

Raw = dict[str, Any]


def index(session: Session, noun: str, *, by: Actor, at: datetime) -> Answer:
    rows, after = lists.page(session, noun, request.args, by=by, at=at)
    return Answer({"items": listed(session, rows, by=by, at=at, locale=web.locale()), "next": after})


def one(session: Session, noun: str, code: str, *, by: Actor, at: datetime) -> Answer:
    row = ways.find(session, noun, code, by=by)
    return Answer(single(session, row, by=by, at=at, locale=web.locale()))


def create(session: Session, noun: str, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    if noun == "procedures" and not by.units_of(*KEEPERS):  # before the fields are looked at
        raise Forbidden(say("New procedures are entered by editors of procedures, or by the unit's manager."))
    made = ways.create(session, noun, raw, by=by, at=at, key=nameless(raw))
    return _created(session, made.row, made.tracking_code, by=by, at=at)


def _created(session: Session, row: Any, tracking_code: str = "", *, by: Actor, at: datetime) -> Answer:
    body = single(session, row, by=by, at=at, locale=web.locale())
    location: str = links(row)["self"]
    if not tracking_code:
        return Answer(body, 201, location)
    return Answer(body | {"tracking_code": tracking_code}, 201, location, once=("tracking_code",))


def edit(session: Session, noun: str, code: str, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    row = ways.find(session, noun, code, by=by)
    ways.change(session, row, raw, by=by, at=at, version=version_sent())
    return Answer(single(session, row, by=by, at=at, locale=web.locale()))


def act(session: Session, noun: str, code: str, word: str, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    """A step by its name; or a part, or another record, that is added."""
    row = ways.find(session, noun, code, by=by)
    trigger = PART_STEPS.get((noun, word), word)
    if (noun, word) in PARTS:
        made = ways.add(session, row, word, raw, by=by, at=at)
    else:
        made = ways.step(session, row, trigger, raw, by=by, at=at, version=version_sent())
    if made is row and trigger == word:
        return Answer(single(session, row, by=by, at=at, locale=web.locale()))
    return _added(session, row, trigger, made, by=by, at=at)


def _added(session: Session, row: Any, trigger: str, made: Any, *, by: Actor, at: datetime) -> Answer:
    if isinstance(made, Answered):
        return _read(session, made, by=by, at=at)
    if getattr(made, "noun", "") in RECORDS and made is not row:
        return _created(session, made, by=by, at=at)
    if trigger == "ask_extension":
        made = open_extension(session, row)
    if isinstance(made, Part):
        return Answer(around.part(session, made, by=by), 201, f"{ROOT}/{made.noun}/{made.pid}")
    return Answer(single(session, row, by=by, at=at, locale=web.locale()))


def _read(session: Session, answered: Answered, *, by: Actor, at: datetime) -> Answer:
    """Read and understood; after a wrong answer the passage, and the question is asked again."""
    session.flush()
    readers = around.readers(session, answered.briefing, by=by, at=at)
    mine = next(one for one in readers if by.person is not None and one["id"] == by.person.pid)
    passage = answered.passage
    told = {"title": passage.title, "lines": list(passage.lines)} if passage else None
    body = {**mine, "briefing": answered.briefing.code, "right": answered.right, "passage": told}
    return Answer(body, 201 if answered.right else 200)


# ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def one_part(session: Session, noun: str, pid: str, *, by: Actor, at: datetime) -> Answer:
    return Answer(around.part(session, _part(session, noun, pid, by=by, at=at), by=by))


def _part(session: Session, noun: str, pid: str, *, by: Actor, at: datetime) -> Any:
    """By its id, where its record's parts may be read. Raises NotFound."""
    model = around.PARTS[noun]
    row = session.scalars(sa.select(model).where(model.pid == pid.replace("\0", ""))).first()
    if row is None or not around.is_told(session, row, by=by, at=at):
        raise NotFound(ways.NOT_THERE)
    return row


def edit_part(session: Session, noun: str, pid: str, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    row = _part(session, noun, pid, by=by, at=at)
    ways.change(session, row, raw, by=by, at=at)
    return Answer(around.part(session, row, by=by))


def remove_part(session: Session, noun: str, pid: str, *, by: Actor, at: datetime, raw: Raw) -> Answer:  # noqa: ARG001 - every write is given its body
    row = _part(session, noun, pid, by=by, at=at)
    ready(session, parts.debrief_of(session, row), "edit", by=by, at=at)
    parts.remove(session, row, by=by, at=at)
    return Answer(None, 204)


def add_cause(session: Session, pid: str, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    made = ways.add(session, _part(session, "findings", pid, by=by, at=at), "causes", raw, by=by, at=at)
    return Answer(around.part(session, made, by=by), 201, f"{ROOT}/causes/{made.pid}")


def waive(session: Session, pid: str, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    made = ways.add(session, ways.part(session, "causes", pid, by=by), "no_action", raw, by=by, at=at)
    return Answer(around.part(session, made, by=by))


def decide(session: Session, pid: str, *, word: str, by: Actor, at: datetime, raw: Raw) -> Answer:
    """Grant or deny a request for another date."""
    asked = _part(session, "extensions", pid, by=by, at=at)
    row = around.record_of(session, asked)
    trigger = f"{word}_extension"
    if asked.state != ExtensionState.ASKED:
        unmet = [Unmet(an_open_extension.name, an_open_extension.sentence)]
        raise NotAllowed(say("This was decided already."), row.state.value, trigger, unmet)
    ways.step(session, row, trigger, raw, by=by, at=at, version=version_sent())
    session.flush()
    return Answer(around.part(session, asked, by=by))


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def attach(session: Session, noun: str, code: str, *, by: Actor, at: datetime, raw: Raw) -> Answer:  # noqa: ARG001 - every write is given its body
    """A file under the field `file` of a form, and the words under it as `caption`."""
    row = ways.find(session, noun, code, by=by)
    may_attach(session, row, by=by, at=at, version=version_sent())
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise invalid([FieldError("/file", "missing", say("A file is needed here."))])
    words = read(session, EditFile, {name: request.form[name] for name in request.form}, by=by)
    made = attaching.attach(session, row, [(sent.filename, sent.read())], by=by, at=at, **words)[0]
    return Answer(around.part(session, made, by=by), 201, f"{ROOT}/attachments/{made.pid}")


def edit_file(session: Session, pid: str, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    kept = find_file(session, pid, by=by, at=at)
    may_attach(session, around.record_of(session, kept), by=by, at=at)
    words = read(session, EditFile, raw, by=by)
    if words:
        attaching.put_words(session, kept, words["caption"], by=by, at=at)
    return Answer(around.part(session, kept, by=by))


def remove_file(session: Session, pid: str, *, by: Actor, at: datetime, raw: Raw) -> Answer:  # noqa: ARG001 - every write is given its body
    attaching.remove(session, find_file(session, pid, by=by, at=at), by=by, at=at)
    return Answer(None, 204)
