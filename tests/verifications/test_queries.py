"""Lists of verifications, and the numbers before and after that a verifier looks at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.access.listing import Page
from lessons.errors import NotFound
from lessons.repository.cycle import arm_plan
from lessons.verifications.due import fall_due
from lessons.verifications.queries import Counted, Listed, Wanted, counted, of_lessons, one, verifications
from tests.verifications.watch import LATER, due, lesson_of, planned
from tests.village import AT, Village


def shown(village: Village, who: str = "naomi", wanted: Wanted | None = None, **given: Any) -> Page[Listed]:
    return verifications(village.session, wanted, by=village.by(who), at=given.pop("at", AT), **given)


def codes(page: Page[Listed]) -> list[str]:
    return [line.verification.code for line in page.items]


def test_the_soonest_come_first_and_what_is_not_armed_last(village: Village) -> None:
    later, armed = planned(village), planned(village, village.lesson())
    arm_plan(village.session, armed, at=AT)
    assert codes(shown(village)) == [armed.code, later.code]
    first = shown(village, limit=1)
    assert codes(shown(village, limit=1, cursor=first.next)) == [later.code]


def test_a_line_says_whose_it_is_and_of_which_lesson(village: Village) -> None:
    row = planned(village)
    line, lesson = shown(village).items[0], lesson_of(village, row)
    assert (line.verifier, line.lesson_code, line.lesson_title) == (village.ruth, lesson.code, lesson.title)
    assert line.overdue is False


def test_lists_are_narrowed_by_state_unit_verifier_lesson_debrief_and_words(village: Village) -> None:
    debrief = village.debrief()
    here = planned(village, village.lesson(debrief_id=debrief.id))
    there = planned(
        village, village.lesson(unit_id=village.units["SRV"].id), "naomi", preset=None, method="מדגם שיחות",
        measure="שיעור", baseline=1, verifier=village.omer,
    )  # fmt: skip
    arm_plan(village.session, there, at=AT)
    for wanted, row in (
        (Wanted(states=["scheduled"]), there),
        (Wanted(unit=village.units["RET"]), here),
        (Wanted(owner=village.omer), there),
        (Wanted(lesson=lesson_of(village, here)), here),
        (Wanted(debrief=debrief), here),
        (Wanted(q="שיחות"), there),
    ):
        assert codes(shown(village, wanted=wanted)) == [row.code], wanted


def test_late_is_what_was_not_concluded_in_the_days_promised(village: Village) -> None:
    row = planned(village)
    arm_plan(village.session, row, at=AT)
    fall_due(village.session, at=LATER)
    assert codes(shown(village, wanted=Wanted(overdue=True), at=LATER + timedelta(days=1))) == []
    late = LATER + timedelta(days=30)
    assert codes(shown(village, wanted=Wanted(overdue=True), at=late)) == [row.code]
    assert codes(shown(village, wanted=Wanted(overdue=False), at=late)) == []
    assert shown(village, at=late).items[0].overdue


def test_rana_finds_none_and_the_code_leads_nowhere_for_her(village: Village) -> None:
    row = planned(village)
    assert codes(shown(village, "rana")) == []
    with pytest.raises(NotFound):
        one(village.session, row.code, village.by("rana"))
    assert one(village.session, row.code.lower(), village.by("ruth")) is row
    assert of_lessons(village.session, [row.lesson_id]) == {row.lesson_id: [row]}


def test_a_verifier_sees_the_numbers_before_and_after_beside_each_other(village: Village) -> None:
    row = due(village)
    lesson = lesson_of(village, row)
    for day in (-31, -30, -1, 0, 3, 40):
        village.case(lesson, AT.replace(hour=12) + timedelta(days=day))
    assert counted(village.session, row, at=LATER + timedelta(days=20)) == Counted(
        before=2, before_days=30, after=2, days=30, least=20
    )


def test_before_it_is_armed_only_the_days_before_are_counted(village: Village) -> None:
    row = planned(village)
    village.case(lesson_of(village, row), AT - timedelta(days=2))
    found = counted(village.session, row, at=AT)
    assert (found.before, found.after, found.days) == (1, 0, 0)


@contextmanager
def asked() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(*found: Any) -> None:
        statements.append(found[2])

    sa.event.listen(db.engine(), "before_cursor_execute", note)
    yield statements
    sa.event.remove(db.engine(), "before_cursor_execute", note)


def test_a_page_costs_the_same_for_one_row_and_for_many(village: Village) -> None:
    planned(village)
    shown(village)
    with asked() as for_one:
        shown(village)
    for _ in range(4):
        planned(village, village.lesson(), verifier=None)
    with asked() as for_many:
        shown(village)
    assert len(for_many) == len(for_one)
