"""A debrief from the report to its lessons: what each step asks, what follows, and what is refused in words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from lessons.access import can_see, refs
from lessons.debriefs import nameless, operations, parts
from lessons.duties.told import duty_line, known, reader
from lessons.errors import Forbidden, Invalid, NotAllowed
from lessons.models import Cause, Debrief, Duty, Event, EventDetail, Fact, Finding, Lesson, Notice
from lessons.repository import operations as repository
from lessons.steps.chains import faults
from lessons.workflow import asks
from tests.village import AT, Village

REPORT = {"what_happened": "הטבה שהובטחה בשיחה לא הוזנה, והלקוח חויב במחיר מלא.", "kind": "failure"}
DAY = timedelta(days=1)


@pytest.fixture
def village(session: Session) -> Village:
    return Village(session)


def reported(village: Village, **more: Any) -> Debrief:
    by = village.by("avi")
    asked = refs.read(village.session, asks.Report, {**REPORT, **more}, by=by)
    return operations.report(village.session, asked, by=by, at=AT)[0]


def opened(village: Village, **more: Any) -> Debrief:
    debrief = reported(village)
    asked = {"leader": village.dana, "severity": 3, "reviewer": village.naomi, **more}
    operations.open_(village.session, debrief, asked, by=village.by("ilan"), at=AT)
    return debrief


def inquired(village: Village) -> tuple[Debrief, Lesson]:
    """Investigated to the end: ready to be sent for review."""
    debrief, by = opened(village), village.by("dana")
    session = village.session
    texts = {"expected": "ההטבה מוזנת בשיחה", "actual": "ההטבה לא הוזנה", "elsewhere": "בכל הצטרפות"}
    operations.edit(session, debrief, texts, by=by, at=AT)
    parts.add_fact(session, debrief, {"text": "השיחה הסתיימה בלי הזנה", "at": AT}, by=by, at=AT)
    finding = parts.add_finding(session, debrief, {"text": "אין תזכורת לפני סיום"}, by=by, at=AT)
    parts.add_cause(session, finding, {"text": "המסך נסגר בלי בדיקה", "root": True}, by=by, at=AT)
    asked = {
        "finding": finding, "title": "מזינים את ההטבה לפני סיום השיחה", "direction": "do",
        "applies_when": "בכל שיחת שימור עם הטבה", "topics": ["חיוב"],
    }  # fmt: skip
    asked = refs.read(session, asks.Lesson, {**asked, "finding": finding.pid}, by=by)
    return debrief, repository.write_in(session, debrief, asked, by=by, at=AT)


def duties(session: Session, row: Any) -> list[str]:
    mine = select(Duty.kind).where(Duty.of_noun == row.noun, Duty.of_id == row.id, col(Duty.closed_at).is_(None))
    return sorted(session.exec(mine))


def test_a_report_takes_one_sentence_and_somebody_owes_a_decision(village: Village) -> None:
    debrief = reported(village)
    assert debrief.code == "D-2026-0001"
    assert debrief.title == REPORT["what_happened"]
    assert debrief.happened_on == date(2026, 2, 1)
    assert duties(village.session, debrief) == ["triage_debrief"]
    told = village.session.exec(select(Notice).where(Notice.kind == "reported_thanks")).one()
    assert told.person_id == village.avi.id


def test_what_has_not_happened_yet_is_not_reported(village: Village) -> None:
    with pytest.raises(Invalid) as refused:
        reported(village, happened_on=date(2026, 2, 2))
    assert [one.pointer for one in refused.value.errors] == ["/happened_on"]


def test_an_anonymous_report_leaves_no_link_to_whoever_wrote_it(village: Village) -> None:
    by = village.by("avi")
    asked = refs.read(village.session, asks.Report, {**REPORT, "anonymous": True}, by=by)
    debrief, code = operations.report(village.session, asked, by=by, at=AT)
    assert debrief.reporter_id is None
    event = village.session.exec(select(Event)).one()
    assert event.actor_kind == "anonymous"
    assert not village.session.exec(select(EventDetail)).all()
    assert (event.at.hour, event.at.minute) == (22, 0)  # midnight in Israel, not the minute
    assert nameless.by_code(village.session, code) is debrief
    assert nameless.by_code(village.session, "something else") is None


def test_what_concerns_managers_is_not_read_by_them_though_nothing_else_was_ticked(village: Village) -> None:
    debrief = reported(village, concerns_managers=True)
    village.session.flush()
    seen = {who for who in ("ilan", "dana", "michal", "avi") if can_see(village.session, debrief, village.by(who))}
    assert (debrief.confidential, seen) == (True, {"michal", "avi"})


def test_whoever_answers_calls_does_not_open_a_debrief_and_hears_who_does(village: Village) -> None:
    debrief = reported(village)
    with pytest.raises(Forbidden, match=r"נעמי|אילן"):
        operations.open_(village.session, debrief, {"leader": village.dana}, by=village.by("avi"), at=AT)


def test_a_grave_event_is_not_led_by_whoever_took_part(village: Village) -> None:
    debrief = reported(village, participants=["dana@village.example"])
    asked = {"leader": village.dana, "severity": 3, "reviewer": village.naomi}
    with pytest.raises(NotAllowed) as refused:
        operations.open_(village.session, debrief, asked, by=village.by("ilan"), at=AT)
    assert [point.guard for point in refused.value.unmet] == ["leader_took_no_part"]


def test_opening_sets_a_day_and_the_leader_owes_the_debrief(village: Village) -> None:
    debrief = opened(village)
    assert debrief.state == "investigating"
    assert debrief.due_on == date(2026, 2, 10)  # seven working days on
    assert duties(village.session, debrief) == ["lead_debrief"]


def test_of_severity_4_a_first_fact_is_owed_until_the_timeline_has_one(village: Village) -> None:
    debrief = opened(village, severity=4)
    assert duties(village.session, debrief) == ["first_fact", "lead_debrief"]
    owed = village.session.exec(select(Duty).where(Duty.kind == "first_fact")).one()
    assert owed.due_on == date(2026, 2, 2), "the next working day"
    fact = {"at": AT, "text": "ההטבה הובטחה בטלפון"}
    parts.add_fact(village.session, debrief, fact, by=village.by("dana"), at=AT)
    assert duties(village.session, debrief) == ["lead_debrief"]
    village.session.refresh(owed)
    assert owed.closed_how == "fulfilled"


def test_sending_an_empty_inquiry_says_everything_that_is_missing(village: Village) -> None:
    debrief = opened(village)
    with pytest.raises(NotAllowed) as refused:
        operations.submit(village.session, debrief, {}, by=village.by("dana"), at=AT)
    missing = {point.guard for point in refused.value.unmet}
    assert missing >= {"expected_is_told", "actual_is_told", "a_dated_fact", "a_finding", "elsewhere_is_asked"}
    assert debrief.state == "investigating"


def test_a_whole_inquiry_is_reviewed_and_its_lesson_proposed(village: Village) -> None:
    debrief, lesson = inquired(village)
    operations.submit(village.session, debrief, {}, by=village.by("dana"), at=AT + DAY)
    assert duties(village.session, debrief) == ["review_debrief"]
    operations.issue(village.session, debrief, {}, by=village.by("naomi"), at=AT + DAY)
    assert (debrief.state, lesson.state) == ("issued", "proposed")
    assert duties(village.session, lesson) == ["decide_lesson"]
    assert not list(faults(village.session))


def test_the_leader_does_not_review(village: Village) -> None:
    debrief, _ = inquired(village)
    operations.submit(village.session, debrief, {}, by=village.by("dana"), at=AT)
    with pytest.raises(Forbidden):
        operations.issue(village.session, debrief, {}, by=village.by("dana"), at=AT)


def test_a_name_of_somebody_who_took_part_holds_it_back(village: Village) -> None:
    debrief, _ = inquired(village)
    by = village.by("dana")
    operations.edit(village.session, debrief, {"participants": [village.avi]}, by=by, at=AT)
    operations.edit(village.session, debrief, {"actual": "אבי כהן לא הזין את ההטבה"}, by=by, at=AT)
    with pytest.raises(NotAllowed) as refused:
        operations.submit(village.session, debrief, {}, by=by, at=AT)
    assert [point.guard for point in refused.value.unmet] == ["no_names_of_participants"]


def test_four_lines_become_a_fact_a_finding_a_cause_and_a_lesson(village: Village) -> None:
    by = village.by("dana")
    opening = "הודעה מוקלטת עלתה רק אחרי 50 דקות"
    lines = {
        "what_happened": f"{opening}. עד אז ענינו ל־180 שיחות זהות, אחת אחת, ואיש לא ידע מתי התקלה תיפתר.",
        "kind": "routine", "expected": "הודעה בתוך 10 דקות",
        "why": "רק מנהל יכול להעלות", "differently": "אחמ\"ש מעלה הודעה מוקלטת בתוך עשר דקות", "direction": "do",
    }  # fmt: skip
    asked = refs.read(village.session, asks.Report, {**lines, "path": "quick"}, by=by)
    debrief = operations.quick_debrief(village.session, asked, by=by, at=AT)
    assert debrief.state == "issued"
    for model in (Fact, Finding, Cause):
        assert len(village.session.exec(select(model)).all()) == 1
    lesson = village.session.exec(select(Lesson)).one()
    assert (lesson.title, lesson.state) == (lines["differently"], "proposed")
    assert (debrief.title, lesson.applies_when) == (opening, opening)


def test_whoever_answers_calls_reports_but_opens_no_quick_debrief(village: Village) -> None:
    by = village.by("avi")
    asked = refs.read(village.session, asks.Report, {**REPORT, "path": "quick"}, by=by)
    with pytest.raises(Forbidden):
        operations.quick_debrief(village.session, asked, by=by, at=AT)


def test_the_day_of_an_event_is_not_moved_to_one_that_is_still_to_come(village: Village) -> None:
    debrief, _ = inquired(village)
    with pytest.raises(Invalid, match="another look") as refused:
        operations.edit(village.session, debrief, {"happened_on": date(2026, 2, 2)}, by=village.by("dana"), at=AT)
    assert [one.pointer for one in refused.value.errors] == ["/happened_on"]


def test_declining_is_told_kindly_and_the_reporter_reads_why(village: Village) -> None:
    debrief = reported(village)
    reason = "תודה. הפנייה הועברה לניהול המשמרות, שם היא תיענה."
    operations.decline(village.session, debrief, {"reason": reason}, by=village.by("naomi"), at=AT)
    told = village.session.exec(select(Notice).where(Notice.kind == "declined")).one()
    assert (told.person_id, told.facts["reason"]) == (village.avi.id, reason)
    assert duties(village.session, debrief) == []


def test_a_merged_report_brings_its_parts_along(village: Village) -> None:
    first, second = opened(village), reported(village)
    operations.merge(village.session, second, {"target": first}, by=village.by("naomi"), at=AT)
    assert (second.state, second.merged_into_id) == ("merged", first.id)
    with pytest.raises(NotAllowed):
        operations.merge(village.session, first, {"target": second}, by=village.by("naomi"), at=AT)


def test_a_lesson_that_is_rejected_closes_its_debrief(village: Village) -> None:
    debrief, lesson = inquired(village)
    operations.submit(village.session, debrief, {}, by=village.by("dana"), at=AT)
    operations.issue(village.session, debrief, {}, by=village.by("naomi"), at=AT)
    reason = {"reason": "הנוהל כבר אומר זאת בסעיף הראשון"}
    repository.reject(village.session, lesson, reason, by=village.by("naomi"), at=AT)
    assert (lesson.state, debrief.state) == ("rejected", "closed")


def test_another_date_is_asked_for_and_granted_and_the_first_stays(village: Village) -> None:
    debrief = opened(village)
    first = debrief.due_on
    later = date(2026, 2, 17)
    ask = {"new_due_on": later, "reason": "מחכים להקלטות מהספק"}
    operations.VERBS["debriefs", "ask_extension"](village.session, debrief, ask, by=village.by("dana"), at=AT)
    assert duties(village.session, debrief) == ["decide_extension", "lead_debrief"]
    operations.VERBS["debriefs", "grant_extension"](village.session, debrief, {}, by=village.by("ilan"), at=AT)
    assert (debrief.due_on, debrief.first_due_on) == (later, first)
    lead = village.session.exec(select(Duty).where(Duty.kind == "lead_debrief")).one()
    assert (lead.due_on, debrief.extension_count) == (later, 1)
    to = reader(village.session, village.dana, "http://village", at=AT)
    notes = duty_line("reminder", lead, to, known(village.session, to, [lead], [])).notes
    assert "המועד המקורי" in " ".join(note.in_("he") for note in notes)
    assert "נדחה פעם אחת" in " ".join(note.in_("he") for note in notes)


def test_a_debriefs_extension_is_at_most_thirty_working_days_too(village: Village) -> None:
    debrief = opened(village)
    ask = {"new_due_on": date(2026, 6, 1), "reason": "מחכים להקלטות מהספק"}
    with pytest.raises(NotAllowed) as refusal:
        operations.VERBS["debriefs", "ask_extension"](village.session, debrief, ask, by=village.by("dana"), at=AT)
    assert [point.guard for point in refusal.value.unmet] == ["within_reach"]


def test_a_finding_that_a_lesson_answers_stays(village: Village) -> None:
    _, lesson = inquired(village)
    finding = village.session.get_one(Finding, lesson.finding_id)
    with pytest.raises(Invalid) as refused:
        parts.remove(village.session, finding, by=village.by("dana"), at=AT)
    assert "the finding stays" in str(refused.value.errors[0].message)
