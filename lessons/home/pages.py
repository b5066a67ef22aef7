"""My day: what is owed and by when, what to read, what came of one's reports."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_date
from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.briefings.queries import ToRead, to_read
from lessons.doors import choices
from lessons.doors.verbs import form_of
from lessons.doors.ways import find
from lessons.errors import LessonsError
from lessons.home import queries, several
from lessons.home.managed import title_of
from lessons.home.queries import Owed
from lessons.i18n import Word, say, say_n
from lessons.steps import ready
from lessons.web import deciding
from lessons.workflow.lives import LIVES, next_step
from lessons.workflow.promised import of_duty, promised
from lessons.workflow.rights import LEAD_QUICK

blueprint = Blueprint("home", __name__)
IN_PLACE = ("report_done", "ask_extension", "block")


@blueprint.get("/")
def day() -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        owed, outcomes = queries.day(session, by, at=at)
        code, _, trigger = request.args.get("do", "")[:60].partition("/")
        if trigger in IN_PLACE and any(one.row.code == code for one in owed):
            try:
                asked = {code: {"form": _asked(session, code, trigger, by=by, at=at)}}
            except LessonsError:
                return redirect(f"/actions/{code}/{trigger}", 303)  # that page says what is in the way
        else:
            asked = {}
        unread = to_read(session, by)
        today = web.today()
        late = [one for one in owed if one.duty.due_at <= at]
        now = [one for one in owed if one not in late and one.duty.due_on <= today]
        week = [one for one in owed if one not in late and today < one.duty.due_on <= today + timedelta(days=7)]
        later = [one for one in owed if one.duty.due_on > today + timedelta(days=7)]
        groups = [
            (say("Late"), late), (say("Today"), now), (say("Within a week"), week), (say("Later"), later),
        ]  # fmt: skip
        return web.show(
            "home/day.html",
            title=_headline(len(late) + len(now), len(late)),
            today=format_date(today, "full", locale=web.locale()),
            groups=[
                (name, [{**_day_row(one, late=one in late), **asked.get(one.row.code, {})} for one in some])
                for name, some in groups
                if some
            ],
            unread=[_unread(one) for one in unread],
            waiting=[_waiting(action) for action in queries.waiting_for_others(session, by, owed)],
            outcomes=[_outcome(notice, title) for notice, title in outcomes],
            together=len(several.open_to(owed)) > 1,
            nothing=not owed,
            quick=bool(by.units_of(*LEAD_QUICK)),
            tour=_tour(by) if by.person and (by.person.welcomed_at is None or "tour" in request.args) else [],
        )


def _tour(by: Actor) -> list[dict[str, Any]]:
    """The three steps of a first visit, each with the place it speaks of."""
    desk = by.units_of("agent")
    return [
        {"title": say("What waits for you"), "href": "#main", "label": "",
         "text": say("Everything you are asked for stands here, soonest first. The button beside each line takes the "
                     "next step.")},
        {"title": say("When something happens"), "href": "/report", "label": say("Report an event"),
         "text": say("One sentence is enough, whether it went well or wrong. You hear what came of it.")},
        {"title": say("What was learned"), "href": "/desk" if desk else "/lessons",
         "label": say("To the desk") if desk else say("To the insight repository"),
         "text": say("The search bar, or the key /, finds lessons in the words people use.")},
    ]  # fmt: skip


def _unread(one: ToRead) -> dict[str, Any]:
    return {"title": one.subject.title, "href": f"/briefings/{one.briefing.code}", "due": one.due_on}


def _headline(n: int, late: int) -> Any:
    if not n:
        return say("My day")
    today = say_n("One thing to do today", "%(n)s things to do today", n)
    if not late:
        return today
    return say("%(today)s, %(late)s", today=today, late=say_n("one is late", "%(n)s are late", late))


def _work(one: Owed, *, late: bool = False) -> dict[str, Any]:
    duty, row = one.duty, one.row
    step = "" if duty.about else next_step(row.noun, row.state, duty.kind)
    return {
        "title": title_of(one),
        "href": f"/{row.noun}/{row.code}",
        "when": web.when(duty.due_on),
        "promised": of_duty(duty, row) or "",
        "late": late,
        "duty": Word("duty", duty.kind),
        "state": web.state_of(row),
        "code": row.code,
        "severity": Word("severity", "4") if duty.severity == 4 else "",
        "label": Word(f"{row.noun}.trigger", step) if step else "",
        "do": f"/{row.noun}/{row.code}/{step}" if step else f"/{row.noun}/{row.code}",
        "holder": one.holder,
        "held_up": one.held_up or "",
    }


def _day_row(one: Owed, *, late: bool) -> dict[str, Any]:
    """A line of my day. What an action mostly asks for is asked in place: its buttons open it on this page."""
    row, found = one.row, _work(one, late=late)
    if one.decision is not None:
        decide = deciding.drawn(one.decision, one.of_whom, onward="/")
        return {**found, "duty": say("Yours to decide"), "label": "", "aim": one.aim, "quick": [], "decide": decide}
    open_ = LIVES[row.noun].open_triggers(row.state)
    quick = [trigger for trigger in IN_PLACE if trigger in open_ and not (one.asked and trigger == "ask_extension")]
    if one.asked:
        found["promised"] = say("Another date was asked for; nobody answered yet.")
    if row.noun != "actions" or one.duty.kind not in several.OWED or not quick:
        return {**found, "aim": one.aim, "quick": []}
    first, *rest = [{"label": Word("actions.trigger", t), "href": f"/?do={row.code}/{t}"} for t in quick]
    start = (
        {"label": Word("actions.trigger", "start"), "href": f"/actions/{row.code}/start"} if "start" in open_ else None
    )
    here = {"label": first["label"], "do": first["href"], "quick": rest, "start": start}
    photo = {"href": f"/actions/{row.code}/{several.STEP}", "version": row.version}
    return {**found, **here, "aim": one.aim, "photo": photo if quick[0] == several.STEP else None}


def _asked(session: Session, code: str, trigger: str, *, by: Actor, at: datetime) -> dict[str, Any]:
    """The form of the one step that was opened in place. Raises as the step does."""
    row = find(session, "actions", code, by=by)
    ready(session, row, trigger, by=by, at=at)
    drawing = choices.drawing(session, row, trigger, {}, by=by, at=at)
    fields = drawing.fields(form_of("actions", trigger))
    fields[0]["autofocus"] = True  # and no fragment in the address: with one, browsers focus nothing
    onward = {"name": "next", "kind": "hidden", "label": "", "value": "/"}
    return {"action": f"/actions/{code}/{trigger}", "fields": [*fields, onward], "version": row.version,
            "button": Word("actions.trigger", trigger)}  # fmt: skip


def _waiting(action: Any) -> dict[str, Any]:
    return {
        "title": action.text,
        "href": f"/actions/{action.code}",
        "state": web.state_of(action),
        "when": web.when(action.due_on) if action.due_on else "",
        "promised": promised(action) or "",
        "code": action.code,
    }


def _outcome(notice: Any, title: str) -> dict[str, Any]:
    return {
        "text": Word("notice", notice.kind),
        "title": title,
        "href": f"/{notice.of_noun}/{notice.of_code}",
        "when": web.when(notice.at),
    }
