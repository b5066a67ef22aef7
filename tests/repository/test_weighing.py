"""What counts among lessons that answer about as well, and how it is switched off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from lessons import db
from lessons.models import BasicCard, Feedback, Lesson
from lessons.models.base import random_id
from lessons.repository.weighing import weights
from lessons.settings import Settings
from lessons.workflow.states import LessonState, Verdict
from tests.village import AT, Village


@pytest.fixture
def village(session: Session) -> Village:
    return Village(session)


def weight(village: Village, lesson: Lesson, who: str = "alexei") -> float:
    return round(weights(village.session, [lesson.id or 0], by=village.by(who), at=AT)[lesson.id or 0], 4)


def voice(village: Village, lesson: Lesson, who: str, verdict: Verdict) -> None:
    person = getattr(village, who)
    said = Feedback(pid=random_id(), lesson_id=lesson.id, edition=1, person_id=person.id, verdict=verdict, at=AT,
                    created_at=AT)  # fmt: skip
    village.session.add(said)
    village.session.flush()


def test_what_proved_itself_counts_more_and_what_is_in_doubt_less(village: Village) -> None:
    plain, proved, doubted = (
        weight(village, village.lesson(state=state, accepted_at=AT))
        for state in (LessonState.WATCHING, LessonState.VERIFIED, LessonState.DUE_FOR_REVIEW)
    )
    assert (proved - plain, doubted - plain) == pytest.approx((0.02, -0.02))


def test_what_helped_counts_more_and_one_voice_little(village: Village) -> None:
    lesson = village.lesson(accepted_at=AT)
    before = weight(village, lesson)
    voice(village, lesson, "avi", Verdict.USEFUL)
    one = weight(village, lesson) - before
    voice(village, lesson, "yossi", Verdict.USEFUL)
    voice(village, lesson, "dana", Verdict.UNCLEAR)
    assert 0 < one < 0.02
    assert weight(village, lesson) - before == pytest.approx(0.03 / 8, abs=1e-4)


def test_ones_own_unit_and_for_somebody_new_the_first_cards_count_more(village: Village) -> None:
    lesson = village.lesson(accepted_at=AT)
    assert weight(village, lesson, "avi") - weight(village, lesson, "alexei") == pytest.approx(0.01)
    village.session.add(BasicCard(unit_id=lesson.unit_id, lesson_id=lesson.id, n=1))
    before = weight(village, lesson, "avi")
    village.avi.hired_on = AT.date() - timedelta(days=10)
    assert weight(village, lesson, "avi") - before == pytest.approx(0.02)


def test_a_weight_of_zero_is_switched_off(
    village: Village, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "policy.toml"
    own.write_text("[search]\nproved = 0\nfresh = 0\nown_unit = 0\n", encoding="utf-8")
    monkeypatch.setattr(db, "settings", lambda: replace(settings, policy=own))
    assert weight(village, village.lesson(state=LessonState.VERIFIED, accepted_at=AT), "avi") == 1
