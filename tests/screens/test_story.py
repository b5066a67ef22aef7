"""The page of a lesson tells its whole story: what was decided and what came of it, each number with its source."""

from __future__ import annotations

from datetime import timedelta

from lessons.access import OPERATOR
from lessons.models import Verification
from lessons.steps import make
from lessons.workflow.states import LessonState, VerificationState
from tests.screens.conftest import Screens
from tests.village import AT


def test_a_proved_lesson_tells_before_and_after_and_links_to_the_check(screens: Screens) -> None:
    with screens.records() as village:
        lesson = village.lesson(state=LessonState.VERIFIED)
        day = AT.date() - timedelta(days=20)
        check = Verification(
            code="", lesson_id=lesson.id or 0, unit_id=lesson.unit_id, state=VerificationState.EFFECTIVE, baseline=3,
            target=1, measured=0, from_on=day, due_on=AT.date(), watch_days=20, verifier_id=village.ruth.id,
            concluded_at=AT,
        )  # fmt: skip
        check = make(village.session, check, by=OPERATOR, at=AT, trigger="import")
        for days in (22, 23, 24):
            village.case(lesson, AT - timedelta(days=days))
        where, code = f"/lessons/{lesson.code}", check.code
    page = screens.as_("naomi", "en").read(where).text
    assert f'<a href="/verifications/{code}">Before: 3. After: 0. The aim: 1.</a>' in page
    assert "Linked cases by week" in page
    assert "3 linked cases" in page
    assert "Other things may have changed too." in page
    assert "Adopted by" in page
    # whoever only reads the lesson is told that there is a check, and no number of it
    others = screens.as_("avi", "en").read(where).text
    assert "A check is planned or was made" in others
    assert code not in others
    assert "No check is planned yet" not in others
