"""What people do with a procedure and the drafts of its revisions: keep it, write, submit, send back, approve."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons.access import Actor, tree
from lessons.access.refs import invalid
from lessons.errors import FieldError, Forbidden
from lessons.i18n import language_of, say
from lessons.models import Lesson, Procedure, Revision
from lessons.post import notices
from lessons.procedures import found, parts
from lessons.procedures import in_force as force
from lessons.repository import briefed
from lessons.steps import amend, hand_over, make, settle_duties, take
from lessons.steps.codes import next_code
from lessons.workflow.states import PolicyKind, ProcedureState, RevisionState

KEEPERS = ("editor", "manager")
NO_MONEY_APPROVAL: dict[str, Any] = {"money_approved_by_id": None, "money_approved_at": None}


# ── a procedure ──────────────────────────────────────────────────────────────────────────────────────────────────────
def create(session: Session, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Procedure:
    """A procedure without a text yet: its first revision is drafted next. Raises Forbidden, Invalid."""
    unit_id = asked["unit"].id if asked.get("unit") else by.person.unit_id if by.person else None
    if unit_id is None:
        raise invalid([FieldError("/unit", "missing", say("Which unit is it for?"))])
    if not by.units_of(*KEEPERS) & set(tree(session).above[unit_id]):
        raise Forbidden(say("New procedures are entered by editors of procedures, or by the unit's manager."))
    if asked["owner"].id == asked["approver"].id:
        another = say("Whoever owns the procedure does not approve it. Another person is needed.")
        raise invalid([FieldError("/approver", "approver_is_not_owner", another)])
    private = {"owner": asked["owner"], "approver": asked["approver"]}
    procedure: Procedure = make(session, _described(asked, unit_id), by=by, at=at, trigger="create", private=private)
    return procedure


def _described(asked: Mapping[str, Any], unit_id: int) -> Procedure:
    owner, approver = asked.get("owner"), asked.get("approver")
    return Procedure(
        state=ProcedureState.KEPT, unit_id=unit_id, title=asked["title"], lang=language_of(asked["title"]),
        owner_id=owner.id if owner else None, approver_id=approver.id if approver else None,
        policy_kind=asked.get("policy_kind") or PolicyKind.PROCEDURE, regulated=bool(asked.get("regulated")),
    )  # fmt: skip


def edit_procedure(
    session: Session, procedure: Procedure, asked: Mapping[str, Any], *, by: Actor, at: datetime
) -> None:
    changes = {name: asked[name] for name in ("title", "policy_kind", "regulated") if asked.get(name) is not None}
    if "title" in changes:
        changes["lang"] = language_of(changes["title"], procedure.lang)
    amend(session, procedure, by=by, at=at, asked=asked, changes=changes, told={"fields": sorted(asked)})
    found.keep(session, procedure.id or 0)
    _settle_draft(session, procedure, at=at)


def hand_over_procedure(
    session: Session, procedure: Procedure, asked: Mapping[str, Any], *, by: Actor, at: datetime
) -> None:
    """Owner or approver becomes another person, and what they owe on the open draft goes with it."""
    hand_over(session, procedure, asked, by=by, at=at)
    _settle_draft(session, procedure, at=at)


def _settle_draft(session: Session, procedure: Procedure, *, at: datetime) -> None:
    draft = parts.open_draft(session, procedure.id or 0)
    if draft is not None:
        settle_duties(session, draft, at=at)


def import_procedure(session: Session, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Procedure:
    """Enter a procedure of another place with the text that is in force there; nobody is briefed about it. `asked`
    as for `create`, owner and approver optional, with `source` and `sections`. Whoever calls has checked that `by`
    may import."""
    procedure = _described(asked, asked["unit"].id)
    procedure.imported_from = asked["source"]
    told = {"source": asked["source"]}
    make(session, procedure, by=by, at=at, trigger="import", told=told, private={"owner": asked.get("owner")})
    sections = parts.sections_of(asked.get("sections") or [])
    if sections:
        revision = _first(procedure, sections, at=at)
        make(session, revision, by=by, at=at, trigger="import", told={"procedure": procedure.code, **told})
    return procedure


def _first(procedure: Procedure, sections: parts.Sections, *, at: datetime) -> Revision:
    return Revision(
        state=RevisionState.EFFECTIVE, procedure_id=procedure.id, number=1, unit_id=procedure.unit_id,
        lang=parts.language(sections, procedure.lang), sections=sections, effective_at=at,
        imported_from=procedure.imported_from,
    )  # fmt: skip


# ── write a revision ─────────────────────────────────────────────────────────────────────────────────────────────────
def draft(session: Session, procedure: Procedure, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Revision:
    """Open a draft: from the text in force with the ids of its sections, or from the sections that are sent."""
    lessons: list[Lesson] = asked.get("because_of") or []
    parts.check_lessons(lessons)
    revision = _drafted(session, procedure, asked, by=by)
    revision.code = next_code(session, "revisions", tree(session).today(procedure.unit_id, at).year)

    def drafted() -> None:
        # what it owes weighs as much as its lessons: these stand before its duties are counted
        revision.created_at = revision.changed_at = revision.entered_at = at
        session.add(revision)
        session.flush()
        parts.edited_by(session, revision, by)
        parts.write_because_of(session, revision, lessons)
        told = {"procedure": procedure.code, "because_of": [lesson.code for lesson in lessons]}
        make(session, revision, by=by, at=at, trigger="draft", told=told)

    take(session, procedure, "draft", by=by, at=at, asked=asked, told={"revision": revision.code}, after=drafted)
    parts.settle_lessons(session, lessons, at=at)
    return revision


def _drafted(session: Session, procedure: Procedure, asked: Mapping[str, Any], *, by: Actor) -> Revision:
    procedure_id = procedure.id or 0
    base = parts.in_force(session, procedure_id)
    sent = asked.get("sections")
    sections = parts.sections_of(sent) if sent is not None else parts.last_text(session, procedure_id)
    return Revision(
        code="", state=RevisionState.DRAFTING, procedure_id=procedure_id, base_id=base.id if base else None,
        number=parts.next_number(session, procedure_id), unit_id=procedure.unit_id, sections=sections,
        lang=parts.language(sections, procedure.lang), editor_id=by.id,
    )  # fmt: skip


def edit(session: Session, revision: Revision, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Change its text, its summary, or because of which lessons it is written. An approval of sums lapses with it."""
    changes: dict[str, Any] = {}
    if asked.get("sections") is not None:
        sections = parts.sections_of(asked["sections"])
        changes |= {"sections": sections, "lang": parts.language(sections, revision.lang), **NO_MONEY_APPROVAL}
    if asked.get("summary") is not None:
        changes["summary"] = asked["summary"]
    lessons: list[Lesson] | None = asked.get("because_of")
    parts.check_lessons(lessons or [])
    before = list(briefed.lessons_behind(session, revision))

    def edited() -> None:
        parts.edited_by(session, revision, by)
        if lessons is not None:
            parts.write_because_of(session, revision, lessons)

    told = {"fields": sorted(asked), **({"because_of": [one.code for one in lessons]} if lessons is not None else {})}
    amend(session, revision, by=by, at=at, asked=asked, changes=changes, told=told, after=edited)
    around = {lesson.id: lesson for lesson in (*before, *(lessons or []))}
    parts.settle_lessons(session, list(around.values()), at=at)


def submit(session: Session, revision: Revision, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Hand it in with the few words that agents will read; whoever does so stands for its text like its editors."""
    changes = {"summary": asked["summary"]} if asked.get("summary") else {}
    take(session, revision, "submit", by=by, at=at, asked=asked, changes=changes,
         after=lambda: parts.edited_by(session, revision, by))  # fmt: skip
    parts.settle_behind(session, revision, at=at)


# ── look at it ───────────────────────────────────────────────────────────────────────────────────────────────────────
def send_back(session: Session, revision: Revision, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """To its editor again; an approval of sums lapses, for the text will change."""
    take(session, revision, "send_back", by=by, at=at, asked=asked, changes=NO_MONEY_APPROVAL)
    notices.tell(session, [revision.editor_id], "sent_back", revision, at=at, facts={"reason": asked["reason"]})
    parts.settle_behind(session, revision, at=at)


def approve_money(session: Session, revision: Revision, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    changes = {"money_approved_by_id": by.id, "money_approved_at": at}
    take(session, revision, "approve_money", by=by, at=at, asked=asked, changes=changes)


def approve(session: Session, revision: Revision, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    changes = {"approved_by_id": by.id, "approved_at": at}
    take(session, revision, "approve", by=by, at=at, asked=asked, changes=changes)
    parts.settle_behind(session, revision, at=at)


VERBS = {
    ("procedures", "edit"): edit_procedure,
    ("procedures", "hand_over"): hand_over_procedure,
    ("procedures", "draft"): draft,
    ("revisions", "edit"): edit,
    ("revisions", "submit"): submit,
    ("revisions", "send_back"): send_back,
    ("revisions", "approve_money"): approve_money,
    ("revisions", "approve"): approve,
    ("revisions", "hand_over"): hand_over,
    **force.VERBS,
}
__all__ = ["VERBS", "approve", "create", "draft", "edit", "import_procedure", "submit"]
