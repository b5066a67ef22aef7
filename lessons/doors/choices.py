"""What a step's form offers and proposes: people, units, days, records that fit, and present words to edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel
from sqlmodel import Session, col

from lessons.access import Actor, facts, visible_to
from lessons.debriefs import questions
from lessons.debriefs.shown import alike
from lessons.debriefs.topics import topics_of
from lessons.doors.verbs import form_of
from lessons.i18n import isolate, say, word
from lessons.models import (
    Action,
    Case,
    CaseLink,
    Cause,
    Debrief,
    DebriefPerson,
    Duty,
    Finding,
    Lesson,
    Person,
    Procedure,
    Revision,
    RevisionLesson,
)
from lessons.repository.say_so import said_of
from lessons.steps import decided
from lessons.web import options
from lessons.web.controls import kind_of
from lessons.web.forms import Drawing, choices_of, people_of
from lessons.web.speech import locale
from lessons.workflow import needed
from lessons.workflow.debrief import opens_any
from lessons.workflow.lives import LIVES
from lessons.workflow.needed import Needed
from lessons.workflow.states import ACTION_OPEN, DEBRIEF_LIVE, LESSON_LIVE, LESSON_PUBLIC, DebriefKind, Path

MOST = 50
Option = dict[str, Any]
OF_A_DUTY = {"set_date": "new_date", "hand_on": "hand_over"}
EDITED = frozenset({"edit", "accept", "keep"})
LATER = {"facts": Needed(sometimes={"at": say("Before it is sent for review, at least one fact needs a date.")})}
"""What a part may do without as it is added, and its debrief not for long."""
FULL_BY = say("A full one is opened by lessons management or by whoever manages the unit.")
PEOPLE = {"leader": "leader_id", "reviewer": "reviewer_id", "owner": "owner_id", "verifier": "verifier_id",
          "interviewee": "interviewee_id"}  # fmt: skip


@dataclass
class Offered:
    options: Mapping[str, Sequence[Option]]
    chips: Sequence[Option] = ()
    without: Sequence[str] = field(default_factory=list)


def offered(session: Session, row: Any, trigger: str, given: Mapping[str, Any], *, by: Actor, at: datetime) -> Offered:
    """The choices of a step's fields."""
    form = form_of(row.noun, trigger)
    people = options.people(session, chosen=people_of(form, given))
    found: dict[str, Sequence[Option]] = {"people": people, "units": options.units(session), **_topics(form, session)}
    if isinstance(row, Lesson):
        found |= _of_lesson(session, row, by)
    if isinstance(row, Debrief):
        found |= _of_debrief(session, row, by)
        if trigger == "open" and not opens_any(facts(session, [row], by=by, at=at)[0]):
            found |= {"path": [_choice("path", Path.QUICK)], "severity": [_choice("severity", n) for n in "12"],
                      "reviewer": []}  # fmt: skip
    if isinstance(row, Action) and (revisions := _revisions(session, row, by)):
        found |= {"evidence": revisions, "revision": revisions}
    if trigger == "answer_feedback":
        found["feedback"] = said_of(session, row)
    if trigger in OF_A_DUTY:
        found["duty"] = _duties(session, row, trigger)
    if isinstance(row, Procedure):
        found["because_of"] = _lessons(session, by, Lesson.state.in_(LESSON_LIVE[1:4]))
    empty = ["covers"] if "covers" in found and not found["covers"] else []
    return Offered(found, options.due_chips(session, row.unit_id, at), [*_without(session, row, trigger), *empty])


def drawing(
    session: Session, row: Any, trigger: str, given: Mapping[str, Any], *, by: Actor, at: datetime,
    errors: Mapping[str, str] | None = None,
) -> Drawing:  # fmt: skip
    """A step's form as it stands on a page, filled with what is given."""
    found = offered(session, row, trigger, given, by=by, at=at)
    return Drawing(
        locale(), given, errors or {}, found.options, found.chips, found.without,
        _needed(session, row, trigger, given, by=by, at=at), edit=trigger == "edit",
    )  # fmt: skip


def _needed(session: Session, row: Any, trigger: str, given: Mapping[str, Any], *, by: Actor, at: datetime) -> Needed:
    known, life = facts(session, [row], by=by, at=at)[0], LIVES[row.noun]
    if trigger == "edit":
        return needed.by_life(life, row, known)
    step = next(iter(life.candidates(row.state, trigger)), None)
    if step is None:
        return Needed()
    found = needed.by_step(step, row, known, given, choices_of(form_of(row.noun, trigger)))
    if trigger == "open" and not opens_any(known):
        found.sometimes = {**found.sometimes, "path": FULL_BY}
        found.always = {**found.always, "severity": None}
    if step.makes == "lessons":
        found.sometimes = needed.of_new(LIVES["lessons"]).sometimes | found.sometimes
    return found


def _without(session: Session, row: Any, trigger: str) -> list[str]:
    """Fields that the page draws otherwise, or that have no place in this state or in a record of this kind."""
    if trigger == "reopen" and row.state == "declined":
        return ["leader", "reviewer", "due_on"]
    if trigger == "recur":
        return ["cases"]
    if trigger == "report_done":
        return ["note"]  # its words are part of what shows it
    source = session.get(Debrief, row.debrief_id) if isinstance(row, Lesson) and row.debrief_id else row
    interview = getattr(source, "kind", "") == DebriefKind.INTERVIEW or getattr(row, "interviewee_id", None)
    return [] if interview else ["interviewee", "consent"]


def _topics(form: type[BaseModel] | None, session: Session) -> dict[str, Sequence[Option]]:
    from lessons.models import Topic

    if form is None or "topics" not in form.model_fields:
        return {}
    names = session.scalars(sa.select(Topic.name).order_by(Topic.name).limit(200))
    return {"topics": [{"value": name, "label": name} for name in names]}


def _duties(session: Session, row: Any, trigger: str) -> list[Option]:
    """Which of the duties it may be; where there is but one, nothing is asked."""
    owed = sa.select(Duty.kind).where(
        Duty.of_noun == row.noun, Duty.of_id == row.id, col(Duty.closed_at).is_(None), Duty.about == "",
        col(Duty.kind).in_(sorted(decided.fits(row, OF_A_DUTY[trigger]))),
    )  # fmt: skip
    kinds = session.scalars(owed.order_by(Duty.due_on, Duty.id)).all()
    return [{"value": kind, "label": word("duty", kind, locale())} for kind in kinds] if len(kinds) > 1 else []


def _of_lesson(session: Session, lesson: Lesson, by: Actor) -> dict[str, Sequence[Option]]:
    causes = session.scalars(sa.select(Cause).where(Cause.finding_id == lesson.finding_id).order_by(Cause.id)).all()
    open_actions = sa.select(Action).where(Action.lesson_id == lesson.id, Action.state.in_(ACTION_OPEN))
    linked = sa.select(Case).join(CaseLink, CaseLink.case_id == Case.id).where(CaseLink.lesson_id == lesson.id)
    others = _lessons(session, by, Lesson.state.in_(LESSON_PUBLIC), Lesson.id != lesson.id)
    return {
        "covers": [{"value": cause.pid, "label": _short(cause.text)} for cause in causes],
        "actions": [{"value": a.code, "label": _short(a.text)} for a in session.scalars(open_actions)],
        "cases": [{"value": c.pid, "label": _short(c.text)} for c in session.scalars(linked.limit(MOST))],
        "target": others,
        "successor": others,
    }


def _choice(context: str, value: str) -> Option:
    return {"value": value, "label": word(context, value, locale())}


def _of_debrief(session: Session, debrief: Debrief, by: Actor) -> dict[str, Sequence[Option]]:
    rows = session.scalars(
        sa.select(Debrief)
        .where(Debrief.state.in_(DEBRIEF_LIVE), Debrief.id != debrief.id, visible_to(session, "debriefs", by))
        .order_by(Debrief.id.desc())
        .limit(MOST)
    )
    findings = session.scalars(sa.select(Finding).where(Finding.debrief_id == debrief.id).order_by(Finding.n)).all()
    causes = session.scalars(
        sa.select(Cause).where(Cause.finding_id.in_([f.id for f in findings])).order_by(Cause.id)
    ).all()
    return {
        "target": [{"value": one.code, "label": _short(one.title), "note": isolate(one.code)} for one in rows],
        "finding": [{"value": one.pid, "label": f"{one.n}. {_short(one.text)}"} for one in findings],
        "covers": [{"value": cause.pid, "label": _short(cause.text)} for cause in causes],
    }


def _revisions(session: Session, action: Action, by: Actor) -> list[Option]:
    """Those that its lesson brought about."""
    because = sa.select(RevisionLesson.revision_id).where(RevisionLesson.lesson_id == action.lesson_id)
    seen = (Revision.id.in_(because), visible_to(session, "revisions", by))
    named = sa.select(Revision.code, Procedure.title).join(Procedure, Procedure.id == Revision.procedure_id)
    rows = session.execute(named.where(*seen).order_by(Revision.id).limit(MOST))
    return [{"value": code, "label": _short(title), "note": isolate(code)} for code, title in rows]


def _lessons(session: Session, by: Actor, *where: Any) -> list[Option]:
    rows = session.scalars(
        sa.select(Lesson).where(visible_to(session, "lessons", by), *where).order_by(Lesson.id.desc()).limit(MOST)
    )
    return [{"value": one.code, "label": _short(one.title), "note": isolate(one.code)} for one in rows]


def _short(text: str) -> str:
    line = text.split("\n", maxsplit=1)[0]
    return line if len(line) <= 90 else line[:89].rsplit(" ", 1)[0] + "…"


def offered_for_part(session: Session, row: Any) -> Offered:
    """The choices of a part's fields: the causes that a cause may follow from."""
    finding_id = row.id if isinstance(row, Finding) else row.finding_id if isinstance(row, Cause) else None
    if finding_id is None:
        return Offered({})
    causes = session.scalars(sa.select(Cause).where(Cause.finding_id == finding_id).order_by(Cause.id))
    own = row.id if isinstance(row, Cause) else None
    return Offered({"parent": [{"value": c.pid, "label": _short(c.text)} for c in causes if c.id != own]})


# ── what stands in the form at first ─────────────────────────────────────────────────────────────────────────────────
def asked_for(form: type[BaseModel] | None, given: Mapping[str, str]) -> dict[str, Any]:
    """What the address of a step already chooses: the finding a lesson answers, the lesson a procedure changes for."""
    fields = form.model_fields if form else {}
    return {name: [one] if kind_of(name, fields[name], "en")[0] == "checks" else one
            for name, one in given.items() if name in fields}  # fmt: skip


def proposed(session: Session, row: Any, trigger: str, *, by: Actor) -> dict[str, Any]:
    """Present words where one edits; elsewhere what the light path would choose."""
    form = form_of(row.noun, trigger)
    found = values_of(row, form, session) if trigger in EDITED else {}
    if trigger == "open" and isinstance(row, Debrief):
        found |= {"severity": 4 if row.urgent else 2, "path": row.path or ("full" if row.confidential else "quick"),
                  "leader": options.handle(by.person),
                  "questions": questions.asked(session, row.kind, row.lang)}  # fmt: skip
    if trigger == "accept":
        found |= {"owner": options.handle(session.get(Person, row.author_id)) if row.author_id else ""}
        found["audience"] = row.audience
    if trigger == "issue":
        found["similar"] = alike(session, row)
    if trigger == "answer_feedback":
        found["feedback"] = [one["value"] for one in said_of(session, row)]
    if trigger == "conclude":
        found |= {"sample": row.sample or ""}
    return found


def asked_again(first: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Similar lessons stand in the form again after a refusal, with what was answered."""
    if "similar" not in first:
        return {}
    answers = {one.get("lesson"): one.get("choice", "") for one in values.get("similar", [])}
    return {"similar": [{**one, "choice": answers.get(one["value"], "")} for one in first["similar"]]}


def values_of(row: Any, form: type[BaseModel] | None, session: Session | None = None) -> dict[str, Any]:
    """The row's present values under the names of the form."""
    names = form.model_fields if form else {}
    found = {name: getattr(row, name) for name in names if hasattr(row, name)}
    if session is None:
        return found
    for name, column in PEOPLE.items():
        if name in names and getattr(row, column, None):
            found[name] = options.handle(session.get(Person, getattr(row, column)))
    if isinstance(row, Lesson) and "topics" in names:
        found["topics"] = topics_of(session, [row.id or 0])[row.id or 0]
    if isinstance(row, Debrief):
        found |= _people_of(session, row)
    return found


def _people_of(session: Session, debrief: Debrief) -> dict[str, Any]:
    rows = session.execute(
        sa.select(Person, DebriefPerson.part)
        .join(DebriefPerson, DebriefPerson.person_id == Person.id)
        .where(DebriefPerson.debrief_id == debrief.id)
        .order_by(Person.name)
    ).all()
    chosen = {"participants": "participant", "named_people": "named"}
    return {
        name: [{"value": options.handle(p), "label": p.name} for p, which in rows if which == kind]
        for name, kind in chosen.items()
    }
