"""Loose documents come into the village: once, as a whole, with their owners; and are taken back as a whole."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from lessons import steps
from lessons.access import OPERATOR
from lessons.errors import Forbidden, NotAllowed
from lessons.intake import entering, imports, outcome, placing, undoing
from lessons.intake.imports import Source
from lessons.models import (
    RECORDS,
    Action,
    Attachment,
    Cause,
    Debrief,
    Duty,
    Fact,
    Finding,
    Import,
    ImportItem,
    Lesson,
    Notice,
)
from lessons.models.base import metadata
from lessons.search import index
from lessons.steps.chains import faults
from lessons.steps.history import history
from lessons.workflow.states import ActionState, DebriefState, ImportState, LessonState
from tests.intake import papers
from tests.village import AT, Village

HEADER = ("מספר", "תאריך", "תיאור האירוע", "סיבה", "לקח", "פעולה", "אחראי", "תאריך יעד", "סטטוס", "אומת בתאריך", "הערה")
ROWS = (
    ("1", "12/01/2026", "לקוח חויב פעמיים", "אין בדיקה", "בודקים חיוב כפול לפני סיום", "להוסיף בדיקה", "יוסי מלכה",
     "01/03/2026", "פתוח", "", "הגיע מהמוקד"),
    ("2", "13/01/2026", "שיחה נותקה", "", "לא לנתק לפני שהלקוח מאשר", "לעדכן נוהל", "מישהו אחר", "", "בוצע", "", ""),
    ("3", "14/01/2026", "הוכח אצל אחרים", "", "מסכמים ללקוח בכתב", "", "", "", "", "20/01/2026", ""),
    ("4", "15/01/2026", "נשאר פתוח", "", "", "לבדוק את המערכת", "מישהו אחר", "בקרוב", "", "", ""),
)  # fmt: skip


@pytest.fixture
def village(session: Session) -> Village:
    return Village(session)


def register(*rows: tuple[str, ...], name: str = "register.xlsx") -> Source:
    content = papers.xlsx([HEADER, *(rows or ROWS)])
    return Source(name, len(content), "0" * 64, imports.read(name, content))


def kept(village: Village, *rows: tuple[str, ...], by: Any = OPERATOR) -> Import:
    return imports.keep(village.session, [register(*rows)], unit=village.units["RET"], by=by, at=AT)


def taken(village: Village, *rows: tuple[str, ...], by: Any = OPERATOR) -> Import:
    row = kept(village, *rows, by=by)
    imports.take(village.session, row, by=by, at=AT)
    return row


def all_of(village: Village, model: Any) -> list[Any]:
    return list(village.session.scalars(sa.select(model).order_by(model.id)))


def test_a_row_becomes_an_event_with_its_lesson_and_its_action(village: Village) -> None:
    row = taken(village)
    first, second, third, fourth = all_of(village, Debrief)
    lessons, actions = all_of(village, Lesson), all_of(village, Action)
    assert [one.state for one in (first, second, third, fourth)] == [
        DebriefState.ISSUED, DebriefState.ISSUED, DebriefState.CLOSED, DebriefState.ISSUED,
    ]  # fmt: skip
    assert (first.what_happened, first.happened_on, first.source_ref) == (
        "לקוח חויב פעמיים", date(2026, 1, 12), "1 · register.xlsx · Sheet1 2",
    )  # fmt: skip
    assert [(one.state, one.direction) for one in lessons] == [
        (LessonState.PROPOSED, "do"), (LessonState.PROPOSED, "dont"), (LessonState.VERIFIED, "do"),
    ]  # fmt: skip
    assert [(one.state, one.owner_id, one.due_on, one.lesson_id, one.debrief_id) for one in actions] == [
        (ActionState.ASSIGNED, village.yossi.id, date(2026, 3, 1), lessons[0].id, None),
        (ActionState.CONFIRMED, None, None, lessons[1].id, None),
        (ActionState.ASSIGNED, None, None, None, fourth.id),
    ]
    assert actions[2].text == "לבדוק את המערכת (במקור: מישהו אחר · בקרוב)"
    assert [cause.text for cause in all_of(village, Cause)] == ["אין בדיקה"]
    assert [(fact.source, fact.text) for fact in all_of(village, Fact)] == [("הערה", "הגיע מהמוקד")]
    found = outcome.outcome(village.session, row)
    assert (found.debriefs, found.lessons, found.actions, found.proposed, found.unowned) == (4, 3, 3, 2, 1)


def test_a_day_a_unit_and_a_severity_that_are_none_here_are_told_and_kept_as_written(village: Village) -> None:
    content = papers.xlsx([
        ("כותרת", "מתי", "מה קרה", "יחידה", "חומרה"), ("א", "31/02/2026", "נפל", "אין יחידה כזאת", "??"),
        ("ב", "3.2.2026", "נפל", "RET", "קריטית"),
    ])  # fmt: skip
    source = Source("a.xlsx", len(content), "0" * 64, imports.read("a.xlsx", content))
    row = imports.keep(village.session, [source], unit=village.units["RET"], by=OPERATOR, at=AT)
    files = village.session.scalars(imports.files_of(row)).all()
    ((_, faults),) = placing.unknown(village.session, row, files)
    assert [(one.kind, one.sheet, one.row, one.column, one.found) for one in faults] == [
        ("unit_unknown", "Sheet1", 2, "יחידה", "אין יחידה כזאת")
    ]
    imports.take(village.session, row, by=OPERATOR, at=AT)
    assert [one.severity for one in all_of(village, Debrief)] == [2, 4]
    assert [(fact.source, fact.text) for fact in all_of(village, Fact)] == [
        ("מתי (במקור)", "31/02/2026"), ("חומרה (במקור)", "??"), ("יחידה (במקור)", "אין יחידה כזאת"),
    ]  # fmt: skip


def test_each_says_where_it_stood_and_the_chain_is_whole(village: Village) -> None:
    taken(village)
    lesson = all_of(village, Lesson)[1]
    (past,) = history(village.session, lesson)
    assert (past.event.trigger, past.facts["source"], past.facts["sheet"], past.facts["row"]) == (
        "import", "register.xlsx", "Sheet1", 3,
    )  # fmt: skip
    assert list(faults(village.session)) == []


def test_open_things_are_owed_and_a_role_is_not_told_of_each(village: Village) -> None:
    taken(village)
    owed = village.session.execute(sa.select(Duty.kind, Duty.person_id, Duty.role).order_by(Duty.kind, Duty.id)).all()
    assert owed == [
        ("decide_lesson", None, "lessons_manager"), ("decide_lesson", None, "lessons_manager"),
        ("give_owner_and_date", None, "manager"), ("start_action", village.yossi.id, None),
    ]  # fmt: skip
    assert village.session.scalars(sa.select(Notice.person_id)).all() == [village.yossi.id]


def test_what_was_proved_elsewhere_is_found_at_once_and_what_is_only_proposed_is_not(village: Village) -> None:
    taken(village)
    proposed, _, proved = all_of(village, Lesson)
    assert [hit.record_id for hit in index.find(village.session, "מסכמים בכתב")] == [proved.id]
    assert proved.proved_elsewhere
    assert index.find(village.session, "חיוב כפול") == []
    assert not proposed.proved_elsewhere


def test_the_same_again_changes_nothing_and_what_is_new_comes_in(village: Village) -> None:
    taken(village)
    again = taken(village, *ROWS, ("5", "16/01/2026", "חדש", "", "שואלים ואז עונים", "", "", "", "", "", ""))
    found = outcome.outcome(village.session, again)
    assert (found.debriefs, found.known, len(all_of(village, Debrief))) == (1, 4, 5)


def test_it_goes_on_where_it_was_stopped(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "BATCH", 1)
    row = kept(village)
    imports.begin(village.session, row, by=OPERATOR)
    for done in (1, 2):
        assert imports.go_on(village.session, row, by=OPERATOR, at=AT)
        assert (row.done, len(all_of(village, Debrief))) == (done, done)
    while imports.go_on(village.session, row, by=OPERATOR, at=AT):
        pass
    assert (row.state, row.done, len(all_of(village, Debrief))) == (ImportState.TAKEN, 4, 4)


def test_all_of_it_is_taken_back_and_can_come_in_again(village: Village) -> None:
    row = taken(village)
    undoing.undo(village.session, row, by=OPERATOR, at=AT)
    assert {one.state for one in all_of(village, Debrief)} == {DebriefState.DECLINED}
    assert {one.state for one in all_of(village, Lesson)} == {LessonState.REJECTED}
    assert {one.state for one in all_of(village, Action)} == {ActionState.CANCELLED}
    assert village.session.scalars(sa.select(Duty.id).where(Duty.closed_at.is_(None))).all() == []
    assert index.find(village.session, "מסכמים בכתב") == []
    assert (row.state, list(faults(village.session))) == (ImportState.UNDONE, [])
    assert outcome.outcome(village.session, taken(village)).debriefs == 4


def test_what_people_went_on_with_is_not_taken_back(village: Village) -> None:
    row = taken(village)
    action = all_of(village, Action)[0]
    steps.take(village.session, action, "start", by=village.by("yossi"), at=AT)
    with pytest.raises(NotAllowed, match=action.code):
        undoing.undo(village.session, row, by=OPERATOR, at=AT)
    assert row.state == ImportState.TAKEN


def test_who_is_meant_is_answered_and_never_guessed_between_two(village: Village) -> None:
    row = kept(village)
    assert imports.unknown_people(village.session, row, AT) == ["מישהו אחר"]
    row.answers = {"people": {"מישהו אחר": village.ruth.pid}}
    village.session.flush()
    imports.take(village.session, row, by=OPERATOR, at=AT)
    assert [one.owner_id for one in all_of(village, Action)] == [village.yossi.id, village.ruth.id, village.ruth.id]


def test_a_lesson_that_looks_like_one_here_is_shown_and_can_join_it(village: Village) -> None:
    here = village.lesson(title="בודקים חיוב כפול לפני סיום השיחה", why="")
    from lessons.repository import found as searched

    searched.keep(village.session, here)
    row = kept(village)
    item = village.session.scalars(sa.select(ImportItem).order_by(ImportItem.n)).first()
    assert item is not None
    assert (item.alike_id, item.likeness > 60) == (here.id, True)
    item.choice = "merge"
    village.session.flush()
    imports.take(village.session, row, by=OPERATOR, at=AT)
    found = outcome.outcome(village.session, row)
    assert (found.merged, found.lessons, all_of(village, Action)[0].debrief_id) == (
        1,
        2,
        all_of(village, Debrief)[0].id,
    )


def test_only_whoever_manages_lessons_there_brings_in(village: Village) -> None:
    with pytest.raises(Forbidden):
        kept(village, by=village.by("dana"))
    assert taken(village, by=village.by("naomi")).state == ImportState.TAKEN


def test_a_report_brings_its_timeline_what_went_well_and_badly_and_itself(village: Village) -> None:
    text = (
        "# נפילת טלפוניה 12/01/2026\n\n## מה קרה\n\nלא נכנסו שיחות.\n\n"
        "## ציר זמן\n\n- 09:10 ירידה בשיחות\n- 09:32 דיווח\n\n"
        "## מה הלך טוב\n\n- דיווחו מהר\n- עדכנו לקוחות\n\n## מה השתבש\n\n- תעודה פגה\n- אין התרעה\n\n"
        "## סיבות\n\n- אין מעקב\n- אין בעלים\n\n"
        "## לקחים\n\n- לנטר תעודות\n- להתריע מוקדם\n\n## משימות\n\n- [ ] להגדיר ניטור\n- [x] להכין הודעה\n"
    )
    content = text.encode()
    source = Source("report.md", len(content), "1" * 64, imports.read("report.md", content))
    row = imports.keep(village.session, [source], unit=village.units["RET"], by=OPERATOR, at=AT)
    imports.take(village.session, row, by=OPERATOR, at=AT)
    assert [fact.text for fact in all_of(village, Fact)] == ["ירידה בשיחות", "דיווח"]
    assert [(one.n, one.direction) for one in all_of(village, Finding)] == [
        (1, "improve"), (2, "improve"), (3, "sustain"), (4, "sustain"),
    ]  # fmt: skip
    assert (len(all_of(village, Cause)), len(all_of(village, Lesson)), len(all_of(village, Action))) == (2, 2, 2)
    assert [one.name for one in all_of(village, Attachment)] == ["report.md"]


def test_what_comes_in_at_once_is_what_single_steps_write(village: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = stored(village)
    monkeypatch.setattr(entering, "make_all", make_singly)
    monkeypatch.setattr(entering, "insert", insert_singly)
    monkeypatch.setattr(index, "_write_new", lambda _, rows: index_singly(village.session, rows))
    singly = stored(village)
    assert at_once.keys() == singly.keys() >= {"events", "duties", "notices", "causes", "facts", "search_entry"}
    for table, rows in at_once.items():
        assert rows == singly[table], table


def stored(village: Village) -> dict[str, list[Any]]:
    """What an import writes, as the database keeps it; none of it stays. PostgreSQL gives no number a second time."""
    names = {*metadata.tables, "search_entry", "search_words", "search_gram_size", "search_part"} - {"persons"}
    connection = village.session.connection()
    there = names & set(sa.inspect(connection).get_table_names())
    known = {name: set(rows_of(connection, name)) for name in there}
    with village.session.begin_nested() as trial:
        taken(village)
        village.session.flush()
        found = {name: [row for row in rows_of(connection, name) if row not in known[name]] for name in there}
        trial.rollback()
    village.session.expunge_all()
    return {name: rows for name, rows in found.items() if rows}


def rows_of(connection: sa.Connection, name: str) -> list[tuple[str, ...]]:
    told = connection.exec_driver_sql(f"SELECT * FROM {name}")  # noqa: S608 - our own names
    numbered = connection.dialect.name == "postgresql"
    kept = [at for at, column in enumerate(told.keys())
            if column not in ("pid", "short") and not (numbered and column.endswith("id"))]  # fmt: skip
    return sorted(tuple(repr(row[at]) for at in kept) for row in told)


def make_singly(session: Session, rows: Any, *, happened: Any, **more: Any) -> None:
    for row, first in zip(rows, happened, strict=True):
        columns = {name: value for name, value in vars(row).items() if name != "noun"}
        made = RECORDS[row.noun](**columns)
        steps.make_all(session, [made], happened=[first], **more)
        vars(row).update({name: getattr(made, name) for name in ("id", *columns)})


def insert_singly(session: Session, model: Any, values: Any) -> list[int]:
    made = [model(**one) for one in values]
    for one in made:
        session.add(one)
        session.flush()
    return [one.id for one in made]


def index_singly(session: Session, rows: Any) -> None:
    for row in rows:
        index.put(session, row)
