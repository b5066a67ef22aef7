"""The life of an action item: assigned → in_progress → done → confirmed · blocked · declined · cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lessons.i18n import say
from lessons.workflow import asks
from lessons.workflow.engine import SYSTEM, Lifecycle, Step, check, guard
from lessons.workflow.facts import ActionFacts
from lessons.workflow.owed import Owes
from lessons.workflow.shared import decision_steps, due_after_today, extension_steps, hand_over, owner_is_active
from lessons.workflow.states import ACTION_OPEN, EvidenceKind
from lessons.workflow.states import ActionState as S

ASSIGNERS = ("assigner", "manager")
NOTE_LENGTH = 20
PROOF = (EvidenceKind.FILE, EvidenceKind.LINK, EvidenceKind.REVISION)
CONFIRMERS = ("verifier", "lesson_owner", "lessons_manager", "manager")


@check(
    say("Some evidence is needed: a file, a link, a revision, or a note of 20 characters."),
    place="evidence",
    met_by=("evidence",),
)
def some_evidence(action: Any, facts: ActionFacts, asked: Mapping[str, Any]) -> bool:
    notes = (asked.get("note") or "", (asked.get("evidence") or {}).get("note") or "")
    long_note = facts.long_note or any(len(note) >= NOTE_LENGTH for note in notes)
    return facts.severity > 2 or long_note or _proof(facts, asked)


@check(
    say("At this severity words alone are not enough: a file, a link or a revision is needed."),
    place="evidence",
    met_by=("evidence",),
)
def proof_where_it_is_grave(action: Any, facts: ActionFacts, asked: Mapping[str, Any]) -> bool:
    return facts.severity <= 2 or _proof(facts, asked)


def _proof(facts: ActionFacts, asked: Mapping[str, Any]) -> bool:
    return facts.evidence > 0 or (asked.get("evidence") or {}).get("kind") in PROOF


@guard(
    say("The action is in your care, so confirming it belongs to someone else."),
    separation=True,
)
def never_owned_it(action: Any, facts: ActionFacts) -> bool:
    return not (facts.acting & (facts.ever("owner") | facts.stands_in_for_owner))


@guard(say("The action is in your care, so cancelling it belongs to another manager."), separation=True)
def not_its_owner(action: Any, facts: ActionFacts) -> bool:
    return action.owner_id is None or action.owner_id not in facts.acting


@check(say("Without a due date nobody knows when it is owed. A date is needed."), place="due_on", met_by=("due_on",))
def has_a_date(action: Any, facts: ActionFacts, asked: Mapping[str, Any]) -> bool:
    # the system moves what somebody left behind as it is; a date is then owed
    return action.due_on is not None or asked.get("due_on") is not None or facts.has(SYSTEM)


@check(say("Nobody waits for themself. Whoever is waited for is someone else, or nobody by name."), place="waiting_on")
def somebody_else_is_waited_for(action: Any, facts: ActionFacts, asked: Mapping[str, Any]) -> bool:
    other = asked.get("waiting_on")
    return other is None or other.id != action.owner_id


STEPS = (
    Step("start", (S.ASSIGNED,), S.IN_PROGRESS, by=("owner",), asks=asks.Nothing),
    Step("decline", (S.ASSIGNED,), S.DECLINED, by=("owner",), asks=asks.WithReason),
    Step("block", (S.IN_PROGRESS,), S.BLOCKED, by=("owner",), needs=(somebody_else_is_waited_for,), asks=asks.Block),
    Step("unblock", (S.BLOCKED,), S.IN_PROGRESS, by=("owner",), asks=asks.MaybeReason),
    Step("deliver", (S.BLOCKED,), S.IN_PROGRESS, by=("waiting_on",), asks=asks.MaybeReason),
    Step(
        "report_done",
        (S.ASSIGNED, S.IN_PROGRESS),
        S.DONE,
        by=("owner",),
        needs=(some_evidence, proof_where_it_is_grave),
        asks=asks.ReportDone,
    ),
    Step("confirm", (S.DONE,), S.CONFIRMED, by=CONFIRMERS, needs=(never_owned_it,), asks=asks.Nothing),
    Step("send_back", (S.DONE,), S.IN_PROGRESS, by=CONFIRMERS, needs=(never_owned_it,), asks=asks.WithReason),
    Step(
        "reassign",
        ACTION_OPEN,
        S.ASSIGNED,
        by=(*ASSIGNERS, SYSTEM),
        needs=(owner_is_active, due_after_today, has_a_date),
        asks=asks.Reassign,
    ),
    Step(
        "cancel",
        ACTION_OPEN,
        S.CANCELLED,
        by=("lessons_manager", "manager", SYSTEM),
        needs=(not_its_owner,),
        asks=asks.WithReason,
    ),
    hand_over((S.ASSIGNED, S.IN_PROGRESS, S.BLOCKED), "owner"),
    *extension_steps((S.ASSIGNED, S.IN_PROGRESS, S.BLOCKED), "owner", *ASSIGNERS),
    Step(
        "add_evidence",
        (S.ASSIGNED, S.IN_PROGRESS, S.BLOCKED, S.DONE),
        None,
        by=("owner",),
        asks=asks.Evidence,
        quiet=True,
    ),
    *decision_steps(*ACTION_OPEN),
    Step("edit", (S.ASSIGNED,), None, by=("assigner",), asks=asks.EditAction, quiet=True),
    Step("undo_import", (S.ASSIGNED, S.IN_PROGRESS, S.CONFIRMED), S.CANCELLED, by=(SYSTEM,)),
)


def _owner(action: Any, facts: ActionFacts) -> frozenset[int]:
    return frozenset({action.owner_id} if action.owner_id else ())


def _owners(action: Any, facts: ActionFacts) -> frozenset[int]:
    return facts.ever("owner") | facts.stands_in_for_owner


OWES = (
    Owes(
        "start_action",
        (S.ASSIGNED,),
        to=("owner",),
        by=("start", "report_done", "decline"),
        when=lambda a, f: a.owner_id is not None,
        asked=lambda a, f: a.due_on,
    ),
    Owes(
        "give_owner_and_date",
        (S.ASSIGNED, S.IN_PROGRESS, S.BLOCKED),
        to=("manager",),
        by=("reassign", "cancel"),
        when=lambda a, f: a.owner_id is None or a.due_on is None,
    ),
    Owes(
        "do_action",
        (S.IN_PROGRESS, S.BLOCKED),
        to=("owner",),
        by=("report_done", "unblock"),
        when=lambda a, f: a.owner_id is not None and a.due_on is not None,
        asked=lambda a, f: a.due_on,
    ),
    Owes(
        "unblock_action",
        (S.BLOCKED,),
        to=("waiting_on",),
        by=("deliver",),
        when=lambda a, f: a.waiting_on_id not in (None, a.owner_id),
        barred=_owner,
    ),
    Owes(
        "decide_declined_action",
        (S.DECLINED,),
        to=("assigner", "manager"),
        by=("reassign", "cancel"),
        barred=_owner,
    ),
    Owes(
        "confirm_action",
        (S.DONE,),
        to=CONFIRMERS,
        by=("confirm", "send_back"),
        barred=_owners,
    ),
    Owes(
        "decide_extension",
        (S.ASSIGNED, S.IN_PROGRESS, S.BLOCKED),
        to=("assigner", "manager"),
        by=("grant_extension", "deny_extension"),
        when=lambda a, f: f.open_extension and not f.for_manager,
        barred=_owner,
    ),
    Owes(
        "decide_extension",
        (S.ASSIGNED, S.IN_PROGRESS, S.BLOCKED),
        to=("manager",),
        by=("grant_extension", "deny_extension"),
        when=lambda a, f: f.open_extension and f.for_manager,
        barred=_owner,
    ),
)

LIFE = Lifecycle("actions", S, STEPS, initial=(S.ASSIGNED,), live=ACTION_OPEN, owes=OWES)
