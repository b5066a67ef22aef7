"""Pages of debriefs: report, the quick debrief, the list, and one inquiry."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from lessons import web
from lessons.access import Actor, tree
from lessons.access.listing import USUAL, Page
from lessons.access.named import by_code
from lessons.access.refs import read
from lessons.debriefs import nameless, naming, operations, queries, reviewing, shown
from lessons.errors import Invalid, NotAllowed, NotFound
from lessons.i18n import Word, say
from lessons.models import Debrief
from lessons.steps import ready
from lessons.steps.history import history
from lessons.web import options, story
from lessons.web.buttons import buttons
from lessons.web.forms import Drawing, errors_of, people_of, raw_of
from lessons.workflow import asks
from lessons.workflow.rights import LEAD_QUICK
from lessons.workflow.states import DebriefKind, DebriefState

blueprint = Blueprint("debriefs", __name__)
REPORT_FIELDS = ("what_happened",)
MORE_FIELDS = ("title", "happened_on", "unit", "source_ref", "urgent", "anonymous", "confidential", "concerns_managers")
QUICK_FIELDS = (
    "what_happened", "expected", "why", "differently", "direction", "kind", "applies_when", "participants",
)  # fmt: skip


@blueprint.get("/report")
def report_page() -> ResponseReturnValue:
    """What was searched for and not found may stand in it."""
    with web.reading() as (session, by, _):
        return _report_form(session, by, {"what_happened": request.args.get("what_happened", "")[:400]})


@blueprint.post("/report")
def report() -> ResponseReturnValue:
    """One without a name leaves no row that it was sent: sent twice it is known by its code."""
    raw = {"kind": "failure", **raw_of(asks.Report, request.form)}
    try:
        try:
            return _taken(raw)
        except IntegrityError:  # the same one came in the same moment: now it is there
            return _taken(raw)
    except Invalid as refusal:
        with web.reading() as (session, by, _):
            return _report_form(session, by, raw, refusal)


def _taken(raw: dict[str, Any]) -> ResponseReturnValue:
    hidden = bool(raw.get("anonymous"))
    with web.writing(kept=not hidden) as (session, by, at):
        asked = read(session, asks.Report, raw, by=by)
        debrief, code = operations.report(session, asked, by=by, at=at, key=web.form_told() if hidden else "")
        return _thanks(None, None, code) if code else web.sent_to(session, f"/report/thanks?code={debrief.code}")


def _report_form(
    session: Session, by: Actor, raw: dict[str, Any], refusal: Invalid | None = None
) -> ResponseReturnValue:
    errors = errors_of(refusal.errors, web.locale()) if refusal else {}
    offered = {"units": options.units(session)}
    unit = tree(session).units[by.person.unit_id].code if by.person else ""
    drawing = Drawing(web.locale(), {"unit": unit, **raw}, errors, offered)
    fields = {one["name"]: one for one in drawing.fields(asks.Report)}
    kinds = [{"value": kind.value, "label": Word("debrief_kind", kind.value)} for kind in DebriefKind]
    return web.show(
        "debriefs/report.html",
        title=say("Report an event"),
        status=422 if refusal else 200,
        first=[fields[name] for name in REPORT_FIELDS],
        more=[fields[name] for name in MORE_FIELDS],
        kinds=kinds,
        opened=bool(set(errors) & set(MORE_FIELDS)),
        quick=bool(by.units_of(*LEAD_QUICK)),
    )


@blueprint.get("/report/thanks")
def thanks() -> ResponseReturnValue:
    """What happens next, and when."""
    with web.reading() as (session, by, _):
        debrief = _find(session, request.args.get("code", ""), by) if request.args.get("code") else None
        due = shown.triage_day(session, debrief) if debrief else None
        return _thanks(debrief, due)


def _thanks(debrief: Debrief | None, due: date | None, tracking_code: str = "") -> ResponseReturnValue:
    """The code of an anonymous report stands on this one answer, and nowhere else again."""
    return web.show(
        "debriefs/thanks.html", title=say("Thank you"), debrief=debrief, due=due, tracking_code=tracking_code
    )


@blueprint.get("/track")
@web.public
def track() -> ResponseReturnValue:
    """Where an anonymous report stands: its state alone, by its tracking code. The code comes in the body of a form."""
    return web.show("debriefs/track.html", title=say("Follow a report"), state=None, asked=False)


@blueprint.post("/track")
@web.public
def tracked() -> ResponseReturnValue:
    with web.reading() as (session, _, _):
        debrief = nameless.by_code(session, request.form.get("code", "")[:80])
        state = web.state_of(debrief) if debrief else None
        return web.show("debriefs/track.html", title=say("Follow a report"), state=state, asked=True)


# ── the quick debrief ────────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.route("/debriefs/quick", methods=["GET", "POST"])
def quick() -> ResponseReturnValue:
    if request.method == "GET":
        with web.reading() as (session, _, _):
            return _quick_form(session, {"kind": DebriefKind.ROUTINE})  # mostly at the end of a shift
    raw = {**raw_of(asks.QuickDebrief, request.form), "path": "quick"}
    try:
        with web.writing() as (session, by, at):
            asked = read(session, asks.QuickDebrief, raw, by=by)
            debrief = operations.quick_debrief(session, asked, by=by, at=at)
            said = say("The quick debrief was recorded. Well done.")
            return web.sent_to(session, f"/debriefs/{debrief.code}/recorded", said)
    except (Invalid, NotAllowed) as refusal:
        with web.reading() as (session, _, _):
            return _quick_form(session, raw, refusal)


def _quick_form(
    session: Session, raw: dict[str, Any], refusal: Invalid | NotAllowed | None = None
) -> ResponseReturnValue:
    errors = errors_of(refusal.errors, web.locale()) if isinstance(refusal, Invalid) else {}
    people = options.people(session, chosen=people_of(asks.QuickDebrief, raw))
    drawing = Drawing(web.locale(), raw, errors, {"people": people, "units": options.units(session)})
    fields = {one["name"]: one for one in drawing.fields(asks.QuickDebrief)}
    closed = refusal if isinstance(refusal, NotAllowed) else None
    fields[QUICK_FIELDS[0]]["autofocus"] = refusal is None
    return web.show(
        "debriefs/quick.html",
        title=say("Quick debrief"),
        status=(409 if closed else 422) if refusal else 200,
        fields=[{**fields[name], **shown.QUICK_WORDS.get(name, {})} for name in QUICK_FIELDS],
        refusal={"intro": closed.message, "points": [{"message": p.message} for p in closed.unmet]} if closed else None,
    )


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@blueprint.get("/debriefs")
def index() -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        here = found(session, request.args, by=by, at=at)
        return web.show(
            "debriefs/list.html",
            title=say("Debriefs"),
            rows=[shown.row(one) for one in here.items],
            filters=shown.filters(session, _wanted(session, request.args)),
            narrowed=bool(request.args),
            quick=bool(by.units_of(*LEAD_QUICK)),
            **web.around(here),
        )


def found(session: Session, args: web.Args, *, by: Actor, at: datetime, limit: int = USUAL) -> Page[queries.Listed]:
    """What the list shows for these parameters of its address."""
    wanted = _wanted(session, args)
    return queries.debriefs(session, wanted, by=by, at=at, limit=limit, cursor=args.get("cursor"))


def _wanted(session: Session, args: web.Args) -> queries.Wanted:
    return queries.Wanted(
        states=[s for s in args.getlist("state") if s in set(DebriefState)],
        unit=tree(session).by_code(args.get("unit", "")),
        kind=args.get("kind", "") if args.get("kind") in set(DebriefKind) else "",
        q=args.get("q", "")[:200],
    )


@blueprint.get("/debriefs/<code>")
def one(code: str) -> ResponseReturnValue:
    with web.reading() as (session, by, at):
        debrief = _find(session, code, by)
        found = queries.inquiry(session, debrief, by=by, at=at)
        full = found.view == "full"
        pasts = history(session, debrief) if found.view != "header" else []
        triggers = buttons(session, debrief, by=by, at=at)
        decisions = shown.decisions(session, debrief, triggers)
        decided = {one["name"] for one in decisions if one["open"]}
        mine = {debrief.leader_id, debrief.reviewer_id} & by.acting
        return web.show(
            "debriefs/one.html",
            title=debrief.title if found.view != "header" else debrief.code,
            found=found,
            d=debrief,
            **shown.inquiry(session, found, by=by, at=at),
            triggers=[{**one, "href": f"#{one['name']}"} if one["name"] in decided else one for one in triggers],
            since=shown.since(reviewing.since(found, pasts)) if full and mine else None,
            decisions=decisions,
            together=full and debrief.state in (DebriefState.INVESTIGATING, DebriefState.IN_REVIEW),
            history=story.entries(debrief, pasts, private=full),
        )


@blueprint.post("/debriefs/<code>/names")
def names(code: str) -> ResponseReturnValue:
    """What stands instead of each name, in one go."""
    told = [{"text": name.removeprefix("names."), "choice": choice}
            for name, choice in request.form.items() if name.startswith("names.")]  # fmt: skip
    with web.writing() as (session, by, at):
        debrief = _find(session, code, by)
        ready(session, debrief, "edit", by=by, at=at, version=web.version_sent())
        asked = read(session, asks.SubmitDebrief, {"names": told}, by=by)
        naming.answer(session, debrief, asked, by=by, at=at)
        return web.sent_to(session, f"/debriefs/{debrief.code}#names", say("Saved."))


def _find(session: Session, code: str, by: Actor) -> Debrief:
    found = by_code(session, Debrief, code, by=by)
    if found is None:
        raise NotFound(say("This is not there, or not open to you."))
    return found
