"""The life of a debrief: reported → investigating → in_review → issued → closed · declined · merged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lessons.i18n import Word, say, say_n
from lessons.workflow import asks
from lessons.workflow.engine import SYSTEM, Guard, Lifecycle, Step, check, guard
from lessons.workflow.facts import DebriefFacts
from lessons.workflow.owed import Owes
from lessons.workflow.shared import decision_steps, due_after_today, extension_steps, hand_over, owner_is_active
from lessons.workflow.states import DEBRIEF_LIVE, DebriefKind, Path
from lessons.workflow.states import DebriefState as S

LEARNING_FROM_FAILURE = (DebriefKind.FAILURE, DebriefKind.NEAR_MISS)
FOUR_LINES = ("expected", "why", "differently", "direction")


def _full(debrief: Any, *kinds: DebriefKind) -> bool:
    return bool(debrief.path != Path.QUICK and debrief.kind in kinds)


# ── opening ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@check(
    say("At this severity whoever leads the debrief did not take part in the event. Someone else can lead it."),
    separation=True,
)
def leader_took_no_part(debrief: Any, facts: DebriefFacts, asked: Mapping[str, Any]) -> bool:
    leader = asked.get("leader") or asked.get("to")
    high = (asked.get("severity") or debrief.severity or 2) >= 3
    if asked.get("relation", "leader") != "leader":
        return True
    return bool(leader is None or not high or facts.small or leader.id not in facts.participants)


@check(say("Whoever leads the debrief does not review it. Another reviewer is needed."), separation=True)
def reviewer_is_not_leader(debrief: Any, facts: DebriefFacts, asked: Mapping[str, Any]) -> bool:
    leader, reviewer = asked.get("leader"), asked.get("reviewer")
    if asked.get("relation"):
        barred = {debrief.reviewer_id} if asked["relation"] == "leader" else facts.ever("leader")
        return asked["to"].id not in barred
    leads = leader.id if leader else debrief.leader_id
    return reviewer is None or reviewer.id not in facts.ever("leader") | {leads}


@guard(say("You led this debrief, so its review belongs to someone else."), separation=True)
def never_led_it(debrief: Any, facts: DebriefFacts) -> bool:
    return not (facts.acting & facts.ever("leader"))


@check(say("A full debrief needs a reviewer."), met_by=("reviewer",))
def full_has_reviewer(debrief: Any, facts: DebriefFacts, asked: Mapping[str, Any]) -> bool:
    return chosen_path(debrief, asked) == Path.QUICK or asked.get("reviewer") is not None


@check(say("High severity and confidential events get a full debrief; the quick one is for what is minor or medium."))
def quick_is_for_small(debrief: Any, facts: DebriefFacts, asked: Mapping[str, Any]) -> bool:
    severity = asked.get("severity") or 2
    return chosen_path(debrief, asked) != Path.QUICK or (severity <= 2 and not debrief.confidential)


def chosen_path(debrief: Any, asked: Mapping[str, Any]) -> Path:
    """The path asked for; else what the server proposes: full at severity 3–4 or where confidential, else quick."""
    if asked.get("path"):
        return Path(asked["path"])
    heavy = (asked.get("severity") or 2) >= 3 or debrief.confidential or asked.get("reviewer") is not None
    return Path.FULL if heavy or debrief.path == Path.FULL else Path.QUICK


def _opens_quick_for_self(debrief: Any, facts: DebriefFacts, asked: Mapping[str, Any]) -> bool:
    leader = asked.get("leader")
    return chosen_path(debrief, asked) == Path.QUICK and (leader is None or leader.id in facts.acting)


@check(say("A shift or team leader opens a quick debrief of their own. A full one is opened by lessons management."))
def quick_for_oneself(debrief: Any, facts: DebriefFacts, asked: Mapping[str, Any]) -> bool:
    return opens_any(facts) or _opens_quick_for_self(debrief, facts, asked)


def opens_any(facts: DebriefFacts) -> bool:
    """Whether they may open a full one too, and for another leader."""
    return facts.has("lessons_manager", "manager", "duty:open")


@guard(say("This is already a full debrief."))
def it_is_quick(debrief: Any, facts: DebriefFacts) -> bool:
    return bool(debrief.path == Path.QUICK)


@check(say("This debrief cannot be merged into itself, nor into one that was merged into it."))
def no_cycle(row: Any, facts: Any, asked: Mapping[str, Any]) -> bool:
    target = asked.get("target")
    return target is None or row.id not in (target.id, target.merged_into_id)


@check(say("The target is not open any more. A debrief can be merged only into a live one."))
def target_takes_it(debrief: Any, facts: DebriefFacts, asked: Mapping[str, Any]) -> bool:
    target = asked.get("target")
    takes = DEBRIEF_LIVE if debrief.state == S.REPORTED else (S.REPORTED, S.INVESTIGATING)
    return target is None or target.state in takes


@check(say("What is confidential is merged into a confidential debrief alone, read by no more people than this one."))
def confidence_is_kept(debrief: Any, facts: DebriefFacts, asked: Mapping[str, Any]) -> bool:
    target = asked.get("target")
    if target is None or not debrief.confidential:
        return True
    return bool(target.confidential and target.concerns_managers >= debrief.concerns_managers)


@check(say("This debrief is confidential. Whoever may not read it does not take it on themselves; another person can."))
def not_drawn_to_oneself(debrief: Any, facts: DebriefFacts, asked: Mapping[str, Any]) -> bool:
    """Management sees the header of a confidential debrief alone, enough to hand it to somebody else."""
    if not debrief.confidential or debrief.state == S.REPORTED or facts.has("leader", "reviewer", "named"):
        return True
    target = asked.get("target")
    theirs = {asked[name].id for name in ("leader", "reviewer", "to") if asked.get(name)}
    return not facts.acting & (theirs | ({target.leader_id, target.reviewer_id} if target else set()))


# ── submitting ───────────────────────────────────────────────────────────────────────────────────────────────────────
@guard(say("To send it for review, what should have happened is missing."), place="expected", met_by=("expected",))
def expected_is_told(debrief: Any, facts: DebriefFacts) -> bool:
    return not _full(debrief, *LEARNING_FROM_FAILURE, DebriefKind.ROUTINE) or bool(debrief.expected)


@guard(say("To send it for review, what actually happened is missing."), place="actual", met_by=("actual",))
def actual_is_told(debrief: Any, facts: DebriefFacts) -> bool:
    return not _full(debrief, *LEARNING_FROM_FAILURE, DebriefKind.ROUTINE) or bool(debrief.actual)


@guard(say("The timeline has no fact with a date yet. At least one is needed."), place="facts")
def a_dated_fact(debrief: Any, facts: DebriefFacts) -> bool:
    return not _full(debrief, *LEARNING_FROM_FAILURE) or facts.dated_facts > 0


def a_first_fact_is_missing(debrief: Any, facts: DebriefFacts) -> bool:
    """What is gravest is not left lying until its whole day: the timeline begins at once."""
    return (debrief.severity or 0) >= 4 and _full(debrief, *LEARNING_FROM_FAILURE) and not facts.dated_facts


@guard(say("There is no finding yet. What did the inquiry find?"), place="findings")
def a_finding(debrief: Any, facts: DebriefFacts) -> bool:
    return not _full(debrief, *LEARNING_FROM_FAILURE) or bool(facts.findings)


@guard(
    say_n(
        "Finding %(which)s has no cause yet. Why did it happen?",
        "Findings %(which)s have no cause yet. Why did they happen?",
    ),
    place="findings",
)
def findings_have_causes(debrief: Any, facts: DebriefFacts) -> bool | dict[str, Any]:
    bare = [f.n for f in facts.findings if not f.causes]
    return not _full(debrief, *LEARNING_FROM_FAILURE) or not bare or _which(bare)


@guard(
    say_n(
        "Finding %(which)s has no lesson yet. A lesson can be written, or a note why none is needed.",
        "Findings %(which)s have no lesson yet. A lesson can be written, or a note why none is needed.",
    ),
    place="findings",
)
def findings_lead_somewhere(debrief: Any, facts: DebriefFacts) -> bool | dict[str, Any]:
    bare = [f.n for f in facts.findings if not f.lessons and not f.no_lesson]
    return not _full(debrief, *LEARNING_FROM_FAILURE) or not bare or _which(bare)


def _which(numbers: list[int]) -> dict[str, Any]:
    return {"n": len(numbers), "which": ", ".join(map(str, numbers))}


@guard(say("One more question: where else could this happen?"), place="elsewhere", met_by=("elsewhere",))
def elsewhere_is_asked(debrief: Any, facts: DebriefFacts) -> bool:
    return not _full(debrief, *LEARNING_FROM_FAILURE) or bool(debrief.elsewhere)


@guard(
    say("What made it work? A success is worth repeating when the reason is known."),
    place="why_it_worked",
    met_by=("why_it_worked",),
)
def why_it_worked_is_told(debrief: Any, facts: DebriefFacts) -> bool:
    return not _full(debrief, DebriefKind.SUCCESS) or bool(debrief.why_it_worked)


@guard(say("A success debrief has at least one thing to keep doing."), place="findings")
def a_keep(debrief: Any, facts: DebriefFacts) -> bool:
    kept = any(f.sustain for f in facts.findings) or any(d.keep for d in facts.drafts)
    return not _full(debrief, DebriefKind.SUCCESS) or kept


@guard(say("One more question: where else could this be done?"), place="elsewhere", met_by=("elsewhere",))
def done_elsewhere(debrief: Any, facts: DebriefFacts) -> bool:
    return not _full(debrief, DebriefKind.SUCCESS) or bool(debrief.elsewhere)


@guard(
    say("Two of the four questions are still open: why, and what to do differently (or keep)."),
    place="why",
    met_by=("why", "differently"),
)
def why_and_differently(debrief: Any, facts: DebriefFacts) -> bool:
    return not _full(debrief, DebriefKind.ROUTINE) or bool(debrief.why and debrief.differently)


@guard(say("An interview ends with at least one lesson."), place="lessons")
def interview_has_lesson(debrief: Any, facts: DebriefFacts) -> bool:
    return not _full(debrief, DebriefKind.INTERVIEW) or bool(facts.drafts)


@guard(say("The interviewee's consent to be named is still missing on the lesson."), place="lessons")
def interviewee_agreed(debrief: Any, facts: DebriefFacts) -> bool:
    return not _full(debrief, DebriefKind.INTERVIEW) or facts.consent


@guard(
    say("The quick debrief has four lines. Still open: %(lines)s."),
    place="four",
    met_by=FOUR_LINES,
)
def four_lines(debrief: Any, facts: DebriefFacts) -> bool | dict[str, Any]:
    if debrief.path != Path.QUICK:
        return True
    missing = [Word("field", name) for name in FOUR_LINES if not getattr(debrief, name)]
    return not missing or {"lines": missing}


@guard(say("The lesson “%(title)s” cannot be proposed yet: %(lacks)s."), place="lessons")
def drafts_could_be_proposed(debrief: Any, facts: DebriefFacts) -> bool | dict[str, Any]:
    for draft in facts.drafts:
        if draft.state == "draft" and draft.lacks:
            lacks = [Word("lesson.lacks", lack) for lack in draft.lacks]
            return {"title": draft.title, "lacks": lacks, "place": f"/lessons/{draft.code}/edit"}
    return True


@guard(
    say("The name of someone who took part appears in %(where)s. It is customary to write the role instead."),
    place="names",
)
def no_names_of_participants(debrief: Any, facts: DebriefFacts) -> bool | dict[str, Any]:
    for hit in facts.names:
        where = Word("name.where", hit.where)
        return {"where": say("%(part)s %(n)s", part=where, n=hit.n) if hit.n else where}
    return True


SUBMIT: tuple[Guard, ...] = (
    expected_is_told,
    actual_is_told,
    a_dated_fact,
    a_finding,
    findings_have_causes,
    findings_lead_somewhere,
    elsewhere_is_asked,
    why_it_worked_is_told,
    a_keep,
    done_elsewhere,
    why_and_differently,
    interview_has_lesson,
    interviewee_agreed,
    four_lines,
    drafts_could_be_proposed,
    no_names_of_participants,
)


@check(
    say("Similar lessons wait for an answer: %(codes)s. For each: the same, related, or different?"),
    place="similar",
)
def similar_are_answered(debrief: Any, facts: DebriefFacts, asked: Mapping[str, Any]) -> bool | dict[str, Any]:
    answered = {choice["lesson"].code for choice in asked.get("similar") or ()}
    waiting = [code for code in facts.similar_unanswered if code not in answered]
    return debrief.path == Path.QUICK or not waiting or {"codes": ", ".join(waiting)}


@guard(say("Lessons or actions of this debrief are still under way."))
def all_is_settled(debrief: Any, facts: DebriefFacts) -> bool:
    return facts.unsettled == 0


@check(say("To reopen it, a leader, a reviewer and a due date are needed."), met_by=("leader", "reviewer", "due_on"))
def reopened_with_people(debrief: Any, facts: DebriefFacts, asked: Mapping[str, Any]) -> bool:
    if debrief.state != S.CLOSED:
        return True
    needed = ["leader", "due_on"] + (["reviewer"] if debrief.path == Path.FULL else [])
    return all(asked.get(name) for name in needed)


STEPS = (
    Step(
        "open",
        (S.REPORTED,),
        S.INVESTIGATING,
        by=("lessons_manager", "manager", "debrief_leader"),
        needs=(quick_for_oneself, leader_took_no_part, reviewer_is_not_leader, full_has_reviewer, quick_is_for_small),
        asks=asks.OpenDebrief,
    ),
    Step(
        "decline",
        (S.REPORTED, S.INVESTIGATING),
        S.DECLINED,
        by=("lessons_manager", "manager"),
        asks=asks.WithReason,
    ),
    Step(
        "merge",
        (S.REPORTED, S.INVESTIGATING),
        S.MERGED,
        by=("lessons_manager",),
        needs=(no_cycle, target_takes_it, confidence_is_kept, not_drawn_to_oneself),
        asks=asks.MergeDebrief,
    ),
    Step(
        "widen",
        (S.INVESTIGATING, S.ISSUED),
        S.INVESTIGATING,
        by=("leader", "manager", "lessons_manager"),
        needs=(
            it_is_quick,
            reviewer_is_not_leader,
        ),
        asks=asks.Widen,
    ),
    Step("submit", (S.INVESTIGATING,), S.IN_REVIEW, by=("leader",), needs=SUBMIT, asks=asks.SubmitDebrief),
    Step(
        "send_back",
        (S.IN_REVIEW,),
        S.INVESTIGATING,
        by=("reviewer",),
        needs=(never_led_it,),
        asks=asks.WithReason,
    ),
    Step(
        "issue",
        (S.IN_REVIEW,),
        S.ISSUED,
        by=("reviewer", SYSTEM),
        needs=(never_led_it, similar_are_answered),
        asks=asks.IssueDebrief,
    ),
    Step("close", (S.ISSUED,), S.CLOSED, by=(SYSTEM,), needs=(all_is_settled,)),
    Step(
        "reopen",
        (S.CLOSED,),
        S.INVESTIGATING,
        by=("lessons_manager",),
        needs=(reopened_with_people, leader_took_no_part, reviewer_is_not_leader, not_drawn_to_oneself),
        asks=asks.Reopen,
    ),
    Step("reopen", (S.DECLINED,), S.REPORTED, by=("lessons_manager",), asks=asks.Reopen),
    hand_over(
        DEBRIEF_LIVE[1:],
        "leader",
        "reviewer",
        needs=(leader_took_no_part, reviewer_is_not_leader, not_drawn_to_oneself),
    ),
    *extension_steps((S.INVESTIGATING,), "leader", "manager"),
    Step(
        "assign",
        DEBRIEF_LIVE,
        None,
        by=("leader", "lessons_manager", "manager"),
        needs=(owner_is_active, due_after_today),
        asks=asks.Action,
        makes="actions",
    ),
    Step("write_lesson", (S.INVESTIGATING,), None, by=("leader",), asks=asks.Lesson, makes="lessons"),
    *decision_steps(S.REPORTED, S.INVESTIGATING, S.IN_REVIEW),
    Step("edit", (S.INVESTIGATING,), None, by=("leader",), asks=asks.EditDebrief, quiet=True),
    Step("undo_import", (S.ISSUED, S.CLOSED), S.DECLINED, by=(SYSTEM,)),
)

OWES = (
    Owes(
        "triage_debrief",
        (S.REPORTED,),
        to=("lessons_manager", "manager"),
        by=("open", "decline", "merge"),
        # what came without a name and without its day is decided by a day that does not tell it
        asked=lambda d, f: d.due_on if d.anonymous and d.opened_at is None else None,
    ),
    Owes(
        "lead_debrief",
        (S.INVESTIGATING,),
        to=("leader", "manager"),
        by=("submit",),
        asked=lambda d, f: d.due_on,
    ),
    Owes("first_fact", (S.INVESTIGATING,), to=("leader", "manager"), by=("edit",), when=a_first_fact_is_missing),
    Owes(
        "review_debrief",
        (S.IN_REVIEW,),
        to=("reviewer", "lessons_manager"),
        by=("issue", "send_back"),
        barred=lambda d, f: frozenset({d.leader_id} if d.leader_id else ()),
    ),
    Owes(
        "decide_extension",
        (S.INVESTIGATING,),
        to=("manager",),
        by=("grant_extension", "deny_extension"),
        when=lambda d, f: f.open_extension,
        barred=lambda d, f: frozenset({d.leader_id} if d.leader_id else ()),
    ),
)

LIFE = Lifecycle("debriefs", S, STEPS, initial=(S.REPORTED,), live=DEBRIEF_LIVE, owes=OWES)
