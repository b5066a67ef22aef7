"""Pages of news: the list, one to read, where it is published or an offer reported, and who has read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import web
from lessons.access import Actor, facts, tree
from lessons.access.listing import USUAL, Page
from lessons.access.refs import read
from lessons.errors import Invalid
from lessons.i18n import Word, say
from lessons.models import News
from lessons.news import operations, queries, shown
from lessons.repository.shown import audience_words
from lessons.web import options, story
from lessons.web.buttons import buttons
from lessons.web.forms import Drawing, errors_of, raw_of
from lessons.web.sharing import by_unit
from lessons.workflow import asks
from lessons.workflow.needed import Needed
from lessons.workflow.news import EDITORS
from lessons.workflow.states import NewsKind, NewsState

blueprint = Blueprint("news", __name__)
TABS = {"live": ("live", "reported"), "ended": ("withdrawn", "expired")}
FOR_OFFERS = ("seen_where", "our_answer")
READERS = frozenset({*EDITORS, "auditor", "author"})


@blueprint.get("/news")
def index() -> ResponseReturnValue:
    chosen = request.args.get("state", "live")
    chosen = chosen if chosen in TABS else "live"
    with web.reading() as (session, by, at):
        here = found(session, request.args, by=by, at=at)
        return web.show(
            "news/list.html",
            title=say("News"),
            rows=[shown.shown(one) for one in here.items],
            tabs=[
                {"href": f"/news?state={name}", "label": Word("news.tab", name), "current": name == chosen}
                for name in TABS
            ],
            may_publish=bool(by.units_of(*EDITORS)),
            **web.around(here),
        )


def found(session: Session, args: web.Args, *, by: Actor, at: datetime, limit: int = USUAL) -> Page[queries.Listed]:  # noqa: ARG001 - as of every list
    """What the list shows for these parameters of its address; for `all`, what either tab shows."""
    chosen = args.get("state", "live")
    states = [*TABS["live"], *TABS["ended"]] if chosen == "all" else TABS.get(chosen, TABS["live"])
    return queries.all_news(session, states, by=by, limit=limit, cursor=args.get("cursor"))


@blueprint.route("/news/new", methods=["GET", "POST"])
def create() -> ResponseReturnValue:
    """News, a topic in focus, or – for everyone – an offer that was seen."""
    if request.method == "GET":
        return _create_form({"kind": _kind(request.args.get("kind", ""))})
    raw = {**raw_of(asks.News, request.form), "kind": _kind(request.form.get("kind", ""))}
    try:
        with web.writing() as (session, by, at):
            news = operations.publish(session, read(session, asks.News, raw, by=by), by=by, at=at)
            live = news.state == NewsState.LIVE
            said = say("It is on the desk.") if live else say("Thank you. Once a second person saw it too, it is on "
                                                              "the desk.")  # fmt: skip
            return web.sent_to(session, f"/news/{news.code}", said)
    except Invalid as refusal:
        return _create_form(raw, refusal)


def _kind(asked: str) -> str:
    return asked if asked in {*NewsKind} else NewsKind.NEWS.value


def _create_form(raw: dict[str, Any], refusal: Invalid | None = None) -> ResponseReturnValue:
    with web.reading() as (session, by, _):
        edits = bool(by.units_of(*EDITORS))
        kind = raw["kind"] if edits else "offer"
        offered = {"units": options.units(session)}
        errors = errors_of(refusal.errors, web.locale()) if refusal else {}
        needed = Needed() if kind == "offer" else Needed(always={"valid_until": None})
        drawing = Drawing(web.locale(), raw, errors, offered, without=_without(kind, edits), needed=needed)
        return web.show(
            "news/new.html",
            title=Word("news_kind", kind),
            status=422 if refusal else 200,
            fields=[*drawing.fields(asks.News), {"name": "kind", "kind": "hidden", "label": "", "value": kind}],
            offer=kind == "offer",
            edits=edits,
            kinds=[
                {"href": f"/news/new?kind={one}", "label": Word("news_kind", one), "current": one == kind}
                for one in (NewsKind if edits else ())
            ],
        )


def _without(kind: str, edits: bool) -> list[str]:
    """Fields that have no place in this kind, or are for editors alone."""
    without = ["kind", *(("topic", "valid_from") if kind == "offer" else FOR_OFFERS)]
    without += ["topic"] if kind == "news" else []
    return without if edits else [*without, "urgent", "unit", "audience"]


@blueprint.get("/news/<code>")
def one(code: str) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        news = queries.one(session, code, by)
        line = queries.listed(session, [news], by=by)[0]
        return web.show(
            "news/one.html",
            title=news.title,
            news=news,
            row=shown.shown(line),
            audience=audience_words(tree(session), news.audience),
            asked=queries.is_asked(session, line, by),
            readers=_readers(session, news, by=by, at=at),
            triggers=buttons(session, news, by=by, at=at),
            history=story.told(session, news),
        )


def _readers(session: Session, news: News, *, by: Actor, at: datetime) -> dict[str, Any] | None:
    """How far it is, for those who publish and for auditors; who is missing, for whoever leads them."""
    if news.state not in (NewsState.LIVE, NewsState.EXPIRED, NewsState.WITHDRAWN):
        return None
    relations = facts(session, [news], by=by, at=at)[0].relations
    found = queries.readers(session, news, by=by, at=at)
    if not relations & READERS and not found.missing:
        return None
    return {
        "units": by_unit(session, found.units) if relations & READERS else [],
        "missing": found.missing,
        "read": found.read,
        "of": found.of,
        "share": found.read / found.of if found.of else 1.0,
    }


@blueprint.post("/news/<code>/read")
def acknowledge(code: str) -> ResponseReturnValue:
    """I have read and understood."""
    with web.writing() as (session, by, at):
        operations.acknowledge(session, queries.one(session, code, by), {}, by=by, at=at)
        onward = web.local_path(request.form.get("next"), f"/news/{code}")
        return web.sent_to(session, onward, say("Recorded: read and understood."))
