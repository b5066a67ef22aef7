"""The life of a verification: planned → scheduled → due → effective | not_effective | inconclusive · void."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lessons.i18n import say
from lessons.workflow import asks
from lessons.workflow.engine import SYSTEM, Lifecycle, Step, check, guard
from lessons.workflow.facts import VerificationFacts
from lessons.workflow.owed import Owes
from lessons.workflow.shared import decision_steps, hand_over
from lessons.workflow.states import VERIFICATION_OPEN, Preset
from lessons.workflow.states import VerificationState as S

SAMPLE_LEAST = 20


def barred(verification: Any, facts: VerificationFacts) -> frozenset[int]:
    """Whoever may not verify: the lesson's owner, its action owners, its revisions' editors and, unless the unit is
    small, its author."""
    author = frozenset({facts.author} if facts.author and not facts.small else ())
    return facts.barred | author


@guard(say("You had a hand in this lesson, so checking it belongs to someone who did not."), separation=True)
def had_no_hand_in_it(verification: Any, facts: VerificationFacts) -> bool:
    return not (facts.acting & barred(verification, facts))


@check(
    say("%(name)s had a hand in this lesson. The verifier has to be someone who did not."),
    place="verifier",
    separation=True,
)
def verifier_had_no_hand(
    verification: Any, facts: VerificationFacts, asked: Mapping[str, Any]
) -> bool | dict[str, Any]:
    verifier = asked.get("verifier") or (asked.get("to") if asked.get("relation") == "verifier" else None)
    return verifier is None or verifier.id not in barred(verification, facts) or {"name": verifier.name}


@check(
    say("With fewer than %(least)s cases or calls the result can only be “not clear”."),
    place="sample",
    met_by=("sample",),
)
def sample_is_large_enough(
    verification: Any, facts: VerificationFacts, asked: Mapping[str, Any]
) -> bool | dict[str, Any]:
    if verification.preset != Preset.SAMPLE and not asked.get("sample"):
        return True
    clear = asked.get("result") in ("effective", "not_effective")
    return not clear or (asked.get("sample") or 0) >= SAMPLE_LEAST or {"least": SAMPLE_LEAST}


@check(say("A line for the meantime belongs to the result “Not effective”."), place="meanwhile")
def meanwhile_where_it_failed(verification: Any, facts: VerificationFacts, asked: Mapping[str, Any]) -> bool:
    return not asked.get("meanwhile") or asked.get("result") == "not_effective"


def _result(value: str) -> Any:
    return lambda v, f, asked: asked.get("result") == value


CONCLUDE = {
    "by": ("verifier",),
    "needs": (had_no_hand_in_it, sample_is_large_enough, meanwhile_where_it_failed),
    "asks": asks.Conclude,
}

STEPS = (
    Step("arm", (S.PLANNED,), S.SCHEDULED, by=(SYSTEM,)),
    Step("fall_due", (S.SCHEDULED,), S.DUE, by=(SYSTEM,)),
    Step("conclude", (S.DUE,), S.EFFECTIVE, only=_result("effective"), **CONCLUDE),  # type: ignore[arg-type]  # shared values
    Step("conclude", (S.DUE,), S.NOT_EFFECTIVE, only=_result("not_effective"), **CONCLUDE),  # type: ignore[arg-type]  # shared values
    Step("conclude", (S.DUE,), S.INCONCLUSIVE, only=_result("inconclusive"), **CONCLUDE),  # type: ignore[arg-type]  # shared values
    Step("void", VERIFICATION_OPEN, S.VOID, by=(SYSTEM,)),
    hand_over(VERIFICATION_OPEN, "verifier", needs=(verifier_had_no_hand,)),
    *decision_steps(S.DUE),
    Step(
        "edit",
        (S.PLANNED,),
        None,
        by=("lesson_owner", "lessons_manager"),
        needs=(verifier_had_no_hand,),
        asks=asks.Verification,
        quiet=True,
    ),
)

OWES = (
    Owes(
        "verify",
        (S.DUE,),
        to=("verifier", "lessons_manager", "manager"),
        by=("conclude",),
        barred=barred,
        asked=lambda v, f: v.due_on,
    ),
)

LIFE = Lifecycle("verifications", S, STEPS, initial=(S.PLANNED,), live=VERIFICATION_OPEN, owes=OWES)
