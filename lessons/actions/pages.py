"""Pages of actions: the list, and one action with its evidence, its dates and what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor, tree
from lessons.access.listing import USUAL, Page
from lessons.access.named import people_by_id
from lessons.access.refs import person
from lessons.actions import queries
from lessons.i18n import Word, say
from lessons.models import Action
from lessons.web import options, story
from lessons.web.buttons import buttons
from lessons.web.controls import known
from lessons.workflow.promised import promised
from lessons.workflow.states import ACTION_OPEN, ActionKind, ActionState

blueprint = Blueprint("actions", __name__)


@blueprint.get("/actions")
def index() -> ResponseReturnValue:
    args = request.args
    with web.reading() as (session, by, at):
        here = found(session, args, by=by, at=at)
        return web.show(
            "actions/list.html",
            title=say("Actions"),
            rows=[_row(one) for one in here.items],
            tabs=_tabs(args),
            filters=_filters(session, _wanted(session, args)),
            narrowed=bool({*args} - {"overdue"}) and args.get("state") != "all",
            **web.around(here),
        )


def found(session: Session, args: web.Args, *, by: Actor, at: datetime, limit: int = USUAL) -> Page[queries.Listed]:
    """What the list shows for these parameters of its address."""
    wanted = _wanted(session, args)
    return queries.actions(session, wanted, by=by, at=at, limit=limit, cursor=args.get("cursor"))


def _wanted(session: Session, args: web.Args) -> queries.Wanted:
    return queries.Wanted(
        states=options.states_of(args, ActionState, ACTION_OPEN),
        unit=tree(session).by_code(args.get("unit", "")),
        owner=person(session, args["owner"]) if args.get("owner") else None,
        overdue=True if args.get("overdue") else None,
        kind=args.get("kind", "") if args.get("kind") in set(ActionKind) else "",
        q=args.get("q", "")[:200],
    )


def _tabs(args: Mapping[str, str]) -> list[dict[str, Any]]:
    here = (
        "all" if args.get("state") == "all" else "late" if args.get("overdue") else "" if args.get("state") else "open"
    )
    return [
        {"label": say("Open actions"), "href": "/actions", "current": here == "open"},
        {"label": say("Late"), "href": "/actions?overdue=1", "current": here == "late"},
        {"label": say("All"), "href": "/actions?state=all", "current": here == "all"},
    ]


def _row(one: queries.Listed) -> dict[str, Any]:
    action = one.action
    return {
        "href": f"/actions/{action.code}",
        "title": action.text,
        "code": action.code,
        "state": web.state_of(action),
        "kind": Word("action_kind", action.kind.value),
        "owner": web.name_of(one.owner),
        "due": web.when(action.due_on) if action.due_on else "—",
        "promised": promised(action) or "",
        "late": one.overdue,
        "of": one.of.title if one.of else "",
    }


def _filters(session: Session, wanted: queries.Wanted) -> list[dict[str, Any]]:
    states = [{"value": s.value, "label": Word("actions.state", s.value)} for s in ActionState]
    people, owner = options.people(session, chosen=[options.handle(wanted.owner)]), options.handle(wanted.owner)
    return [
        {"name": "q", "label": say("Words"), "kind": "text", "value": wanted.q},
        {"name": "state", "label": say("State"), "kind": "choice", "options": states,
         "value": wanted.states[0] if len(wanted.states) == 1 else ""},
        {"name": "unit", "label": say("Unit"), "kind": "choice", "options": options.units(session),
         "value": wanted.unit.code if wanted.unit else ""},
        {"name": "owner", "label": say("Owner"), "kind": "person", "options": people,
         "value": known(people, owner)},
        {"name": "overdue", "label": say("Late only"), "kind": "bool", "value": bool(wanted.overdue)},
    ]  # fmt: skip


@blueprint.get("/actions/<code>")
def one(code: str) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        action = queries.one(session, code, by)
        line = queries.listed(session, [action], by=by, at=at)[0]
        people = people_by_id(session, [action.assigner_id, action.waiting_on_id, action.confirmed_by_id])
        return web.show(
            "actions/one.html",
            title=action.text.split("\n")[0],
            action=action,
            row=_row(line),
            parent=line.of,
            waiting=web.name_of(people.get(action.waiting_on_id or 0)),
            facts_of=_facts(action, line, people),
            evidence=[_evidence(one) for one in queries.evidence(session, action, by)],
            dates=[_moved(one) for one in queries.dates(session, action)],
            extensions=[_asked(one) for one in queries.extensions(session, action)],
            covers=[cause.text for cause in queries.covers(session, action)],
            triggers=buttons(session, action, by=by, at=at),
            history=story.told(session, action),
        )


def _facts(action: Action, line: queries.Listed, people: dict[int, Any]) -> list[tuple[Any, Any]]:
    return [
        (say("Owner"), web.name_of(line.owner)),
        (say("Due"), web.due(action) or "—"),
        (say("Assigned by"), web.name_of(people.get(action.assigner_id or 0))),
        (say("Confirmed by"), web.name_of(people.get(action.confirmed_by_id or 0))),
        (say("Kind"), Word("action_kind", action.kind.value)),
    ]


def _evidence(one: queries.Shown) -> dict[str, Any]:
    held = one.evidence
    return {
        "kind": Word("evidence_kind", held.kind.value),
        "url": held.url,
        "revision": one.revision_code,
        "file": one.file,
        "note": held.note,
        "who": web.name_of(one.by),
        "when": web.when(held.created_at),
    }


def _moved(one: queries.Moved) -> dict[str, Any]:
    return {
        "text": Word("due_change", one.line.how),
        "who": web.name_of(one.by),
        "when": web.when(one.line.new_due_on) if one.line.new_due_on else "—",
        "reason": one.line.reason,
    }


def _asked(one: queries.Asked) -> dict[str, Any]:
    asked, state = one.extension, Word("extension_state", one.extension.state.value)
    return {
        "text": say("%(what)s, asked after its day", what=state) if asked.late else state,
        "who": web.name_of(one.by),
        "when": web.when(asked.new_due_on),
        "reason": asked.reason,
    }
