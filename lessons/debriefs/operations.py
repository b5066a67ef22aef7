"""What people do with a debrief: report, open, inquire, send for review, issue – and what follows from each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import ANONYMOUS, SYSTEM, Actor, facts, tree
from lessons.access.numbers import calendar_of, policy_of
from lessons.access.refs import invalid
from lessons.debriefs import nameless, quick, reviewing
from lessons.debriefs.queries import inquiry
from lessons.errors import FieldError
from lessons.i18n import language_of, say
from lessons.models import (
    Action,
    Attachment,
    Debrief,
    DebriefPerson,
    Fact,
    Finding,
    Lesson,
    Person,
    SimilarAnswer,
    Unit,
)
from lessons.post import notices
from lessons.steps import dates, hand_over, make, take, wait_for
from lessons.workflow import deadlines
from lessons.workflow.debrief import chosen_path
from lessons.workflow.states import DebriefState, LessonState, Path

TEXTS = ("expected", "actual", "why", "differently", "why_it_worked", "elsewhere")


# ── report ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def report(
    session: Session, asked: Mapping[str, Any], *, by: Actor, at: datetime, key: str = ""
) -> tuple[Debrief, str]:
    """Anyone reports an event. Returns the debrief and, for an anonymous report, its tracking code; one that comes
    again with the same secret key is the one that is there."""
    unit_id = _unit_of_report(asked, by)
    _not_to_come(session, asked, unit_id, at)
    if asked.get("anonymous"):
        return _nameless(session, asked, unit_id, at, nameless.code_of(key))
    debrief = _reported(session, asked, unit_id, by, at)
    if by.id is not None:
        notices.tell(session, [by.id], "reported_thanks", debrief, at=at)
    return debrief, ""


def _not_to_come(session: Session, asked: Mapping[str, Any], unit_id: int, at: datetime) -> None:
    """The day of an event is today at the latest, in its unit."""
    if asked.get("happened_on") and asked["happened_on"] > tree(session).today(unit_id, at):
        raise invalid([FieldError("/happened_on", "future", say("This day is still to come."))])


def _nameless(session: Session, asked: Mapping[str, Any], unit_id: int, at: datetime, code: str) -> tuple[Debrief, str]:
    known = nameless.by_code(session, code)
    if known is not None:
        return known, code
    place = nameless.place(session, unit_id, at)
    told = dict(asked) if place.decide_on is None else {**asked, "happened_on": place.on}
    kept = {"tracking_hash": nameless.tracking(code), "due_on": place.decide_on}
    return _reported(session, told, place.unit_id, ANONYMOUS, place.at, **kept), code


def _unit_of_report(asked: Mapping[str, Any], by: Actor) -> int:
    unit: Unit | None = asked.get("unit")
    unit_id = unit.id if unit else by.person.unit_id if by.person else None
    if unit_id is None:
        raise invalid([FieldError("/unit", "missing", say("Which unit did it happen in?"))])
    return unit_id


def _reported(
    session: Session, asked: Mapping[str, Any], unit_id: int, by: Actor, at: datetime, **kept: Any
) -> Debrief:
    text = asked["what_happened"]
    plain = ("kind", "urgent", "anonymous", "confidential", "concerns_managers", "path", "severity", "direction")
    given = {name: asked[name] for name in plain if asked.get(name) is not None}
    if given.get("concerns_managers"):  # of what is not confidential they would read every word
        given["confidential"] = True
    debrief = Debrief(
        state=DebriefState.REPORTED,
        title=asked.get("title") or quick.first_words(text),
        what_happened=text,
        happened_on=asked.get("happened_on") or tree(session).today(unit_id, at),
        source_ref=asked.get("source_ref", ""),
        unit_id=unit_id,
        lang=language_of(text),
        reporter_id=by.id,
        **given,
        **{name: asked[name] for name in TEXTS if asked.get(name)},
        **kept,
    )
    told = {"kind": debrief.kind, "urgent": debrief.urgent, "confidential": debrief.confidential}
    make(session, debrief, by=by, at=at, trigger="report", told=told)
    _set_people(session, debrief, asked)
    return debrief


def _set_people(session: Session, debrief: Debrief, asked: Mapping[str, Any]) -> None:
    for field, part in (("participants", "participant"), ("named_people", "named")):
        if asked.get(field) is not None:
            session.execute(
                sa.delete(DebriefPerson).where(DebriefPerson.debrief_id == debrief.id, DebriefPerson.part == part)
            )
            for person_id in dict.fromkeys(person.id for person in asked[field]):
                session.add(DebriefPerson(debrief_id=debrief.id, person_id=person_id, part=part))
    session.flush()


def quick_debrief(session: Session, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Debrief:
    """Ten minutes after a shift, as `asks.QuickDebrief` has it: reported, opened by its leader and issued at once."""
    debrief, _ = report(session, {**asked, "path": Path.QUICK, "anonymous": False}, by=by, at=at)
    open_(
        session,
        debrief,
        {"leader": by.person, "path": Path.QUICK, "severity": asked.get("severity") or 2},
        by=by,
        at=at,
    )
    submit(session, debrief, {}, by=by, at=at, applies_when=asked.get("applies_when", ""))
    return debrief


# ── decide ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def open_(session: Session, debrief: Debrief, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    path = chosen_path(debrief, asked)
    severity = asked.get("severity") or (4 if debrief.urgent else 2)
    asked = {**asked, "severity": severity, "path": path}
    due_on = asked.get("due_on") or _default_due(session, debrief, severity, path, at)
    reviewer: Person | None = asked.get("reviewer") if path == Path.FULL else None
    changes = {
        "leader_id": asked["leader"].id,
        "reviewer_id": reviewer.id if reviewer else None,
        "severity": severity,
        "path": path,
        "questions": asked.get("questions", ""),
        "opened_at": at,
        **dates.line(session, debrief, due_on, how="opened", by=by, at=at),
    }
    told = {
        "severity": severity,
        "path": path,
        "due_on": due_on,
        "led_by_participant": _took_part(session, debrief, asked),
    }
    take(session, debrief, "open", by=by, at=at, asked=asked, changes=changes, told=told,
         private={"leader": asked["leader"], "reviewer": reviewer})  # fmt: skip
    _tell_reporter(session, debrief, "decided", by, at)


def _default_due(session: Session, debrief: Debrief, severity: int, path: Path, at: datetime) -> Any:
    policy, calendar = policy_of(session, debrief.unit_id), calendar_of(session, debrief.unit_id)
    return deadlines.due(policy, "lead_debrief", severity, at, calendar, quick=path == Path.QUICK)


def _took_part(session: Session, debrief: Debrief, asked: Mapping[str, Any]) -> bool:
    found = facts(session, [debrief], by=SYSTEM, at=debrief.changed_at)[0]
    return asked["leader"].id in found.participants


def _tell_reporter(session: Session, debrief: Debrief, kind: str, by: Actor, at: datetime, **told: Any) -> None:
    if debrief.reporter_id is not None and debrief.reporter_id != by.id:
        notices.tell(session, [debrief.reporter_id], kind, debrief, at=at, facts=told)


def decline(session: Session, debrief: Debrief, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    take(session, debrief, "decline", by=by, at=at, asked=asked)
    for lesson in drafts(session, debrief):
        take(session, lesson, "reject", by=SYSTEM, at=at, told={"because": debrief.code})
    _tell_reporter(session, debrief, "declined", by, at, reason=asked["reason"])


def merge(session: Session, debrief: Debrief, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Everything moves to the target; the old address leads to the new."""
    target: Debrief = asked["target"]
    take(session, debrief, "merge", by=by, at=at, asked=asked, changes={"merged_into_id": target.id},
         told={"target": target.code}, after=lambda: _move(session, debrief, target))  # fmt: skip
    _tell_reporter(session, debrief, "decided", by, at, target=target.code)


def _move(session: Session, debrief: Debrief, target: Debrief) -> None:
    last = session.scalar(sa.select(sa.func.max(Finding.n)).where(Finding.debrief_id == target.id)) or 0
    for finding in session.scalars(sa.select(Finding).where(Finding.debrief_id == debrief.id).order_by(Finding.n)):
        finding.debrief_id, finding.n = target.id or 0, last + finding.n
    for model in (Fact, Lesson, Action):
        session.execute(sa.update(model).where(model.debrief_id == debrief.id).values(debrief_id=target.id))
    files = sa.update(Attachment).where(Attachment.of_noun == "debriefs", Attachment.of_id == debrief.id)
    session.execute(files.values(of_id=target.id))
    present = set(
        session.execute(
            sa.select(DebriefPerson.person_id, DebriefPerson.part).where(DebriefPerson.debrief_id == target.id)
        )
    )
    for one in session.scalars(sa.select(DebriefPerson).where(DebriefPerson.debrief_id == debrief.id)).all():
        if (one.person_id, one.part) not in present:
            session.add(DebriefPerson(debrief_id=target.id, person_id=one.person_id, part=one.part))
    session.flush()


def widen(session: Session, debrief: Debrief, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    severity = debrief.severity or 2
    due_on = asked.get("due_on") or _default_due(session, debrief, severity, Path.FULL, at)
    changes = {"path": Path.FULL, "reviewer_id": asked["reviewer"].id,
               **dates.line(session, debrief, due_on, how="widened", by=by, at=at)}  # fmt: skip
    take(session, debrief, "widen", by=by, at=at, asked=asked, changes=changes, told={"due_on": due_on},
         private={"reviewer": asked["reviewer"]})  # fmt: skip


def reopen(session: Session, debrief: Debrief, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    changes: dict[str, Any] = {"closed_at": None}
    if debrief.state == DebriefState.CLOSED:
        for relation in ("leader", "reviewer"):
            if asked.get(relation):
                changes[f"{relation}_id"] = asked[relation].id
        if asked.get("due_on"):
            changes |= dates.line(
                session, debrief, asked["due_on"], how="reopened", by=by, at=at, reason=asked["reason"]
            )
    people = {name: asked.get(name) for name in ("leader", "reviewer")}
    take(session, debrief, "reopen", by=by, at=at, asked=asked, changes=changes, private=people)


# ── review ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def submit(
    session: Session, debrief: Debrief, asked: Mapping[str, Any], *, by: Actor, at: datetime, applies_when: str = ""
) -> None:
    """Send for review; a quick one goes through to issued, its four lines made into a finding, a cause and a lesson,
    which applies when it is said to."""
    if debrief.path == Path.QUICK:
        quick.fill_in(session, debrief, applies_when, by=by, at=at)
    answers = [*debrief.names_answered, *asked.get("names", [])]
    take(session, debrief, "submit", by=by, at=at, asked=asked, changes={"names_answered": answers})
    if debrief.path == Path.QUICK:
        issue(session, debrief, {}, by=SYSTEM, at=at)


def send_back(session: Session, debrief: Debrief, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Back to its leader; what the reviewer had before them is kept beside the reason, to show what changed since."""
    seen = reviewing.seen(inquiry(session, debrief, by=by, at=at))
    take(session, debrief, "send_back", by=by, at=at, asked=asked, private={reviewing.SEEN: seen})


def issue(session: Session, debrief: Debrief, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Hand the debrief's lessons on."""

    def answered() -> None:
        for answer in asked.get("similar", []):
            session.merge(SimilarAnswer(debrief_id=debrief.id, lesson_id=answer["lesson"].id, choice=answer["choice"]))

    told = {"similar": [{"lesson": s["lesson"].code, "choice": s["choice"]} for s in asked.get("similar", [])]}
    take(session, debrief, "issue", by=by, at=at, asked=asked, changes={"issued_at": at}, told=told, after=answered)
    for lesson in drafts(session, debrief):
        take(session, lesson, "propose", by=SYSTEM, at=at)
    settle(session, debrief, at=at)


def drafts(session: Session, debrief: Debrief) -> Sequence[Lesson]:
    return session.scalars(
        sa.select(Lesson).where(Lesson.debrief_id == debrief.id, Lesson.state == LessonState.DRAFT).order_by(Lesson.id)
    ).all()


def settle(session: Session, debrief: Debrief, *, at: datetime) -> None:
    """Close it where every lesson is settled and every action of its own is confirmed or cancelled."""
    session.flush()
    if debrief.state == DebriefState.ISSUED:
        wait_for(session, debrief)
    if debrief.state != DebriefState.ISSUED:
        return
    found = facts(session, [debrief], by=SYSTEM, at=at)[0]
    if found.unsettled == 0:
        take(session, debrief, "close", by=SYSTEM, at=at, changes={"closed_at": at})


def settle_of(session: Session, row: Action | Lesson, *, at: datetime) -> None:
    """The same for the debrief that an action or a lesson belongs to, if any."""
    if row.debrief_id is not None:
        debrief = session.get(Debrief, row.debrief_id)
        if debrief is not None:
            settle(session, debrief, at=at)


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def edit(session: Session, debrief: Debrief, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Change the inquiry's words and people; the report's own words never change."""
    _not_to_come(session, asked, debrief.unit_id, at)
    people = ("participants", "named_people")
    changes = {name: value for name, value in asked.items() if name not in people and value is not None}
    take(session, debrief, "edit", by=by, at=at, asked=asked, changes=changes, told={"fields": sorted(asked)},
         after=lambda: _set_people(session, debrief, asked))  # fmt: skip


VERBS = {
    ("debriefs", "open"): open_,
    ("debriefs", "decline"): decline,
    ("debriefs", "merge"): merge,
    ("debriefs", "widen"): widen,
    ("debriefs", "reopen"): reopen,
    ("debriefs", "submit"): submit,
    ("debriefs", "send_back"): send_back,
    ("debriefs", "issue"): issue,
    ("debriefs", "edit"): edit,
    ("debriefs", "hand_over"): hand_over,
    **{("debriefs", trigger): verb for trigger, verb in dates.EXTENSION_VERBS.items()},
}
