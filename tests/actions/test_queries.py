"""Lists of actions: soonest first, narrowed by filters, in pages; nobody finds what they may not see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.access.listing import Page
from lessons.actions.operations import import_action
from lessons.actions.queries import Listed, Wanted, actions, chips, of_lessons, one
from lessons.errors import Invalid, NotFound
from lessons.models import Action
from lessons.workflow.states import DebriefState
from tests.actions.work import DUE, action_for, do, done_by
from tests.village import AT, Village

LATE = AT + timedelta(days=30)


def shown(village: Village, who: str = "naomi", wanted: Wanted | None = None, **given: Any) -> Page[Listed]:
    return actions(village.session, wanted, by=village.by(who), at=given.pop("at", AT), **given)


def codes(page: Page[Listed]) -> list[str]:
    return [line.action.code for line in page.items]


@pytest.fixture
def four(village: Village) -> list[Action]:
    """Four actions of one lesson, the first without a date, the last the soonest."""
    lesson = village.lesson()
    bare = import_action(village.session, lesson, {"text": "לעדכן", "source": "old.csv"}, by=village.by("naomi"), at=AT)
    days = (date(2026, 2, 19), DUE, date(2026, 2, 5))
    return [bare, *(action_for(village, parent=lesson, due_on=day) for day in days)]


def test_the_soonest_come_first_and_those_without_a_date_last(village: Village, four: list[Action]) -> None:
    assert codes(shown(village)) == [row.code for row in reversed(four)]
    assert codes(shown(village, sort="-due")) == [row.code for row in four]
    assert codes(shown(village, sort="created")) == [row.code for row in four]


@pytest.mark.parametrize("sort", ["due", "-due", "created", "-created"])
@pytest.mark.usefixtures("four")
def test_pages_follow_one_another_without_gap_or_double(village: Village, sort: str) -> None:
    found, cursor = [], None
    for _ in range(4):
        page = shown(village, sort=sort, limit=1, cursor=cursor)
        found += codes(page)
        cursor = page.next
    assert cursor is None
    assert found == codes(shown(village, sort=sort))


@pytest.mark.parametrize("cursor", ["nonsense", "!", "MjAyNi0wMi0wMQ", "ו"])
def test_a_cursor_of_somebody_elses_is_refused(village: Village, cursor: str) -> None:
    with pytest.raises(Invalid) as refusal:
        shown(village, cursor=cursor)
    assert refusal.value.errors[0].pointer == "/cursor"


@pytest.mark.usefixtures("four")
def test_a_limit_is_kept_within_what_a_page_holds(village: Village) -> None:
    assert len(shown(village, limit=0).items) == 1
    assert len(shown(village, limit=10_000).items) == 4


def test_a_line_says_who_and_what_it_is_for(village: Village) -> None:
    lesson = village.lesson()
    action_for(village, parent=lesson)
    line = shown(village).items[0]
    assert (line.owner, line.overdue) == (village.avi, False)
    assert line.of is not None
    assert (line.of.noun, line.of.code, line.of.title) == ("lessons", lesson.code, lesson.title)


def test_late_is_what_is_still_to_be_done_after_its_day(village: Village) -> None:
    late, done = action_for(village), done_by(village)
    last_hour = AT.replace(day=DUE.day, hour=21, minute=59)  # 23:59 in Israel
    assert not shown(village, at=last_hour).items[0].overdue
    assert shown(village, at=last_hour + timedelta(minutes=1)).items[0].overdue
    assert codes(shown(village, wanted=Wanted(overdue=True), at=LATE)) == [late.code]
    assert codes(shown(village, wanted=Wanted(overdue=False), at=LATE)) == [done.code]


def test_lists_are_narrowed_by_state_unit_owner_kind_severity_and_words(village: Village) -> None:
    here = action_for(village, text="להוסיף שדה חובה")
    there = action_for(
        village, "rana", parent=village.lesson(unit_id=village.units["SRV"].id, severity=4), kind="preventive"
    )
    do(village, here, "start", "avi")
    for wanted, row in (
        (Wanted(states=["in_progress", "done"]), here),
        (Wanted(unit=village.units["SRV"]), there),
        (Wanted(owner=village.rana), there),
        (Wanted(kind="preventive"), there),
        (Wanted(severity=4), there),
        (Wanted(q="חובה שדה", owner=village.avi), here),
        (Wanted(q=there.code.lower()), there),
    ):
        assert codes(shown(village, wanted=wanted)) == [row.code], wanted
    assert codes(shown(village, wanted=Wanted(unit=village.units["CUS"]))) == [here.code, there.code]
    assert codes(shown(village, wanted=Wanted(q="100%"))) == []


def test_a_debriefs_actions_are_its_own_and_those_of_its_lessons(village: Village) -> None:
    debrief = village.debrief()
    lesson = village.lesson(debrief_id=debrief.id)
    own, of_lesson = action_for(village, parent=debrief), action_for(village, parent=lesson)
    action_for(village, parent=village.lesson())
    assert codes(shown(village, wanted=Wanted(debrief=debrief))) == [own.code, of_lesson.code]
    assert codes(shown(village, wanted=Wanted(lesson=lesson))) == [of_lesson.code]


def test_rana_finds_nothing_of_avis_and_the_code_leads_nowhere_for_her(village: Village) -> None:
    action = action_for(village)
    assert codes(shown(village, "rana")) == []
    with pytest.raises(NotFound):
        one(village.session, action.code, village.by("rana"))
    assert one(village.session, action.code.lower(), village.by("avi")) is action


def test_a_confidential_debrief_is_named_in_lists_by_its_code_alone(village: Village) -> None:
    debrief = village.debrief(confidential=True, state=DebriefState.INVESTIGATING)
    action_for(village, "rana", parent=debrief, by="dana")
    of = shown(village, "dana").items[0].of
    assert of is not None
    assert (of.code, of.title) == (debrief.code, "")
    assert shown(village, "rana").items[0].of is None
    assert shown(village, "ilan").items == []


def test_a_lesson_shows_its_actions_in_one_line_each(village: Village, four: list[Action]) -> None:
    lesson_id = four[0].lesson_id or 0
    assert of_lessons(village.session, [lesson_id]) == {lesson_id: four}


def test_the_form_offers_dates_in_working_days(village: Village) -> None:
    assert chips(village.session, village.units["RET"].id or 0, AT)[:2] == [date(2026, 2, 4), date(2026, 2, 10)]


@contextmanager
def counted() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(*found: Any) -> None:
        asked.append(found[2])

    sa.event.listen(db.engine(), "before_cursor_execute", note)
    yield asked
    sa.event.remove(db.engine(), "before_cursor_execute", note)


def test_a_page_costs_the_same_for_one_row_and_for_many(village: Village) -> None:
    lesson = village.lesson()
    action_for(village, parent=lesson)
    shown(village)
    with counted() as for_one:
        shown(village)
    for _ in range(5):
        action_for(village, "rana", parent=lesson)
    with counted() as for_many:
        shown(village)
    assert len(for_many) == len(for_one)
