"""At the end of its ladder a duty becomes a manager's decision: asked for once, over with the duty, never above."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from lessons import doors
from lessons.access import OPERATOR, tree
from lessons.access.facts import forget_facts
from lessons.duties.buttons import decisions_on
from lessons.duties.queries import owed_by
from lessons.duties.sweep import sweep
from lessons.errors import Forbidden, Invalid, NotAllowed
from lessons.models import Absence, Action, DueChange, Duty, Lesson, Notice, Person
from lessons.people import operations as people
from lessons.steps import settle_duties
from lessons.steps.reckoned import reckon
from lessons.workflow.states import LessonState
from tests.actions.work import LINK, action_for, do
from tests.village import AT, Village

LATE = datetime(2026, 3, 4, 8, tzinfo=AT.tzinfo)
"""Past the fifteenth working day after the tenth of February."""
UP = LATE + timedelta(days=75)
REASON = "הספק מתחייב למסור עד אז"
NEW = date(2026, 3, 20)


@pytest.fixture
def village(session: Session) -> Village:
    """Dana leads Avi's team without being the unit's manager; Ilan manages the centre."""
    made = Village(session)
    made.avi.manager_id = made.dana.id
    session.flush()
    return made


def wait(village: Village, at: datetime = LATE) -> None:
    while sweep(village.session, at=at):
        pass


def late_action(village: Village, **given: Any) -> Action:
    """An action that its owner began and never finished."""
    action = action_for(village, **given)
    do(village, action, "start", given.get("owner", "avi"))
    wait(village)
    return action


def undecided_lesson(village: Village) -> Lesson:
    lesson = village.lesson(state=LessonState.PROPOSED, owner_id=None, accepted_at=None, accepted_by_id=None)
    wait(village)
    return lesson


def duties(village: Village, row: Any, kind: str = "manager_decision") -> list[Duty]:
    of = sa.select(Duty).where(Duty.of_noun == row.noun, Duty.of_id == row.id, Duty.kind == kind).order_by(Duty.id)
    return list(village.session.scalars(of.execution_options(populate_existing=True)))


def holders(village: Village, row: Any) -> list[tuple[int | None, str | None, str]]:
    return [(one.person_id, one.role and one.role.value, one.closed_how) for one in duties(village, row)]


def told(village: Village, row: Any, kind: str) -> list[int]:
    of = (Notice.of_noun == row.noun, Notice.of_id == row.id, Notice.kind == kind, Notice.dropped == "")
    return list(village.session.scalars(sa.select(Notice.person_id).where(*of).order_by(Notice.id)))


def step(village: Village, row: Any, trigger: str, who: str, at: datetime = LATE, **raw: Any) -> None:
    by = village.by(who, at)
    doors.step(village.session, doors.find(village.session, row.noun, row.code, by=by), trigger, raw, by=by, at=at)
    village.session.refresh(row)


def mail(name: str) -> str:
    return f"{name}@village.example"


def offered(village: Village, row: Any, who: str, at: datetime = LATE) -> list[str]:
    found = decisions_on(village.session, row, by=village.by(who, at), at=at)
    return [button.name for one in found for button in one.buttons]


# ── asked for ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_it_is_asked_for_once_of_the_owners_own_manager(village: Village) -> None:
    action = late_action(village)
    for day in range(4):
        village.session.execute(sa.update(Duty).where(Duty.kind == "do_action").values(next_at=LATE))
        wait(village, LATE + timedelta(days=day))
    assert holders(village, action) == [(village.dana.id, None, "")]
    assert told(village, action, "decision") == [village.dana.id]
    [decision] = duties(village, action)
    [late] = duties(village, action, "do_action")
    assert (decision.after_id, decision.asked_on, decision.about) == (late.id, date(2026, 2, 10), "do_action")
    assert decision.due_on == date(2026, 3, 9)  # three working days, after Purim


def test_the_database_itself_keeps_a_second_one_out(village: Village) -> None:
    action = late_action(village)
    [one] = duties(village, action)
    again = {name: getattr(one, name) for name in Duty.model_fields if name != "id"} | {"pid": "again"}
    for closed in ({}, {"closed_at": LATE, "closed_how": "ended"}):
        with pytest.raises(sa.exc.IntegrityError), village.session.begin_nested():
            village.session.execute(sa.insert(Duty).values(**again | closed))


def test_whoever_stands_in_sees_it_and_not_the_one_whose_duty_is_late(village: Village) -> None:
    action = late_action(village)
    for delegate in ("ruth", "avi"):
        village.session.add(Absence(pid=delegate, person_id=village.dana.id or 0,
                                    delegate_id=getattr(village, delegate).id, from_on=LATE.date(),
                                    until_on=LATE.date()))  # fmt: skip
    village.session.flush()
    assert "manager_decision" in [one.kind for one in owed_by(village.session, village.by("ruth", LATE))]
    assert "manager_decision" not in [one.kind for one in owed_by(village.session, village.by("avi", LATE))]
    assert "new_date" in offered(village, action, "ruth")


def test_where_no_line_is_left_whoever_owes_it_decides_and_separation_holds(village: Village) -> None:
    lesson = village.lesson(owner_id=village.ilan.id)
    action = late_action(village, owner="ilan", parent=lesson)
    assert holders(village, action) == [(village.ilan.id, None, "")]
    assert offered(village, action, "ilan") == ["hand_over"]
    with pytest.raises(NotAllowed) as refusal:
        step(village, action, "set_date", "ilan", due_on="2026-03-20", reason=REASON)
    assert [one.guard for one in refusal.value.unmet] == ["not_ones_own"]


def test_only_what_its_reader_may_take_is_offered(village: Village) -> None:
    action = late_action(village)
    assert offered(village, action, "dana") == ["new_date", "hand_over", "cancel"]
    assert offered(village, action, "ilan") == []
    village.session.execute(sa.update(Person).where(Person.id == village.avi.id).values(manager_id=village.ilan.id))
    other = late_action(village)
    assert offered(village, other, "ilan") == ["new_date", "hand_over", "cancel", "accept_risk"]


def test_whoever_may_not_see_the_record_is_not_asked_about_it(village: Village) -> None:
    """Dana's own manager has no role over lessons that nobody has decided on."""
    village.dana.manager_id = village.ruth.id
    lesson = village.lesson(state=LessonState.DRAFT, accepted_at=None, accepted_by_id=None)
    wait(village)
    assert [(one.person_id, one.role and one.role.value) for one in duties(village, lesson)] == [(None, "manager")]


# ── over ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
ENDS: dict[str, tuple[Callable[[Village, Action], Any], str]] = {
    "done": (lambda v, a: step(v, a, "report_done", "avi", evidence=LINK), "ended"),
    "cancelled": (lambda v, a: step(v, a, "cancel", "dana", reason=REASON), "fulfilled"),
    "given to another": (lambda v, a: step(v, a, "reassign", "dana", owner=mail("rana"), reason=REASON), "fulfilled"),
    "handed over by its owner": (
        lambda v, a: step(v, a, "hand_over", "avi", relation="owner", to=mail("rana"), reason=REASON), "ended",
    ),
    "given a date": (lambda v, a: step(v, a, "set_date", "dana", due_on="2026-03-20", reason=REASON), "fulfilled"),
    "of a lesson whose risk was accepted": (
        lambda v, a: step(v, v.session.get_one(Lesson, a.lesson_id), "accept_risk", "ilan", reason=REASON,
                          actions=[{"action": a.code, "choice": "cancel"}]),
        "fulfilled",
    ),
}  # fmt: skip


@pytest.mark.parametrize("end", ENDS)
def test_it_is_over_together_with_what_is_late(village: Village, end: str) -> None:
    action = late_action(village)
    take, how = ENDS[end]
    take(village, action)
    [decision] = duties(village, action)
    assert (decision.closed_at, decision.closed_how, decision.next_at) == (LATE, how, None)
    assert told(village, action, "decision") == []  # it had not been told yet


def test_a_date_that_was_granted_ends_it_too(village: Village) -> None:
    action = late_action(village)
    step(village, action, "ask_extension", "avi", new_due_on="2026-03-20", reason=REASON)
    step(village, action, "grant_extension", "ilan")
    assert [how for _, _, how in holders(village, action)] == ["ended"]


# ── up the line ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_left_undecided_it_goes_up_and_ends_with_the_centres_manager(village: Village) -> None:
    action = late_action(village)
    for days in range(10, 130, 3):
        wait(village, LATE + timedelta(days=days))
    assert holders(village, action) == [(village.dana.id, None, "handed_on"), (None, "manager", "")]
    assert told(village, action, "decision")[-1:] == [village.ilan.id]
    assert village.michal.id not in told(village, action, "decision")
    first, second = duties(village, action)
    assert (second.after_id, second.asked_on, second.due_on) == (first.after_id, first.asked_on, first.due_on)


def test_what_a_life_itself_asks_a_manager_goes_up_too_and_stays_there(village: Village) -> None:
    lesson = village.lesson(severity=4, risk_expired=True)
    for days in range(0, 90, 3):
        wait(village, AT + timedelta(days=days))
    forget_facts(village.session)
    settle_duties(village.session, lesson, at=UP)
    found = [(one.role and one.role.value, one.unit_id, one.closed_how) for one in duties(village, lesson)]
    assert found == [
        ("manager", village.units["RET"].id, "handed_on"), ("manager", village.units["CUS"].id, ""),
    ]  # fmt: skip


def test_when_the_one_who_decides_leaves_the_next_sweep_asks_another(village: Village) -> None:
    action = late_action(village)
    people.leave(village.session, village.dana, by=OPERATOR, at=LATE)
    wait(village, LATE + timedelta(hours=1))
    assert holders(village, action) == [(village.dana.id, None, "handed_on"), (None, "manager", "")]


# ── another day, another person ──────────────────────────────────────────────────────────────────────────────────────
def test_a_new_date_of_an_action_is_its_own_and_the_first_one_stays(village: Village) -> None:
    action = late_action(village)
    step(village, action, "ask_extension", "avi", new_due_on="2026-03-24", reason=REASON)
    step(village, action, "set_date", "dana", duty="do_action", due_on="2026-03-20", reason=REASON)
    assert (action.due_on, action.first_due_on) == (NEW, date(2026, 2, 10))
    last = village.session.scalars(sa.select(DueChange).order_by(DueChange.id.desc())).first()
    assert (last.how, last.old_due_on, last.new_due_on, last.duty, last.reason) == (
        "decided", date(2026, 2, 10), NEW, "", REASON,
    )  # fmt: skip
    assert [one.due_on for one in duties(village, action, "do_action")] == [NEW]
    assert [one.closed_how for one in duties(village, action, "decide_extension")] == ["ended"]
    assert told(village, action, "date_decided") == [village.avi.id]


def test_a_day_that_was_given_to_a_duty_stays_whatever_is_reckoned_later(village: Village) -> None:
    lesson = undecided_lesson(village)
    [late] = duties(village, lesson, "decide_lesson")
    assert (late.due_on, [one.about for one in duties(village, lesson)]) == (date(2026, 2, 4), ["decide_lesson"])
    step(village, lesson, "set_date", "michal", due_on="2026-03-20", reason=REASON)
    forget_facts(village.session)
    settle_duties(village.session, lesson, at=LATE + timedelta(days=1))
    village.session.expire_all()
    reckon(village.session, list(tree(village.session).units), at=LATE + timedelta(days=2))
    assert [(one.due_on, one.closed_at) for one in duties(village, lesson, "decide_lesson")] == [(NEW, None)]
    lines = village.session.scalars(sa.select(DueChange).where(DueChange.noun == "lessons")).all()
    assert [(one.duty, one.old_due_on, one.new_due_on) for one in lines] == [("decide_lesson", date(2026, 2, 4), NEW)]
    wait(village, UP)
    assert [one.asked_on for one in duties(village, lesson)] == [date(2026, 2, 4), NEW]  # late again: asked again


def test_what_is_handed_on_stays_there_and_separation_is_asked_first(village: Village) -> None:
    lesson = undecided_lesson(village)
    for to, guard in (("dana", "not_barred"), ("ruth", "here_and_sees_it")):  # its author; whoever cannot see it
        with pytest.raises(NotAllowed) as refusal:
            step(village, lesson, "hand_on", "michal", to=mail(to), reason=REASON)
        assert [one.guard for one in refusal.value.unmet] == [guard]
    step(village, lesson, "hand_on", "michal", to=mail("ilan"), reason=REASON)
    forget_facts(village.session)
    settle_duties(village.session, lesson, at=LATE + timedelta(days=1))
    open_ = [one for one in duties(village, lesson, "decide_lesson") if one.closed_at is None]
    assert [(one.person_id, one.due_on) for one in open_] == [(village.ilan.id, date(2026, 2, 4))]
    assert village.ilan.id in told(village, lesson, "assigned")
    step(village, lesson, "reject", "ilan", reason=REASON)


def test_a_date_is_a_managers_to_give_and_of_something_that_is_owed(village: Village) -> None:
    action = late_action(village)
    for who in ("avi", "rana"):
        by = village.by(who, LATE)
        with pytest.raises(Forbidden):
            doors.step(village.session, action, "set_date", {"due_on": "2026-03-20", "reason": REASON}, by=by, at=LATE)
    with pytest.raises(Invalid):
        step(village, action, "set_date", "dana", duty="verify", due_on="2026-03-20", reason=REASON)
