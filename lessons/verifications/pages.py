"""Pages of verifications: the list, and one with its numbers before and after and the cases of its watch."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.access.listing import USUAL, Page
from lessons.i18n import Word, say
from lessons.models import Verification
from lessons.repository.outcome import measure, number
from lessons.verifications import queries
from lessons.web import options, story
from lessons.web.buttons import buttons
from lessons.workflow.states import VerificationState

blueprint = Blueprint("verifications", __name__)


@blueprint.get("/verifications")
def index() -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        here = found(session, request.args, by=by, at=at)
        return web.show(
            "verifications/list.html",
            title=say("Did it work?"),
            rows=[_row(one) for one in here.items],
            tabs=_tabs(_states(request.args)),
            **web.around(here),
        )


def found(session: Session, args: web.Args, *, by: Actor, at: datetime, limit: int = USUAL) -> Page[queries.Listed]:
    """What the list shows for these parameters of its address."""
    wanted = queries.Wanted(states=_states(args))
    return queries.verifications(session, wanted, by=by, at=at, limit=limit, cursor=args.get("cursor"))


def _states(args: web.Args) -> list[str]:
    return options.states_of(args, VerificationState, ())


def _tabs(states: list[str]) -> list[dict[str, Any]]:
    chosen = states[0] if states else ""
    every = [{"href": "/verifications", "label": say("All"), "current": not chosen}]
    return every + [
        {"href": f"/verifications?state={s}", "label": Word("verifications.state", s), "current": chosen == s}
        for s in ("due", "scheduled", "effective", "not_effective")
    ]


def _row(one: queries.Listed) -> dict[str, Any]:
    v = one.verification
    return {
        "href": f"/verifications/{v.code}",
        "title": one.lesson_title or measure(v),
        "code": v.code,
        "state": web.state_of(v),
        "verifier": web.name_of(one.verifier),
        "due": web.when(v.due_on) if v.due_on else "—",
        "late": one.overdue,
        "lesson": one.lesson_code,
        "measure": measure(v),
    }


@blueprint.get("/verifications/<code>")
def one(code: str) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        v = queries.one(session, code, by)
        line = queries.listed(session, [v], by=by, at=at)[0]
        window = queries.window_of(v)
        cases = queries.window_cases(session, v.lesson_id, *window) if window else []
        return web.show(
            "verifications/one.html",
            title=line.lesson_title or v.code,
            v=v,
            row=_row(line),
            counted=queries.counted(session, v, at=at),
            numbers=[number(v.baseline) or ("?" if v.baseline_unknown else ""), number(v.target), number(v.measured)],
            window=window,
            cases=[{"text": case.text, "when": web.when(case.opened_at)} for case in cases[:20]],
            more=max(len(cases) - 20, 0),
            facts_of=_facts(v, line),
            triggers=buttons(session, v, by=by, at=at),
            history=story.told(session, v),
        )


def _facts(v: Verification, line: queries.Listed) -> list[tuple[Any, Any]]:
    return [
        (say("Checked by"), web.name_of(line.verifier)),
        (say("Due"), web.due(v)),
        (say("Watched for"), say("%(days)s days", days=v.watch_days)),
        (say("Cycle"), str(v.cycle)),
        (say("Sample"), str(v.sample) if v.sample is not None else ""),
        (say("Number before, unknown because"), v.baseline_unknown),
    ]
