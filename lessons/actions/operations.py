"""What people do with an action: assign it, do it, confirm it, move its date or its owner – and what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from lessons.access import Actor
from lessons.access.numbers import calendar_of
from lessons.actions.parts import check_causes, cover, evidence_of, parent_of
from lessons.debriefs import operations as debriefs
from lessons.errors import NotAllowed, Unmet
from lessons.i18n import language_of, say
from lessons.models import Action, Debrief, DueChange, Evidence, Lesson, Person
from lessons.post import notices
from lessons.repository import operations as repository
from lessons.steps import amend, dates, hand_over, leaving, make, ready, take
from lessons.steps.codes import next_code
from lessons.workflow.states import ActionKind, ActionState


# ── assign ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def assign(session: Session, parent: Lesson | Debrief, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Action:
    """Hang an action on a lesson, or directly on a debrief."""
    causes = asked.get("covers") or []
    action = _drafted(parent, asked, by=by)
    action.code = next_code(session, "actions", calendar_of(session, parent.unit_id).today(at).year)

    def assigned() -> None:
        check_causes(session, parent, causes)
        private = {"owner": asked["owner"]}
        make(session, action, by=by, at=at, trigger="assign", told=_told(parent, action), private=private)
        _first_date(session, action, "assigned", by=by, at=at)
        cover(session, action, causes)

    take(session, parent, "assign", by=by, at=at, asked=asked, told={"action": action.code}, after=assigned)
    settle_parent(session, action, at=at)
    return action


def _drafted(parent: Lesson | Debrief, asked: Mapping[str, Any], *, by: Actor) -> Action:
    owner: Person | None = asked.get("owner")
    of_lesson = isinstance(parent, Lesson)
    return Action(
        code="", state=ActionState.ASSIGNED, unit_id=parent.unit_id, lang=language_of(asked["text"], parent.lang),
        lesson_id=parent.id if of_lesson else None, debrief_id=None if of_lesson else parent.id,
        cycle=parent.cycle if isinstance(parent, Lesson) else 1,
        text=asked["text"], done_when=asked.get("done_when", ""), kind=asked.get("kind") or ActionKind.CORRECTIVE,
        owner_id=owner.id if owner else None, assigner_id=by.id,
        due_on=asked.get("due_on"), first_due_on=asked.get("due_on"),
    )  # fmt: skip


def _told(parent: Lesson | Debrief, action: Action) -> dict[str, Any]:
    return {"of": parent.code, "kind": action.kind, "due_on": action.due_on}


def _first_date(session: Session, action: Action, how: str, *, by: Actor, at: datetime) -> None:
    if action.due_on is not None:
        session.add(
            DueChange(noun="actions", record_id=action.id, version=1, new_due_on=action.due_on, how=how,
                      person_id=by.id, at=at)
        )  # fmt: skip


def import_action(
    session: Session, parent: Lesson | Debrief, asked: Mapping[str, Any], *, by: Actor, at: datetime
) -> Action:
    """Enter an action of another place, with its `source`: its date may be past or missing, and so may its owner; a
    done one is confirmed already. Whoever calls has checked that `by` may import."""
    action = _drafted(parent, asked, by=by)
    action.state = ActionState(asked.get("state") or ActionState.ASSIGNED)
    action.imported_from = asked["source"]
    if action.state in (ActionState.DONE, ActionState.CONFIRMED):
        action.state, action.done_at, action.confirmed_at = ActionState.CONFIRMED, at, at
    told = {**_told(parent, action), "source": asked["source"]}
    make(session, action, by=by, at=at, trigger="import", told=told, private={"owner": asked.get("owner")})
    _first_date(session, action, "imported", by=by, at=at)
    settle_parent(session, action, at=at)
    return action


# ── do ───────────────────────────────────────────────────────────────────────────────────────────────────────────────
def start(session: Session, action: Action, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    take(session, action, "start", by=by, at=at, asked=asked)
    _follow(session, action, at=at)


def decline(session: Session, action: Action, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Hand it back to whoever assigned it."""
    take(session, action, "decline", by=by, at=at, asked=asked)
    _follow(session, action, at=at)


def block(session: Session, action: Action, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Held up: the clock runs on, and the wait counts against whoever is waited for: what is awaited is their duty."""
    other: Person | None = asked.get("waiting_on")
    changes = {"block_reason": asked["reason"], "waiting_on_id": other.id if other else None, "blocked_at": at}
    take(session, action, "block", by=by, at=at, asked=asked, changes=changes, private={"waiting_on": other})
    _follow(session, action, at=at)


def unblock(session: Session, action: Action, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    _go_on(session, action, "unblock", asked, by=by, at=at)


def deliver(session: Session, action: Action, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """What the owner waited for is there: they hear of it, and go on."""
    _go_on(session, action, "deliver", asked, by=by, at=at)
    if action.owner_id != by.id:
        notices.tell(
            session, [action.owner_id], "delivered", action, at=at, facts={"reason": asked.get("reason") or ""}
        )


def _go_on(
    session: Session, action: Action, trigger: str, asked: Mapping[str, Any], *, by: Actor, at: datetime
) -> None:
    other = session.get(Person, action.waiting_on_id) if action.waiting_on_id else None
    calendar = calendar_of(session, action.unit_id)
    days = calendar.between(calendar.today(action.blocked_at), calendar.today(at)) if action.blocked_at else 0
    take(session, action, trigger, by=by, at=at, asked=asked, changes=leaving.NOT_WAITING, told={"waited_days": days},
         private={"waiting_on": other})  # fmt: skip
    _follow(session, action, at=at)


def report_done(session: Session, action: Action, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Done, with what shows it: added before, or sent along."""
    sent = asked.get("evidence")
    note = asked.get("note", "")
    evidence = evidence_of(action, sent, by=by, at=at, inside="/evidence") if sent else None
    take(session, action, "report_done", by=by, at=at, asked=asked, changes={"done_at": at, "done_note": note},
         told={"evidence": evidence.kind} if evidence else {}, private={"note": note},
         after=lambda: session.add(evidence) if evidence else None)  # fmt: skip
    _follow(session, action, at=at)


def add_evidence(session: Session, action: Action, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Evidence:
    evidence = evidence_of(action, asked, by=by, at=at)
    take(session, action, "add_evidence", by=by, at=at, asked=asked, told={"id": evidence.pid, "kind": evidence.kind},
         after=lambda: session.add(evidence))  # fmt: skip
    return evidence


# ── confirm ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def confirm(session: Session, action: Action, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    _confirm(session, action, asked, by=by, at=at)
    _follow(session, action, at=at)


def _confirm(session: Session, action: Action, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    take(session, action, "confirm", by=by, at=at, asked=asked, changes={"confirmed_at": at, "confirmed_by_id": by.id})
    notices.tell(session, [action.owner_id], "confirmed", action, at=at)


def confirm_all(session: Session, rows: Sequence[Action], *, by: Actor, at: datetime) -> None:
    """All of them or none: a refusal names every action that cannot be confirmed, and why."""
    rows = list({action.id: action for action in rows}.values())
    unmet = [point for action in rows for point in _in_the_way(session, action, by, at)]
    if unmet:
        raise NotAllowed(say("Nothing was confirmed: not all of these can be."), trigger="confirm", unmet=unmet)
    for action in rows:
        _confirm(session, action, {}, by=by, at=at)
    for action in {(a.lesson_id, a.debrief_id): a for a in rows}.values():
        settle_parent(session, action, at=at)


def _in_the_way(session: Session, action: Action, by: Actor, at: datetime) -> list[Unmet]:
    try:
        ready(session, action, "confirm", by=by, at=at)
    except NotAllowed as refusal:
        points = refusal.unmet or [Unmet("state", refusal.message)]
        named = say("%(code)s: %(what)s")
        return [Unmet(p.guard, named.with_(code=action.code, what=p.message), p.place) for p in points]
    return []


def send_back(session: Session, action: Action, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    take(session, action, "send_back", by=by, at=at, asked=asked, changes={"done_at": None})
    notices.tell(session, [action.owner_id], "sent_back", action, at=at)
    _follow(session, action, at=at)


# ── another owner, another date, another text ────────────────────────────────────────────────────────────────────────
def reassign(session: Session, action: Action, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    leaving.reassign(session, action, asked, by=by, at=at)
    _follow(session, action, at=at)


def cancel(session: Session, action: Action, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    take(session, action, "cancel", by=by, at=at, asked=asked)
    if action.owner_id != by.id:
        notices.tell(session, [action.owner_id], "cancelled", action, at=at)
    _follow(session, action, at=at)


def edit(session: Session, action: Action, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    changes = {name: asked[name] for name in ("text", "done_when", "kind") if asked.get(name) is not None}
    causes = asked.get("covers")
    if causes is not None:
        check_causes(session, parent_of(session, action), causes)
    if "text" in changes:
        changes["lang"] = language_of(changes["text"], action.lang)
    amend(session, action, by=by, at=at, asked=asked, changes=changes, told={"fields": sorted(asked)},
          after=lambda: cover(session, action, causes) if causes is not None else None)  # fmt: skip
    settle_parent(session, action, at=at)


# ── what follows ─────────────────────────────────────────────────────────────────────────────────────────────────────
def _follow(session: Session, action: Action, *, at: datetime) -> None:
    dates.lapse_extension(session, action, at=at)
    settle_parent(session, action, at=at)


def settle_parent(session: Session, action: Action, *, at: datetime) -> None:
    """The system's own steps on its lesson and its debrief follow."""
    parent = parent_of(session, action)
    if isinstance(parent, Lesson):
        repository.settle(session, parent, at=at)
    else:
        debriefs.settle(session, parent, at=at)


VERBS = {
    ("lessons", "assign"): assign,
    ("debriefs", "assign"): assign,
    ("actions", "start"): start,
    ("actions", "decline"): decline,
    ("actions", "block"): block,
    ("actions", "unblock"): unblock,
    ("actions", "deliver"): deliver,
    ("actions", "report_done"): report_done,
    ("actions", "confirm"): confirm,
    ("actions", "send_back"): send_back,
    ("actions", "reassign"): reassign,
    ("actions", "cancel"): cancel,
    ("actions", "add_evidence"): add_evidence,
    ("actions", "edit"): edit,
    ("actions", "hand_over"): hand_over,
    **{("actions", trigger): verb for trigger, verb in dates.EXTENSION_VERBS.items()},
}
