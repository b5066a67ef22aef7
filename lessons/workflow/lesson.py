"""The life of a lesson: draft → proposed → accepted → implementing → watching → verified ⇄ due_for_review; its ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from lessons.i18n import Word, say, say_n
from lessons.workflow import asking, asks, feedback
from lessons.workflow.engine import SYSTEM, Lifecycle, Step, check, guard
from lessons.workflow.facts import LessonFacts, WayFact
from lessons.workflow.owed import Owes
from lessons.workflow.shared import decision_steps, due_after_today, hand_over, owner_is_active
from lessons.workflow.states import LESSON_LIVE, LESSON_PUBLIC, Path, Preset
from lessons.workflow.states import LessonState as S

TITLE_LENGTH = 120
RISK_DAYS, RISK_DAYS_MOST = 90, 365
CARD_FIELDS = (
    "title",
    "direction",
    "applies_when",
    "steps",
    "say",
    "avoid_saying",
    "limits",
    "transfer_to",
    "exceptions",
    "background",
    "meanwhile",
)


def lacks(lesson: Any, topics: int) -> tuple[str, ...]:
    """What a draft lacks to be proposed, as names of fields."""
    missing = []
    if not lesson.title or len(lesson.title) > TITLE_LENGTH:
        missing.append("title")
    if not lesson.applies_when:
        missing.append("applies_when")
    if not lesson.direction:
        missing.append("direction")
    if not topics:
        missing.append("topics")
    return tuple(missing)


@guard(
    say("Before it can be proposed: %(lacks)s."),
    place="edit",
    met_by=("title", "applies_when", "direction", "topics"),
)
def it_can_be_proposed(lesson: Any, facts: LessonFacts) -> bool | dict[str, Any]:
    missing = lacks(lesson, facts.topics)
    return not missing or {"lacks": [Word("lesson.lacks", name) for name in missing]}


@guard(say("Its debrief is still under way; the lesson is proposed when the debrief is approved."))
def debrief_is_done(lesson: Any, facts: LessonFacts) -> bool:
    return facts.debrief_state not in ("reported", "investigating", "in_review") or facts.has(SYSTEM)


@guard(say("The lesson is yours, so the decision belongs to someone else."), separation=True)
def not_its_author(lesson: Any, facts: LessonFacts) -> bool:
    return lesson.author_id not in facts.acting


@guard(say("This decision is kept for lessons management in the unit."), separation=True)
def manager_may_accept(lesson: Any, facts: LessonFacts) -> bool:
    light = facts.debrief_path == Path.QUICK or lesson.debrief_id is None or facts.small
    return facts.has("lessons_manager", "duty:accept") or light


@guard(
    say_n(
        "One root cause is neither covered by an action nor ticked “no action needed”.",
        "%(n)s root causes are neither covered by an action nor ticked “no action needed”.",
    ),
    place="causes",
)
def root_causes_are_covered(lesson: Any, facts: LessonFacts) -> bool | dict[str, Any]:
    return facts.roots_uncovered == 0 or {"n": facts.roots_uncovered}


@guard(
    say("There is no way to people yet: an action, a procedure revision or a briefing is needed."),
    place="ways",
)
def a_way_to_people(lesson: Any, facts: LessonFacts) -> bool:
    return bool(facts.ways)


@guard(say("How will it be known that it worked? A verification plan is needed."), place="verification")
def a_plan(lesson: Any, facts: LessonFacts) -> bool:
    return "planned" in facts.plans


@guard(say("A verification of this cycle is planned already."), place="verification")
def no_plan_yet(lesson: Any, facts: LessonFacts) -> bool:
    return not any(state in ("planned", "scheduled", "due") for state in facts.plans)


@check(
    say(
        "A number from before the change is needed, or “unknown” with a reason. "
        "Linked cases of the last 30 days: %(n)s."
    ),
    place="baseline",
    met_by=("baseline",),
)
def baseline_is_given(lesson: Any, facts: LessonFacts, asked: Mapping[str, Any]) -> bool | dict[str, Any]:
    light = asked.get("preset") in (Preset.DID_NOT_COME_BACK, Preset.FLOOR_SAYS)
    return light or asked.get("baseline") is not None or bool(asked.get("baseline_unknown")) or {"n": facts.cases}


def finished(way: WayFact) -> bool:
    """Nothing of it is open: an action confirmed or cancelled, a revision out of drafting, a briefing at its share."""
    if way.kind == "action":
        return way.state in ("confirmed", "cancelled")
    if way.kind == "revision":
        return way.state not in ("drafting", "in_review", "approved")
    return way.state == "ended" or way.reached


@guard(say("Not everything that was promised in this cycle is finished."), place="ways")
def everything_is_finished(lesson: Any, facts: LessonFacts) -> bool:
    return all(finished(way) for way in facts.ways)


@guard(say("Nothing has reached people in this cycle yet."), place="ways")
def something_reached_people(lesson: Any, facts: LessonFacts) -> bool:
    return any(way.reached for way in facts.ways)


@guard(
    say("More than reading is missing, or ten working days have not passed since the briefing's date."),
    place="ways",
)
def only_late_reading_is_missing(lesson: Any, facts: LessonFacts) -> bool:
    open_ways = [way for way in facts.ways if not finished(way)]
    return bool(open_ways) and all(way.kind == "briefing" and way.late_reading for way in open_ways)


@guard(say("No way of this cycle is left, and none is open."))
def no_way_left(lesson: Any, facts: LessonFacts) -> bool:
    return facts.ways_ever > 0 and not facts.ways


@guard(say("The manager plans again only after two results that were not clear."), place="verification")
def twice_inconclusive(lesson: Any, facts: LessonFacts) -> bool:
    return facts.results.count("inconclusive") >= 2


@guard(say("The lesson is in your care, so accepting the risk belongs to another manager."), separation=True)
def not_its_owner(lesson: Any, facts: LessonFacts) -> bool:
    return lesson.owner_id is None or lesson.owner_id not in facts.acting


@check(say("A risk can be accepted for at most %(days)s days from today, and at least until tomorrow."), place="until")
def until_within_a_year(lesson: Any, facts: LessonFacts, asked: Mapping[str, Any]) -> bool | dict[str, Any]:
    until = asked.get("until")
    latest = facts.today + timedelta(days=RISK_DAYS_MOST)
    return until is None or facts.today < until <= latest or {"days": RISK_DAYS_MOST}


@check(
    say("To say that it came back, link at least one case, or write what happened."),
    place="account",
    met_by=("account",),
)
def a_case_or_an_account(lesson: Any, facts: LessonFacts, asked: Mapping[str, Any]) -> bool:
    return facts.has(SYSTEM) or bool(asked.get("cases") or asked.get("account"))


@check(say("A lesson cannot be merged into itself, nor into one that was merged into it."))
def no_cycle(lesson: Any, facts: LessonFacts, asked: Mapping[str, Any]) -> bool:
    target = asked.get("target")
    return target is None or lesson.id not in (target.id, target.merged_into_id)


@check(say("The target is not in use any more. A lesson can be merged only into a live one."))
def target_is_live(lesson: Any, facts: LessonFacts, asked: Mapping[str, Any]) -> bool:
    target = asked.get("target")
    return target is None or target.state in LESSON_LIVE


@check(say("The target is past implementing and takes no open action. These actions have to be settled first."))
def target_takes_actions(lesson: Any, facts: LessonFacts, asked: Mapping[str, Any]) -> bool:
    target = asked.get("target")
    early = (S.DRAFT, S.PROPOSED, S.ACCEPTED, S.IMPLEMENTING)
    has_open = any(way.kind == "action" and not finished(way) for way in facts.ways)
    return target is None or target.state in early or not has_open


@guard(say("You changed its words since it was last proved, so the check belongs to someone else."), separation=True)
def did_not_change_words(lesson: Any, facts: LessonFacts) -> bool:
    return not (facts.changed_since_proved & facts.acting)


@guard(say("This is not a team experience: it already holds beyond the team, without a time limit."))
def stands_as_team_experience(lesson: Any, facts: LessonFacts) -> bool:
    return lesson.team_until is not None


@guard(say("It was renewed once already. It can be widened beyond the team, or lapse."))
def not_renewed_before(lesson: Any, facts: LessonFacts) -> bool:
    return not lesson.renewed


MANAGERS = ("lessons_manager", "manager")

STEPS = (
    Step(
        "propose",
        (S.DRAFT,),
        S.PROPOSED,
        by=("author", SYSTEM),
        needs=(it_can_be_proposed, debrief_is_done),
        asks=asks.Nothing,
    ),
    Step(
        "accept",
        (S.PROPOSED,),
        S.ACCEPTED,
        by=MANAGERS,
        needs=(not_its_author, manager_may_accept),
        asks=asks.AcceptLesson,
    ),
    *asking.STEPS,
    *feedback.STEPS,
    Step("reject", (S.DRAFT,), S.REJECTED, by=(*MANAGERS, "author", SYSTEM), asks=asks.WithReason),
    Step("reject", (S.PROPOSED, S.ACCEPTED), S.REJECTED, by=(*MANAGERS, SYSTEM), asks=asks.WithReason),
    Step(
        "merge",
        LESSON_LIVE,
        S.MERGED,
        by=("lessons_manager",),
        needs=(no_cycle, target_is_live, target_takes_actions),
        asks=asks.MergeLesson,
    ),
    Step(
        "start",
        (S.ACCEPTED,),
        S.IMPLEMENTING,
        by=("owner", "lessons_manager", SYSTEM),
        needs=(a_way_to_people, a_plan, root_causes_are_covered),
        asks=asks.Nothing,
    ),
    Step(
        "accept_risk",
        (S.ACCEPTED, S.IMPLEMENTING, S.WATCHING),
        S.RISK_ACCEPTED,
        by=("manager",),
        needs=(not_its_owner, until_within_a_year),
        asks=asks.AcceptRisk,
    ),
    Step("expire", (S.RISK_ACCEPTED,), S.ACCEPTED, by=(SYSTEM,)),
    Step(
        "implemented",
        (S.IMPLEMENTING,),
        S.WATCHING,
        by=(SYSTEM,),
        needs=(a_plan, everything_is_finished, something_reached_people),
    ),
    Step(
        "proceed",
        (S.IMPLEMENTING,),
        S.WATCHING,
        by=("manager",),
        needs=(a_plan, only_late_reading_is_missing),
        asks=asks.WithReason,
    ),
    Step("verify", (S.WATCHING,), S.VERIFIED, by=(SYSTEM,)),
    Step("fail", (S.WATCHING,), S.IMPLEMENTING, by=(SYSTEM,)),
    Step("replan", (S.IMPLEMENTING,), S.ACCEPTED, by=(SYSTEM,), needs=(no_way_left,)),
    Step(
        "replan",
        (S.WATCHING,),
        S.IMPLEMENTING,
        by=("manager",),
        needs=(twice_inconclusive,),
        asks=asks.WithReason,
    ),
    Step(
        "recur",
        (S.WATCHING, S.VERIFIED, S.DUE_FOR_REVIEW, S.RISK_ACCEPTED),
        S.IMPLEMENTING,
        by=("lessons_manager", SYSTEM),
        needs=(a_case_or_an_account,),
        asks=asks.Recur,
    ),
    Step("age", (S.VERIFIED,), S.DUE_FOR_REVIEW, by=(SYSTEM,)),
    Step(
        "revalidate",
        (S.DUE_FOR_REVIEW,),
        S.VERIFIED,
        by=("owner", *MANAGERS),
        needs=(did_not_change_words,),
        asks=asks.Revalidate,
    ),
    Step(
        "promote",
        LESSON_LIVE,
        None,
        by=("lessons_manager",),
        needs=(stands_as_team_experience,),
        asks=asks.Promote,
    ),
    Step(
        "renew",
        LESSON_LIVE,
        None,
        by=("manager",),
        needs=(stands_as_team_experience, not_renewed_before),
        asks=asks.Nothing,
    ),
    Step("retire", LESSON_LIVE, S.RETIRED, by=(*MANAGERS, SYSTEM), asks=asks.Retire),
    hand_over(LESSON_PUBLIC, "owner"),
    Step(
        "assign",
        (S.PROPOSED, S.ACCEPTED, S.IMPLEMENTING),
        None,
        by=("owner", *MANAGERS, "leader"),
        needs=(owner_is_active, due_after_today),
        asks=asks.Action,
        makes="actions",
    ),
    Step(
        "plan",
        (S.ACCEPTED, S.IMPLEMENTING),
        None,
        by=("owner", "lessons_manager"),
        needs=(no_plan_yet, baseline_is_given),
        asks=asks.Verification,
        makes="verifications",
    ),
    Step(
        "brief",
        LESSON_PUBLIC,
        None,
        by=("owner", "lessons_manager", "editor"),
        asks=asks.BriefingTerms,
        makes="briefings",
    ),
    Step(
        "waive_cause",
        (S.PROPOSED, S.ACCEPTED, S.IMPLEMENTING),
        None,
        by=("owner", "lessons_manager"),
        asks=asks.NoAction,
        quiet=True,
    ),
    *decision_steps(S.DRAFT, S.PROPOSED, *LESSON_PUBLIC),
    Step("edit", (S.DRAFT,), None, by=("author", "leader"), asks=asks.EditLesson, quiet=True),
    Step("edit", (S.PROPOSED,), None, by=("lessons_manager",), asks=asks.EditLesson, quiet=True),
    Step("edit", LESSON_PUBLIC, None, by=("lessons_manager", "owner"), asks=asks.EditLesson, quiet=True),
    Step("undo_import", (S.PROPOSED, S.VERIFIED), S.REJECTED, by=(SYSTEM,)),
)


def is_planned(lesson: Any, facts: LessonFacts) -> bool:
    return bool(facts.ways) and "planned" in facts.plans


def by_author(lesson: Any, facts: LessonFacts) -> frozenset[int]:
    return frozenset({lesson.author_id} if lesson.author_id else ())


OWES = (
    Owes(
        "finish_draft",
        (S.DRAFT,),
        to=("author", "lessons_manager"),
        by=("propose", "reject"),
        when=lambda ls, f: f.debrief_state not in ("reported", "investigating", "in_review"),
    ),
    Owes(
        "decide_lesson",
        (S.PROPOSED,),
        to=("lessons_manager", "manager"),
        by=("accept", "reject", "merge"),
        barred=by_author,
    ),
    *asking.OWES,
    *feedback.OWES,
    Owes(
        "plan_lesson",
        (S.ACCEPTED,),
        to=("owner", "lessons_manager"),
        by=("start",),
        when=lambda ls, f: ls.team_until is None and not ls.risk_expired,
    ),
    Owes(
        "manager_decision",
        (S.ACCEPTED,),
        to=("manager",),
        by=("start", "accept_risk", "reject", "retire"),
        when=lambda ls, f: ls.risk_expired,
    ),
    Owes(
        "replan_lesson",
        (S.IMPLEMENTING,),
        to=("owner", "lessons_manager"),
        by=("plan", "assign", "brief"),
        when=lambda ls, f: not is_planned(ls, f),
    ),
    Owes(
        "manager_decision",
        (S.WATCHING,),
        to=("manager",),
        by=("replan", "accept_risk", "retire"),
        when=lambda ls, f: f.results.count("inconclusive") >= 2,
        barred=lambda ls, f: frozenset({ls.owner_id} if ls.owner_id else ()),
    ),
    Owes(
        "revalidate_lesson",
        (S.DUE_FOR_REVIEW,),
        to=("owner", "lessons_manager", "manager"),
        by=("revalidate",),
        barred=lambda ls, f: f.changed_since_proved,
    ),
)

LIFE = Lifecycle("lessons", S, STEPS, initial=(S.DRAFT,), live=LESSON_LIVE, owes=OWES)
