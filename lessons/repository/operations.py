"""What people do with a lesson: write, propose, accept, bring to people, say that it came back, take it out of use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons import steps
from lessons.access import SYSTEM, Actor, tree
from lessons.access.audience import plain_audience
from lessons.access.numbers import calendar_of, policy_of
from lessons.debriefs import parts
from lessons.duties import owed
from lessons.models import Action, Case, CaseLink, Cause, Debrief, Lesson, RevisionLesson
from lessons.post import notices
from lessons.repository import asking, briefed, cycle, feedback, found
from lessons.repository.cases import link, recurrences
from lessons.repository.cycle import failed, inconclusive, proved, revision_withdrawn, section_changed, settle
from lessons.repository.plans import plan_preset
from lessons.repository.writing import changes_of, edit, words_changed, write, write_in
from lessons.steps import take
from lessons.workflow.lesson import RISK_DAYS
from lessons.workflow.states import DebriefState, LessonState, Path, Preset

WAIVING = (LessonState.PROPOSED, LessonState.ACCEPTED, LessonState.IMPLEMENTING)


# ── decide ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def accept(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """On the desk at once. On the quick path, with nothing else under way, briefing, plan and start follow."""
    changes = {
        **changes_of(asked),
        "owner_id": asked["owner"].id,
        "audience": plain_audience(asked.get("audience") or {}),
        "accepted_by_id": by.id,
        "accepted_at": at,
        "edition_at": at,
        "review_on": asked.get("review_on") or cycle.next_review(session, lesson, at),
        **_team_experience(session, lesson, by, at),
    }
    if not changes["audience"]["units"]:
        changes["audience"]["units"] = [tree(session).units[lesson.unit_id].code]
    told = {"audience": changes["audience"], "level": changes.get("level"), "team_until": changes.get("team_until")}
    take(session, lesson, "accept", by=by, at=at, asked=asked, changes=changes, told=told,
         private={"owner": asked["owner"]},
         after=lambda: words_changed(session, lesson, asked, by, at))  # fmt: skip
    cycle.tell_reporter(session, lesson, "lesson_on_desk", at)
    cycle.tell_asker(session, lesson, at)
    if asked.get("briefing") is not None:
        briefed.open_about(session, subject=lesson, by=by, at=at, **asked["briefing"])
    elif _is_quick(session, lesson):
        _bring_at_once(session, lesson, by=by, at=at)
    found.keep(session, lesson)
    settle(session, lesson, at=at)


def _team_experience(session: Session, lesson: Lesson, by: Actor, at: datetime) -> dict[str, Any]:
    """A manager who is not lessons manager there accepts for their own team, for a while."""
    above = tree(session).above[lesson.unit_id]
    curates = any(unit in above for unit in by.units_of("lessons_manager"))
    if lesson.debrief_id is not None or curates or by.kind != "person":
        return {}
    days = policy_of(session, lesson.unit_id).team_experience.days
    today = calendar_of(session, lesson.unit_id).today(at)
    own = {"units": [tree(session).units[lesson.unit_id].code], "roles": []}
    return {"team_until": today + timedelta(days=days), "audience": own}


def _is_quick(session: Session, lesson: Lesson) -> bool:
    debrief = session.get(Debrief, lesson.debrief_id) if lesson.debrief_id else None
    return debrief is not None and debrief.path == Path.QUICK


def _bring_at_once(session: Session, lesson: Lesson, *, by: Actor, at: datetime) -> None:
    session.flush()
    mine = sa.select(RevisionLesson.revision_id).where(RevisionLesson.lesson_id == lesson.id)
    if cycle.has_actions(session, lesson) or session.scalar(mine.limit(1)):
        return
    briefed.open_about(session, subject=lesson, by=by, at=at)
    plan_preset(session, lesson, Preset.DID_NOT_COME_BACK, by=SYSTEM, at=at)
    take(session, lesson, "start", by=SYSTEM, at=at)


def reject(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    take(session, lesson, "reject", by=by, at=at, asked=asked)
    _leave_use(session, lesson, at=at)


def _leave_use(session: Session, lesson: Lesson, *, at: datetime) -> None:
    cycle.end_watch(session, lesson, at=at)
    cycle.end_briefings(session, lesson, at=at)
    cycle.cancel_work(session, lesson, at=at)
    feedback.left_use(session, lesson, at=at)
    found.keep(session, lesson)
    settle(session, lesson, at=at)


def merge(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    target: Lesson = asked["target"]
    take(session, lesson, "merge", by=by, at=at, asked=asked, changes={"merged_into_id": target.id},
         told={"target": target.code})  # fmt: skip
    there = sa.select(CaseLink.case_id).where(CaseLink.lesson_id == target.id)
    session.execute(
        sa.update(CaseLink)
        .where(CaseLink.lesson_id == lesson.id, CaseLink.case_id.not_in(there))
        .values(lesson_id=target.id)
        .execution_options(synchronize_session=False)
    )
    cycle.end_watch(session, lesson, at=at)
    cycle.end_briefings(session, lesson, at=at)
    cycle.move_work(session, lesson, target, at=at)
    feedback.left_use(session, lesson, at=at)
    found.keep(session, lesson)
    settle(session, lesson, at=at)


def retire(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    successor: Lesson | None = asked.get("successor")
    changes = {"successor_id": successor.id if successor else None}
    told = {"successor": successor.code} if successor else {}
    take(session, lesson, "retire", by=by, at=at, asked=asked, changes=changes, told=told)
    _leave_use(session, lesson, at=at)


# ── bring to people ──────────────────────────────────────────────────────────────────────────────────────────────────
def start(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    take(session, lesson, "start", by=by, at=at, asked=asked)
    found.keep(session, lesson)
    settle(session, lesson, at=at)


def proceed(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Only reading is missing, and long: go on with the true share, which stays on the record."""
    told = {"shares": briefed.shares(session, lesson, at=at)}
    take(session, lesson, "proceed", by=by, at=at, asked=asked, told=told)
    briefed.gone_on(session, lesson, at=at)
    cycle.arm(session, lesson, at=at)
    found.keep(session, lesson)
    settle(session, lesson, at=at)


def replan(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    _new_cycle(session, lesson, "replan", asked, by=by, at=at)


def recur(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """The failure came back: a new cycle, cards say so, owner and manager hear the same day."""
    cases: Sequence[Case] = asked.get("cases") or []
    link(session, lesson, cases, by=by, at=at, came_back=True)
    changes = {"meanwhile": asked.get("meanwhile", ""), "edition": lesson.edition + 1, "edition_at": at}
    told = {"cases": [case.pid for case in cases]}
    _new_cycle(session, lesson, "recur", asked, by=by, at=at, changes=changes, told=told,
               private={"account": asked.get("account")})  # fmt: skip
    people = [lesson.owner_id, *cycle.managers_of(session, lesson)]
    notices.tell(session, people, "recurrence", lesson, at=at, facts={"cycle": lesson.cycle}, urgent=True)


def recur_by_cases(session: Session, lesson: Lesson, *, at: datetime) -> None:
    """So many cases in so many days: the system says that it came back, and these show it."""
    shown = recurrences(session, lesson, at=at)
    if shown:
        recur(session, lesson, {"cases": shown}, by=SYSTEM, at=at)


def _new_cycle(
    session: Session,
    lesson: Lesson,
    trigger: str,
    asked: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    changes: Mapping[str, Any] | None = None,
    told: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
) -> None:
    number = lesson.cycle + 1
    take(session, lesson, trigger, by=by, at=at, asked=asked, changes={"cycle": number, **(changes or {})},
         told={"cycle": number, **(told or {})}, private=private)  # fmt: skip
    cycle.end_watch(session, lesson, at=at)
    found.keep(session, lesson)
    settle(session, lesson, at=at)


def accept_risk(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    today = calendar_of(session, lesson.unit_id).today(at)
    until = asked.get("until") or today + timedelta(days=policy_of(session, lesson.unit_id).risk.days or RISK_DAYS)
    asked = {**asked, "until": until}
    dropped = [choice["action"].id for choice in asked.get("actions", []) if choice["choice"] == "cancel"]
    changes = {"risk_until": until, "risk_reason": asked["reason"], "risk_expired": False}
    take(session, lesson, "accept_risk", by=by, at=at, asked=asked, changes=changes, told={"until": until})
    cycle.end_watch(session, lesson, at=at)
    cycle.cancel_work(session, lesson, at=at, only=dropped)
    actions = session.scalars(sa.select(Action.id).where(Action.lesson_id == lesson.id)).all()
    owed.decided(session, "actions", actions, "accept_risk", at=at)
    found.keep(session, lesson)
    settle(session, lesson, at=at)


# ── keep it true ─────────────────────────────────────────────────────────────────────────────────────────────────────
def revalidate(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    review_on = asked.get("review_on") or cycle.next_review(session, lesson, at)
    take(session, lesson, "revalidate", by=by, at=at, asked=asked, changes={"review_on": review_on, "proved_at": at},
         told={"review_on": review_on})  # fmt: skip
    found.keep(session, lesson)
    settle(session, lesson, at=at)


def promote(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    audience = plain_audience(asked["audience"])
    take(session, lesson, "promote", by=by, at=at, asked=asked, changes={"audience": audience, "team_until": None},
         told={"audience": audience})  # fmt: skip
    settle(session, lesson, at=at)


def renew(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    days = policy_of(session, lesson.unit_id).team_experience.days
    until = lesson.team_until + timedelta(days=days) if lesson.team_until else None
    take(session, lesson, "renew", by=by, at=at, asked=asked, changes={"team_until": until, "renewed": True},
         told={"until": until})  # fmt: skip


def hand_over(session: Session, lesson: Lesson, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> None:
    """Its care goes to somebody else, who from then on has a hand in it."""
    steps.hand_over(session, lesson, asked, by=by, at=at)
    settle(session, lesson, at=at)


def waive_cause(session: Session, lesson: Lesson, cause: Cause, reason: str, *, by: Actor, at: datetime) -> None:
    """No action is needed about this cause: by the lesson's owner or lessons management, with reason and name."""

    def waived() -> None:
        cause.no_action_reason, cause.no_action_by_id, cause.no_action_at = reason, by.id, at
        session.add(cause)

    take(
        session,
        lesson,
        "waive_cause",
        by=by,
        at=at,
        told={"cause": cause.pid},
        private={"reason": reason},
        after=waived,
    )
    settle(session, lesson, at=at)


def waive(session: Session, cause: Cause, asked: Mapping[str, Any], *, by: Actor, at: datetime) -> Cause:
    """The same by the cause: its debrief's leader while that is investigated, else the owner of a lesson it led to."""
    debrief = parts.debrief_of(session, cause)
    lesson = session.scalars(
        sa.select(Lesson).where(Lesson.finding_id == cause.finding_id, Lesson.state.in_(WAIVING)).order_by(Lesson.id)
    ).first()
    if debrief.state == DebriefState.INVESTIGATING or lesson is None:
        parts.waive(session, cause, asked, by=by, at=at)
    else:
        waive_cause(session, lesson, cause, asked["reason"], by=by, at=at)
    return cause


VERBS = {
    ("lessons", "edit"): edit,
    ("lessons", "accept"): accept,
    ("lessons", "reject"): reject,
    ("lessons", "merge"): merge,
    ("lessons", "retire"): retire,
    ("lessons", "start"): start,
    ("lessons", "proceed"): proceed,
    ("lessons", "replan"): replan,
    ("lessons", "recur"): recur,
    ("lessons", "accept_risk"): accept_risk,
    ("lessons", "revalidate"): revalidate,
    ("lessons", "promote"): promote,
    ("lessons", "renew"): renew,
    ("lessons", "hand_over"): hand_over,
    ("debriefs", "write_lesson"): write_in,
    **asking.VERBS,
    **feedback.VERBS,
}
__all__ = [
    "VERBS", "failed", "inconclusive", "proved", "revision_withdrawn", "section_changed", "settle", "write",
    "write_in",
]  # fmt: skip
