"""What stands around one record: its parts in full, and the codes of what hangs on it, as far as the reader may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, can_see, facts, visible_to
from lessons.access.visible import view_of
from lessons.briefings.queries import members
from lessons.debriefs.parts import debrief_of, is_read
from lessons.doors.columns import Names, handle, plain
from lessons.models import (
    RECORDS,
    Action,
    Attachment,
    Briefing,
    Case,
    CaseLink,
    Cause,
    DueChange,
    Evidence,
    Extension,
    Fact,
    Feedback,
    Finding,
    Lesson,
    Revision,
    RevisionLesson,
    SimilarAnswer,
    Verification,
)
from lessons.news import queries as news
from lessons.repository import feedback
from lessons.workflow.news import EDITORS
from lessons.workflow.states import RevisionState

ROOT = "/api/v1"
ANSWERS = ("owner", "lessons_manager", "manager", "auditor")
"""To whom it is told what readers said of a lesson."""
Shape = dict[str, Any]


PARTS: dict[str, Any] = {model.noun: model for model in (Fact, Finding, Cause, Evidence, Extension, Feedback)}


def record_of(session: Session, row: Any) -> Any:
    """The record that a part belongs to."""
    if isinstance(row, Evidence):
        return session.get(Action, row.action_id)
    if isinstance(row, Feedback):
        return session.get(Lesson, row.lesson_id)
    if isinstance(row, Attachment | Extension):
        return session.get(RECORDS[row.of_noun], row.of_id)
    return debrief_of(session, row)


def is_readable(session: Session, row: Any, *, by: Actor, at: datetime) -> bool:
    """Whether a record's parts are: of a debrief more than the header has to be open."""
    if row is None or not can_see(session, row, by):
        return False
    return row.noun != "debriefs" or view_of(row, facts(session, [row], by=by, at=at)[0].relations) == "full"


def is_told(session: Session, row: Any, *, by: Actor, at: datetime) -> bool:
    """Whether a part is: what somebody said of a card to them and to whoever answers for it."""
    if isinstance(row, Fact | Finding | Cause):
        return is_read(session, row, by)
    record = record_of(session, row)
    if not is_readable(session, record, by=by, at=at):
        return False
    theirs = not isinstance(row, Feedback) or row.person_id in by.acting
    return theirs or facts(session, [record], by=by, at=at)[0].has(*ANSWERS)


def part(session: Session, row: Any, *, by: Actor) -> Shape:
    """One part of a record, e.g. a fact that was just added."""
    names = Names(session, by)
    return parts(session, [row], names)[0]


def parts(session: Session, rows: Sequence[Any], names: Names) -> list[Shape]:
    """Parts of one kind, in the order given."""
    names.learn(rows)
    shapes = [names.told(row) | {"links": {"self": f"{ROOT}/{row.noun}/{row.pid}"}} for row in rows]
    for row, shape in zip(rows, shapes, strict=True):
        if isinstance(row, Cause):
            no_action = {name: shape.pop(f"no_action_{name}") for name in ("reason", "by", "at")}
            shape["no_action"] = no_action if row.no_action_reason else None
        if isinstance(row, Attachment | Extension):
            shape["of"] = record_of(session, row).code
    return shapes


def parts_of(session: Session, row: Any, names: Names, *, by: Actor, at: datetime, view: str) -> Shape:
    around = Around(session, row, names, by, at)
    if view == "reporter":
        return {"lessons": around.codes(Lesson, Lesson.debrief_id == row.id)}
    return AROUND[row.noun](around)


class Around:
    def __init__(self, session: Session, row: Any, names: Names, by: Actor, at: datetime) -> None:
        self.session, self.row, self.names, self.by, self.at = session, row, names, by, at

    def codes(self, model: Any, *where: Any) -> list[str]:
        """Of records that the reader may see, the oldest first."""
        seen = visible_to(self.session, model.noun, self.by)
        return list(self.session.scalars(sa.select(model.code).where(*where, seen).order_by(model.id)))

    def parts(self, model: Any, *where: Any, order: Any = None) -> list[Shape]:
        rows = self.session.scalars(sa.select(model).where(*where).order_by(*order or (model.id,))).all()
        return parts(self.session, rows, self.names)

    def files(self) -> list[Shape]:
        return self.parts(Attachment, Attachment.of_noun == self.row.noun, Attachment.of_id == self.row.id)

    def extensions(self) -> list[Shape]:
        return self.parts(Extension, Extension.of_noun == self.row.noun, Extension.of_id == self.row.id)

    def dates(self) -> list[Shape]:
        """The history of its due dates: the first one stays readable."""
        mine = sa.select(DueChange).where(DueChange.noun == self.row.noun, DueChange.record_id == self.row.id)
        rows = self.session.scalars(mine.order_by(DueChange.id)).all()
        self.names.ask("persons", {row.person_id for row in rows if row.person_id})
        told = ("old_due_on", "new_due_on", "how", "duty", "reason", "at")
        return [
            {name: plain(getattr(row, name)) for name in told} | {"person": self.names.name("persons", row.person_id)}
            for row in rows
        ]


def _debrief(around: Around) -> Shape:
    own = around.row.id
    findings = around.session.scalars(sa.select(Finding).where(Finding.debrief_id == own).order_by(Finding.n)).all()
    of = sa.select(Cause).where(Cause.finding_id.in_([one.id for one in findings])).order_by(Cause.id)
    causes = around.session.scalars(of).all()
    told = dict(zip((cause.id for cause in causes), parts(around.session, causes, around.names), strict=True))
    answered = around.session.execute(
        sa.select(SimilarAnswer.lesson_id, SimilarAnswer.choice).filter_by(debrief_id=own)
    )
    similar = dict(answered.all())
    known = around.names.ask("lessons", similar)
    return {
        "facts": around.parts(Fact, Fact.debrief_id == own, order=(Fact.at.is_(None), Fact.at, Fact.id)),
        "findings": [
            shape | {"causes": [told[cause.id] for cause in causes if cause.finding_id == finding.id]}
            for finding, shape in zip(findings, parts(around.session, findings, around.names), strict=True)
        ],
        "lessons": around.codes(Lesson, Lesson.debrief_id == own),
        "actions": around.codes(Action, Action.debrief_id == own),
        "similar": [{"lesson": known[one], "choice": choice.value} for one, choice in similar.items() if one in known],
        "attachments": around.files(),
        "extensions": around.extensions(),
        "dates": around.dates(),
    }


def _lesson(around: Around) -> Shape:
    own = around.row.id
    drafted = sa.select(RevisionLesson.revision_id).where(RevisionLesson.lesson_id == own)
    linked = sa.select(CaseLink.case_id).where(CaseLink.lesson_id == own)
    cases = sa.select(Case.pid).where(Case.id.in_(linked), visible_to(around.session, "cases", around.by))
    return {
        "actions": around.codes(Action, Action.lesson_id == own),
        "revisions": around.codes(Revision, Revision.id.in_(drafted)),
        "briefings": around.codes(Briefing, Briefing.lesson_id == own),
        "verifications": around.codes(Verification, Verification.lesson_id == own),
        "cases": list(around.session.scalars(cases.order_by(Case.id))),
        **_feedback(around),
        "attachments": around.files(),
    }


def _feedback(around: Around) -> Shape:
    if not facts(around.session, [around.row], by=around.by, at=around.at)[0].has(*ANSWERS):
        return {}
    said = feedback.counts(around.session, around.row)
    waits = parts(around.session, feedback.waiting(around.session, around.row), around.names)
    return {"feedback": {"counts": {verdict.value: n for verdict, n in said.items()}, "waiting": waits}}


def _action(around: Around) -> Shape:
    return {
        "evidence": around.parts(Evidence, Evidence.action_id == around.row.id),
        "attachments": around.files(),
        "extensions": around.extensions(),
        "dates": around.dates(),
    }


def _procedure(around: Around) -> Shape:
    mine = Revision.procedure_id == around.row.id
    in_force = around.codes(Revision, mine, Revision.state == RevisionState.EFFECTIVE)
    return {
        "revisions": around.codes(Revision, mine),
        "in_force": in_force[0] if in_force else None,
        "attachments": around.files(),
    }


def _revision(around: Around) -> Shape:
    briefings = around.codes(Briefing, Briefing.revision_id == around.row.id)
    return {"briefings": briefings, "attachments": around.files()}


def _verification(around: Around) -> Shape:
    return {"attachments": around.files()}


def _briefing(around: Around) -> Shape:
    return {"readers": readers(around.session, around.row, by=around.by, at=around.at)}


def _news(around: Around) -> Shape:
    return {"briefings": around.codes(Briefing, Briefing.news_id == around.row.id), "read": read_by(around)}


def read_by(around: Around) -> Shape:
    """How many of its audience have read this edition; by unit for those who publish."""
    found = news.readers(around.session, around.row, by=around.by, at=around.at)
    known = facts(around.session, [around.row], by=around.by, at=around.at)[0]
    units = [
        {"unit": around.names.name("units", one.unit_id), "read": one.read, "of": one.of} for one in found.units
    ]  # fmt: skip
    told = {"acknowledged": found.read, "counted": found.of, "missing": [handle(one) for one in found.missing]}
    return told | ({"units": units} if known.has(*EDITORS, "auditor", "author") else {})


def _nothing(around: Around) -> Shape:  # noqa: ARG001 - nothing hangs on it
    return {}


def readers(session: Session, briefing: Briefing, *, by: Actor, at: datetime) -> list[Shape]:
    """Those whose reading this reader may know of: of the units that they lead, and themself."""
    return [
        {
            "id": one.person.pid,
            "person": handle(one.person),
            "acknowledged_at": plain(one.acknowledged_at),
            "wrong": one.wrong,
            "counts": one.counts,
        }
        for one in members(session, briefing, by=by, at=at)
    ]


AROUND: dict[str, Callable[[Around], Shape]] = {
    "debriefs": _debrief,
    "lessons": _lesson,
    "actions": _action,
    "procedures": _procedure,
    "revisions": _revision,
    "verifications": _verification,
    "briefings": _briefing,
    "news": _news,
    "questions": _nothing,
    "sentences": _nothing,
}
