"""The life of a briefing (open → ended), and the one state of a procedure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lessons.i18n import say
from lessons.workflow import asks
from lessons.workflow.engine import SYSTEM, Lifecycle, Step, check, guard
from lessons.workflow.facts import BriefingFacts, RevisionFacts
from lessons.workflow.owed import Owes
from lessons.workflow.shared import hand_over
from lessons.workflow.states import BriefingState as S
from lessons.workflow.states import ProcedureState


@check(say("The new date has to be after today."), place="due_on")
def date_after_today(briefing: Any, facts: BriefingFacts, asked: Mapping[str, Any]) -> bool:
    due = asked.get("due_on")
    return due is None or due > facts.today


ASKERS = ("opener", "manager", "lessons_manager", "editor")


@guard(say("Everybody who counts has read it already."))
def somebody_is_missing(briefing: Any, facts: BriefingFacts) -> bool:
    return facts.acknowledged < facts.counted


STEPS = (
    Step("end", (S.OPEN,), S.ENDED, by=("opener", "manager", SYSTEM), asks=asks.WithReason),
    Step("set_date", (S.OPEN,), None, by=("manager",), needs=(date_after_today,), asks=asks.NewDate),
    Step("remind", (S.OPEN,), None, by=ASKERS, needs=(somebody_is_missing,), asks=asks.Nothing),
    Step("acknowledge", (S.OPEN,), None, by=("member",), asks=asks.Acknowledge, quiet=True),
)

OWES = (
    Owes(
        "manager_decision",
        (S.OPEN,),
        to=("manager",),
        by=("end", "set_date"),
        when=lambda b, f: f.decision_owed,
    ),
)

LIFE = Lifecycle("briefings", S, STEPS, initial=(S.OPEN,), live=(S.OPEN,), owes=OWES)


@guard(say("A draft of this procedure is open already. It can be edited, or cancelled first."))
def no_other_draft(procedure: Any, facts: RevisionFacts) -> bool:
    return not facts.other_draft


@check(
    say("Whoever owns a lesson drafts a revision because of that lesson. Which lesson is it?"),
    place="because_of",
    met_by=("because_of",),
)
def lesson_is_theirs(procedure: Any, facts: RevisionFacts, asked: Mapping[str, Any]) -> bool:
    lessons = asked.get("because_of") or ()
    return facts.has("owner", "editor_role") or any(ls.owner_id in facts.acting for ls in lessons)


@check(say("Whoever owns the procedure does not approve it. Another person is needed."), separation=True)
def approver_is_not_owner(procedure: Any, facts: RevisionFacts, asked: Mapping[str, Any]) -> bool:
    other = procedure.approver_id if asked.get("relation") == "owner" else procedure.owner_id
    return asked.get("to") is None or asked["to"].id != other


PROCEDURE = Lifecycle(
    "procedures",
    ProcedureState,
    (
        hand_over((ProcedureState.KEPT,), "owner", "approver", needs=(approver_is_not_owner,)),
        Step(
            "draft",
            (ProcedureState.KEPT,),
            None,
            by=("owner", "editor_role", "lesson_owner"),
            needs=(no_other_draft, lesson_is_theirs),
            asks=asks.Revision,
            makes="revisions",
        ),
        Step(
            "edit",
            (ProcedureState.KEPT,),
            None,
            by=("owner", "manager", "editor_role"),
            asks=asks.EditProcedure,
            quiet=True,
        ),
    ),
    initial=(ProcedureState.KEPT,),
    live=(ProcedureState.KEPT,),
)
