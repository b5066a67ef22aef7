"""The whole of a debrief on paper: what happened, what was found and why, what follows, who does what by when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from exports.paper import Block, Paper, Part
from lessons.access import Actor, visible_to
from lessons.access.named import people_by_id
from lessons.debriefs.queries import Inquiry, inquiry
from lessons.debriefs.shown import TEXTS
from lessons.i18n import Word, say
from lessons.models import Action, Cause, Debrief, Finding
from lessons.web.paper import Pen

SORT = say("Debrief report")
DEEPEST = 4


def paper(session: Session, debrief: Debrief, *, by: Actor, at: datetime, locale: str) -> Paper:
    """As far as this person may read of it; of a confidential one whose header alone is open, its header."""
    pen = Pen(session, by, at, locale)
    found = inquiry(session, debrief, by=by, at=at)
    title = (debrief.code, locale) if found.view == "header" else (debrief.title, debrief.lang)
    return pen.paper(SORT, debrief, title, _parts(pen, found))


def _parts(pen: Pen, found: Inquiry) -> Iterator[list[Part]]:
    d = found.debrief
    full = found.view == "full"
    yield pen.part(say("At a glance"), pen.facts(_glance(found)))
    if found.view != "header":
        yield pen.part(say("What happened"), pen.text(d.what_happened, d.lang))
    if full:
        told = ((Word("field", name), (getattr(d, name), d.lang)) for name in TEXTS if getattr(d, name))
        yield pen.part(say("Expected, actual, why"), pen.facts(told))
        facts = ((one.at, (one.text, d.lang), (one.source, d.lang)) for one in found.facts)
        yield pen.part(
            say("Facts in order"), pen.table(((say("When"), 20), (say("Fact"), 58), (say("Source"), 22)), facts)
        )
        for finding in found.findings:
            yield _finding(pen, found, finding)
    yield pen.part(say("Lessons"), _lessons(pen, found))
    if full:
        yield pen.part(say("Actions"), _actions(pen, found))
        yield pen.part(say("People"), pen.facts(_people(pen, found)))
        files = [one.caption or one.name for one in found.attachments]
        yield pen.part(say("Files"), pen.points(files, d.lang))


def _glance(found: Inquiry) -> Iterator[tuple[Any, Any]]:
    d = found.debrief
    if found.view != "header":
        yield say("Kind"), Word("debrief_kind", d.kind.value)
        yield say("Severity"), Word("severity", str(d.severity)) if d.severity else ""
        yield say("Path"), Word("path", d.path.value) if d.path else ""
        yield say("Source"), d.source_ref
    yield say("Day of the event"), d.happened_on
    yield say("Unit"), found.unit
    yield Word("relation", "leader"), found.person(d.leader_id)
    yield Word("relation", "reviewer"), found.person(d.reviewer_id)
    yield say("Opened"), d.opened_at
    yield say("Due"), d.due_on
    yield say("Approved"), d.issued_at
    yield say("Closed"), d.closed_at


def _finding(pen: Pen, found: Inquiry, finding: Finding) -> list[Part]:
    """With the tree of its causes, and what came of it."""
    lang = found.debrief.lang
    title = say("Finding %(n)s", n=finding.n)
    causes = [*_tree(found.causes.get(finding.id or 0, []), None, 0)]
    tree = Block(
        kind="tree",
        rows=tuple(((cause.text, lang), pen.cell(_note(pen, cause))) for cause, _ in causes),
        marks=tuple(str(deep) for _, deep in causes),
    )
    lessons = [one.code for one in found.lessons if one.finding_id == finding.id]
    led_to = ((say("Led to"), ", ".join(lessons)), (say("No lesson, because"), (finding.no_lesson_because, lang)))
    direction = Word("finding_direction", finding.direction.value)
    return pen.part(title, pen.text(finding.text, lang), [tree] if causes else [], pen.facts(led_to), note=direction)


def _tree(causes: Sequence[Cause], parent: int | None, deep: int) -> Iterator[tuple[Cause, int]]:
    """Each cause, then those under it."""
    for cause in causes:
        if cause.parent_id == parent:
            yield cause, min(deep, DEEPEST)
            yield from _tree(causes, cause.id, deep + 1)


def _note(pen: Pen, cause: Cause) -> str:
    sort = say("root cause") if cause.root else say("contributing cause")
    waived = say("no action needed: %(reason)s", reason=cause.no_action_reason) if cause.no_action_reason else None
    return " · ".join(filter(None, map(pen.word, (sort, Word("cause_kind", cause.kind.value), waived))))


def _lessons(pen: Pen, found: Inquiry) -> list[Block]:
    heads = ((say("Code"), 16), (say("Lesson"), 50), (say("State"), 17), (say("In the care of"), 17))
    rows = (
        (one.code, (one.title, one.lang), Word("lessons.state", one.state.value), found.person(one.owner_id))
        for one in found.lessons
    )
    return pen.table(heads, rows)


def _actions(pen: Pen, found: Inquiry) -> list[Block]:
    """Its own and those of its lessons, by their day."""
    ids = [one.id for one in found.lessons]
    its = sa.or_(Action.debrief_id == found.debrief.id, Action.lesson_id.in_(ids))
    seen = sa.select(Action).where(its, visible_to(pen.session, "actions", pen.by)).order_by(Action.due_on, Action.id)
    rows = pen.session.scalars(seen).all()
    people = people_by_id(pen.session, (row.owner_id for row in rows))
    heads = (
        (say("Code"), 15),
        (say("Action"), 28),
        (say("Done when"), 22),
        (say("In the care of"), 13),
        (say("Due"), 11),
        (say("State"), 11),
    )
    return pen.table(
        heads,
        (
            (row.code, (row.text, row.lang), (row.done_when, row.lang), people.get(row.owner_id or 0), row.due_on,
             Word("actions.state", row.state.value))
            for row in rows
        ),
    )  # fmt: skip


def _people(pen: Pen, found: Inquiry) -> Iterator[tuple[Any, Any]]:
    d = found.debrief
    yield Word("relation", "leader"), found.person(d.leader_id)
    yield Word("relation", "reviewer"), found.person(d.reviewer_id)
    yield say("Took part"), pen.names(found.participants)
    yield say("May read it too"), pen.names(found.named)
