"""An audience is asked, reads, answers, and is counted; it ends when that is enough, or when somebody says so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lessons.errors import Forbidden, Invalid, NotAllowed
from lessons.models import Briefing, DueChange, Lesson
from lessons.repository import briefed
from lessons.repository.operations import VERBS as LESSON_VERBS
from lessons.repository.plans import plan_preset
from lessons.steps.history import history
from lessons.workflow.states import BriefingState, LessonState, Preset
from tests.briefings.reading import DUE, LATE, QUESTION, REASON, away, briefing_of, do, lesson_of, owed, read, readers
from tests.village import AT, TODAY, Village


def implementing(village: Village) -> Lesson:
    """A lesson that only waits to be read."""
    lesson = village.lesson(state=LessonState.IMPLEMENTING, debrief_id=village.debrief().id)
    plan_preset(village.session, lesson, Preset.DID_NOT_COME_BACK, by=village.by("naomi"), at=AT)
    return lesson


def every_briefing(village: Village) -> list[Briefing]:
    return list(village.session.scalars(sa.select(Briefing).order_by(Briefing.id)))


# ── open ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_its_audience_is_frozen_and_has_until_the_second_working_day(village: Village) -> None:
    briefing = briefing_of(village)
    assert set(readers(village, briefing)) == {village.yossi.id, village.avi.id}
    assert (briefing.code, briefing.state, briefing.due_on) == ("B-2026-0001", BriefingState.OPEN, DUE)
    assert (briefing.audience, briefing.cycle) == ({"units": ["RET"], "roles": ["agent"]}, 1)
    village.rana.unit_id = village.units["RET"].id or 0
    village.session.flush()
    assert set(readers(village, briefing)) == {village.yossi.id, village.avi.id}
    told = history(village.session, briefing)[0].facts
    assert (told["about"], told["people"], told["due_on"]) == (lesson_of(village).code, 2, "2026-02-03")


def test_a_tip_needs_fewer_readers_than_what_a_debrief_taught(village: Village) -> None:
    tip, taught = village.lesson(), village.lesson(debrief_id=village.debrief().id)
    assert (briefing_of(village, tip).share, briefing_of(village, taught).share) == (0.7, 0.9)
    assert briefing_of(village, tip, share=1).share == 1


def test_without_an_audience_it_is_the_lessons(village: Village) -> None:
    lesson = village.lesson(audience={"units": ["SRV"], "roles": []})
    assert set(readers(village, briefing_of(village, lesson, audience=None))) == {village.rana.id, village.alexei.id}


@pytest.mark.parametrize("who", ["naomi", "hila"])
def test_lessons_management_and_editors_open_one_too(village: Village, who: str) -> None:
    assert briefing_of(village, who=who).opener_id == getattr(village, who).id


def test_others_do_not(village: Village) -> None:
    with pytest.raises(Forbidden):
        briefing_of(village, who="avi")
    with pytest.raises(NotAllowed):
        briefing_of(village, village.lesson(state=LessonState.PROPOSED), "naomi")


def test_a_day_that_is_over_and_an_answer_that_is_not_there_are_refused(village: Village) -> None:
    for asked, place in (
        ({"due_on": date(2026, 1, 31)}, "/due_on"),
        ({"check": {**QUESTION, "right": 2}}, "/check/right"),
    ):
        with pytest.raises(Invalid) as refusal:
            briefing_of(village, **asked)
        assert [fault.pointer for fault in refusal.value.errors] == [place]


def test_where_nobody_counts_it_has_reached_its_share(village: Village) -> None:
    lesson = implementing(village)
    for who in ("yossi", "avi"):
        away(village, who, TODAY, DUE)
    briefing = briefing_of(village, lesson)
    assert (briefing.reached_at, briefing.state) == (AT, BriefingState.OPEN)
    assert lesson.state == LessonState.WATCHING


# ── read ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_when_all_who_count_have_read_it_ends_and_the_lesson_moves_on(village: Village) -> None:
    lesson = implementing(village)
    briefing = briefing_of(village, lesson)
    assert read(village, briefing, "avi").right
    assert (briefing.state, briefing.reached_at, lesson.state) == (BriefingState.OPEN, None, LessonState.IMPLEMENTING)
    later = AT + timedelta(hours=1)
    read(village, briefing, "yossi", later)
    assert (briefing.state, briefing.reached_at, briefing.ended_at) == (BriefingState.ENDED, later, later)
    assert (briefing.unreached, lesson.state) == (False, LessonState.WATCHING)
    assert history(village.session, briefing)[-1].facts == {"read": 2, "of": 2}


def test_reaching_the_share_moves_the_lesson_on_and_does_not_end_it(village: Village) -> None:
    lesson = implementing(village)
    briefing = briefing_of(village, lesson, share=0.5)
    read(village, briefing, "avi")
    assert (briefing.state, briefing.reached_at, lesson.state) == (BriefingState.OPEN, AT, LessonState.WATCHING)


def test_reading_is_said_once_and_by_each_person_for_themself(village: Village) -> None:
    briefing = briefing_of(village)
    read(village, briefing, "avi")
    version = briefing.version
    assert read(village, briefing, "avi", AT + timedelta(hours=1)).right
    assert (readers(village, briefing)[village.avi.id].acknowledged_at, briefing.version) == (AT, version)
    with pytest.raises(Forbidden):
        read(village, briefing, "rana")
    away(village, "yossi", TODAY, TODAY, delegate="dana")
    with pytest.raises(Forbidden):
        read(village, briefing, "dana")


def test_a_wrong_answer_is_counted_shows_the_passage_and_asks_again(village: Village) -> None:
    lesson = village.lesson(steps=["מזינים", "בודקים"])
    briefing = briefing_of(village, lesson, check=QUESTION)
    wrong = read(village, briefing, "avi", answer=0)
    assert (wrong.right, wrong.wrong) == (False, 1)
    assert wrong.passage is not None
    assert (wrong.passage.title, list(wrong.passage.lines)) == (lesson.title, ["בסוף שיחת שימור", "מזינים", "בודקים"])
    assert readers(village, briefing)[village.avi.id].acknowledged_at is None
    right = read(village, briefing, "avi", answer=1)
    assert (right.right, right.wrong, right.passage) == (True, 1, None)


@pytest.mark.parametrize("asked", [{}, {"answer": 4}])
def test_where_a_question_is_put_one_of_its_answers_is_needed(village: Village, asked: dict[str, Any]) -> None:
    briefing = briefing_of(village, check=QUESTION)
    with pytest.raises(Invalid) as refusal:
        read(village, briefing, "avi", **asked)
    assert [fault.pointer for fault in refusal.value.errors] == ["/answer"]


# ── another date, the end ────────────────────────────────────────────────────────────────────────────────────────────
def test_whoever_opened_it_ends_it_with_a_reason_and_the_true_share_stays(village: Village) -> None:
    lesson = implementing(village)
    briefing = briefing_of(village, lesson)
    read(village, briefing, "avi")
    do(village, briefing, "end", "yossi", reason=REASON)
    assert (briefing.state, briefing.unreached, briefing.end_reason) == (BriefingState.ENDED, True, REASON)
    assert history(village.session, briefing)[-1].facts == {"read": 1, "of": 2}
    assert lesson.state == LessonState.ACCEPTED  # nothing of this cycle reached anybody


def test_others_do_not_end_it_or_move_its_date(village: Village) -> None:
    briefing = briefing_of(village)
    for trigger, asked in (("end", {}), ("set_date", {"due_on": date(2026, 3, 1)})):
        with pytest.raises(Forbidden):
            do(village, briefing, trigger, "avi", reason=REASON, **asked)


def test_the_manager_gives_another_day_and_the_first_stays(village: Village) -> None:
    briefing = briefing_of(village)
    new = date(2026, 2, 8)
    do(village, briefing, "set_date", "ilan", due_on=new, reason=REASON)
    assert (briefing.due_on, briefing.first_due_on) == (new, DUE)
    lines = village.session.scalars(sa.select(DueChange).where(DueChange.noun == "briefings").order_by(DueChange.id))
    assert [(line.how, line.new_due_on) for line in lines] == [("opened", DUE), ("decided", new)]
    with pytest.raises(NotAllowed) as refusal:
        do(village, briefing, "set_date", "ilan", due_on=TODAY, reason=REASON)
    assert [point.guard for point in refusal.value.unmet] == ["date_after_today"]


# ── a new edition ────────────────────────────────────────────────────────────────────────────────────────────────────
def edit(village: Village, lesson: Lesson, **asked: Any) -> None:
    LESSON_VERBS["lessons", "edit"](village.session, lesson, asked, by=village.by("naomi"), at=AT)


def test_a_new_edition_asks_the_same_audience_again_and_ends_the_old_one(village: Village) -> None:
    lesson = village.lesson()
    old = briefing_of(village, lesson, share=0.6, check=QUESTION)
    read(village, old, "avi", answer=1)
    edit(village, lesson, steps=["מזינים לפני סוף השיחה"])
    old, new = every_briefing(village)
    assert (old.state, old.subject_edition, history(village.session, old)[-1].facts["edition"]) == ("ended", 1, 2)
    assert (new.state, new.subject_edition, new.share, new.check) == ("open", 2, 0.6, QUESTION)
    assert [one.acknowledged_at for one in readers(village, new).values()] == [None, None]
    assert new.opener_id == village.naomi.id


def test_it_asks_again_where_all_had_read_the_old_one_but_not_where_somebody_had_ended_it(village: Village) -> None:
    lesson = village.lesson()
    done = briefing_of(village, lesson)
    for who in ("avi", "yossi"):
        read(village, done, who)
    edit(village, lesson, limits="לא בשיחה נכנסת")
    assert [one.state.value for one in every_briefing(village)] == ["ended", "open"]
    do(village, every_briefing(village)[-1], "end", "naomi", reason=REASON)
    edit(village, lesson, limits="לא בצ'אט")
    assert [one.state.value for one in every_briefing(village)] == ["ended", "ended"]


def test_words_that_agents_do_not_see_ask_nobody_again(village: Village) -> None:
    lesson = village.lesson()
    briefing_of(village, lesson)
    edit(village, lesson, why="כי כך עובדת המערכת")
    assert len(every_briefing(village)) == 1


def test_going_on_keeps_the_true_share_on_the_record(village: Village) -> None:
    lesson = implementing(village)
    briefing = briefing_of(village, lesson)
    read(village, briefing, "avi")
    shares = briefed.shares(village.session, lesson, at=AT)
    assert shares == [{"briefing": briefing.code, "read": 1, "of": 2, "share": 0.9}]
    asked = {"reason": "שני נציגים בחופשה ארוכה"}
    LESSON_VERBS["lessons", "proceed"](village.session, lesson, asked, by=village.by("ilan"), at=LATE)
    assert (lesson.state, briefing.state, owed(village, briefing)) == ("watching", "open", {})
    assert history(village.session, lesson)[-1].facts["shares"] == shares
