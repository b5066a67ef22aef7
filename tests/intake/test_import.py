"""A register comes into the village: once, whole, each lesson with its event."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import OPERATOR, actor_of
from lessons.errors import Forbidden, Invalid
from lessons.home.managing import checked
from lessons.intake import llis, operations, report
from lessons.intake.llis import LlisRow
from lessons.intake.oddities import Oddities
from lessons.models import Debrief, Duty, Event, Fact, Lesson, Unit
from lessons.repository import cycle, queries
from lessons.repository.shown import desk_word
from lessons.settings import Settings
from lessons.steps.chains import faults
from tests.intake.valves import ROWS, written
from tests.village import AT, Village

REGISTER = Path(__file__).parents[3] / "shared" / "data" / "llis" / "llis_open.csv"


def read(*rows: dict[str, str]) -> tuple[list[LlisRow], Oddities]:
    return llis.read(written(*rows))


@pytest.fixture
def village(session: Session) -> Village:
    return Village(session)


def imported(village: Village, *rows: dict[str, str], by: Any = OPERATOR) -> operations.Plan:
    return operations.bring_in(village.session, read(*rows)[0], unit=village.units["CUS"], by=by, at=AT)


def lesson(session: Session, number: str) -> Lesson:
    found: Lesson = session.scalars(sa.select(Lesson).where(Lesson.imported_from.startswith(f"llis:{number}:"))).one()
    return found


def told(planned: operations.Plan, oddities: Oddities, *, dry: bool = False) -> str:
    return "\n".join(map(str, report.told(planned, [oddities], dry=dry)))


def test_a_row_becomes_a_lesson_with_its_event_as_a_closed_debrief(village: Village) -> None:
    imported(village)
    seats = lesson(village.session, "7")
    assert (seats.title, seats.why) == ("Valves want seats that last", "A seat wore out.\n\nNylon ages in oxygen.")
    assert (seats.steps, seats.transfer_to) == (["Replace nylon seats.", "Train the crew."], "Pumps")
    assert (seats.direction, seats.lang, seats.audience) == ("do", "en", {"units": ["CUS"], "roles": []})
    assert (seats.owner_id, seats.source) == (None, "LLIS 7 · JSC · https://llis.nasa.gov/lesson/7")
    debrief = village.session.get_one(Debrief, seats.debrief_id)
    assert (debrief.state, debrief.what_happened) == ("closed", "During a test the valve leaked.")
    assert seats.background == debrief.what_happened, "whoever meets the like searches by what happened"
    assert (debrief.happened_on, debrief.source_ref) == (date(1991, 4, 9), seats.source)
    evidence = village.session.scalars(sa.select(Fact).where(Fact.debrief_id == debrief.id)).one()
    assert (evidence.text, evidence.source) == ("The fleet was inspected.", "LLIS 7 · evidence")


def test_it_stands_as_imported_and_proved_elsewhere_and_is_not_counted_as_proved_here(village: Village) -> None:
    imported(village)
    seats = lesson(village.session, "7")
    assert (seats.state, seats.proved_elsewhere, seats.proved_at) == ("verified", True, None)
    assert str(desk_word(seats)) == "imported – proved elsewhere"
    assert desk_word(seats).in_("he") == "יובא – הוכח במקום אחר"
    assert list(checked(village.session, None, by=village.by("naomi"))) == []


def test_each_record_begins_its_history_with_the_import(village: Village) -> None:
    imported(village)
    events = village.session.scalars(sa.select(Event)).all()
    assert {(e.n, e.trigger, e.from_state, e.actor_kind) for e in events} == {(1, "import", "", "operator")}
    assert len(events) == 8
    assert list(faults(village.session)) == []


def test_it_is_found_by_its_words_and_its_event_is_no_twin_of_it(village: Village) -> None:
    imported(village)
    avi = village.by("avi")
    codes = [queries.search(village.session, words, by=avi) for words in ("nylon seats", "Spacecraft", "valve leaked")]
    assert [hits[0].record_id for hits in codes[:2]] == [lesson(village.session, "7").id] * 2
    assert not any(hit.partial for hits in codes[:2] for hit in hits[:1])
    assert len(queries.lessons(village.session, queries.Wanted(), by=avi).items) == 4
    titled = queries.search(village.session, "valves want seats", by=avi)
    assert len(titled) == 2


def test_a_second_run_changes_nothing(village: Village) -> None:
    imported(village)
    before = village.session.scalars(sa.select(sa.func.count()).select_from(Event)).one()
    again = imported(village)
    assert (again.new, len(again.known), again.changed) == ([], 4, [])
    assert village.session.scalars(sa.select(sa.func.count()).select_from(Event)).one() == before
    assert "0 lessons were brought in.\n4 were here already." in told(again, read()[1])


def test_a_row_that_changed_is_told_and_not_doubled(village: Village) -> None:
    imported(village)
    changed = imported(village, {**ROWS[0], "abstract": "Two seats wore out."}, *ROWS[1:])
    assert [row.number for row in changed.changed] == ["7"]
    assert lesson(village.session, "7").why.startswith("A seat wore out.")
    assert "One changed since it was brought in and stays as it is here: 7." in told(changed, read()[1])


def test_the_same_row_in_two_files_comes_in_once(village: Village) -> None:
    rows = [*read()[0], *read()[0]]
    planned = operations.bring_in(village.session, rows, unit=village.units["CUS"], by=OPERATOR, at=AT)
    assert (len(planned.new), len(planned.known)) == (4, 4)


def test_a_number_of_any_length_is_known_again(village: Village) -> None:
    endless = {**ROWS[0], "lesson_id": "7" * 400}
    assert len(imported(village, endless).new) == 1
    assert len(imported(village, endless).known) == 1


def test_reviews_are_spread_over_two_years_and_fall_to_lessons_management(village: Village) -> None:
    imported(village, *({**ROWS[0], "lesson_id": str(n)} for n in range(60)))
    days = village.session.scalars(sa.select(Lesson.review_on)).all()
    assert date(2027, 2, 1) <= min(days) < date(2027, 6, 1)
    assert date(2028, 10, 1) < max(days) <= date(2029, 2, 1)
    assert len(set(days)) > 40
    assert village.session.scalars(sa.select(Duty)).all() == []
    cycle.age(village.session, lesson(village.session, "7"), at=AT)
    duty = village.session.scalars(sa.select(Duty)).one()
    assert (duty.kind, duty.role, duty.unit_id) == ("revalidate_lesson", "lessons_manager", village.units["CUS"].id)


def test_where_the_register_tells_no_event_its_reasons_stand_in_the_debrief(village: Village) -> None:
    imported(village)
    cable = lesson(village.session, "9")
    assert cable.title == "A cable was too short, and nobody had measured it."
    assert village.session.get_one(Debrief, cable.debrief_id).what_happened == cable.why


def test_lessons_management_imports_for_its_units_and_nobody_else(village: Village) -> None:
    assert len(imported(village, by=village.by("naomi")).new) == 4
    for other in ("michal", "dana", "avi", "gideon"):
        with pytest.raises(Forbidden):
            imported(village, by=village.by(other))


def test_without_a_unit_it_is_the_only_one_on_top_which_is_made_where_there_is_none(settings: Settings) -> None:
    with db.transaction() as session:
        operations.bring_in(session, read()[0], by=OPERATOR, at=AT)
        assert [unit.code for unit in session.scalars(sa.select(Unit))] == ["ORG"]
        operations.bring_in(session, read({**ROWS[0], "lesson_id": "99"})[0], by=OPERATOR, at=AT)
        assert len(session.scalars(sa.select(Unit)).all()) == 1
        session.add(Unit(code="OTHER", name="אחר", from_on=date(2020, 1, 1)))
        session.flush()
        session.info.pop("tree")
        with pytest.raises(Invalid, match="need another look"):
            operations.bring_in(session, read()[0], by=OPERATOR, at=AT)


def test_all_comes_in_or_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    enter = operations.enter

    def cut_off(session: Session, row: LlisRow, *args: Any, **more: Any) -> Lesson:
        if row.number == "9":
            raise KeyboardInterrupt
        return enter(session, row, *args, **more)

    monkeypatch.setattr(operations, "enter", cut_off)
    with pytest.raises(KeyboardInterrupt), db.transaction() as session:
        operations.bring_in(session, read()[0], by=OPERATOR, at=AT)
    with db.reading() as session:
        for table in (Lesson, Debrief, Event, Unit):
            assert session.scalars(sa.select(table)).all() == []
        assert queries.search(session, "nylon", by=OPERATOR) == []


def test_a_rehearsal_tells_the_same_and_changes_nothing(settings: Settings) -> None:
    with db.reading() as session:
        planned = operations.rehearse(session, read()[0], by=OPERATOR, at=AT)
        assert len(planned.new) == 4
        assert session.scalars(sa.select(Unit)).all() == []
    assert told(planned, read()[1], dry=True).startswith("4 lessons would be brought in; nothing was changed.")


def test_a_rehearsal_refuses_what_the_import_would_refuse(village: Village) -> None:
    with pytest.raises(Forbidden):
        operations.rehearse(village.session, [], by=actor_of(village.session, village.avi, at=AT), at=AT)


def test_the_report_says_what_was_odd() -> None:
    rows, oddities = read()
    said = told(operations.Plan(new=rows), oddities)
    for sentence in (
        "4 lessons were brought in.",
        "2 rows share their title with another (1 groups). Such as 7, 8: Valves want seats that last",
        "2 rows share their event with another (1 groups). Such as 7, 8: During a test the valve leaked.",
        "One row has no title; its first words stand for it. Such as 9: A cable was too short",
        "One title is longer than 120 characters. Such as 10: xxx",
        "3 rows have no topics. Such as 8:",
    ):
        assert sentence in said


@pytest.mark.parametrize("kind", report.FAULTS)
def test_every_fault_has_its_sentence_with_its_place(kind: str) -> None:
    assert str(report.fault(llis.Fault(kind, 3, "title", "zzz"))).startswith("Row 3, title: ")


def test_every_oddity_has_its_sentence() -> None:
    everything = {**ROWS[0], "date_occurred": "1/2/3", "abstract": "¿\x00", "recommendations": "See above."}
    odd = read(everything, {**everything, "lesson_id": "8", "title": "y " * 200})[1].odd
    assert all(str(report.odd(one)) for one in odd)
    assert {one.kind for one in odd} <= set(report.ODD)


@pytest.mark.only("sqlite")
@pytest.mark.skipif(not REGISTER.is_file(), reason="the public register (shared data) is not on this machine")
def test_the_public_register_comes_in_whole_and_only_once(settings: Settings) -> None:
    rows, oddities = llis.read(REGISTER)
    with db.transaction() as session:
        planned = operations.bring_in(session, rows, by=OPERATOR, at=AT)
    assert (len(planned.new), len(planned.changed)) == (1250, 0)
    with db.transaction() as session:
        again = operations.bring_in(session, rows, by=OPERATOR, at=AT)
        assert (again.new, len(again.known), again.changed) == ([], 1250, [])
        closed = sa.select(sa.func.count()).select_from(Debrief).where(Debrief.state == "closed")
        assert session.scalars(closed).one() == 1250
        assert list(faults(session)) == []
        assert len(queries.search(session, "solder", by=OPERATOR, limit=200)) > 5
    said = told(planned, oddities)
    assert "45 titles are longer than 120 characters." in said
    assert "949 rows have no topics." in said
