"""The lessons manager's bench: what waits for a decision, one lesson at a time, decided where it is read."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from statistics import median
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor
from lessons.doors import choices
from lessons.doors.verbs import form_of
from lessons.home import bench_queries
from lessons.home.bench_queries import Proposed
from lessons.home.stuck import Stuck, stuck
from lessons.i18n import Word, isolate, say
from lessons.models import Lesson
from lessons.repository import shown
from lessons.repository.shown import asked
from lessons.web import options, story
from lessons.web.buttons import buttons
from lessons.web.forms import Drawing, people_of

blueprint = Blueprint("bench", __name__, url_prefix="/bench")
TABS = (
    ("/bench", say("For decision")),
    ("/bench/many", say("Several at once")),
    ("/bench/stuck", say("Where it is stuck")),
    ("/bench/ages", say("How long it takes")),
    ("/bench/topics", say("Topics without a card")),
    ("/bench/imports", say("Bring in")),
)
REASONS = {
    "no_plan": say("No plan how it will be known that it worked"),
    "no_way": say("No way to people yet"),
    "action_late": say("Actions past their date"),
    "to_verify": say("Waiting for a check of the effect"),
    "unread": say("Briefings not read in time"),
}
KEYS = {"accept": "a", "ask_author": "q", "reject": "r", "merge": "m"}
ASKED = {"accept": ("owner", "audience", "level"), "ask_author": ("question",), "reject": ("reason",),
         "merge": ("target", "reason")}  # fmt: skip


def tabs() -> list[dict[str, Any]]:
    here = "/".join(request.path.split("/")[:3])
    return [{"href": to, "label": web.spoken(text), "current": to == here} for to, text in TABS]


@blueprint.get("")
def decide() -> ResponseReturnValue:
    """One proposed lesson, the first of the queue or the one that is asked for."""
    with web.reading() as (session, by, at):
        queue = bench_queries.queue(session, by, at=at)
        codes = [duty.of_code for duty in queue]
        here = codes.index(request.args["lesson"]) if request.args.get("lesson") in codes else 0
        found = bench_queries.proposed(session, codes[here], by=by) if codes else None
        if found is None:
            return web.show("bench/empty.html", title=say("For decision"), tabs=tabs())
        after = f"/bench?lesson={codes[(here + 1) % len(codes)]}" if len(codes) > 1 else ""
        return web.show(
            "bench/decide.html",
            title=say("For decision"),
            tabs=tabs(),
            place=say("%(n)s of %(all)s", n=here + 1, all=len(codes)),
            due=web.when(queue[here].due_on),
            late=queue[here].due_at <= at,
            after=after,
            onward=after or "/bench",
            card=shown.card(found.lesson),
            source=_source(found),
            similar=[_alike(one) for one in found.similar],
            asked=asked(story.told(session, found.lesson)),
            waits=found.lesson.asked_at is not None,
            version=found.lesson.version,
            choices=_choices(session, found, after or "/bench", by=by, at=at),
        )


@blueprint.get("/stuck")
def where_stuck() -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        found = stuck(session, by, today=web.today(), at=at)
        groups = {name: [_waits(one) for one in found if one.reason == name] for name in REASONS}
        return web.show(
            "bench/stuck.html",
            title=say("Where it is stuck"),
            tabs=tabs(),
            groups=[(REASONS[name], rows) for name, rows in groups.items() if rows],
            by_person=sorted(Counter(_who(one) for one in found).items()),
        )


def _waits(one: Stuck) -> dict[str, Any]:
    href = f"/{one.row.noun}/{one.row.code}"
    return {"title": one.title or one.row.code, "code": one.row.code, "href": href, "who": _who(one),
            "when": web.when(one.since)}  # fmt: skip


def _who(one: Stuck) -> str:
    """Whoever it waits for; with nobody named, lessons management."""
    return web.name_of(one.person) or str(web.spoken(Word("role", "lessons_manager")))


@blueprint.get("/ages")
def how_long() -> ResponseReturnValue:
    """How many days lessons have been in their present state."""
    with web.reading() as (session, by, at):
        found = bench_queries.ages(session, by, at=at)
        rows = [
            (web.spoken(Word("lessons.state", state)), len(days), round(median(days)), max(days))
            for state, days in found.items()
            if days
        ]
        return web.show(
            "bench/ages.html",
            title=say("How long it takes"),
            tabs=tabs(),
            points=[{"label": word, "value": middle, "period": 3} for word, _, middle, _ in rows],
            rows=rows,
        )


@blueprint.get("/topics")
def without_card() -> ResponseReturnValue:
    with web.reading() as (session, _, _):
        topics = bench_queries.topics_without_card(session)
        return web.show("bench/topics.html", title=say("Topics without a card"), tabs=tabs(), topics=topics)


def _source(found: Proposed) -> dict[str, Any]:
    lesson, debrief = found.lesson, found.debrief
    return {
        "author": web.name_of(found.author),
        "when": web.when(lesson.created_at),
        "title": debrief.title if debrief else "",
        "code": debrief.code if debrief else "",
        "text": lesson.source or (say("written without a debrief") if lesson.debrief_id is None else ""),
    }


def _alike(lesson: Lesson) -> dict[str, Any]:
    state = shown.desk_state(lesson)
    return {"title": lesson.title, "code": lesson.code, "href": f"/lessons/{lesson.code}", "state": state}


def _choices(session: Session, found: Proposed, onward: str, *, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """The decisions that are this person's; a closed one says what is missing. Nothing alike: nothing to merge into."""
    steps = {one["name"]: one for one in buttons(session, found.lesson, by=by, at=at)}
    names = [name for name in KEYS if name in steps and (name != "merge" or found.similar)]
    whole = {"accept": web.with_args(f"/lessons/{found.lesson.code}/accept", next=onward)}
    return [
        {**steps[name], "key": KEYS[name], "whole": whole.get(name, ""), "fields": _fields(session, found, name, by=by)}
        for name in names
    ]


def _fields(session: Session, found: Proposed, trigger: str, *, by: Actor) -> list[dict[str, Any]]:
    """What is asked here; the whole form of the step has more."""
    offered: dict[str, Any] = {}
    given = choices.proposed(session, found.lesson, trigger, by=by)
    if trigger == "accept":
        people = options.people(session, chosen=people_of(form_of("lessons", trigger), given))
        offered = {"people": people, "units": options.units(session)}
    if trigger == "merge":
        offered["target"] = [
            {"value": one.code, "label": one.title, "note": isolate(one.code)} for one in found.similar
        ]
    drawing = Drawing(web.locale(), given, options=offered)
    return [one for one in drawing.fields(form_of("lessons", trigger)) if one["name"] in ASKED[trigger]]
