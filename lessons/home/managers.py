"""The managers' page: where it is stuck and with whom, the two measures month by month, views kept under a name."""

from __future__ import annotations

from datetime import datetime, time
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session, select

from exports.press import PressFailed
from lessons import web
from lessons.access import Actor, tree
from lessons.access.numbers import calendar_of
from lessons.doors import cards
from lessons.errors import NotFound, Unavailable
from lessons.home import managed, managing, measures, month, operations
from lessons.home.managed import HERE
from lessons.i18n import isolate, say
from lessons.models import SavedView, Unit
from lessons.web.counted import count
from lessons.web.handed import disposition
from lessons.web.speech import zone

blueprint = Blueprint("managers", __name__)
ASKED = ("unit", "months", "show", "step", "who")
SHOWN = 100
SHOWS = ("first", "all")


def asked(session: Session, by: Actor) -> managed.View:
    args = request.args
    months = int(args["months"]) if args.get("months") in {str(n) for n in managed.PERIODS} else managed.PERIODS[0]
    unit = tree(session).by_code(args.get("unit", ""))
    if unit is not None and unit.id not in managed.units(session, by):
        unit = None
    return managed.View(
        unit,
        months,
        args.get("show", "") if args.get("show") in SHOWS else "",
        args.get("step", "")[:32],
        args.get("who", "")[:40],
    )


@blueprint.get(HERE)
def managers() -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        view = asked(session, by)
        found = managing.stuck(session, view.unit, by=by, at=at)
        rows = managed.chosen(found, view)
        late = sum(one.late for one in found)
        first = sum(one.late_at_first for one in found)
        tabs = (
            ("", say("Late"), late),
            ("first", say("Late by the original date"), first),
            ("all", say("All that waits"), len(found)),
        )
        return web.show(
            "home/managers.html",
            title=managed.headline(len(found), late),
            unit=managed.named(session, view.unit, by),
            filters=managed.filters(session, view, by),
            views=_views(session, by),
            asked=[(name, request.args[name]) for name in ASKED if request.args.get(name)],
            stations=managed.stations(found, view),
            waiting=managed.waiting(found, view),
            narrowed=view.address(step="", who="") if view.step or view.who else "",
            tabs=[
                {"label": label, "count": n, "href": view.address(show=show), "current": view.show == show}
                for show, label, n in tabs
            ],
            rows=[managed.row(session, one) for one in rows[:SHOWN]],
            more=max(len(rows) - SHOWN, 0),
            all_of_it=bool(by.units_of("manager", "auditor")),
            text=view.address(f"{HERE}/list"),
            ahead=view.address(f"{HERE}/ahead", months="", show="", step="", who=""),
            month=view.address(f"{HERE}/month.pdf", months="", show="", step="", who=""),
            **managed.charts(trend(session, view.unit, view.months, by=by, at=at)),
        )


def trend(session: Session, unit: Unit | None, months: int, *, by: Actor, at: datetime) -> list[measures.Month]:
    edges = measures.firsts(at.astimezone(zone()).date(), months)
    since = datetime.combine(edges[0], time(), zone())
    came = managing.reached(session, unit, since, by=by)
    return measures.by_month(
        edges, came, managing.checked(session, unit, by=by), lambda unit_id: calendar_of(session, unit_id)
    )


@blueprint.get(f"{HERE}/month.pdf")
def printed() -> ResponseReturnValue:
    """What was learned in a month, on one page. The press works after the database has been let go."""
    count("print", cards.PRINTED_A_MINUTE)
    with web.reading() as (session, by, at):
        view = asked(session, by)
        end = measures.end_of(request.args.get("month", ""), at.astimezone(zone()).date())
        until = min(at, datetime.combine(end, time(23, 59), zone()))
        months = trend(session, view.unit, managed.PERIODS[0], by=by, at=until)
        sheet = month.sheet(session, view.unit, months, by=by, at=at, locale=web.locale())
    try:
        answer = Response(cards.press().month(sheet), mimetype="application/pdf")
    except PressFailed as fault:
        raise Unavailable(cards.NOT_PRINTED) from fault
    answer.headers["Content-Disposition"] = disposition(f"{end:%Y-%m}.pdf", "inline")
    return answer


# ── views under a name ───────────────────────────────────────────────────────────────────────────────────────────────
def _views(session: Session, by: Actor) -> list[dict[str, str]]:
    return [
        {
            "name": one.name,
            "href": f"{HERE}/views/{one.pid}",
            "forget": f"{HERE}/views/{one.pid}/forget",
        }
        for one in managing.saved(session, by=by)
    ]


@blueprint.post(f"{HERE}/views")
def keep() -> ResponseReturnValue:
    with web.writing() as (session, by, at):
        asked(session, by)
        query = urlencode([(name, request.form[name]) for name in ASKED if request.form.get(name)])
        view = operations.keep_view(session, request.form.get("name", ""), query, by=by, at=at)
        said_so = say("The view was kept. Its address can be passed on.")
        return web.sent_to(session, f"{HERE}/views/{view.pid}", said_so)


@blueprint.get(f"{HERE}/views/<pid>")
def kept(pid: str) -> ResponseReturnValue:
    """To the page as it was kept; whoever follows it sees what they themself may see."""
    with web.reading() as (session, by, _):
        asked(session, by)
        view = session.scalars(select(SavedView).where(SavedView.pid == pid)).first()
        if view is None:
            raise NotFound(operations.NOT_THERE)
        return redirect(f"{HERE}?{view.query}" if view.query else HERE, 303)


@blueprint.post(f"{HERE}/views/<pid>/forget")
def forget(pid: str) -> ResponseReturnValue:
    with web.writing() as (session, by, _):
        operations.forget_view(session, pid, by=by)
        return web.sent_to(session, HERE, say("The view was forgotten."))


# ── for the staff meeting ────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.get(f"{HERE}/list")
def text() -> ResponseReturnValue:
    """Plain text to paste, by whom it waits for: foreign runs isolated, each line begun in the page's direction."""
    with web.reading() as (session, by, at):
        view = asked(session, by)
        rows = managed.chosen(managing.stuck(session, view.unit, by=by, at=at), view)
        unit = web.spoken(managed.named(session, view.unit, by))
        lines = [
            f"{unit} · {isolate(managed.day_of(web.today()))}",
            str(web.spoken(managed.headline(len(rows), sum(r.late for r in rows)))),
        ]
        for name in sorted({managed.who(one) for one in rows}):
            lines += ["", isolate(name), *(managed.line(session, one) for one in rows if managed.who(one) == name)]
    mark = "\u200f" if web.locale() == "he" else "\u200e"
    return Response("".join(f"{mark}{line}\n" if line else "\n" for line in lines), mimetype="text/plain")
