"""The owner starts, is held up, adds evidence and reports an action as done – or hands it back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lessons.actions.queries import evidence
from lessons.errors import Forbidden, Invalid, NotAllowed
from lessons.models import Action, Attachment
from lessons.steps.history import history
from lessons.steps.leaving import hand_on
from lessons.workflow.states import ActionState
from tests.actions.work import LINK, REASON, action_for, do, done_by, owed, refused, told
from tests.village import AT, Village

LONG_NOTE = "השדה נוסף ונבדק מול שלוש שיחות"


def test_avi_starts_his_action_and_then_owes_it_by_its_date(village: Village) -> None:
    action = action_for(village)
    do(village, action, "start", "avi")
    assert action.state == ActionState.IN_PROGRESS
    assert owed(village, action) == {"do_action": village.avi.id}


@pytest.mark.parametrize("trigger", ["start", "decline", "report_done", "add_evidence", "ask_extension"])
def test_what_the_owner_does_nobody_else_does(village: Village, trigger: str) -> None:
    action = action_for(village)
    asked = {"new_due_on": action.due_on, "reason": REASON} | LINK
    with pytest.raises(Forbidden):
        do(village, action, trigger, "rana", **asked)


def test_avi_hands_it_back_and_whoever_assigned_it_decides(village: Village) -> None:
    action = action_for(village)
    do(village, action, "decline", "avi", reason=REASON)
    assert action.state == ActionState.DECLINED
    assert owed(village, action) == {"decide_declined_action": village.naomi.id}


def test_a_started_action_is_not_handed_back(village: Village) -> None:
    action = action_for(village)
    do(village, action, "start", "avi")
    with pytest.raises(NotAllowed, match="does not fit") as refusal:
        do(village, action, "decline", "avi", reason=REASON)
    assert "block" in refusal.value.open


def test_a_wait_counts_against_whoever_is_waited_for_and_they_are_told(village: Village) -> None:
    action = action_for(village)
    do(village, action, "start", "avi")
    do(village, action, "block", "avi", reason=REASON, waiting_on=village.omer)
    assert (action.state, action.waiting_on_id, action.block_reason) == ("blocked", village.omer.id, REASON)
    assert told(village, "assigned")[-1] == village.omer.id
    assert owed(village, action) == {"do_action": village.avi.id, "unblock_action": village.omer.id}  # the clock runs
    do(village, action, "unblock", "avi", at=AT + timedelta(days=3))
    past = history(village.session, action)[-1]
    assert past.facts == {"waited_days": 3}
    assert past.private["waiting_on"] == {"person": village.omer.pid}
    assert (action.state, action.waiting_on_id, action.block_reason) == ("in_progress", None, "")
    assert owed(village, action) == {"do_action": village.avi.id}


def waiting(village: Village, on: str = "omer") -> Action:
    """An action of Avi's that waits for somebody."""
    action = action_for(village)
    do(village, action, "start", "avi")
    do(village, action, "block", "avi", reason=REASON, waiting_on=getattr(village, on))
    return action


def test_whoever_is_waited_for_says_that_it_is_there_and_the_owner_goes_on(village: Village) -> None:
    action = waiting(village)
    with pytest.raises(Forbidden):
        do(village, action, "deliver", "rana")
    do(village, action, "deliver", "omer", reason="הקובץ בתיקייה המשותפת")
    assert (action.state, action.waiting_on_id, told(village, "delivered")) == ("in_progress", None, [village.avi.id])
    assert owed(village, action) == {"do_action": village.avi.id}


@pytest.mark.parametrize(
    ("trigger", "who", "asked"), [("reassign", "naomi", {"owner": "rana"}), ("cancel", "ilan", {})]
)
def test_nobody_is_waited_for_once_it_is_anothers_or_given_up(
    village: Village, trigger: str, who: str, asked: dict[str, str]
) -> None:
    action = waiting(village)
    do(village, action, trigger, who, reason=REASON, **{name: getattr(village, one) for name, one in asked.items()})
    assert "unblock_action" not in owed(village, action)


def test_waiting_for_whoever_left_is_the_managers_to_answer(village: Village) -> None:
    action = waiting(village)
    village.omer.closed_at = AT
    hand_on(village.session, village.omer, at=AT)
    assert owed(village, action) == {"do_action": village.avi.id, "unblock_action": "manager"}
    do(village, action, "deliver", "ilan")
    assert action.state == "in_progress"


def test_done_needs_something_that_shows_it(village: Village) -> None:
    assert refused(village, action_for(village), "report_done", "avi") == ["some_evidence"]


def test_what_was_just_refused_is_not_among_what_is_possible(village: Village) -> None:
    with pytest.raises(NotAllowed) as refusal:
        do(village, action_for(village), "report_done", "avi")
    assert "start" in refusal.value.open
    assert "report_done" not in refusal.value.open


def test_a_link_sent_along_shows_it_and_somebody_else_owes_the_confirmation(village: Village) -> None:
    action = done_by(village)
    assert (action.state, action.done_at) == (ActionState.DONE, AT)
    assert [shown.evidence.url for shown in evidence(village.session, action, village.by("avi"))] == [LINK["url"]]
    assert owed(village, action) == {"confirm_action": village.yossi.id}  # nobody verifies yet; the lesson's owner


def test_evidence_added_before_shows_it(village: Village) -> None:
    action = action_for(village)
    added = do(village, action, "add_evidence", "avi", **LINK)
    do(village, action, "report_done", "avi")
    assert (added.action_id, action.state) == (action.id, ActionState.DONE)


def test_at_low_severity_a_note_of_twenty_characters_shows_it(village: Village) -> None:
    action = action_for(village)
    assert refused(village, action, "report_done", "avi", note="בוצע") == ["some_evidence"]
    do(village, action, "report_done", "avi", note=LONG_NOTE)
    assert action.done_note == LONG_NOTE


def test_at_high_severity_a_note_is_not_enough(village: Village) -> None:
    action = action_for(village, parent=village.lesson(severity=3))
    do(village, action, "add_evidence", "avi", kind="note", note=LONG_NOTE)
    assert refused(village, action, "report_done", "avi", note=LONG_NOTE) == ["proof_where_it_is_grave"]


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"kind": "link"}, "/url"),
        ({"kind": "link", "url": "javascript:alert(1)"}, "/url"),
        ({"kind": "link", "url": "https://two words"}, "/url"),
        ({"kind": "file"}, "/file"),
        ({"kind": "revision"}, "/revision"),
        ({"kind": "note"}, "/note"),
        ({"kind": "note", "note": "נעשה", "url": "https://village.example"}, "/url"),
    ],
)
def test_evidence_that_lacks_what_its_kind_says_is_refused_by_field(
    village: Village, asked: dict[str, str], pointer: str
) -> None:
    action = action_for(village)
    with pytest.raises(Invalid) as refusal:
        do(village, action, "add_evidence", "avi", **asked)
    assert [error.pointer for error in refusal.value.errors] == [pointer]
    with pytest.raises(Invalid) as refusal:
        do(village, action, "report_done", "avi", evidence=asked)
    assert [error.pointer for error in refusal.value.errors] == [f"/evidence{pointer}"]


def test_a_file_shows_only_the_action_that_it_is_attached_to(village: Village) -> None:
    first, second = action_for(village), action_for(village)
    file = Attachment(
        of_noun="actions", of_id=first.id or 0, name="screen.png", media_type="image/png", size=9, sha256="0" * 64,
        created_at=AT,
    )  # fmt: skip
    village.session.add(file)
    village.session.flush()
    do(village, first, "add_evidence", "avi", kind="file", file=file)
    assert [shown.file for shown in evidence(village.session, first, village.by("avi"))] == [file]
    with pytest.raises(Invalid, match="another look"):
        do(village, second, "add_evidence", "avi", kind="file", file=file)


def test_the_assigner_changes_the_text_while_it_is_assigned(village: Village) -> None:
    debrief = village.debrief()
    cause = village.cause(debrief)
    action = action_for(village, parent=village.lesson(debrief_id=debrief.id))
    do(village, action, "edit", "naomi", text="Make the field required", covers=[cause])
    assert (action.text, action.lang) == ("Make the field required", "en")
    assert history(village.session, action)[-1].facts == {"fields": ["covers", "text"]}
    with pytest.raises(Forbidden):
        do(village, action, "edit", "avi", text="אחרת")
    do(village, action, "start", "avi")
    with pytest.raises(NotAllowed):
        do(village, action, "edit", "naomi", text="אחרת")
