"""Finishes what is known of debriefs into what templates lay out: words, days, links, trees, checklists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import web
from lessons.access import SYSTEM, Actor, facts
from lessons.debriefs import naming
from lessons.debriefs.queries import Inquiry, Listed, Wanted
from lessons.debriefs.reviewing import Since
from lessons.errors import Unmet
from lessons.i18n import Sentence, Word, direction, say
from lessons.models import Attachment, Cause, Debrief, Duty, Fact, Finding, Lesson
from lessons.steps import can_edit
from lessons.steps.similar import unanswered
from lessons.web import files, options
from lessons.web.forms import Drawing
from lessons.workflow import asks
from lessons.workflow.debrief import SUBMIT
from lessons.workflow.promised import promised
from lessons.workflow.states import DebriefKind, DebriefState

TEXTS = ("expected", "actual", "why", "differently", "why_it_worked", "elsewhere")
ASKED: dict[str, tuple[str, ...]] = {
    "failure": ("expected", "actual", "elsewhere"),
    "near_miss": ("expected", "actual", "elsewhere"),
    "success": ("expected", "actual", "why_it_worked", "elsewhere"),
    "routine": ("expected", "actual", "why", "differently"),
    "interview": (),
}
"""Which texts an inquiry of each kind asks for; others are shown where somebody wrote them."""
QUICK_WORDS: dict[str, dict[str, Any]] = {
    "what_happened": {"label": say("What happened?"), "hint": say("As it was, without names.")},
    "kind": {"label": say("What was it?"), "hint": say("Routine: a shift like any other, looked back on.")},
    "expected": {"label": say("What did we expect?")},
    "why": {"label": say("Why was it different?")},
    "differently": {
        "label": say("What will we do differently, or keep doing?"),
        "hint": say("The first line becomes the lesson; further lines become its steps."),
    },
    "direction": {"label": say("So this is something to …")},
    "applies_when": {
        "label": say("When does this apply?"),
        "hint": say("By what is the situation known next time? It stands on the card."),
    },
    "participants": {"label": say("Who took part in this talk?"), "hint": say("Their names stay out of the texts.")},
}


def row(one: Listed) -> dict[str, Any]:
    """A line of the list. Of a confidential debrief whose header alone is open, the code stands for the title."""
    d = one.debrief
    return {
        "href": f"/debriefs/{d.code}",
        "title": d.code if one.header_only else d.title,
        "code": d.code,
        "state": web.state_of(d),
        "kind": Word("debrief_kind", d.kind.value),
        "unit": web.name_of(one.unit),
        "leader": web.name_of(one.leader),
        "when": web.when(d.happened_on or d.created_at.date()),
        "severity": Word("severity", str(d.severity)) if d.severity else "",
        "confidential": d.confidential,
    }


def filters(session: Session, wanted: Wanted) -> list[dict[str, Any]]:
    states = [{"value": s.value, "label": Word("debriefs.state", s.value)} for s in DebriefState]
    kinds = [{"value": k.value, "label": Word("debrief_kind", k.value)} for k in DebriefKind]
    chosen = wanted.states[0] if wanted.states else ""
    return [
        {"name": "q", "label": say("Words"), "kind": "text", "value": wanted.q},
        {"name": "state", "label": say("State"), "kind": "choice", "value": chosen, "options": states},
        {"name": "kind", "label": say("Kind"), "kind": "choice", "value": wanted.kind, "options": kinds},
        {"name": "unit", "label": say("Unit"), "kind": "choice", "value": wanted.unit.code if wanted.unit else "",
         "options": options.units(session)},
    ]  # fmt: skip


def triage_day(session: Session, debrief: Debrief) -> date | None:
    """By when it will be decided whether to open it."""
    return session.scalar(
        sa.select(Duty.due_on).where(
            Duty.of_noun == "debriefs",
            Duty.of_id == debrief.id,
            Duty.kind == "triage_debrief",
            Duty.closed_at.is_(None),
        )
    )


def inquiry(session: Session, found: Inquiry, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Everything that the page of one debrief lays out."""
    d = found.debrief
    known = facts(session, [d], by=by, at=at)[0]
    asked = ASKED.get(d.kind.value, ASKED["failure"])
    editing = found.view == "full" and can_edit(d, known)
    return {
        "state": web.state_of(d),
        "kind": Word("debrief_kind", d.kind.value),
        "severity": Word("severity", str(d.severity)) if d.severity else "",
        "path": Word("path", d.path.value) if d.path else "",
        "editing": editing,
        "beginning": editing and not d.imported_from,
        "texts": [(Word("field", n), getattr(d, n), n) for n in TEXTS if getattr(d, n) or (editing and n in asked)],
        "timeline": [_fact(one, editing) for one in found.facts],
        "findings": [_finding(found, one, editing) for one in found.findings],
        "lessons": [_lesson(found, one) for one in found.lessons],
        "actions": [_action(found, one) for one in found.actions],
        "checklist": _checklist(session, d, at) if editing else [],
        "files": [_file(found, one, editing) for one in found.attachments],
        "new_files": files.fields() if editing else [],
        "names": naming.spots(found) if editing else [],
        "facts_of": _facts_of(found),
    }


def _fact(fact: Fact, editing: bool) -> dict[str, Any]:
    return {
        "when": web.when(fact.at, hour=True) if fact.at else "—",
        "text": fact.text,
        "who": fact.source,
        "href": f"/facts/{fact.pid}" if editing else "",
    }


def _file(found: Inquiry, kept: Attachment, editing: bool) -> dict[str, Any]:
    who, when = web.name_of(found.person(kept.by_id)), web.when(kept.created_at)
    return {**files.shown(kept), "who": who, "when": when, "edit": f"/attachments/{kept.pid}/edit" if editing else ""}


def _finding(found: Inquiry, finding: Finding, editing: bool) -> dict[str, Any]:
    causes = found.causes.get(finding.id or 0, [])
    return {
        "n": finding.n,
        "text": finding.text,
        "direction": Word("finding_direction", finding.direction.value),
        "no_lesson_because": finding.no_lesson_because,
        "causes": tree(causes, None, editing=editing),
        "lessons": [_lesson(found, one) for one in found.lessons if one.finding_id == finding.id],
        "href": f"/findings/{finding.pid}" if editing else "",
        "pid": finding.pid,
    }


def tree(causes: Sequence[Cause], parent: int | None, *, editing: bool = False) -> list[dict[str, Any]]:
    """Causes under what they led to; a ticked one says why no action is needed."""
    return [
        {
            "id": cause.pid,
            "text": cause.text,
            "root": cause.root,
            "note": cause_note(cause),
            "href": f"/causes/{cause.pid}" if editing else "",
            "causes": tree(causes, cause.id, editing=editing),
        }
        for cause in causes
        if cause.parent_id == parent
    ]


def cause_note(cause: Cause) -> str:
    sort = say("root cause") if cause.root else say("contributing cause")
    parts = [str(web.spoken(sort)), str(web.spoken(Word("cause_kind", cause.kind.value)))]
    if cause.no_action_reason:
        parts.append(str(web.spoken(say("no action needed: %(reason)s", reason=cause.no_action_reason))))
    return " · ".join(parts)


def _lesson(found: Inquiry, lesson: Any) -> dict[str, Any]:
    return {
        "href": f"/lessons/{lesson.code}",
        "title": lesson.title,
        "code": lesson.code,
        "lang": lesson.lang,
        "state": web.state_of(lesson),
        "owner": web.name_of(found.person(lesson.owner_id)),
    }


def _action(found: Inquiry, action: Any) -> dict[str, Any]:
    return {
        "href": f"/actions/{action.code}",
        "title": action.text,
        "code": action.code,
        "state": web.state_of(action),
        "owner": web.name_of(found.person(action.owner_id)),
        "due": web.when(action.due_on),
        "promised": promised(action) or "",
    }


def _checklist(session: Session, debrief: Debrief, at: datetime) -> list[dict[str, Any]]:
    """What submit still needs: every open point a sentence that leads to its place."""
    if debrief.state != DebriefState.INVESTIGATING:
        return []
    known = facts(session, [debrief], by=SYSTEM, at=at)[0]
    open_ = [one for guard in SUBMIT if (one := guard.unmet(debrief, known, {})) is not None]
    return [{"text": one.message, "done": False, "href": _place(one)} for one in open_]


def _place(unmet: Unmet) -> str:
    return f"#{unmet.place}" if unmet.place and not unmet.place.startswith("/") else unmet.place


def _facts_of(found: Inquiry) -> list[tuple[Any, Any]]:
    d = found.debrief
    names = " · ".join(web.name_of(person) for person in found.participants)
    return [
        (say("When"), web.when(d.happened_on)),
        (say("Unit"), web.name_of(found.unit)),
        (Word("relation", "leader"), web.name_of(found.person(d.leader_id))),
        (Word("relation", "reviewer"), web.name_of(found.person(d.reviewer_id))),
        (say("Due"), web.due(d)),
        (say("Took part"), names),
        (say("Source"), d.source_ref),
    ]


# ── review ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def alike(session: Session, debrief: Debrief) -> list[dict[str, Any]]:
    """For the form that issues it: each lesson that waits for an answer, beside the draft that resembles it."""
    return [
        {"value": lesson.code, "label": lesson.title, "href": f"/lessons/{lesson.code}", "state": web.state_of(lesson),
         "sides": [_side(say("In the repository"), lesson), _side(say("The draft here"), draft)]}
        for lesson, draft in unanswered(session, debrief)
    ]  # fmt: skip


def _side(name: Sentence, lesson: Lesson) -> dict[str, Any]:
    texts = {n: getattr(lesson, n) for n in ("title", "applies_when", "steps", "lang")}
    return {"name": name, "dir": direction(lesson.lang), **texts}


def since(found: Since | None) -> dict[str, Any] | None:
    """What became of it since it was sent back, for its leader and its reviewer."""
    if found is None:
        return None
    return {
        "who": web.name_of(found.who),
        "when": web.when(found.at),
        "reason": found.reason,
        "changed": [{"name": name, "href": f"#{place}", "runs": runs} for name, place, runs in found.changed],
        "told": found.told,
    }


def decisions(session: Session, debrief: Debrief, triggers: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The decisions about a debrief in review that are this person's, each with its form, on the page itself."""
    forms = {"issue": asks.IssueDebrief, "send_back": asks.WithReason}
    mine = [one for one in triggers if one["name"] in forms and debrief.state == DebriefState.IN_REVIEW]
    if not any(one["open"] for one in mine):
        return []
    given = {"similar": alike(session, debrief)}
    return [
        {**one, "fields": Drawing(web.locale(), given if one["name"] == "issue" else {}).fields(forms[one["name"]])}
        for one in mine
    ]
