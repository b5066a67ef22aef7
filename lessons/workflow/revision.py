"""The life of a revision: drafting → in_review → approved → effective → superseded · withdrawn · cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lessons.i18n import say
from lessons.workflow import asks
from lessons.workflow.engine import SYSTEM, Lifecycle, Step, check, guard
from lessons.workflow.facts import RevisionFacts
from lessons.workflow.owed import Owes
from lessons.workflow.shared import decision_steps, hand_over
from lessons.workflow.states import REVISION_DRAFT, REVISION_LIVE
from lessons.workflow.states import RevisionState as S

SUMMARY_LENGTH = 280
WRITERS = ("procedure_owner", "lesson_owner", "editor")


@guard(say("The text is the same as what is in force. What changes?"), place="sections")
def text_changed(revision: Any, facts: RevisionFacts) -> bool:
    return facts.text_changed


@check(
    say("What should agents know? A summary of up to %(most)s characters is needed."),
    place="summary",
    met_by=("summary",),
)
def a_summary(revision: Any, facts: RevisionFacts, asked: Mapping[str, Any]) -> bool | dict[str, Any]:
    summary = asked.get("summary") or revision.summary or ""
    return 0 < len(summary) <= SUMMARY_LENGTH or {"most": SUMMARY_LENGTH}


@guard(
    say("The revision was edited by you too, so its approval belongs to someone who did not edit it."), separation=True
)
def did_not_edit(revision: Any, facts: RevisionFacts) -> bool:
    return not (facts.acting & facts.editors)


@guard(say("A compensation table changed, so finance has to approve the sums first."), place="money")
def money_is_approved(revision: Any, facts: RevisionFacts) -> bool:
    return not facts.money_changed or revision.money_approved_at is not None


@guard(say("No compensation table changed in this revision; it does not need finance."))
def money_changed(revision: Any, facts: RevisionFacts) -> bool:
    return facts.money_changed


@guard(say("Finance has approved the sums already."))
def money_not_yet_approved(revision: Any, facts: RevisionFacts) -> bool:
    return revision.money_approved_at is None


@check(say("On that day there is nobody in the audience. Who should know?"), place="audience", met_by=("audience",))
def somebody_in_audience(revision: Any, facts: RevisionFacts, asked: Mapping[str, Any]) -> bool:
    return bool(asked.get("audience_size", facts.audience_size) > 0)


def _later(revision: Any, facts: RevisionFacts, asked: Mapping[str, Any]) -> bool:
    day = asked.get("effective_on")
    return day is not None and day > facts.today


def _now(revision: Any, facts: RevisionFacts, asked: Mapping[str, Any]) -> bool:
    return not _later(revision, facts, asked)


STEPS = (
    Step(
        "submit",
        (S.DRAFTING,),
        S.IN_REVIEW,
        by=WRITERS,
        needs=(text_changed, a_summary),
        asks=asks.SubmitRevision,
    ),
    Step("send_back", (S.IN_REVIEW,), S.DRAFTING, by=("approver", "finance"), asks=asks.WithReason),
    Step(
        "approve_money",
        (S.IN_REVIEW,),
        None,
        by=("finance",),
        needs=(money_changed, money_not_yet_approved, did_not_edit),
        asks=asks.Nothing,
    ),
    Step(
        "approve",
        (S.IN_REVIEW,),
        S.APPROVED,
        by=("approver",),
        needs=(did_not_edit, money_is_approved),
        asks=asks.Nothing,
    ),
    Step(
        "publish",
        (S.APPROVED,),
        None,
        by=("procedure_owner",),
        needs=(somebody_in_audience,),
        asks=asks.Publish,
        only=_later,
    ),
    Step(
        "publish",
        (S.APPROVED,),
        S.EFFECTIVE,
        by=("procedure_owner", SYSTEM),
        needs=(somebody_in_audience,),
        asks=asks.Publish,
        only=_now,
    ),
    Step("supersede", (S.EFFECTIVE,), S.SUPERSEDED, by=(SYSTEM,)),
    Step("cancel", REVISION_DRAFT, S.CANCELLED, by=("procedure_owner", "manager", SYSTEM), asks=asks.WithReason),
    Step(
        "withdraw",
        (S.EFFECTIVE,),
        S.WITHDRAWN,
        by=("manager",),
        needs=(did_not_edit,),
        asks=asks.Withdraw,
    ),
    hand_over((S.DRAFTING,), "editor"),
    Step(
        "brief",
        (S.EFFECTIVE,),
        None,
        by=("procedure_owner", "editor_role", "lessons_manager"),
        asks=asks.BriefingTerms,
        makes="briefings",
    ),
    *decision_steps(*REVISION_DRAFT),
    Step("edit", (S.DRAFTING,), None, by=WRITERS, asks=asks.EditRevision, quiet=True),
)


def _editors(revision: Any, facts: RevisionFacts) -> frozenset[int]:
    return facts.editors


OWES = (
    Owes("write_revision", (S.DRAFTING,), to=("editor", "procedure_owner"), by=("submit",)),
    Owes(
        "approve_money",
        (S.IN_REVIEW,),
        to=("finance",),
        by=("approve_money", "send_back"),
        when=lambda r, f: f.money_changed and r.money_approved_at is None,
        barred=_editors,
    ),
    Owes(
        "review_revision",
        (S.IN_REVIEW,),
        to=("approver", "manager", "lessons_manager"),
        by=("approve", "send_back"),
        when=lambda r, f: not f.money_changed or r.money_approved_at is not None,
        barred=_editors,
    ),
    Owes(
        "publish_revision",
        (S.APPROVED,),
        to=("procedure_owner", "manager"),
        by=("publish", "cancel"),
        when=lambda r, f: r.effective_on is None or f.audience_size == 0,
    ),
)

LIFE = Lifecycle("revisions", S, STEPS, initial=(S.DRAFTING,), live=REVISION_LIVE, owes=OWES)
