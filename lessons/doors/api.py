"""Every address that programs may call, on one page; the views lie beside this file, the description is made of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from importlib.metadata import version
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from lessons import db, web
from lessons.access import Actor
from lessons.access.listing import MOST
from lessons.doors import (
    around,
    bulk,
    cards,
    cases,
    directory,
    feeds,
    figures,
    finder,
    jobs,
    openapi,
    papers,
    records,
    served,
)  # fmt: skip
from lessons.doors.attaching import ATTACHED_BY
from lessons.doors.calls import Answer, asks, check_call, reads, writes
from lessons.doors.columns import handle
from lessons.doors.lists import LISTINGS
from lessons.doors.shapes import PAPER
from lessons.doors.verbs import CREATED
from lessons.i18n import LOCALES, say
from lessons.jobs import pages as long_work
from lessons.models import RECORDS
from lessons.web.who import asking
from lessons.workflow.lives import LIVES

blueprint = Blueprint("api", __name__, url_prefix="/api")
blueprint.before_request(check_call)
V1 = "/v1"
View = Callable[..., Any]
PARTS = ("facts", "findings", "causes")
CREATES = {"debriefs": "Report an event", "lessons": "Write a lesson", "procedures": "Keep a procedure",
           "briefings": "Ask an audience to read", "questions": "Ask what no card says",
           "sentences": "Offer a sentence that works",
           "news": "Tell what is new, or of an offer"}  # fmt: skip
DIRECTORY = ("people", "units", "topics", "duties", "cases")


@dataclass(frozen=True)
class Address:
    """`call` opens the transaction and answers: reads, writes, asks; None where the view answers by itself."""

    method: str
    path: str
    call: Callable[[View], Callable[..., ResponseReturnValue]] | None
    view: View
    says: str


def _addresses() -> Iterator[Address]:
    for noun in RECORDS:
        yield from _of_record(noun)
    for noun in DIRECTORY:
        yield Address("GET", f"/{noun}", reads, partial(directory.index, noun=noun), f"List {noun}")
        yield Address("GET", f"/{noun}/<name>", reads, partial(directory.one, noun=noun), f"One of {noun}")
    for noun in around.PARTS:
        yield Address("GET", f"/{noun}/<pid>", reads, partial(records.one_part, noun=noun), "One part")
    for noun in PARTS:
        yield Address("PATCH", f"/{noun}/<pid>", writes, partial(records.edit_part, noun=noun), "Change it")
        yield Address("DELETE", f"/{noun}/<pid>", writes, partial(records.remove_part, noun=noun), "Take it out")
    yield from OTHERS


def _of_record(noun: str) -> Iterator[Address]:
    yield Address("GET", f"/{noun}", reads, partial(records.index, noun=noun), f"List {noun}")
    if noun in CREATED:
        yield Address("POST", f"/{noun}", writes, partial(records.create, noun=noun), CREATES[noun])
    yield Address("GET", f"/{noun}/<code>", reads, partial(records.one, noun=noun), "One with its parts and steps")
    yield Address("PATCH", f"/{noun}/<code>", writes, partial(records.edit, noun=noun), "Change its words")
    yield Address(
        "GET", f"/{noun}/<code>/events", reads, partial(feeds.events, noun=noun), "Its history, chained by hash"
    )
    if noun in PAPER:
        paper = partial(papers.printed, noun=noun)
        yield Address("GET", f"/{noun}/<code>/{PAPER[noun]}.pdf", None, paper, "Its paper, printed")
    if noun in ATTACHED_BY:
        attach = partial(records.attach, noun=noun)
        yield Address("POST", f"/{noun}/<code>/attachments", writes, attach, "Attach a file")
    yield Address("POST", f"/{noun}/<code>/<word>", writes, partial(records.act, noun=noun), "Take a step, add a part")


def capabilities(session: Session, *, by: Actor, at: datetime) -> Answer:  # noqa: ARG001 - every read is given its moment
    """What can be asked here, and by whom."""
    return Answer(
        {
            "name": "lessons",
            "version": version("lessons"),
            "you": {"person": handle(by.person), "scope": asking().scope} if by.person else None,
            "languages": list(LOCALES),
            "search": {"legs": list(finder.LEGS)},
            "limits": {"writes": db.settings().api_writes, "reads": db.settings().api_reads, "page": MOST},
            "nouns": {
                noun: {"states": list(one.states), "filters": list(one.known), "sorts": list(one.orders)}
                | ({"triggers": list(LIVES[noun].triggers)} if noun in LIVES else {})
                for noun, one in LISTINGS.items()
            },
            "links": {"openapi": "/api/v1/openapi.json", "docs": "/api/docs", "changes": "/api/v1/changes"},
        }
    )


@cache
def told() -> dict[str, Any]:
    return openapi.document(ADDRESSES)


@web.public
def description() -> ResponseReturnValue:
    return jsonify(told())


OTHERS = (
    Address("GET", "", reads, capabilities, "What can be asked here"),
    Address("GET", "/openapi.json", None, description, "This description"),
    Address("POST", "/findings/<pid>/causes", writes, records.add_cause, "Say why it happened"),
    Address("POST", "/causes/<pid>/no_action", writes, records.waive, "Say why no action is needed"),
    Address("POST", "/extensions/<pid>/grant", writes, partial(records.decide, word="grant"), "Grant another date"),
    Address("POST", "/extensions/<pid>/deny", writes, partial(records.decide, word="deny"), "Deny another date"),
    Address("GET", "/attachments/<pid>", None, served.file, "The file itself"),
    Address("PATCH", "/attachments/<pid>", writes, records.edit_file, "Change the words under it"),
    Address("DELETE", "/attachments/<pid>", writes, records.remove_file, "Take it out of a debrief"),
    Address("POST", "/figures", writes, figures.enter, "A unit's numbers of a day"),
    Address("POST", "/lessons/accept", writes, bulk.accept, "Accept several, all or none"),
    Address("POST", "/lessons/reject", writes, bulk.reject, "Reject several, all or none"),
    Address("POST", "/actions/report_done", writes, bulk.report_done, "Report several done, all or none"),
    Address("POST", "/actions/confirm", writes, bulk.confirm, "Confirm several, all or none"),
    Address("GET", "/lessons/<code>/card.json", reads, cards.values, "The card as values"),
    Address("GET", "/lessons/<code>/card.pdf", None, cards.printed, "The card, printed"),
    Address("GET", "/jobs/<pid>", reads, jobs.one, "How far long work is"),
    Address("GET", "/jobs/<pid>/file", None, long_work.file, "What came of it"),
    Address("POST", "/units", writes, directory.add_unit, "Add a unit"),
    Address("POST", "/people", writes, directory.add_person, "Add a person, active at once"),
    Address("POST", "/cases", writes, cases.enter, "A customer's contact, or up to 10,000 as items, all or none"),
    Address("POST", "/cases/<name>/match", writes, cases.match, "It shows that lesson's problem"),
    Address("POST", "/cases/<name>/refuse", writes, cases.refuse, "It does not show the lesson that was proposed"),
    Address("GET", "/cases/<name>/documentation", reads, cases.documentation, "Text for the CRM"),
    Address("POST", "/embed/sessions", writes, cases.open_frame, "A token for the frame in a CRM's page"),
    Address("GET", "/search", reads, finder.search, "Lessons, procedures, news and topics by words"),
    Address("POST", "/suggest", asks, finder.suggest, "Lessons and procedures for what a customer said"),
    Address("GET", "/changes", reads, feeds.changes, "Every event once"),
)
ADDRESSES = tuple(_addresses())


def _register() -> None:
    for n, one in enumerate(ADDRESSES):
        view = one.call(_named(one.view)) if one.call else one.view
        blueprint.add_url_rule(f"{V1}{one.path}", f"{n}", view, methods=[one.method])


def _named(view: View) -> View:
    """A view as a function, which a partial is not."""

    def named(*args: Any, **given: Any) -> Answer:
        answer: Answer = view(*args, **given)
        return answer

    return named


_register()


@blueprint.get("/docs")
@web.public
def docs() -> ResponseReturnValue:
    """The description for people."""
    return web.show(
        "doors/docs.html", title=say("For programs"), chapters=openapi.chapters(told()), refused=openapi.REFUSED
    )
