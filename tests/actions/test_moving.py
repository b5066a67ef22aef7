"""An action gets another owner, another date, or is given up; the first date stays and every change has its line."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
import sqlalchemy as sa

from lessons.actions.due import fall_due
from lessons.actions.operations import import_action
from lessons.actions.queries import extensions
from lessons.duties.told import known, notice_line, reader
from lessons.errors import Forbidden, NotAllowed
from lessons.models import Action, Notice
from lessons.repository.operations import retire
from lessons.steps.history import history
from lessons.steps.leaving import hand_on_work
from lessons.workflow.states import ActionState
from tests.actions.work import DUE, LINK, REASON, action_for, dates, do, done_by, lesson_of, owed, refused, told
from tests.village import AT, TODAY, Village

LATER = date(2026, 2, 24)


def asking(village: Village) -> Action:
    """An action for which Avi asks for a later date."""
    action = action_for(village)
    do(village, action, "ask_extension", "avi", new_due_on=LATER, reason=REASON)
    return action


def requests(village: Village, action: Action) -> list[str]:
    return [asked.extension.state.value for asked in extensions(village.session, action)]


def test_a_new_owner_begins_anew_with_the_new_date(village: Village) -> None:
    action = action_for(village)
    do(village, action, "start", "avi")
    do(village, action, "reassign", "naomi", owner=village.rana, due_on=LATER, reason=REASON)
    assert (action.state, action.owner_id, action.due_on, action.first_due_on) == (
        "assigned",
        village.rana.id,
        LATER,
        DUE,
    )
    assert dates(village, action) == [("assigned", DUE), ("reassigned", LATER)]
    assert owed(village, action) == {"start_action": village.rana.id}
    assert history(village.session, action)[-1].private["from"] == {"person": village.avi.pid}


def test_without_a_new_date_the_old_one_holds(village: Village) -> None:
    action = action_for(village)
    do(village, action, "reassign", "ilan", owner=village.rana, reason=REASON)
    assert (action.due_on, dates(village, action)) == (DUE, [("assigned", DUE)])


def test_a_new_date_is_after_today_and_an_action_without_one_needs_one(village: Village) -> None:
    action = action_for(village)
    assert refused(village, action, "reassign", "naomi", owner=village.rana, due_on=TODAY, reason=REASON) == [
        "due_after_today"
    ]
    bare = import_action(
        village.session, village.lesson(), {"text": "לעדכן", "source": "old.csv"}, by=village.by("naomi"), at=AT
    )
    assert refused(village, bare, "reassign", "ilan", owner=village.rana, reason=REASON) == ["has_a_date"]
    do(village, bare, "reassign", "ilan", owner=village.rana, due_on=LATER, reason=REASON)
    assert (bare.due_on, bare.first_due_on) == (LATER, LATER)
    assert owed(village, bare) == {"start_action": village.rana.id}


def test_the_owner_does_not_reassign_but_hands_over_with_a_reason(village: Village) -> None:
    action = action_for(village)
    with pytest.raises(Forbidden):
        do(village, action, "reassign", "avi", owner=village.rana, reason=REASON)
    do(village, action, "start", "avi")
    do(village, action, "hand_over", "avi", relation="owner", to=village.rana, reason=REASON)
    assert (action.state, action.owner_id) == (ActionState.IN_PROGRESS, village.rana.id)
    assert owed(village, action) == {"do_action": village.rana.id}


def test_whoever_assigned_it_grants_a_later_date_and_the_first_stays(village: Village) -> None:
    action = asking(village)
    assert owed(village, action) == {"start_action": village.avi.id, "decide_extension": village.naomi.id}
    do(village, action, "grant_extension", "naomi")
    assert (action.due_on, action.first_due_on) == (LATER, DUE)
    assert dates(village, action) == [("assigned", DUE), ("extended", LATER)]
    assert requests(village, action) == ["granted"]
    assert owed(village, action) == {"start_action": village.avi.id}


def test_a_later_date_that_is_denied_changes_nothing_and_the_asker_reads_why(village: Village) -> None:
    action, why = asking(village), "המועד נקבע מול הרגולטור"
    do(village, action, "deny_extension", "ilan", reason=why)
    assert (action.due_on, action.extension_count, requests(village, action)) == (DUE, 0, ["denied"])
    reads = reader(village.session, village.avi, "http://village", at=AT)
    notice = village.session.scalars(sa.select(Notice).where(Notice.kind == "deny_extension")).one()
    assert notice_line(notice, reads, known(village.session, reads, [], [notice])).quote == why


def test_a_request_after_its_day_is_marked_late_in_itself_and_in_the_history(village: Village) -> None:
    action, after = action_for(village), AT + timedelta(days=10)  # the day after its day
    do(village, action, "ask_extension", "avi", after, new_due_on=LATER, reason=REASON)
    assert extensions(village.session, action)[0].extension.late
    assert history(village.session, action)[-1].facts["late"] is True
    in_time = asking(village)
    assert not extensions(village.session, in_time)[0].extension.late
    assert "late" not in history(village.session, in_time)[-1].facts


def test_one_extension_is_at_most_thirty_working_days_and_the_last_day_is_named(village: Village) -> None:
    action = action_for(village)
    last = date(2026, 3, 24)  # thirty working days after the tenth of February, no holiday among them
    with pytest.raises(NotAllowed) as refusal:
        do(village, action, "ask_extension", "avi", new_due_on=last + timedelta(days=1), reason=REASON)
    point = refusal.value.unmet[0]
    assert (point.guard, point.place, "24.3.2026" in point.message.in_("he")) == ("within_reach", "new_due_on", True)
    do(village, action, "ask_extension", "avi", new_due_on=last, reason=REASON)
    do(village, action, "grant_extension", "naomi")
    assert refused(village, action, "ask_extension", "avi", new_due_on=date(2026, 9, 1), reason=REASON) == [
        "within_reach"
    ]


def test_long_after_its_day_another_date_is_the_managers_to_give(village: Village) -> None:
    action, long_after = action_for(village), AT + timedelta(days=60)
    with pytest.raises(NotAllowed) as refusal:
        do(village, action, "ask_extension", "avi", long_after, new_due_on=date(2026, 4, 30), reason=REASON)
    assert [point.guard for point in refusal.value.unmet] == ["still_in_reach", "within_reach"]


def test_the_third_extension_is_decided_by_the_units_manager_alone(village: Village) -> None:
    action = action_for(village)
    for days in (2, 4):
        do(village, action, "ask_extension", "avi", new_due_on=DUE + timedelta(days=days), reason=REASON)
        assert owed(village, action)["decide_extension"] == village.naomi.id
        do(village, action, "grant_extension", "naomi")
    assert (action.extension_count, action.first_due_on) == (2, DUE)
    do(village, action, "ask_extension", "avi", new_due_on=LATER, reason=REASON)
    assert owed(village, action)["decide_extension"] == "manager"
    for trigger in ("grant_extension", "deny_extension"):
        assert refused(village, action, trigger, "naomi", reason=REASON) == ["managers_turn"]
    do(village, action, "grant_extension", "ilan")
    assert (action.due_on, action.extension_count, action.first_due_on) == (LATER, 3, DUE)


def test_one_request_at_a_time_and_only_for_a_later_date(village: Village) -> None:
    action = action_for(village)
    assert refused(village, action, "ask_extension", "avi", new_due_on=DUE, reason=REASON) == ["later_than_now"]
    assert refused(village, asking(village), "ask_extension", "avi", new_due_on=LATER, reason=REASON) == [
        "no_open_extension"
    ]


def test_a_later_date_is_after_today_when_asked_and_when_granted(village: Village) -> None:
    late = AT + timedelta(days=20)  # its date and the one that is asked for lie behind by then
    action = action_for(village)
    with pytest.raises(NotAllowed) as refusal:
        do(village, action, "ask_extension", "avi", late, new_due_on=DUE + timedelta(days=2), reason=REASON)
    assert [point.guard for point in refusal.value.unmet] == ["new_date_is_ahead"]
    do(village, action, "ask_extension", "avi", new_due_on=DUE + timedelta(days=2), reason=REASON)
    with pytest.raises(NotAllowed) as refusal:
        do(village, action, "grant_extension", "naomi", late)
    assert [point.guard for point in refusal.value.unmet] == ["asked_date_is_ahead"]
    do(village, action, "deny_extension", "naomi", late, reason="המועד שביקשת חלף בינתיים")
    assert (action.due_on, requests(village, action)) == (DUE, ["denied"])


def test_nobody_grants_their_own_request(village: Village) -> None:
    action = action_for(village, "ilan")
    do(village, action, "ask_extension", "ilan", new_due_on=LATER, reason=REASON)
    assert refused(village, action, "grant_extension", "ilan") == ["not_the_holder"]


def test_nothing_is_granted_where_nothing_was_asked(village: Village) -> None:
    assert refused(village, action_for(village), "grant_extension", "naomi") == ["an_open_extension"]


@pytest.mark.parametrize(
    ("trigger", "who", "asked"),
    [
        ("report_done", "avi", {"evidence": LINK}),
        ("decline", "avi", {"reason": REASON}),
        ("cancel", "ilan", {"reason": REASON}),
    ],
)
def test_a_request_lapses_when_no_date_is_owed_any_more(
    village: Village, trigger: str, who: str, asked: dict[str, Any]
) -> None:
    action = asking(village)
    do(village, action, trigger, who, **asked)
    assert requests(village, action) == ["lapsed"]
    assert "decide_extension" not in owed(village, action)


def test_a_request_lapses_with_its_retired_lesson(village: Village) -> None:
    action = asking(village)
    retire(village.session, lesson_of(village), {"reason": REASON}, by=village.by("naomi"), at=AT)
    assert (action.state, requests(village, action)) == (ActionState.CANCELLED, ["lapsed"])


def test_a_former_owners_request_lapses_with_a_new_owner(village: Village) -> None:
    action = asking(village)
    do(village, action, "reassign", "naomi", owner=village.rana, reason=REASON)
    assert requests(village, action) == ["lapsed"]
    assert owed(village, action) == {"start_action": village.rana.id}


def test_ilan_cancels_with_a_reason_and_the_owner_is_told(village: Village) -> None:
    action = action_for(village)
    do(village, action, "cancel", "ilan", reason=REASON)
    assert (action.state, owed(village, action), told(village, "cancelled")) == ("cancelled", {}, [village.avi.id])


def test_a_manager_does_not_cancel_an_action_in_their_own_care(village: Village) -> None:
    assert refused(village, action_for(village, "ilan"), "cancel", "ilan", reason=REASON) == ["not_its_owner"]


def test_what_somebody_who_left_had_to_do_goes_to_the_units_manager_the_same_day(village: Village) -> None:
    doing, waiting = action_for(village), done_by(village)
    do(village, doing, "start", "avi")
    village.avi.closed_at = AT
    assert hand_on_work(village.session, village.avi, at=AT) == 1
    assert (doing.state, doing.owner_id, doing.due_on) == ("assigned", village.ilan.id, DUE)
    assert (waiting.state, waiting.owner_id) == ("done", village.avi.id)


def test_when_a_manager_leaves_the_next_one_upwards_takes_over(village: Village) -> None:
    action = action_for(village, "ilan")
    village.ilan.closed_at = AT
    village.session.info.pop("role_holders", None)
    hand_on_work(village.session, village.ilan, at=AT)
    assert action.owner_id == village.michal.id


def test_an_action_without_a_date_goes_on_without_one(village: Village) -> None:
    asked = {"text": "לעדכן", "source": "old.csv", "owner": village.avi}
    action = import_action(village.session, village.lesson(), asked, by=village.by("naomi"), at=AT)
    hand_on_work(village.session, village.avi, at=AT)
    assert (action.owner_id, action.due_on) == (village.ilan.id, None)
    assert owed(village, action).keys() == {"start_action", "give_owner_and_date"}


def test_the_worker_finds_who_left_once(village: Village) -> None:
    action_for(village)
    assert fall_due(village.session, at=AT) == 0
    village.avi.closed_at = AT + timedelta(hours=1)
    assert fall_due(village.session, at=AT) == 0
    assert fall_due(village.session, at=AT + timedelta(hours=1)) == 1
    assert fall_due(village.session, at=AT + timedelta(hours=1)) == 0


def test_what_was_granted_before_extensions_were_counted_is_counted_by_the_upgrade(village: Village) -> None:
    action, other = asking(village), action_for(village)
    do(village, action, "grant_extension", "naomi")
    village.session.execute(sa.update(Action).values(extension_count=0))
    granted = import_module("lessons.migrations.versions.0014_extensions").GRANTED
    village.session.execute(sa.text(granted.format(table="actions")))
    rows = village.session.execute(sa.select(Action.id, Action.extension_count))
    assert {row.id: row.extension_count for row in rows} == {action.id: 1, other.id: 0}
