"""Pages of procedures and revisions: the list, the text in force, what a revision changes, and where it is written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor, facts, tree
from lessons.access.listing import USUAL, Page
from lessons.access.named import by_code, people_by_id
from lessons.access.numbers import calendar_of
from lessons.access.refs import read
from lessons.errors import Invalid, NotAllowed, Stale
from lessons.i18n import Word, direction, say
from lessons.models import Lesson, Procedure, Revision
from lessons.procedures import limits, operations, queries
from lessons.procedures.parts import Sections
from lessons.repository.shown import audience_words
from lessons.steps import can_edit, ready
from lessons.web import options, story
from lessons.web.buttons import buttons
from lessons.web.forms import Drawing, errors_of, people_of, raw_of
from lessons.workflow import asks
from lessons.workflow.states import RevisionState

blueprint = Blueprint("procedures", __name__)
EMPTY: dict[str, Any] = {"id": "", "heading": "", "body": ""}
SPARE = 2


@blueprint.get("/procedures")
def index() -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        lesson = by_code(session, Lesson, request.args.get("because_of", "")[:24], by=by)
        here = found(session, request.args, by=by, at=at)
        return web.show(
            "procedures/list.html",
            title=say("Procedures"),
            rows=[_row(one, lesson) for one in here.items],
            lesson=lesson,
            q=_words(request.args),
            may_create=bool(by.units_of(*operations.KEEPERS)),
            **web.around(here),
        )


def found(
    session: Session,
    args: web.Args,
    *,
    by: Actor,
    at: datetime,  # noqa: ARG001 - as of every list
    limit: int = USUAL,
) -> Page[queries.ListedProcedure]:
    """What the list shows for these parameters of its address."""
    wanted = queries.WantedProcedures(q=_words(args))
    return queries.procedures(session, wanted, by=by, limit=limit, cursor=args.get("cursor"))


def _words(args: web.Args) -> str:
    return args.get("q", "")[:200]


def _row(one: queries.ListedProcedure, lesson: Lesson | None) -> dict[str, Any]:
    """A line of the list; where one comes from a lesson it leads to the draft that is open, or opens one."""
    href = f"/procedures/{one.procedure.code}"
    if lesson is not None:
        href = f"/revisions/{one.draft.code}" if one.draft else f"{href}/draft?because_of={lesson.code}"
    return {
        "href": href,
        "title": one.procedure.title,
        "code": one.procedure.code,
        "kind": Word("policy_kind", one.procedure.policy_kind.value),
        "owner": web.name_of(one.owner),
        "edition": one.in_force.number if one.in_force else None,
        "since": web.when(one.in_force.effective_at) if one.in_force else "",
        "draft": web.state_of(one.draft) if one.draft else None,
    }


@blueprint.route("/procedures/new", methods=["GET", "POST"])
def create() -> ResponseReturnValue:
    if request.method == "GET":
        return _create_form({})
    raw = raw_of(asks.Procedure, request.form)
    try:
        with web.writing() as (session, by, at):
            asked = read(session, asks.Procedure, raw, by=by)
            procedure = operations.create(session, asked, by=by, at=at)
            onward = f"/procedures/{procedure.code}"
            return web.sent_to(session, onward, say("It is there. Its first text can be drafted now."))
    except Invalid as refusal:
        return _create_form(raw, refusal)


def _create_form(raw: dict[str, Any], refusal: Invalid | None = None) -> ResponseReturnValue:
    with web.reading() as (session, _, _):
        errors = errors_of(refusal.errors, web.locale()) if refusal else {}
        people = options.people(session, chosen=people_of(asks.Procedure, raw))
        offered = {"people": people, "units": options.units(session)}
        fields = Drawing(web.locale(), raw, errors, offered).fields(asks.Procedure)
        status = 422 if refusal else 200
        return web.show("procedures/new.html", title=say("A new procedure"), status=status, fields=fields)


@blueprint.get("/procedures/<code>")
def one(code: str) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        procedure = queries.one(session, code, by)
        editions = queries.editions(session, procedure, by)
        day = web.day_asked("on")
        ends = calendar_of(session, procedure.unit_id).end_of(day) if day else None
        now = next((row for row in editions if row.state == RevisionState.EFFECTIVE), None)
        force = queries.before(editions, ends) if ends and ends <= at else now
        people = people_by_id(session, [procedure.owner_id, procedure.approver_id])
        return web.show(
            "procedures/one.html",
            title=procedure.title,
            procedure=procedure,
            force=force,
            text=limits.read(force.sections, limits.level_of(session, by, procedure.unit_id)) if force else [],
            day=day if day and day < web.today() else None,
            on=day.isoformat() if day else "",
            dir=direction(force.lang if force else procedure.lang),
            editions=[_edition(row) for row in editions],
            facts_of=[
                (say("Owner"), web.name_of(people.get(procedure.owner_id or 0))),
                (say("Approver"), web.name_of(people.get(procedure.approver_id or 0))),
                (say("Kind"), Word("policy_kind", procedure.policy_kind.value)),
                (say("In force since"), web.when(force.effective_at) if force else ""),
            ],
            triggers=buttons(session, procedure, by=by, at=at),
            history=story.told(session, procedure),
        )


def _edition(row: Revision) -> dict[str, Any]:
    return {
        "href": f"/revisions/{row.code}",
        "label": say("Edition %(n)s", n=row.number),
        "code": row.code,
        "state": web.state_of(row),
        "when": web.when(row.effective_on or row.created_at),
        "summary": row.summary,
    }


# ── a revision ───────────────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.get("/revisions")
def revisions() -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        here = found_revisions(session, request.args, by=by, at=at)
        rows = [{**_edition(one.revision), "title": one.procedure.title, "late": one.overdue} for one in here.items]
        return web.show("procedures/revisions.html", title=say("Revisions"), rows=rows, **web.around(here))


def found_revisions(
    session: Session, args: web.Args, *, by: Actor, at: datetime, limit: int = USUAL
) -> Page[queries.Listed]:
    """What the list shows for these parameters of its address."""
    wanted = queries.Wanted(states=options.states_of(args, RevisionState, ()))
    return queries.revisions(session, wanted, by=by, at=at, limit=limit, cursor=args.get("cursor"))


@blueprint.get("/revisions/<code>")
def revision(code: str) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        row = queries.one_revision(session, code, by)
        procedure = session.get_one(Procedure, row.procedure_id)
        triggers = buttons(session, row, by=by, at=at)
        return web.show(
            "procedures/revision.html",
            title=procedure.title,
            revision=row,
            procedure=procedure,
            dir=direction(row.lang),
            **_edition(row),
            changes=[_change(one) for one in queries.changes(session, row)],
            first=row.base_id is None,
            text=limits.read(row.sections),
            lessons=[{"href": f"/lessons/{one.code}", "title": one.title, "code": one.code}
                     for one, _ in queries.because_of(session, row, by)],
            facts_of=_facts(session, row),
            editing=_may_edit(session, row, by, at),
            triggers=triggers,
            history=story.told(session, row),
        )  # fmt: skip


def _change(one: queries.Compared) -> dict[str, Any]:
    words = {"changed": say("changed"), "added": say("new"), "removed": say("gone"), "same": ""}
    return {
        "kind": one.kind,
        "word": say("moved") if one.moved and one.kind == "same" else words[one.kind],
        "heading": [{"op": run.op, "text": run.text} for run in one.heading],
        "body": [{"op": run.op, "text": run.text} for run in one.body],
    }


def _facts(session: Session, row: Revision) -> list[tuple[Any, Any]]:
    people = people_by_id(session, [row.money_approved_by_id, row.approved_by_id])
    return [
        (say("Written by"), " · ".join(web.name_of(one) for one in queries.editors(session, row))),
        (say("Sums approved by"), web.name_of(people.get(row.money_approved_by_id or 0))),
        (say("Approved by"), web.name_of(people.get(row.approved_by_id or 0))),
        (say("In force from"), web.when(row.effective_on) if row.effective_on else ""),
        (say("Meant for"), audience_words(tree(session), row.audience)),
        (say("To be read by"), say("%(share)s%% of them", share=round(row.share * 100)) if row.share else ""),
    ]


def _may_edit(session: Session, row: Revision, by: Actor, at: Any) -> bool:
    return can_edit(row, facts(session, [row], by=by, at=at)[0])


@blueprint.route("/revisions/<code>/edit", methods=["GET", "POST"])
def edit(code: str) -> ResponseReturnValue:
    """Where the text is written: sections with a heading each; an empty heading takes a section out."""
    if request.method == "GET":
        with web.reading() as (session, by, at):
            row = queries.one_revision(session, code, by)
            ready(session, row, "edit", by=by, at=at)
            return _edit_form(session, row, [*row.sections], row.summary)
    sections, summary = _typed(), request.form.get("summary", "")
    try:
        with web.writing() as (session, by, at):
            row = queries.one_revision(session, code, by)
            ready(session, row, "edit", by=by, at=at, version=web.version_sent())
            asked = read(session, asks.EditRevision, {"sections": sections, "summary": summary}, by=by)
            operations.edit(session, row, asked, by=by, at=at)
            return web.sent_to(session, f"/revisions/{code}", say("Saved."))
    except (Invalid, NotAllowed, Stale) as refusal:
        with web.reading() as (session, by, _):
            row = queries.one_revision(session, code, by)
            return _edit_form(session, row, sections, summary, refusal)


def _typed() -> Sections:
    """The sections that have a heading, a body or a table, in their order."""
    columns = [request.form.getlist(name) for name in ("id", "heading", "body")]
    rows = [
        {"id": pid, "heading": heading, "body": body, **limits.typed(request.form, n)}
        for n, (pid, heading, body) in enumerate(zip(*columns, strict=False), start=1)
    ]
    return [row for row in rows if row["heading"].strip() or row["body"].strip() or "limits" in row]


def _edit_form(
    session: Session,
    row: Revision,
    sections: Sections,
    summary: str,
    refusal: Invalid | NotAllowed | Stale | None = None,
) -> ResponseReturnValue:
    faults = [one.message for one in refusal.errors] if isinstance(refusal, Invalid) else []
    return web.show(
        "procedures/edit.html",
        title=say("Write the revision"),
        status=(422 if isinstance(refusal, Invalid) else 409) if refusal else 200,
        revision=row,
        procedure=session.get_one(Procedure, row.procedure_id),
        sections=[{**one, "grid": limits.grid(one, n)} for n, one in enumerate([*sections, *[EMPTY] * SPARE], start=1)],
        summary=summary,
        theirs=limits.read(row.sections) if isinstance(refusal, Stale) else [],
        refusal={"intro": refusal.message, "points": [{"message": one} for one in faults]} if refusal else None,
    )
