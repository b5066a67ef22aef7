"""Registers: the header is found, columns are understood, days and states are read, nothing is dropped or guessed."""

from __future__ import annotations

from datetime import date

import pytest

from lessons.intake import days, formats, remarks, synonyms
from lessons.intake.gathered import Document
from tests.intake import papers
from tests.intake.papers import EN, EN_ROW


def read(*rows: tuple[str | float, ...], **how: bool) -> Document:
    return formats.read("a.xlsx", papers.xlsx(rows, **how))[0]


def test_the_header_is_found_below_a_title_which_is_kept() -> None:
    document = read(("Lessons Register",), ("Project:", "Billing"), (), EN, EN_ROW)
    assert [(kept.heading, kept.text) for kept in document.leftovers] == [
        ("", "Lessons Register"),
        ("Project:", "Billing"),
    ]
    assert (document.title, document.debriefs[0].place.row) == ("Lessons Register", 5)


def test_a_column_that_is_not_understood_is_kept_with_its_heading() -> None:
    (debrief,) = read(("Lesson", "Weather", "Action"), ("Look up", "Rain", "Buy umbrellas")).debriefs
    assert [(kept.heading, kept.text) for kept in debrief.kept] == [("Weather", "Rain")]


def test_a_heading_that_is_only_alike_is_marked() -> None:
    columns = {
        column.heading: column
        for column in read(("Lesson", "Recomended Acton", "Status code"), ("a", "b", "17")).columns
    }
    assert (columns["Recomended Acton"].field, columns["Recomended Acton"].confidence) == ("action", "near")
    assert columns["Status code"].field == ""


@pytest.mark.parametrize(
    ("header", "field"),
    [
        (("מה קרה", "מתי", "לקח", "פעולה"), "happened_on"), (("לקח", "פעולה", "אחראי", "מתי"), "due"),
        (("תאריך", "מה קרה", "מתי"), "due"), (("Event", "Lesson", "When"), "happened_on"),
    ],
)  # fmt: skip
def test_when_is_the_day_of_the_event_and_after_an_action_the_day_by_which(header: tuple[str, ...], field: str) -> None:
    columns = read(header, ("א", "3.2.2026", "ב", "3.2.2026")).columns
    assert [one.field for one in columns if one.heading in ("מתי", "When")] == [field]


@pytest.mark.parametrize(("from_1904", "day"), [(False, date(2026, 3, 1)), (True, date(2030, 3, 2))])
def test_days_of_a_workbook_count_from_where_it_says(from_1904: bool, day: date) -> None:
    (debrief,) = read(("Lesson", "Date"), ("Look", 46082.0), from_1904=from_1904).debriefs
    assert debrief.happened_on == day


def test_several_actions_in_one_cell_are_parted_and_their_owners_with_them() -> None:
    header = ("Lesson", "Action", "Owner")
    by_line, by_number, prose = read(
        header, ("a", "Write it down\nTell the shift", "Dana\nYossi"), ("b", "1. Write it. 2. Tell them.", "Ruth"),
        ("c", "Write it down. Then tell them; and wait.", "Ruth"),
    ).debriefs  # fmt: skip
    assert [(action.text, action.owner) for action in by_line.actions] == [
        ("Write it down", "Dana"),
        ("Tell the shift", "Yossi"),
    ]
    assert [action.text for action in by_number.actions] == ["Write it.", "Tell them."]
    assert len(prose.actions) == 1


def test_nobody_is_chosen_between_two_people() -> None:
    document = read(("Lesson", "Action", "Owner"), ("a", "Write it", "Dana / Yossi"))
    (action,) = document.actions()
    assert (action.owner, [problem.kind for problem in document.problems]) == ("Dana / Yossi", ["two_people"])


def test_a_row_that_only_adds_an_action_belongs_to_the_one_above() -> None:
    (debrief,) = read(("Lesson", "Action"), ("Look up", "Buy umbrellas"), ("", "Teach walking")).debriefs
    assert [action.text for action in debrief.actions] == ["Buy umbrellas", "Teach walking"]


def test_a_row_of_totals_is_no_debrief() -> None:
    document = read(("#", "Lesson", "Action"), ("1", "a", "b"), ("Total", "", ""))
    assert (len(document.debriefs), document.leftovers[0].text) == (1, "Total")


def test_a_table_that_begins_anywhere_on_its_sheet_keeps_its_rows_and_columns() -> None:
    document = read((), ("", ""), ("", "", "Lesson", "Action"), ("", "", "Look up", "Buy umbrellas"))
    assert (document.debriefs[0].place.row, [column.number for column in document.columns if column.field]) == (
        4,
        [3, 4],
    )


def test_every_sheet_is_read_and_one_without_a_header_is_kept() -> None:
    content = papers.xlsx([EN, EN_ROW], [("Notes",), ("Reviewed quarterly",)], [EN, EN_ROW])
    (document,) = formats.read("a.xlsx", content)
    assert [one.place.sheet for one in document.debriefs] == ["Sheet1", "Sheet3"]
    assert [(kept.heading, kept.text) for kept in document.leftovers] == [("Sheet2", "Notes\nReviewed quarterly")]


def test_a_problem_is_told_with_its_sheet_row_and_column() -> None:
    document = read(("Lesson", "Action", "Due date", "Status"), ("a", "b", "soon", "mauve"))
    assert [(one.kind, one.sheet, one.row, one.column, one.found) for one in document.problems] == [
        ("status_unknown", "Sheet1", 2, "Status", "mauve"), ("day_not_read", "Sheet1", 2, "Due date", "soon"),
    ]  # fmt: skip


def test_an_empty_title_and_a_severity_that_is_none_are_told() -> None:
    header = ("כותרת", "מה קרה", "חומרה")
    document = read(header, ("", "נפל", "??"), ("החלקה", "נפל", "-"), ("החלקה", "נפל", "גבוהה"))
    assert [(one.kind, one.row, one.column, one.found) for one in document.problems] == [
        ("title_empty", 2, "כותרת", ""), ("severity_unknown", 2, "חומרה", "??"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12.01.2026", date(2026, 1, 12)), ("14.3.26", date(2026, 3, 14)), ("2026-03-01T10:00", date(2026, 3, 1)),
        ("12 בינואר 2026", date(2026, 1, 12)), ("ב-3 במרץ 2026", date(2026, 3, 3)),
        ("12th of March 2023", date(2023, 3, 12)),
        ("Sept 9, 2025", date(2025, 9, 9)), ("28/11/2019", date(2019, 11, 28)), ("11/28/2019", date(2019, 11, 28)),
        ("3/4/2026", None), ("31.2.2026", None), ("1992", None), ("TBD", None), ("99999999999999", None),
    ],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it_and_never_guessed(text: str, day: date | None) -> None:
    assert days.read(text) == day


def test_one_day_past_the_twelfth_tells_the_order_of_a_whole_column() -> None:
    first, second = read(("Lesson", "Date"), ("a", "3/4/2026"), ("b", "4/25/2026")).debriefs
    assert (first.happened_on, second.happened_on) == (date(2026, 3, 4), date(2026, 4, 25))
    (hebrew,) = read(("לקח", "תאריך"), ("א", "3/4/2026")).debriefs
    assert hebrew.happened_on == date(2026, 4, 3)
    alone = read(("Lesson", "Date"), ("a", "3/4/2026"))
    assert (alone.debriefs[0].happened_on, alone.problems[0].kind) == (None, "day_two_ways")


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("Done", "closed", "Implemented", "בוצע", "הושלמה", "✅", "100%"), "done"),
        (("In progress", "WIP", "בטיפול", "חלקי", "40 %"), "in_progress"),
        (("Open", "Overdue", "Not done", "טרם בוצע", "לא בוצע", "באיחור", "☐", "0%"), "open"),
        (("Cancelled", "won't do", "בוטל", "לא רלוונטי"), "cancelled"),
        (("mauve", "", "WV"), ""),
    ],
)
def test_states_are_known_by_their_synonyms(words: tuple[str, ...], status: str) -> None:
    assert {word: synonyms.status(word) for word in words} == dict.fromkeys(words, status)


@pytest.mark.parametrize(
    ("text", "owner", "due"),
    [
        ("Fix it. Owner: @lucas", "lucas", None), ("[jhford] Try it", "jhford", None),
        ("Fix it (due 2026-04-01)", "", date(2026, 4, 1)),
        ("לתקן. באחריות: דנה לוי, עד 1.4.2026", "דנה לוי", date(2026, 4, 1)),
        ("Fix it – Dana Levi, 1 April 2026", "Dana Levi", date(2026, 4, 1)), ("Fix by hand", "", None),
    ],
)  # fmt: skip
def test_an_action_says_whose_it_is_and_by_when(text: str, owner: str, due: date | None) -> None:
    said = remarks.read(text)
    assert (said.owner, said.due_on) == (owner, due)


def test_headings_with_an_article_and_a_noun_that_leads_are_near() -> None:
    header = ("מספר לקח", "הלקח הנלמד", "המלצות ליישום מיידי", "האחראי לביצוע", "תאריך היעד", "הערות")
    columns = read(header, ("7", "לבדוק", "לעדכן", "דנה", "1.2.26", "דחוף")).columns
    assert [column.field for column in columns] == ["number", "lesson", "action", "owner", "due", ""]
