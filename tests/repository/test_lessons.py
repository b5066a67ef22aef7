"""A lesson from its draft to proof: how it comes to people, what follows by itself, and how it comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from lessons.access import SYSTEM, refs
from lessons.actions import operations as actions
from lessons.cases import matching
from lessons.cases import operations as cases
from lessons.errors import Forbidden, NotAllowed
from lessons.models import Action, Briefing, Duty, Event, Lesson, Notice, Verification
from lessons.repository import due, queries
from lessons.repository import operations as repository
from lessons.steps import take
from lessons.steps.chains import faults
from lessons.verifications import due as verifications_due
from lessons.verifications import operations as verifications
from lessons.workflow import asks
from tests.village import AT, Village

DAY = timedelta(days=1)
TIP = {
    "title": "שואלים מתי ההתקנה, לא למה עוזבים", "direction": "do", "applies_when": "לקוח שכבר סגר עם חברה אחרת",
    "topics": ["נטישה"],
}  # fmt: skip


@pytest.fixture
def village(session: Session) -> Village:
    return Village(session)


def tip(village: Village, who: str = "avi") -> Lesson:
    by = village.by(who)
    lesson = repository.write(village.session, refs.read(village.session, asks.Lesson, TIP, by=by), by=by, at=AT)
    take(village.session, lesson, "propose", by=by, at=AT)
    return lesson


def duties(session: Session, row: Any) -> list[str]:
    mine = select(Duty.kind).where(Duty.of_noun == row.noun, Duty.of_id == row.id, col(Duty.closed_at).is_(None))
    return sorted(session.exec(mine))


def acted(village: Village, lesson: Lesson) -> Action:
    """One action of the lesson, assigned to Yossi, done by him and confirmed by Naomi."""
    session = village.session
    asked = {"text": "להוסיף תזכורת למסך", "done_when": "התזכורת מופיעה", "owner": village.yossi,
             "due_on": (AT + 7 * DAY).date()}  # fmt: skip
    asked = {**asked, "owner": "yossi@village.example", "due_on": asked["due_on"].isoformat()}
    read = refs.read(session, asks.Action, asked, by=village.by("naomi"))
    return actions.assign(session, lesson, read, by=village.by("naomi"), at=AT)


def finish(village: Village, action: Action) -> None:
    session, note = village.session, {"note": "הוספנו תזכורת למסך הסיום, נבדק בעמדה"}
    actions.VERBS["actions", "report_done"](session, action, note, by=village.by("yossi"), at=AT + DAY)
    actions.VERBS["actions", "confirm"](session, action, {}, by=village.by("naomi"), at=AT + DAY)


def planned(village: Village, lesson: Lesson) -> Verification:
    asked = {"preset": "did_not_come_back", "verifier": "ruth@village.example"}
    read = refs.read(village.session, asks.Verification, asked, by=village.by("naomi"))
    return verifications.plan(village.session, lesson, read, by=village.by("naomi"), at=AT)


def watched(village: Village) -> tuple[Lesson, Verification]:
    """A lesson that was brought to people and is being watched."""
    lesson = village.lesson()
    action, plan = acted(village, lesson), planned(village, lesson)
    repository.start(village.session, lesson, {}, by=village.by("yossi"), at=AT)
    finish(village, action)
    return lesson, plan


def conclude(village: Village, lesson: Lesson, result: str) -> None:
    at = AT + 40 * DAY
    plan = queries.story(village.session, lesson, by=SYSTEM, at=at).verifications[-1]
    while verifications_due.fall_due(village.session, at=at):
        pass
    asked = {"result": result, "measured": 1, "sample": 30, "words": "נבדקו שלושים שיחות"}
    by = village.by("ruth", at=at)
    verifications.VERBS["verifications", "conclude"](village.session, plan, asked, by=by, at=at)


# ── the light path ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_nobody_accepts_their_own_lesson(village: Village) -> None:
    lesson = tip(village, "naomi")
    with pytest.raises(NotAllowed) as refused:
        repository.accept(village.session, lesson, {"owner": village.yossi}, by=village.by("naomi"), at=AT)
    assert [point.guard for point in refused.value.unmet] == ["not_its_author"]
    assert {one.name.name for one in refused.value.who_could} & {"מיכל שרעבי", "אילן ברדוגו"}


def test_a_manager_accepts_a_tip_for_their_own_team_for_thirty_days(village: Village) -> None:
    lesson = tip(village)
    repository.accept(village.session, lesson, {"owner": village.yossi}, by=village.by("ilan"), at=AT)
    assert lesson.team_until == (AT + 30 * DAY).date()
    assert lesson.audience == {"units": ["RET"], "roles": []}
    assert [hit.record_id for hit in queries.search(village.session, "מתי ההתקנה", by=village.by("rana"))] == [
        lesson.id
    ]
    assert due.fall_due(village.session, at=AT + 30 * DAY) == 0
    assert due.fall_due(village.session, at=AT + 31 * DAY) == 1
    assert lesson.state == "retired"
    assert not queries.search(village.session, "מתי ההתקנה", by=village.by("rana"))


def test_lessons_management_accepts_without_a_time_limit(village: Village) -> None:
    lesson = tip(village)
    repository.accept(village.session, lesson, {"owner": village.yossi}, by=village.by("naomi"), at=AT)
    assert (lesson.state, lesson.team_until) == ("accepted", None)
    assert duties(village.session, lesson) == ["plan_lesson"]


def test_a_tip_of_the_team_is_renewed_once_and_promoted_beyond_it(village: Village) -> None:
    lesson = tip(village)
    repository.accept(village.session, lesson, {"owner": village.yossi}, by=village.by("ilan"), at=AT)
    repository.renew(village.session, lesson, {}, by=village.by("ilan"), at=AT)
    with pytest.raises(NotAllowed, match="not possible"):
        repository.renew(village.session, lesson, {}, by=village.by("ilan"), at=AT)
    everyone = {"units": [village.units["CUS"]], "roles": []}
    repository.promote(village.session, lesson, {"audience": everyone}, by=village.by("naomi"), at=AT)
    assert (lesson.team_until, lesson.audience["units"]) == (None, ["CUS"])


# ── to people, and proved ────────────────────────────────────────────────────────────────────────────────────────────
def test_starting_says_what_is_missing(village: Village) -> None:
    lesson = village.lesson()
    with pytest.raises(NotAllowed) as refused:
        repository.start(village.session, lesson, {}, by=village.by("yossi"), at=AT)
    assert {point.guard for point in refused.value.unmet} == {"a_way_to_people", "a_plan"}


def test_when_all_is_confirmed_the_watch_begins_by_itself(village: Village) -> None:
    lesson, plan = watched(village)
    assert (lesson.state, plan.state) == ("watching", "scheduled")
    assert plan.due_on is not None
    assert (plan.due_on - (AT + DAY).date()).days >= 30


def test_a_lesson_that_worked_is_proved_and_its_reporter_hears(village: Village) -> None:
    debrief = village.debrief()
    lesson = village.lesson(debrief_id=debrief.id)
    action, _ = acted(village, lesson), planned(village, lesson)
    repository.start(village.session, lesson, {}, by=village.by("yossi"), at=AT)
    finish(village, action)
    conclude(village, lesson, "effective")
    assert (lesson.state, debrief.state) == ("verified", "closed")
    assert lesson.review_on is not None
    told = village.session.exec(select(Notice).where(Notice.kind == "proved")).one()
    assert told.person_id == village.avi.id
    assert not list(faults(village.session))


def test_a_lesson_that_did_not_work_begins_a_new_cycle_and_owes_a_plan(village: Village) -> None:
    lesson, _ = watched(village)
    conclude(village, lesson, "not_effective")
    assert (lesson.state, lesson.cycle) == ("implementing", 2)
    assert duties(village.session, lesson) == ["replan_lesson"]


def test_a_result_that_is_not_clear_is_watched_again_once_then_decided(village: Village) -> None:
    lesson, _ = watched(village)
    conclude(village, lesson, "inconclusive")
    assert lesson.state == "watching"
    again = village.session.exec(select(Verification).where(Verification.attempt == 2)).one()
    assert again.state == "scheduled"


def test_whoever_owns_the_lesson_does_not_verify_it(village: Village) -> None:
    lesson = village.lesson()
    asked = {"preset": "did_not_come_back", "verifier": "yossi@village.example"}
    read = refs.read(village.session, asks.Verification, asked, by=village.by("naomi"))
    with pytest.raises(NotAllowed):
        verifications.VERBS["lessons", "plan"](village.session, lesson, read, by=village.by("naomi"), at=AT)


# ── it comes back ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_saying_that_it_came_back_begins_a_new_cycle_with_a_line_for_agents(village: Village) -> None:
    lesson, plan = watched(village)
    account = {"account": "שלושה לקוחות חויבו שוב השבוע", "meanwhile": "בודקים את החשבון הבא מול הלקוח"}
    repository.recur(village.session, lesson, account, by=village.by("naomi"), at=AT + 2 * DAY)
    assert (lesson.state, lesson.cycle, lesson.edition) == ("implementing", 2, 2)
    assert lesson.meanwhile == account["meanwhile"]
    assert plan.state == "void"
    told = village.session.exec(select(Notice.person_id).where(Notice.kind == "recurrence")).all()
    assert set(told) == {village.yossi.id, village.ilan.id}


def test_three_cases_in_thirty_days_bring_it_back_by_themselves(village: Village) -> None:
    lesson, _ = watched(village)
    for n in range(3):
        by = village.by("avi", at=AT + 3 * DAY)
        asked = {"external_id": f"C-{n}", "text": "חויבתי שוב על אותה הטבה"}
        case = cases.enter(village.session, asked, by=by, at=AT + 3 * DAY)
        matching.match(village.session, case, lesson, by=by, at=AT + 3 * DAY)
    assert (lesson.state, lesson.cycle) == ("implementing", 2)


# ── its ends ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_accepted_risk_ends_on_its_day_and_the_manager_decides_again(village: Village) -> None:
    lesson = village.lesson()
    reason = {"reason": "עלות התיקון גבוהה מן הנזק הצפוי"}
    repository.accept_risk(village.session, lesson, reason, by=village.by("ilan"), at=AT)
    assert lesson.risk_until == (AT + 90 * DAY).date()
    assert due.fall_due(village.session, at=AT + 91 * DAY) == 1
    assert (lesson.state, lesson.risk_expired) == ("accepted", True)
    assert duties(village.session, lesson) == ["manager_decision"]


def test_the_owner_of_a_lesson_does_not_accept_its_risk(village: Village) -> None:
    lesson = village.lesson(owner_id=village.ilan.id)
    with pytest.raises(NotAllowed):
        repository.accept_risk(village.session, lesson, {"reason": "די בכך לעת עתה"}, by=village.by("ilan"), at=AT)


def test_a_rejected_lesson_takes_its_open_work_with_it(village: Village) -> None:
    lesson = village.lesson()
    action, plan = acted(village, lesson), planned(village, lesson)
    reason = {"reason": "הוחלט על פתרון אחר לגמרי"}
    repository.reject(village.session, lesson, reason, by=village.by("naomi"), at=AT)
    assert (lesson.state, action.state, plan.state) == ("rejected", "cancelled", "void")
    assert not duties(village.session, action)


def test_a_merged_lesson_hands_its_open_actions_on(village: Village) -> None:
    lesson, target = village.lesson(), village.lesson()
    action = acted(village, lesson)
    repository.merge(village.session, lesson, {"target": target}, by=village.by("naomi"), at=AT)
    village.session.refresh(action)
    assert (lesson.state, action.lesson_id, action.state) == ("merged", target.id, "assigned")


def test_when_its_only_way_is_cancelled_it_is_planned_again(village: Village) -> None:
    lesson = village.lesson()
    action, _ = acted(village, lesson), planned(village, lesson)
    repository.start(village.session, lesson, {}, by=village.by("yossi"), at=AT)
    reason = {"reason": "המסך יוחלף ממילא בחודש הבא"}
    actions.VERBS["actions", "cancel"](village.session, action, reason, by=village.by("naomi"), at=AT)
    assert lesson.state == "accepted"


def test_a_proved_lesson_falls_due_for_review_and_its_editor_does_not_confirm_it(village: Village) -> None:
    lesson, _ = watched(village)
    conclude(village, lesson, "effective")
    assert lesson.review_on is not None
    later = AT + timedelta(days=(lesson.review_on - AT.date()).days + 1)
    assert due.fall_due(village.session, at=later) == 1
    assert lesson.state == "due_for_review"
    owner = village.by("yossi", at=later)
    repository.edit(village.session, lesson, {"say": "נזין ביחד עכשיו, לפני שניפרד"}, by=owner, at=later)
    with pytest.raises(NotAllowed) as refused:
        repository.revalidate(village.session, lesson, {}, by=owner, at=later)
    assert [point.guard for point in refused.value.unmet] == ["did_not_change_words"]
    repository.revalidate(village.session, lesson, {}, by=village.by("naomi", at=later), at=later)
    assert lesson.state == "verified"


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_changed_words_make_a_new_edition_and_ask_again(village: Village) -> None:
    lesson = tip(village)
    asked = {"owner": village.yossi, "briefing": {}}
    repository.accept(village.session, lesson, asked, by=village.by("naomi"), at=AT)
    repository.edit(village.session, lesson, {"say": "מתי מגיעים להתקין?"}, by=village.by("naomi"), at=AT)
    assert lesson.edition == 2
    states = village.session.exec(select(Briefing.state).order_by(col(Briefing.id))).all()
    assert [str(state) for state in states] == ["ended", "open"]


def test_a_draft_that_is_edited_keeps_its_edition(village: Village) -> None:
    by = village.by("avi")
    lesson = repository.write(village.session, refs.read(village.session, asks.Lesson, TIP, by=by), by=by, at=AT)
    repository.edit(village.session, lesson, {"why": "כך מגלים כמה זמן נשאר"}, by=by, at=AT)
    assert (lesson.edition, lesson.version) == (1, 2)


def test_an_agent_does_not_edit_what_was_accepted(village: Village) -> None:
    with pytest.raises(Forbidden):
        repository.edit(village.session, village.lesson(), {"say": "שלום"}, by=village.by("avi"), at=AT)


def test_the_events_of_a_life_lead_to_its_present_state(village: Village) -> None:
    lesson, _ = watched(village)
    conclude(village, lesson, "effective")
    rows = village.session.exec(
        select(Event).where(Event.noun == "lessons", Event.record_id == lesson.id).order_by(col(Event.n))
    ).all()
    states = [row.to_state for row in rows]
    assert [row.from_state for row in rows[1:]] == states[:-1]
    assert states[-1] == lesson.state
