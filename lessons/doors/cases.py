"""Programs' calls on cases: one or ten thousand in, matched to a lesson, documented from its card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import request
from pydantic import Field
from sqlmodel import Session

from lessons import db, web
from lessons.access import Actor, tree
from lessons.access.refs import invalid, read
from lessons.cases import matching, operations
from lessons.cases.documentation import documentation as documented
from lessons.cases.places import category_of
from lessons.doors.calls import Answer
from lessons.doors.columns import handle, plain
from lessons.doors.directory import named, shapes
from lessons.doors.parameters import Query
from lessons.doors.shapes import ROOT
from lessons.doors.ways import find
from lessons.errors import FieldError, Forbidden
from lessons.i18n import LOCALES, say
from lessons.web import framed
from lessons.workflow import asks
from lessons.workflow.fields import Asks, LooseLine, PersonRef

Raw = dict[str, Any]
MOST = 10_000
ONLY_ADMIN = say("A frame for another person is opened by a program of whoever administers their unit.")
NOT_LISTED = say("The site “%(origin)s” is not among those that may frame: LESSONS_EMBED_ORIGINS lists them.")


class Cases(Asks):
    items: list[asks.Case] = Field(min_length=1, max_length=MOST)


def enter(session: Session, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    """A case as a CRM sends it, or many as `items`, all or none; sent again, it is the case that is there."""
    if "items" in raw:
        return _many(session, read(session, Cases, raw, by=by)["items"], by=by, at=at)
    cases, fresh = operations.enter_all(session, [read(session, asks.Case, raw, by=by)], by=by, at=at)
    body = shapes(session, "cases", cases, by=by, at=at)[0]
    return Answer(body, 201 if fresh else 200, body["links"]["self"])


def _many(session: Session, items: list[Raw], *, by: Actor, at: datetime) -> Answer:
    cases, fresh = operations.enter_all(session, items, by=by, at=at)
    told = [
        {"id": one.pid, "external_id": one.external_id, "created": one.external_id in fresh,
         "links": {"self": f"{ROOT}/cases/{one.pid}"}}
        for one in cases
    ]  # fmt: skip
    return Answer({"items": told, "created": len(fresh)}, 201 if fresh else 200)


def match(session: Session, name: str, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    """This case shows that lesson's problem."""
    return _said(session, name, matching.match, by=by, at=at, raw=raw)


def refuse(session: Session, name: str, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    """This case does not show the lesson that was proposed for it."""
    return _said(session, name, matching.refuse, by=by, at=at, raw=raw)


def _said(session: Session, name: str, work: Callable[..., None], *, by: Actor, at: datetime, raw: Raw) -> Answer:
    case = named(session, "cases", name, by=by)
    work(session, case, read(session, asks.MatchCase, raw, by=by)["lesson"], by=by, at=at)
    return Answer(shapes(session, "cases", [case], by=by, at=at)[0])


def documentation(session: Session, name: str, *, by: Actor, at: datetime) -> Answer:
    """Text that is ready for the CRM: which card was followed, and what was said and done by it."""
    query = Query(request.args, ("lesson", "lang"))
    case = named(session, "cases", name, by=by)
    lesson = find(session, "lessons", query.text("lesson").upper(), by=by)
    locale = query.choice("lang", LOCALES, web.locale())
    text = documented(session, case, lesson, locale=locale, at=at)
    return Answer({"case": case.external_id, "lesson": lesson.code, "edition": lesson.edition, "language": locale,
                   "category": category_of(session, case, lesson), "text": text})  # fmt: skip


# ── frames ───────────────────────────────────────────────────────────────────────────────────────────────────────────
class OpenFrame(Asks):
    """`origin`: the site of the page that frames, as browsers name it; `agent`: whoever has it before them."""

    origin: LooseLine
    agent: PersonRef | None = None


def open_frame(session: Session, *, by: Actor, at: datetime, raw: Raw) -> Answer:
    """What the CRM's page hands to the frame: a signed token for one agent and one site, good for half an hour."""
    asked = read(session, OpenFrame, raw, by=by)
    agent, origin = asked.get("agent") or by.person, asked["origin"]
    if agent is None:
        raise Forbidden(operations.A_PERSON)
    if agent.id != by.id and not by.units_of("admin") & set(tree(session).above[agent.unit_id]):
        raise Forbidden(ONLY_ADMIN)
    if origin not in db.settings().origins:
        raise invalid([FieldError("/origin", "not_listed", NOT_LISTED.with_(origin=origin[:120]))])
    token, until = framed.token(agent.pid, origin, at=at)
    told = {"token": token, "expires_at": plain(until), "agent": handle(agent),
            "url": f"{db.settings().base_url}{framed.UNDER}suggest"}  # fmt: skip
    return Answer(told, 201, once=("token",))
