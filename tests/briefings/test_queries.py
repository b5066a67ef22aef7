"""Lists of briefings, how far each is, who is missing and to whom that is shown, and what a person has to read."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from lessons.access.facts import forget_facts
from lessons.briefings import printed
from lessons.briefings.passages import passage
from lessons.briefings.queries import Subject, Wanted, briefings, members, missing, one, to_read
from lessons.errors import NotFound
from lessons.models import Briefing, Revision
from lessons.workflow.states import RevisionState
from tests.access.records import Counted
from tests.briefings.reading import DUE, REASON, away, briefing_of, do, lesson_of, read
from tests.procedures.writing import procedure_of, published
from tests.village import AT, TODAY, Village


def codes(village: Village, wanted: Wanted | None = None, who: str = "naomi", **given: Any) -> list[str]:
    found = briefings(village.session, wanted, by=village.by(who), at=given.pop("at", AT), **given)
    return [line.briefing.code for line in found.items]


def of_all(village: Village, **asked: Any) -> Briefing:
    """Asked of everybody in the retention centre: Ilan, Dana, Yossi and Avi."""
    return briefing_of(village, audience={"units": [village.units["RET"]], "roles": []}, **asked)


def test_a_line_says_what_is_read_by_how_many_and_who_asked(village: Village) -> None:
    briefing = briefing_of(village)
    read(village, briefing, "avi")
    (line,) = briefings(village.session, by=village.by("naomi"), at=AT).items
    lesson = lesson_of(village)
    assert (line.subject, line.opener) == (Subject("lessons", lesson.code, lesson.title), village.yossi)
    assert (line.reading.read, line.reading.of, line.reading.share, line.reading.needed) == (1, 2, 0.5, 0.7)
    assert (line.reading.reached, line.overdue) == (False, False)


def test_a_revision_is_called_by_its_procedure(village: Village) -> None:
    revision = published(village)
    (line,) = briefings(village.session, by=village.by("hila"), at=AT).items
    assert line.subject == Subject("revisions", revision.code, "נוהל זיכוי")
    assert passage(village.session, line.briefing).lines == ["מזינים לפני סוף השיחה"]


def test_lists_are_narrowed_by_state_unit_opener_lesson_procedure_lateness_and_words(village: Village) -> None:
    lesson, other = village.lesson(), village.lesson(unit_id=village.units["SRV"].id, title="לא מבטיחים מועד")
    mine = briefing_of(village, lesson, due_on=date(2026, 2, 5))
    theirs = briefing_of(village, other, "naomi", due_on=date(2026, 2, 2))
    procedure = procedure_of(village)
    revision = published(village, procedure, because_of=[lesson])
    about = revision_briefing(village, revision)
    do(village, mine, "end", "yossi", reason=REASON)
    for wanted, found in (
        (Wanted(states=["ended"]), [mine]),
        (Wanted(unit=village.units["SRV"]), [theirs]),
        (Wanted(owner=village.naomi), [theirs]),
        (Wanted(lesson=lesson), [about, mine]),
        (Wanted(procedure=procedure), [about]),
        (Wanted(q="מבטיחים"), [theirs]),
        (Wanted(q="זיכוי"), [about]),
        (Wanted(q=mine.code), [mine]),
    ):
        assert codes(village, wanted) == [row.code for row in found], wanted
    assert codes(village, Wanted(overdue=True), at=AT + timedelta(days=2)) == [theirs.code]
    assert codes(village, Wanted(overdue=False), at=AT + timedelta(days=2)) == [about.code, mine.code]


def revision_briefing(village: Village, revision: Revision) -> Briefing:
    assert revision.state == RevisionState.EFFECTIVE
    found = briefings(village.session, by=village.by("hila"), at=AT, sort="-created").items
    return next(line.briefing for line in found if line.briefing.revision_id == revision.id)


def test_people_see_what_is_addressed_to_them_and_nothing_of_others(village: Village) -> None:
    briefing = briefing_of(village)
    assert (codes(village, who="avi"), codes(village, who="rana")) == ([briefing.code], [])
    assert one(village.session, briefing.code.lower(), village.by("avi")) is briefing
    with pytest.raises(NotFound):
        one(village.session, briefing.code, village.by("rana"))


def test_pages_follow_each_other_and_cost_the_same_whatever_their_length(village: Village) -> None:
    briefing_of(village)
    forget_facts(village.session)
    with Counted(village.session) as few:
        codes(village)
    rows = [briefing_of(village, village.lesson()) for _ in range(5)]
    village.session.flush()
    with Counted(village.session) as many:
        assert len(codes(village)) == 6
    assert len(few) == len(many)
    first = briefings(village.session, by=village.by("naomi"), at=AT, limit=4)
    assert codes(village, cursor=first.next) == [row.code for row in rows[3:]]


# ── who is missing ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_team_leader_sees_by_name_who_is_missing(village: Village) -> None:
    briefing = of_all(village)
    read(village, briefing, "avi")
    away(village, "ilan", TODAY, DUE)
    assert missing(village.session, briefing, by=village.by("dana"), at=AT) == [village.dana, village.yossi]
    shown = {m.person.id: m.counts for m in members(village.session, briefing, by=village.by("dana"), at=AT)}
    assert shown == {village.avi.id: True, village.dana.id: True, village.yossi.id: True, village.ilan.id: False}


def test_an_agent_sees_their_own_reading_and_no_names(village: Village) -> None:
    briefing = of_all(village)
    mine = members(village.session, briefing, by=village.by("avi"), at=AT)
    assert [(m.person.id, m.acknowledged_at) for m in mine] == [(village.avi.id, None)]


def test_a_direct_manager_sees_their_own_people(village: Village) -> None:
    village.avi.manager_id = village.yossi.id
    briefing = of_all(village)
    assert missing(village.session, briefing, by=village.by("yossi"), at=AT) == [village.avi, village.yossi]


def test_whoever_left_or_came_later_does_not_count(village: Village) -> None:
    briefing = of_all(village)
    village.avi.closed_at, village.yossi.hired_on = AT, date(2026, 2, 4)
    village.session.flush()
    assert missing(village.session, briefing, by=village.by("gideon"), at=AT) == [village.ilan, village.dana]


# ── of one person ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_what_waits_to_be_read_the_soonest_first(village: Village) -> None:
    later, sooner = briefing_of(village, due_on=date(2026, 2, 9)), briefing_of(village)
    waiting = to_read(village.session, village.by("avi"))
    assert [(one.briefing, one.due_on) for one in waiting] == [(sooner, DUE), (later, date(2026, 2, 9))]
    read(village, sooner, "avi")
    do(village, later, "end", "yossi", reason=REASON)
    assert to_read(village.session, village.by("avi")) == []
    assert to_read(village.session, village.by("rana")) == []


def test_whoever_was_away_has_until_their_second_working_day_and_at_most_seven_days(village: Village) -> None:
    away(village, "avi", TODAY, TODAY)
    away(village, "yossi", TODAY, date(2026, 2, 12))
    briefing = briefing_of(village)
    assert [one.due_on for one in to_read(village.session, village.by("avi"))] == [DUE]
    assert [one.due_on for one in to_read(village.session, village.by("yossi"))] == [date(2026, 2, 8)]
    assert briefing.due_on == DUE


@pytest.mark.only("sqlite")
def test_a_sheet_without_room_for_all_names_says_so(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    briefing = of_all(village)

    def note() -> str:
        sheet = printed.paper(village.session, briefing, by=village.by("naomi"), at=AT, locale="en")
        return sheet.parts[-1].note

    assert note() == printed.SIGNED.in_("en")
    monkeypatch.setattr(printed, "MOST", 2)
    assert note().startswith("2 of 4 names stand here")
