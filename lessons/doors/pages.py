"""Every step as a page: the same form wherever its button stands, filled again when something is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel
from sqlmodel import Session

from lessons import web
from lessons.access import Actor, can_see
from lessons.access.refs import read
from lessons.debriefs import naming, parts
from lessons.doors import cards, choices, days, meanwhile
from lessons.doors.evidence import take_file
from lessons.doors.verbs import PART_STEPS, PARTS, form_of
from lessons.doors.ways import add, change, find, part, step
from lessons.errors import Invalid, LessonsError, NotAllowed, NotFound, Stale
from lessons.i18n import Word, say
from lessons.models import RECORDS, Cause, Debrief, Lesson, Person
from lessons.post.titles import titles
from lessons.repository import asking, preview
from lessons.steps import ready
from lessons.steps.dates import open_extension
from lessons.web.buttons import href, point, to_ask
from lessons.web.forms import Drawing, errors_of, raw_of
from lessons.workflow.lives import LIVES
from lessons.workflow.needed import Needed

blueprint = Blueprint("doors", __name__)
NOUNS = ",".join(RECORDS)
STATUS: dict[type[LessonsError], int] = {Invalid: 422, NotAllowed: 409, Stale: 409}
PLACES = {"causes": "findings"}
ASKED_FOR = ("finding", "because_of", "duty", "relation")
"""What the address of a step may choose."""
ADDED = {"feedback": say("Thank you. It helps whoever is responsible for the card.")}
TOGETHER = frozenset({"debriefs", "lessons", "revisions"})  # where two people may be at work at once
GOES_TO = frozenset({"revisions", "procedures", "debriefs"})


@blueprint.get("/lessons/<code>/card.pdf")
def printed_card(code: str) -> ResponseReturnValue:
    """The lesson card on one page."""
    return cards.printed(code)


# ── a step ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.get(f"/<any({NOUNS}):noun>/<code>/<trigger>")
def step_page(noun: str, code: str, trigger: str) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        row = find(session, noun, code, by=by)
        _known(noun, trigger)
        refusal: LessonsError | None = None
        try:
            ready(session, row, trigger, by=by, at=at)
        except NotAllowed as closed:
            refusal = closed
        return _step_form(session, row, trigger, by=by, at=at, refusal=refusal)


@blueprint.post(f"/<any({NOUNS}):noun>/<code>/<trigger>")
def take_step(noun: str, code: str, trigger: str) -> ResponseReturnValue:
    _known(noun, trigger)
    form = form_of(noun, trigger)
    raw = raw_of(form, request.form, edit=trigger == "edit")
    version = web.version_sent()
    try:
        if "preview" in request.form and preview.is_one(noun, trigger):
            with web.reading() as (session, by, at):
                row = find(session, noun, code, by=by)
                ready(session, row, trigger, by=by, at=at)
                live = web.is_live()
                seen = preview.of(session, row, preview.typed(raw) if live else read(session, form, raw, by=by), by=by)
                if live:
                    return web.part("repository/preview.html", seen=seen)
                return _step_form(session, row, trigger, by=by, at=at, values=raw, seen=seen)
        with web.writing() as (session, by, at):
            row = find(session, noun, code, by=by)
            asked = days.doubtful(session, row, raw, request.form)
            if asked or request.files:  # nobody is asked, and no file kept, for a step that is not theirs or not open
                ready(session, row, trigger, by=by, at=at, version=version)
            if asked:
                raise asked
            take_file(session, row, raw, by=by, at=at)
            made = step(session, row, trigger, raw, by=by, at=at, version=version)
            onward = web.local_path(request.form.get("next"), _onward(session, row, made, by))
            return web.sent_to(session, onward, done_sentence(noun, trigger))
    except (Invalid, NotAllowed, Stale) as refusal:
        with web.reading() as (session, by, at):
            row = find(session, noun, code, by=by)
            return _step_form(session, row, trigger, by=by, at=at, refusal=refusal, values=raw)


def _known(noun: str, trigger: str) -> None:
    if not any(one.trigger == trigger and one.by_people for one in LIVES[noun].steps):
        raise NotFound(say("There is no such step."))


def done_sentence(noun: str, trigger: str) -> Any:
    """What the next page says was done: the event's own words."""
    return say("Recorded: %(what)s.", what=Word(f"{noun}.event", trigger))


def _onward(session: Session, row: Any, made: Any, by: Actor) -> str:
    """To what the step made: a new revision opens where its text is written. Whoever handed a record away that only
    their part in it opened goes on with their day."""
    if getattr(made, "noun", "") not in GOES_TO or not hasattr(made, "code"):
        return href(row) if can_see(session, row, by) else "/"
    return f"{href(made)}/edit" if made.noun == "revisions" and made is not row else href(made)


def _step_form(
    session: Session,
    row: Any,
    trigger: str,
    *,
    by: Actor,
    at: datetime,
    refusal: LessonsError | None = None,
    values: dict[str, Any] | None = None,
    seen: dict[str, Any] | None = None,
) -> ResponseReturnValue:
    form = form_of(row.noun, trigger)
    asked_for = {name: request.args[name][:24] for name in ASKED_FOR if request.args.get(name)}
    first = {**choices.proposed(session, row, trigger, by=by), **choices.asked_for(form, asked_for)}
    given = first if values is None else {**values, **choices.asked_again(first, values)}
    drawing = choices.drawing(session, row, trigger, given, by=by, at=at, errors=_faults(refusal))
    fields = drawing.fields(form)
    if isinstance(refusal, Stale) and trigger in choices.EDITED:
        present = replace(drawing, values=choices.proposed(session, row, trigger, by=by))
        fields = meanwhile.beside(fields, present.fields(form))
    return web.show(
        "doors/step.html",
        title=Word(f"{row.noun}.trigger", trigger),
        status=STATUS.get(type(refusal), 200) if values is not None else 200,
        **about(session, row, by),
        fields=[*fields, *drawing.sent_along(fields), *days.sure(refusal, given), *_afterwards()],
        button=say("Save") if trigger == "edit" else Word(f"{row.noun}.trigger", trigger),
        action=request.path,
        version=row.version,
        refusal=refusal_of(session, row, refusal),
        closed=isinstance(refusal, NotAllowed) and values is None,
        seen=seen,
        previews=preview.is_one(row.noun, trigger),
        question=asking.question(session, row) if trigger == "answer" and isinstance(row, Lesson) else "",
        asked_date=_request(session, row) if trigger in ("grant_extension", "deny_extension") else None,
        names=naming.met(session, row, by=by, at=at) if trigger == "submit" and isinstance(row, Debrief) else [],
    )


def _request(session: Session, row: Any) -> dict[str, Any] | None:
    """What is decided on: which date is asked for instead of which, by whom, and why."""
    asked = open_extension(session, row)
    if asked is None:
        return None
    who = session.get(Person, asked.asked_by_id)
    return {"who": web.name_of(who), "day": web.when(asked.new_due_on), "due": web.when(asked.old_due_on),
            "reason": asked.reason}  # fmt: skip


def _afterwards() -> list[dict[str, Any]]:
    """The page that a step was taken from, to lead back there."""
    onward = web.local_path(request.values.get("next"), "")
    return [{"name": "next", "kind": "hidden", "label": "", "value": onward}] if onward else []


def about(session: Session, row: Any, by: Actor) -> dict[str, Any]:
    title = titles(session, [(row.noun, row.id)], by).get((row.noun, row.id), "") or row.code
    known = {"row": row, "record_title": title, "back": href(row), "state": web.state_of(row)}
    return {**known, "together": row.noun in TOGETHER}


def _faults(refusal: LessonsError | None) -> dict[str, str]:
    return errors_of(refusal.errors, web.locale()) if isinstance(refusal, Invalid) else {}


def refusal_of(session: Session, row: Any, refusal: LessonsError | None) -> dict[str, Any] | None:
    if refusal is None:
        return None
    if isinstance(refusal, Stale):
        return {"intro": refusal.message, "points": meanwhile.done(session, row), "who": []}
    if isinstance(refusal, NotAllowed):
        points = [point(row, one) for one in refusal.unmet]
        return {"intro": refusal.message, "points": points,
                "who": [to_ask(one, row.code) for one in refusal.who_could]}  # fmt: skip
    loose = [one.message for one in refusal.errors if not one.pointer] if isinstance(refusal, Invalid) else []
    if isinstance(refusal, Invalid) and refusal.errors and not loose:
        return None  # the form itself says which fields
    return {"intro": refusal.message, "points": [{"message": one} for one in loose], "who": []}


# ── parts of a debrief ───────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.route(f"/<any({NOUNS}):noun>/<code>/add/<name>", methods=["GET", "POST"])
def add_to_record(noun: str, code: str, name: str) -> ResponseReturnValue:
    return _add(lambda session, by: find(session, noun, code, by=by), noun, name)


@blueprint.route("/<any(findings,causes):noun>/<pid>/add/<name>", methods=["GET", "POST"])
def add_to_part(noun: str, pid: str, name: str) -> ResponseReturnValue:
    return _add(lambda session, by: part(session, noun, pid, by=by), noun, name)


def _add(found: Callable[[Session, Actor], Any], noun: str, name: str) -> ResponseReturnValue:
    if (noun, name) not in PARTS:
        raise NotFound(say("There is no such step.") if (noun, name) not in PART_STEPS else say("This is a step."))
    form = PARTS[noun, name][0]
    if request.method == "GET":
        with web.reading() as (session, by, _):
            why = {"parent": request.args["parent"][:24]} if request.args.get("parent") else {}
            return _part_form(session, found(session, by), form, name, by=by, values=choices.asked_for(form, why))
    raw = raw_of(form, request.form)
    try:
        with web.writing() as (session, by, at):
            row = found(session, by)
            made = add(session, row, name, raw, by=by, at=at)
            _tell_moved(form)
            asks_on = isinstance(made, Cause) and not made.root and not made.no_action_reason
            there = web.local_path(request.form.get("next"), f"{href(_record(session, row))}#{PLACES.get(name, name)}")
            onward = f"{request.path}?parent={made.pid}" if asks_on else there
            return web.sent_to(session, onward, ADDED.get(name, say("Added.")))
    except (Invalid, NotAllowed) as refusal:
        with web.reading() as (session, by, _):
            return _part_form(session, found(session, by), form, name, by=by, values=raw, refusal=refusal)


@blueprint.route("/<any(facts,findings,causes):noun>/<pid>", methods=["GET", "POST"])
def edit_part(noun: str, pid: str) -> ResponseReturnValue:
    form = parts.FORMS[noun][1]
    if request.method == "GET":
        with web.reading() as (session, by, _):
            row = part(session, noun, pid, by=by)
            return _part_form(session, row, form, noun, by=by, values=choices.values_of(row, form))
    raw = raw_of(form, request.form, edit=True)
    try:
        with web.writing() as (session, by, at):
            row = part(session, noun, pid, by=by)
            change(session, row, raw, by=by, at=at)
            _tell_moved(form)
            return web.sent_to(session, f"{href(_record(session, row))}#{PLACES.get(noun, noun)}", say("Saved."))
    except (Invalid, NotAllowed) as refusal:
        with web.reading() as (session, by, _):
            row = part(session, noun, pid, by=by)
            return _part_form(session, row, form, noun, by=by, values=raw, refusal=refusal)


@blueprint.post("/<any(facts,findings,causes):noun>/<pid>/remove")
def remove_part(noun: str, pid: str) -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        row = part(session, noun, pid, by=by)
        record = _record(session, row)
        ready(session, record, "edit", by=by, at=at)
        parts.remove(session, row, by=by, at=at)
        return web.sent_to(session, f"{href(record)}#{PLACES.get(noun, noun)}", say("Removed."))


def _tell_moved(form: type[BaseModel]) -> None:
    for sentence in days.moved(form, request.form):
        web.told("wait", sentence)


def _record(session: Session, row: Any) -> Any:
    return row if row.noun in RECORDS else parts.debrief_of(session, row)


def _part_form(
    session: Session,
    row: Any,
    form: type[BaseModel],
    name: str,
    *,
    by: Actor,
    values: dict[str, Any],
    refusal: LessonsError | None = None,
) -> ResponseReturnValue:
    record = _record(session, row)
    offered = choices.offered_for_part(session, row)
    new = request.path.endswith(f"/add/{name}")
    drawing = Drawing(web.locale(), values, _faults(refusal), offered.options, offered.chips,
                      needed=choices.LATER.get(name, Needed()), edit=not new)  # fmt: skip
    fields = drawing.fields(form)
    parents = {one["value"]: one["label"] for one in offered.options.get("parent", ())}
    return web.show(
        "doors/step.html",
        why_of=parents.get(values.get("parent"), "") if new else "",
        title=Word("part.add" if new else "part.edit", name),
        status=STATUS.get(type(refusal), 200),
        **about(session, record, by),
        fields=[*fields, *drawing.sent_along(fields)],
        button=say("Add") if new else say("Save"),
        action=request.path,
        version="",
        refusal=refusal_of(session, record, refusal),
        closed=False,
        remove="" if new else f"{request.path}/remove",
    )
