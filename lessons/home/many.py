"""Several proposed lessons decided on the bench in the same way: ticked, shown what becomes of each, then all or none.

No step takes a decision back, so it is the preview that can be left without a trace; nothing is done before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor, tree
from lessons.access.refs import invalid, read
from lessons.doors import bulk
from lessons.doors.verbs import form_of
from lessons.errors import FieldError, Forbidden, Invalid, LessonsError, NotAllowed, NotFound, Unmet
from lessons.home import bench, many_queries
from lessons.home.many_queries import DECISIONS, MOST, Foreseen
from lessons.i18n import Word, say, say_n
from lessons.models import Lesson
from lessons.repository.shown import audience_words, desk_state
from lessons.steps import offers
from lessons.web import options
from lessons.web.buttons import point, to_ask
from lessons.web.forms import Drawing, errors_of

blueprint = Blueprint("bench_many", __name__, url_prefix="/bench/many")
TITLE = say("Several at once")
NONE_TICKED = say("Nothing is ticked yet. At least one lesson is needed.")
NOTHING_THEN = say("Nothing was decided here at that moment.")
NO_OWNER = say("Whoever wrote it is not known or not here any more, so its own form asks in whose care it will be.")
DONE = {
    "accept": say_n("One lesson was adopted.", "%(n)s lessons were adopted."),
    "reject": say_n("One lesson was not adopted.", "%(n)s lessons were not adopted."),
}
DO = {
    "accept": say_n("Adopt this one", "Adopt these %(n)s"),
    "reject": say_n("Do not adopt this one", "Do not adopt these %(n)s"),
}
WILL = {
    "accept": say_n("One lesson will be adopted", "%(n)s lessons will be adopted"),
    "reject": say_n("One lesson will not be adopted", "%(n)s lessons will not be adopted"),
}
WAYS_OUT = ("reject", "retire")


# ── ticking ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.get("")
def index() -> ResponseReturnValue:
    return _list(request.args.getlist("lesson"), every="all" in request.args)


def _list(ticked: Sequence[str], *, every: bool = False, refusal: Invalid | None = None) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        found = many_queries.waiting(session, by, at=at)
        errors = errors_of(refusal.errors, web.locale()) if refusal else {}
        drawing = Drawing(web.locale(), {"reason": request.form.get("reason", "")}, errors)
        return web.show(
            "bench/many.html",
            title=TITLE,
            status=422 if refusal else 200,
            tabs=bench.tabs(),
            rows=[_row(session, *one, at=at, ticked=every or one[0].code in ticked) for one in found[:MOST]],
            more=len(found) > MOST,
            every=every,
            fields=drawing.fields(form_of("lessons", "reject")),
            refusal=errors.get("lesson", ""),
        )


def _row(session: Session, lesson: Lesson, author: Any, due_on: Any, *, at: datetime, ticked: bool) -> dict[str, Any]:
    return {
        "title": lesson.title,
        "code": lesson.code,
        "author": web.name_of(author),
        "unit": web.name_of(tree(session).units[lesson.unit_id]),
        "due": web.when(due_on) if due_on else "",
        "late": bool(due_on and due_on < tree(session).today(lesson.unit_id, at)),
        "asked": lesson.asked_at is not None,
        "ticked": ticked,
    }


# ── what would become of each ────────────────────────────────────────────────────────────────────────────────────────
@blueprint.get("/preview")
def no_preview() -> ResponseReturnValue:
    """Nothing of a preview is kept: its address alone leads to the list."""
    return redirect("/bench/many", 303)


@blueprint.post("/preview")
def preview() -> ResponseReturnValue:
    codes, trigger = request.form.getlist("lesson"), _decision()
    try:
        with web.reading() as (session, by, _):
            if not codes:
                raise invalid([FieldError("/lesson", "missing", NONE_TICKED)])
            if trigger == "reject":
                read(session, form_of("lessons", trigger), {"reason": request.form.get("reason", "")}, by=by)
    except Invalid as refusal:
        return _list(codes, refusal=refusal)
    return _preview(codes, trigger)


def _decision() -> str:
    """Raises NotFound."""
    found = request.form.get("decision", "")
    if found not in DECISIONS:
        raise NotFound(say("There is no such step."))
    return found


def _preview(codes: Sequence[str], trigger: str, refusal: LessonsError | None = None) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        found = many_queries.foreseen(session, codes, trigger, by=by, at=at)
        can = [one for one in found if _fits(one, trigger)]
        return web.show(
            "bench/preview.html",
            title=TITLE,
            status=409 if refusal else 200,
            tabs=bench.tabs(),
            trigger=trigger,
            will=[_will(session, one) for one in can],
            heading=WILL[trigger].with_(n=len(can)),
            stays=[_stays(one, trigger) for one in found if one not in can],
            reason=request.form.get("reason", "").strip(),
            button=DO[trigger].with_(n=len(can)),
            back=f"/bench/many?{urlencode([('lesson', one.lesson.code) for one in found])}",
            refusal=_told(refusal) if refusal else None,
        )


def _fits(one: Foreseen, trigger: str) -> bool:
    return one.refusal is None and (trigger != "accept" or one.owner is not None)


def _will(session: Session, one: Foreseen) -> dict[str, Any]:
    lesson = one.lesson
    units = lesson.audience.get("units") or [tree(session).units[lesson.unit_id].code]
    return {
        "title": lesson.title,
        "code": lesson.code,
        "item": f"{lesson.code}/{lesson.version}",
        "owner": web.name_of(one.owner),
        "audience": audience_words(tree(session), {**lesson.audience, "units": units}),
        "at_once": one.at_once,
        "asked": lesson.asked_at is not None,
    }


def _stays(one: Foreseen, trigger: str) -> dict[str, Any]:
    """Why the decision cannot be taken on it, and who could take it."""
    lesson, refusal = one.lesson, one.refusal
    if refusal is None:
        own_form = f"/lessons/{lesson.code}/{trigger}?next=/bench/many"
        points = [{"message": web.spoken(NO_OWNER), "href": own_form, "label": web.spoken(say("The whole form"))}]
        return {"title": lesson.title, "code": lesson.code, "points": points, "who": []}
    unmet = refusal.unmet if isinstance(refusal, NotAllowed) else []
    return {
        "title": lesson.title,
        "code": lesson.code,
        "points": [point(lesson, one) for one in unmet or [Unmet("", refusal.message)]],
        "who": [to_ask(one, lesson.code) for one in refusal.who_could] if unmet else [],
    }


def _told(refusal: LessonsError) -> dict[str, Any]:
    points = [one.message for one in getattr(refusal, "unmet", None) or getattr(refusal, "errors", None) or []]
    return {"intro": refusal.message, "points": [{"message": web.spoken(one)} for one in points]}


# ── doing it ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.post("")
def take() -> ResponseReturnValue:
    """All of what the preview showed, in one transaction, as it was shown: nothing where one of them has changed."""
    trigger = _decision()
    seen = [one.rpartition("/") for one in request.form.getlist("item")]
    codes = [code for code, _, _ in seen]
    try:
        with web.writing() as (session, by, at):
            found = many_queries.foreseen(session, codes, trigger, by=by, at=at)
            versions = {code: version for code, _, version in seen}
            items = [_item(one, trigger, versions[one.lesson.code]) for one in found]
            rows = bulk.step_each(session, "lessons", trigger, by=by, at=at, raw={"items": items})
            done = web.with_args("/bench/many/done", at=at.isoformat())
            return web.sent_to(session, done, DONE[trigger].with_(n=len(rows)))
    except (Forbidden, NotAllowed, Invalid) as refusal:
        return _preview(codes, trigger, refusal)


def _item(one: Foreseen, trigger: str, version: str) -> dict[str, Any]:
    item = {"lesson": one.lesson.code, "version": int(version) if version.isdecimal() else -1}
    if trigger == "reject":
        return {**item, "reason": request.form.get("reason", "")}
    return {**item, "owner": options.handle(one.owner), "audience": one.lesson.audience or None}


# ── what was done ────────────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.get("/done")
def done() -> ResponseReturnValue:
    """What was decided at that moment, how each stands now, and what its life still allows."""
    with web.reading() as (session, by, at):
        found = many_queries.decided(session, _moment(), by=by)
        if not found:
            raise NotFound(NOTHING_THEN)
        return web.show(
            "bench/done.html",
            title=TITLE,
            tabs=bench.tabs(),
            rows=_decided(session, found, by=by, at=at),
            when=web.when(_moment(), hour=True),
            adopted=any(trigger == "accept" for _, trigger in found),
            waits=bool(many_queries.waiting(session, by, at=at)),
        )


def _moment() -> datetime:
    """Raises NotFound."""
    try:
        found = datetime.fromisoformat(request.args.get("at", ""))
    except ValueError:
        raise NotFound(NOTHING_THEN) from None
    if found.tzinfo is None:
        raise NotFound(NOTHING_THEN)
    return found


def _decided(session: Session, found: Sequence[Any], *, by: Actor, at: datetime) -> list[dict[str, Any]]:
    still = offers(session, [lesson for lesson, _ in found], by=by, at=at)
    return [
        {
            "title": lesson.title,
            "code": lesson.code,
            "what": web.spoken(Word("lessons.event", trigger)),
            "state": desk_state(lesson),
            "ways": [_way(lesson, one.name) for one in its if one.name in WAYS_OUT and one.open][:1]
            or _afresh(lesson, trigger),
        }
        for (lesson, trigger), its in zip(found, still, strict=True)
    ]


def _way(lesson: Lesson, trigger: str) -> dict[str, Any]:
    href = web.with_args(f"/lessons/{lesson.code}/{trigger}", next=web.path_here())
    return {"href": href, "label": web.spoken(Word("lessons.trigger", trigger))}


def _afresh(lesson: Lesson, trigger: str) -> list[dict[str, Any]]:
    """Its words can begin another lesson, which somebody else then decides on."""
    label = web.spoken(say("Write it anew"))
    return [{"href": f"/lessons/new?like={lesson.code}", "label": label}] if trigger == "reject" else []
