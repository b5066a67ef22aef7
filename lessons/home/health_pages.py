"""For administrators: whether the installation works, and a letter to oneself to see that mail arrives."""

from __future__ import annotations

import logging
from datetime import date, datetime
from typing import Any

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from exports.press import PressFailed
from lessons import db, web
from lessons.doors import cards
from lessons.duties import signs
from lessons.errors import NotAllowed
from lessons.home import health
from lessons.i18n import Name, isolate, say
from lessons.models import Person
from lessons.people.admin import show
from lessons.post import outbox
from lessons.post.letters import Contents, Line, Section, Written, written
from lessons.repository.printed import sample
from lessons.steps import seals
from lessons.web.counted import count

log = logging.getLogger(__name__)
blueprint = Blueprint("health", __name__, url_prefix="/admin/health")
LOOKS = {
    health.OK: (say("In order"), "ok", "ok"),
    health.LOOK: (say("Needs a look"), "due", "wait"),
    health.BROKEN: (say("Does not work"), "no", "bad"),
    health.UNKNOWN: (say("Not known yet"), "draft", "calm"),
}
IT_WORKS = say("Mail reaches you: this letter was asked for on the page that shows whether the system works.")
MOST_SEALS = 60
UNITS = ("kB", "MB", "GB", "TB")


@blueprint.get("")
def index() -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        parts = [shown(part) for part in health.parts(session, at=at)]
        mailbox = by.person.email if by.person else None
    return show("health", say("Does the system work?"), parts=parts, mailbox=mailbox)


def shown(part: health.Part) -> dict[str, Any]:
    word, shape, tone = LOOKS[part.state]
    facts = [(label, _fact(value)) for label, value in part.facts if value is not None]
    return {"name": part.name, "title": part.title, "word": word, "shape": shape, "tone": tone, "says": part.says,
            "todo": part.todo, "by": part.by, "facts": facts, "in_doubt": part.in_doubt}  # fmt: skip


def _fact(value: Any) -> Any:
    if isinstance(value, datetime):
        return web.when(value, hour=True)
    if isinstance(value, date):
        return web.when(value)
    if isinstance(value, health.Size):
        return Markup('<span dir="ltr">{}</span>').format(sized(value.bytes))
    return Markup('<span dir="ltr">{}</span>').format(value) if isinstance(value, str) else web.spoken(value)


def sized(count: int) -> str:
    """942 kB, 3.1 GB."""
    size, unit = count / 1000, UNITS[0]
    for unit in UNITS:
        if size < 1000 or unit == UNITS[-1]:
            break
        size /= 1000
    return f"{size:.0f} {unit}" if size >= 10 else f"{size:.1f} {unit}"


@blueprint.get("/seals")
def sealed() -> ResponseReturnValue:
    """The seals, the last first, and how whoever kept one finds out whether the history is still what it was."""
    before = web.day_asked("before")
    with web.reading() as (session, _, _):
        newest = list(seals.newest(session, before=before, limit=MOST_SEALS))
        rows = [
            [web.when(one.day), web.spoken(str(one.events)), Markup('<code dir="ltr">{}</code>').format(one.root)]
            for one in newest
        ]
    onward = f"/admin/health/seals?before={newest[-1].day}" if len(newest) == MOST_SEALS else ""
    return show(
        "seals", say("Seals of the history"), rows=rows, last=newest[0].root if newest else "SEAL", next=onward,
        first="/admin/health/seals" if before else "",
    )  # fmt: skip


@blueprint.post("/clock")
def clock() -> ResponseReturnValue:
    """Somebody looked: the clock is right, and the worker may go on by it."""
    with web.writing() as (session, by, at):
        signs.believe(session, at=at)
        log.warning("%s says that the clock is right", by.person.pid if by.person else "somebody")
        return web.sent_to(session, "/admin/health", say("The worker goes on within a minute."))


@blueprint.post("/letter")
def letter() -> ResponseReturnValue:
    """A letter to whoever asks, by the same way as every other."""
    with web.writing() as (session, by, at):
        if by.person is None or not by.person.email:
            raise NotAllowed(say("A test letter needs an e-mail address of your own."))
        key = f"test:{by.person.pid}:{at.isoformat()}"
        outbox.write(session, by.person, _test(by.person), key=key, at=at)
        kept = outbox.kept_because(db.settings())
        said = say("The letter is written and kept here.") if kept else say("The letter leaves within a minute.")
        return web.sent_to(session, "/admin/health", said)


@blueprint.post("/print")
def card() -> ResponseReturnValue:
    """One card, printed and let go, to see whether the press works and how long it takes."""
    count("print", cards.PRINTED_A_MINUTE)
    try:
        kind, said = "ok", health.PRINTED.with_(seconds=f"{cards.press().proof(sample(web.locale())):.1f}")
    except PressFailed as fault:
        kind, said = "bad", health.NOT_PRINTED.with_(why=isolate(str(fault)))
    signs.leave(signs.PRESS, worked=kind == "ok", at=web.moment())
    web.told(kind, said)
    return redirect("/admin/health", 303)


def _test(person: Person) -> Written:
    settings, name = db.settings(), Name.of(person).in_(person.locale)
    subject, line = say("A test letter: mail arrives"), Line(IT_WORKS, "", f"{settings.base_url}/admin/health")
    contents = Contents("test", subject, name, (Section(subject, (line,)),), f"{settings.base_url}/")
    return written(contents, person.locale, organisation=settings.organisation_in(person.locale))
